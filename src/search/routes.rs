//! `/search`.

use std::collections::HashSet;

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::api::{POSTS, asking, next};
use super::find::Order;
use super::hits::{self, Asking, Counts, Hits, Item};
use super::index::SearchIndex;
use super::index::document::Kind;
use super::pages::{
    Better, FacetGroup, FacetLink, FoundPost, FoundThread, OrderLink, SavedRow, SearchPage, ask_href, href,
};
use super::query::parse;
use super::{missed, saved};
use crate::db::{Conn, Failure, On};
use crate::people;
use crate::posts::AuthorRow;
use crate::questions::pages::SpaceName;
use crate::questions::popular;
use crate::questions::{State, post_url, question_url};
use crate::spaces;
use crate::web::limits::within;
use crate::web::pages::{Author, Pager};
use crate::web::{Problem, Role, Viewer, Visit};

/// Words that tags are looked for by.
const WORDS: usize = 3;
/// Tags and people told beside them.
const BESIDE: i64 = 5;

/// `GET /search`.
///
/// # Errors
/// An order or cursor that is none; the index while it is not there.
pub async fn search(visit: Visit, index: Data<SearchIndex>) -> Result<HttpResponse, Problem> {
    let asking = asking(&visit, POSTS)?;
    let (wanted, now, repairing) = (asking.clone(), visit.now, !index.is_whole());
    let (hits, tags, people, saved) = visit
        .read(move |c, viewer| {
            let hits = hits::search(c, viewer, &index, &wanted, now)?;
            let saved = saved::list(c, viewer)?;
            let (tags, people) = match wanted.skipped {
                0 if hits.asked.has_words() => beside(c, viewer, &hits.asked.text())?,
                _ => (Vec::new(), Vec::new()),
            };
            Ok::<_, Failure<Problem>>((hits, tags, people, saved))
        })
        .await?;
    note_missed(&visit, &asking, &hits, repairing).await;
    let is_saved = saved.iter().any(|saved| saved.query == asking.typed.trim());
    let row = |saved: saved::Saved| SavedRow {
        id: saved.id,
        href: href(&saved.query, Order::Relevance, None),
        notify: saved.notify,
        query: saved.query,
    };
    visit.page(&SearchPage {
        tags,
        people,
        repairing,
        saved: saved.into_iter().map(row).collect(),
        is_saved,
        moderates: visit.viewer()?.role >= Role::Moderator,
        ..page(&asking, hits)
    })
}

/// Keeps what was searched for in vain. The answer does not depend on it.
async fn note_missed(visit: &Visit, asking: &Asking, hits: &Hits, repairing: bool) {
    let in_vain = (hits.total == 0 || hits.some_words_only) && hits.asked.has_words();
    if !in_vain || repairing || asking.skipped > 0 || missed::key(&hits.asked).is_none() {
        return;
    }
    let (asked, now) = (hits.asked.clone(), visit.now);
    let limit = Some(missed::LIMIT).filter(|_| visit.hall.config.limits);
    let noted = visit.write(On::Named("missed-searches", 0), move |c, viewer| {
        within(c, limit, &viewer.id.to_string(), now, |c| {
            Ok::<_, Failure<Problem>>(missed::note(c, viewer, &asked, now)?)
        })
    });
    if let Err(problem) = noted.await {
        tracing::debug!(%problem, "a search in vain was not kept");
    }
}

/// Tags and people whose names have what was typed.
fn beside(
    c: &mut Conn,
    viewer: &Viewer,
    typed: &str,
) -> Result<(Vec<String>, Vec<Author>), crate::db::Error> {
    let scope = spaces::scope(c, viewer)?;
    let typed = typed.trim();
    let mut tags: Vec<String> = Vec::new();
    // A tag has no spaces in it: each word may be one, and all together with hyphens.
    let joined = typed.split_whitespace().collect::<Vec<_>>().join("-");
    let words = typed.split_whitespace().filter(|word| word.chars().count() > 2).take(WORDS);
    for like in std::iter::once(joined.as_str()).chain(words) {
        if tags.len() < BESIDE as usize {
            let found = popular::like(c, &scope, like, BESIDE)?;
            tags.extend(found.into_iter().map(|tag| tag.name));
            tags.dedup();
        }
    }
    let mut seen = HashSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.truncate(BESIDE as usize);
    let people = people::beginning(c, typed, BESIDE)?;
    let people = people.into_iter().map(|(id, name, role)| people::author(id, &name, &role)).collect();
    Ok((tags, people))
}

