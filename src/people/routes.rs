//! `/people` and `/people/{id}`, and suspending from there.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::chart::graph;
use super::figures::{Figures, TagFigures};
use super::kept_figures::ProfileFigures;
use super::narrowed::Said;
use super::posted::{self, Show};
use super::{Card, Key, PostKey, Posted, Profile, Suspended, author};
use crate::accounts::actor::Actor;
use crate::accounts::oversight::rules::{self, Acting, Member};
use crate::accounts::oversight::{self, ADMINISTRATORS, Refusal};
use crate::accounts::pages::{
    AppointForm, BadgeChip, BadgeElsewhere, Helped, Imported, PeoplePage, PersonCard, PersonPage, PersonPost,
    PostedKind, SuspendForm, Suspension, TagStanding,
};
use crate::badges::{self, Held};
use crate::db::{Failure, On};
use crate::gurus;
use crate::posts::Kind;
use crate::questions::post_url;
use crate::spaces;
use crate::web::cursor::{self, Listed, Span};
use crate::web::pages::Pager;
use crate::web::render::words;
use crate::web::{FieldProblem, Problem, Role, Viewer, Visit};

/// `GET /people`.
///
/// # Errors
/// A cursor or limit that is none.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<Key>::asked(&visit.query)?;
    let query = visit.query.text("q").to_owned();
    let (typed, wanted) = (query.clone(), span.clone());
    let cards = visit
        .glance(move |c, viewer| Ok::<_, Failure<Refusal>>(super::page(c, viewer, &typed, &wanted)?))
        .await?;
    let listed = Listed::cut(cards, &span, |card| (card.name_key.clone(), card.id));
    let pager = pager(&visit, "/people", listed.next.as_deref());
    let people = listed.items.into_iter().map(card).collect();
    visit.page_alike(&PeoplePage { query, people, pager })
}

/// The link to a list's next page, its filters kept. A page further back is the browser's own way.
pub fn pager(visit: &Visit, path: &str, next: Option<&str>) -> Pager {
    let older = next.map(|next| format!("{path}?{}", visit.query.query_with("after", Some(next))));
    Pager { newer: None, older }
}

fn card(card: Card) -> PersonCard {
    PersonCard {
        person: author(card.id, &card.name, &card.role),
        handle: Some(card.handle),
        organisation: card.organisation,
        reputation: card.reputation,
        questions: card.counts.questions,
        answers: card.counts.answers,
    }
}

/// `GET /people/{id}`.
///
/// # Errors
/// 404 for nobody; a cursor that is none; what cannot be shown.
pub async fn show(visit: Visit, id: Path<i64>, kept: Data<ProfileFigures>) -> Result<HttpResponse, Problem> {
    visit.page_alike(&person(&visit, id.into_inner(), kept).await?)
}

