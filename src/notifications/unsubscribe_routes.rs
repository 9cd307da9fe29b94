//! `/unsubscribe/{token}`: hearing less, without signing in (RFC 8058). Opening the link changes nothing; posting to it does.

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::prelude::*;

use super::kinds::Level;
use super::levels::{self, Times};
use super::pages::UnsubscribePage;
use super::signed::{Quieter, read_quieter};
use super::subscriptions::{self, Scope};
use crate::accounts::dead_link::dead;
use crate::accounts::reached::reached_one;
use crate::clock::Micros;
use crate::db::schema::{members, saved_searches, spaces, tags};
use crate::db::{Conn, Failure, On};
use crate::mail::outbox;
use crate::posts;
use crate::questions::Thread;
use crate::search::saved;
use crate::web::{Problem, Visit};

/// `GET /unsubscribe/{token}`.
///
/// # Errors
/// The database's failures.
pub async fn form(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    match look(&visit, &token).await? {
        Some((_, what, name)) => visit.page(&page(&token, &what, name, false)),
        None => dead(&visit),
    }
}

/// `POST /unsubscribe/{token}`, from the page's button or from a mail program's own (`List-Unsubscribe=One-Click`).
///
/// # Errors
/// The database's failures.
pub async fn act(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    let Some((member, what, name)) = look(&visit, &token).await? else { return dead(&visit) };
    let (now, wanted) = (visit.now, what.clone());
    visit
        .write_ungated(On::Member(member), move |c| {
            Ok::<_, Failure<Problem>>(quieten(c, member, &wanted, now)?)
        })
        .await?;
    visit.page(&page(&token, &what, name, true))
}

async fn look(visit: &Visit, token: &str) -> Result<Option<(i64, Quieter, String)>, Problem> {
    let Some((member, what)) = read_quieter(&visit.hall.secret, token) else { return Ok(None) };
    let (wanted, now) = (what.clone(), visit.now);
    let name = visit
        .read_ungated(move |c| {
            let there: Option<i64> = members::table
                .find(member)
                .filter(members::state.ne("forgotten"))
                .filter(members::merged_into.is_null())
                .select(members::id)
                .first(c)
                .optional()?;
            match there {
                Some(_) => Ok::<_, Failure<Problem>>(Some(name(c, member, &wanted, now)?)),
                None => Ok(None),
            }
        })
        .await?;
    Ok(name.map(|name| (member, what, name)))
}

/// What is named on the page: what the member may see still, for the link is older than that may be.
fn name(c: &mut Conn, member: i64, what: &Quieter, now: Micros) -> QueryResult<String> {
    let Some(person) = reached_one(c, member, now)? else { return Ok(String::new()) };
    let name: Option<String> = match what {
        Quieter::Tag(id) => {
            let name: Option<String> = tags::table.find(*id).select(tags::name).first(c).optional()?;
            match name {
                Some(name) if subscriptions::tag_by_name(c, &person.viewer, &name)?.is_some() => Some(name),
                _ => None,
            }
        }
        Quieter::Space(id) => spaces::table
            .find(*id)
            .filter(crate::spaces::entered_by(&person.viewer))
            .select(spaces::name)
            .first(c)
            .optional()?,
        Quieter::Search(id) => saved_searches::table
            .find(*id)
            .filter(saved_searches::member_id.eq(member))
            .select(saved_searches::query)
            .first(c)
            .optional()?,
        Quieter::Thread(id) => match posts::find(c, &person.viewer, *id)? {
            Some(_) => Some(Thread::title(c, *id)?),
            None => None,
        },
        Quieter::Kind(_) | Quieter::Digest => None,
    };
    Ok(name.unwrap_or_default())
}

/// No e-mails of it any more, nor those of a kind and digests that wait already; the inbox keeps them. Nothing gets louder by an
/// old link.
fn quieten(c: &mut Conn, member: i64, what: &Quieter, now: Micros) -> QueryResult<()> {
    const WHY: &str = "its reader wants no more of them";
    match what {
        Quieter::Kind(kind) => {
            if levels::of_members(c, &[member])?.remove(&member).unwrap_or_default().of(*kind) != Level::Off {
                levels::set(c, member, *kind, Level::Inbox)?;
            }
            outbox::withdraw(c, member, &[kind.as_str()], WHY, now)
        }
        Quieter::Thread(id) => subscriptions::no_mail_of_thread(c, member, *id),
        Quieter::Tag(id) => subscriptions::no_mail_of(c, member, Scope::Tag, *id),
        Quieter::Space(id) => subscriptions::no_mail_of(c, member, Scope::Space, *id),
        Quieter::Search(id) => saved::no_mail(c, member, *id),
        Quieter::Digest => {
            let times = Times { digest: Level::Off, ..levels::times(c, member)? };
            levels::set_times(c, member, times)?;
            // What is told daily or weekly comes in the same letter.
            levels::no_digests(c, member)?;
            subscriptions::no_digests(c, member)?;
            outbox::withdraw(c, member, &["digest"], WHY, now)
        }
    }
}

fn page(token: &str, what: &Quieter, name: String, done: bool) -> UnsubscribePage {
    let key = match what {
        Quieter::Kind(kind) => kind.as_str(),
        Quieter::Thread(_) if name.is_empty() => "thread-unnamed",
        Quieter::Search(_) if name.is_empty() => "search-unnamed",
        Quieter::Thread(_) => "thread",
        Quieter::Tag(_) | Quieter::Space(_) if name.is_empty() => "followed-unnamed",
        Quieter::Tag(_) => "tag",
        Quieter::Space(_) => "space",
        Quieter::Search(_) => "search",
        Quieter::Digest => "digest",
    };
    UnsubscribePage { token: token.to_owned(), what: key.to_owned(), name, done }
}