fn page(asking: &Asking, hits: Hits) -> SearchPage {
    let typed = asking.typed.trim();
    let orders = [Order::Relevance, Order::Newest, Order::Score].into_iter().map(|order| OrderLink {
        key: order.as_str(),
        href: href(typed, order, None),
        current: order == asking.order,
    });
    let older = next(asking, &hits).map(|after| href(typed, asking.order, Some(&after)));
    let words = hits.asked.text();
    SearchPage {
        query: typed.to_owned(),
        asked: !hits.asked.is_empty(),
        total: hits.total,
        orders: orders.collect(),
        facets: facets(asking, &hits),
        better: hits.did_you_mean.map(|text| Better { href: href(&text, asking.order, None), text }),
        some_words_only: hits.some_words_only,
        not_understood: hits.asked.broken,
        cut: hits.asked.cut,
        threads: threads(hits.items),
        ask: ask_href(&words),
        pager: Pager { newer: None, older },
        ..SearchPage::default()
    }
}

/// What was found of one thread stands together, where the best of it stands.
fn threads(items: Vec<Item>) -> Vec<FoundThread> {
    let mut threads: Vec<(i64, FoundThread)> = Vec::new();
    for item in items {
        let post = FoundPost {
            kind: item.kind.as_str(),
            url: post_url(item.thread.id, &item.thread.title, item.post.kind(), item.post.id),
            snippet_html: item.snippet,
            language: item.post.language.clone(),
            author: AuthorRow::shown(item.author.as_ref(), item.post.author_name.as_deref()),
            created_at: item.post.created_at,
            score: item.post.score(),
        };
        match threads.iter_mut().find(|(id, _)| *id == item.thread.id) {
            Some((_, thread)) => thread.posts.push(post),
            None => threads.push((
                item.thread.id,
                FoundThread {
                    url: question_url(item.thread.id, &item.thread.title),
                    title_html: item.title,
                    state: item.thread.state,
                    answers: item.thread.answers,
                    tags: item.thread.tags,
                    space: SpaceName { key: item.thread.space.0, name: item.thread.space.1 },
                    posts: vec![post],
                },
            )),
        }
    }
    threads.into_iter().map(|(_, thread)| thread).collect()
}

/// Links that add an operator to the query, or take it away where it is there.
fn facets(asking: &Asking, hits: &Hits) -> Vec<FacetGroup> {
    let typed = asking.typed.trim();
    let link = |operator: String, name: &str, count: u64, current: bool| {
        let narrowed = if current { without(typed, &operator) } else { format!("{typed} {operator}") };
        FacetLink { name: name.to_owned(), count, href: href(narrowed.trim(), asking.order, None), current }
    };
    let (counts, asked) = (with_chosen(hits), &hits.asked);
    let states = counts.states.iter().map(|(state, count)| {
        let name = state_name(*state);
        let current = asked.state == Some(*state);
        link(format!("is:{name}"), name, *count, current)
    });
    let kinds = counts.kinds.iter().map(|(kind, count)| {
        let name = kind.as_str();
        link(format!("is:{name}"), name, *count, asked.kinds.contains(kind))
    });
    let spaces = counts.spaces.iter().map(|(key, name, count)| {
        let current = asked.space.as_deref() == Some(key.as_str());
        link(format!("space:{key}"), name, *count, current)
    });
    let tags = counts
        .tags
        .iter()
        .map(|(tag, count)| link(format!("[{tag}]"), tag, *count, asked.tags.contains(tag)));
    let groups = [
        FacetGroup { key: "state", links: states.collect() },
        FacetGroup { key: "kind", links: kinds.collect() },
        FacetGroup { key: "space", links: spaces.collect() },
        FacetGroup { key: "tag", links: tags.collect() },
    ];
    // A single choice narrows nothing, unless it is the one that was made.
    let worth = |group: &FacetGroup| group.links.len() > 1 || group.links.iter().any(|link| link.current);
    groups.into_iter().filter(worth).collect()
}

/// The counts, with what was chosen and found nothing: it can be taken back.
fn with_chosen(hits: &Hits) -> Counts {
    let (mut counts, asked) = (hits.facets.clone(), &hits.asked);
    counts.states.extend(
        asked
            .state
            .filter(|chosen| counts.states.iter().all(|(state, _)| state != chosen))
            .map(|state| (state, 0)),
    );
    let missing = |kind: &&Kind| counts.kinds.iter().all(|(other, _)| other != *kind);
    let kinds: Vec<(Kind, u64)> = asked.kinds.iter().filter(missing).map(|kind| (*kind, 0)).collect();
    counts.kinds.extend(kinds);
    let missing = |tag: &&String| counts.tags.iter().all(|(other, _)| other != *tag);
    let tags: Vec<(String, u64)> = asked.tags.iter().filter(missing).map(|tag| (tag.clone(), 0)).collect();
    counts.tags.extend(tags);
    counts
}

/// What was typed without an operator, however it was written.
fn without(typed: &str, operator: &str) -> String {
    let same = |piece: &str| parse(piece) == parse(operator);
    typed.split_whitespace().filter(|piece| !same(piece)).collect::<Vec<_>>().join(" ")
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Closed => "closed",
        State::Solved => "solved",
        State::Unanswered => "unanswered",
        State::Open => "open",
    }
}