/// `POST /people/{id}/suspend`; terms that cannot be taken come back with the form.
///
/// # Errors
/// [`Refusal`].
pub async fn suspend(
    visit: Visit,
    id: Path<i64>,
    kept: Data<ProfileFigures>,
) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    let reason = visit.form.text("reason").to_owned();
    let until = visit.form.text("until").to_owned();
    let (why, end) = (reason.clone(), until.clone());
    let done = visit
        .write(ADMINISTRATORS, move |c, viewer| {
            oversight::suspend(c, Actor::from(viewer), id, (&why, Some(&end)), now)
        })
        .await;
    match done {
        Ok(()) => Ok(visit.see(&format!("/people/{id}"), Some("suspended"))),
        Err(problem) if !problem.fields.is_empty() => {
            let mut page = person(&visit, id, kept).await?;
            let errors = visit.field_errors(&problem);
            page.suspend_form = Some(SuspendForm { reason, until, errors });
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /people/{id}/unsuspend`.
///
/// # Errors
/// [`Refusal`].
pub async fn unsuspend(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (id, now) = (id.into_inner(), visit.now);
    visit
        .write(On::Member(id), move |c, viewer| oversight::unsuspend(c, Actor::from(viewer), id, now))
        .await?;
    Ok(visit.see(&format!("/people/{id}"), Some("unsuspended")))
}

struct Seen {
    profile: Profile,
    figures: Arc<Figures>,
    posts: Vec<Posted>,
    helped: Option<Vec<(i64, String, String)>>,
    suspended: Option<Suspended>,
    guru_in: Vec<String>,
    elsewhere: Vec<(String, i64)>,
    may_appoint: bool,
}

/// What of the person was asked for.
struct Asked {
    show: Show,
    narrowed: bool,
    span: Span<PostKey>,
    /// The address of this list, with its filters and without its page.
    path: String,
}

pub(super) async fn person(
    visit: &Visit,
    id: i64,
    kept: Data<ProfileFigures>,
) -> Result<PersonPage, Problem> {
    let after = visit.query.given("after").map(cursor::decode::<PostKey>).transpose()?;
    let unknown = || Problem::invalid_field(FieldProblem::new("show", "unknown-choice"));
    let show = visit.query.given("show").map(|name| Show::parse(name).ok_or_else(unknown)).transpose()?;
    let show = show.unwrap_or(Show::All);
    let said = Said::asked(&visit.query)?;
    let asked = Asked {
        show,
        narrowed: show != Show::All || !said.is_empty(),
        span: Span { after, limit: Figures::LATEST },
        path: format!("/people/{id}?{}", visit.query.query_with("after", None)),
    };
    let wanted = asked.span.clone();
    let latest = !asked.narrowed && wanted.after.is_none();
    let seen = visit
        .read(move |c, viewer| {
            let missing = || Failure::<Problem>::from(Problem::from(Refusal::NotFound));
            let profile = super::profile(c, id)?.ok_or_else(missing)?;
            let tell = profile.is_suspended(viewer.now) && viewer.role >= Role::Moderator;
            let scope = spaces::scope(c, viewer)?;
            let narrowed = said.within(c, &scope)?;
            let mut within: Vec<i64> = scope.spaces.iter().map(|space| space.id).collect();
            within.sort_unstable();
            let people = show == Show::Helped;
            let from = wanted.after.map_or(0, |(_, member)| member);
            let figures = kept.get(c, viewer, id, within)?;
            Ok::<_, Failure<Problem>>(Seen {
                posts: if people {
                    Vec::new()
                } else if latest {
                    figures.latest.clone()
                } else {
                    posted::posts(c, viewer, id, (show, narrowed), &wanted)?
                },
                helped: if people {
                    Some(posted::helped(c, viewer, id, narrowed, (from, wanted.fetch()))?)
                } else {
                    None
                },
                suspended: if tell { super::suspended(c, id)? } else { None },
                figures,
                guru_in: gurus::of_people(c, viewer, id)?,
                elsewhere: if profile.source.is_some() {
                    badges::of_person_elsewhere(c, id)?
                } else {
                    Vec::new()
                },
                may_appoint: viewer.role >= Role::Moderator
                    && !profile.is_unclaimed()
                    && gurus::may_be_appointed(c, viewer, id)?,
                profile,
            })
        })
        .await?;
    let locale = &visit.viewer()?.locale;
    let command_line =
        words(locale).and_then(|words| Ok(words.say("audit-command-line", &[])?)).map_err(Problem::broken)?;
    Ok(composed(visit.viewer()?, seen, &asked, &command_line))
}

fn composed(viewer: &Viewer, seen: Seen, asked: &Asked, command_line: &str) -> PersonPage {
    let Seen { profile, figures, posts, helped, suspended, guru_in, elsewhere, may_appoint } = seen;
    let listed = Listed::cut(posts, &asked.span, |post| (post.created_at, post.id));
    let older = |next: String| format!("{}&after={next}", asked.path);
    let without_day = profile.reputation - figures.points.iter().map(|(_, points)| points).sum::<i64>();
    let acting = Acting { id: Some(viewer.id), role: viewer.role };
    let member = Member {
        id: profile.id,
        role: Role::stored(&profile.role),
        claimed: !profile.is_unclaimed(),
        suspended: profile.is_suspended(viewer.now),
    };
    // Whether others run the place is checked when it is done; the form is shown without asking.
    let may_suspend = !member.suspended && rules::suspend(acting, member, 1).is_ok();
    let imported = profile.source.as_ref().filter(|_| profile.is_unclaimed());
    PersonPage {
        person: author(profile.id, &profile.name, &profile.role),
        older_posts: listed.next.map(older),
        posts: listed.items.into_iter().map(post).collect(),
        questions: figures.counts.questions,
        answers: figures.counts.answers,
        accepted: figures.counts.accepted,
        endorsed: figures.endorsed,
        edits: figures.edits,
        helped: figures.helped,
        graph: graph(profile.id, &figures.points, without_day, viewer.now),
        tags: figures.tags.iter().map(standing).collect(),
        show: asked.show.as_str().to_owned(),
        narrowed: asked.narrowed,
        helped_people: helped.map(|people| {
            // The cursor is that of posts; of people only the second part is read.
            let listed = Listed::cut(people, &asked.span, |(member, ..)| (0, *member));
            Helped {
                people: listed.items.iter().map(|(id, name, role)| author(*id, name, role)).collect(),
                next: listed.next.map(older),
            }
        }),
        imported: imported
            .map(|source| Imported { source: source.clone(), may_invite: viewer.role >= Role::Admin }),
        suspension: suspended.map(|suspended| Suspension {
            reason: suspended.reason,
            by: suspended.by.unwrap_or_else(|| command_line.to_owned()),
            since: suspended.since,
            until: suspended.until,
        }),
        suspend_form: may_suspend.then(SuspendForm::default),
        may_unsuspend: rules::unsuspend(acting, member).is_ok(),
        is_viewer: viewer.id == profile.id,
        guru_in,
        badges: figures.badges.iter().map(chip).collect(),
        badges_elsewhere: elsewhere.into_iter().map(|(name, times)| BadgeElsewhere { name, times }).collect(),
        source: profile.source.clone(),
        appoint_form: may_appoint.then(AppointForm::default),
        sees_privileges: viewer.id == profile.id || viewer.role >= Role::Moderator,
        handle: Some(profile.handle),
        organisation: profile.organisation.map(|(_, name)| name),
        about: profile.about,
        joined_at: profile.created_at,
        reputation: profile.reputation,
    }
}

fn post(post: Posted) -> PersonPost {
    let question = post.id == post.question_id;
    let kind = if question { Kind::Question } else { Kind::Answer };
    PersonPost {
        kind: if question { PostedKind::Question } else { PostedKind::Answer },
        url: post_url(post.question_id, &post.title, kind, post.id),
        title: post.title,
        score: post.up - post.down,
        at: post.created_at,
        solved: if question { post.accepted_id.is_some() } else { post.accepted_id == Some(post.id) },
    }
}

fn chip(held: &Held) -> BadgeChip {
    BadgeChip { key: held.key.to_owned(), times: held.times }
}

fn standing(tag: &TagFigures) -> TagStanding {
    TagStanding {
        name: tag.name.clone(),
        answers: tag.answers,
        accepted: tag.accepted,
        endorsed: tag.endorsed,
        points: tag.points,
    }
}
