//! A search from what was typed to what is shown: found in the index, looked up again in the database.

use std::collections::HashMap;

use diesel::prelude::*;

use super::find::{self, Facets, FindScope, Order};
use super::index::document::{Kind, STATES};
use super::index::{SearchIndex, Snapshot, Unavailable};
use super::query::{Asked, parse};
use super::snippet::Marker;
use super::synonyms::Synonyms;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::members;
use crate::events;
use crate::posts::{self, AuthorRow, Post};
use crate::questions::State;
use crate::questions::list::{self, Row};
use crate::spaces::{self, Scope};
use crate::text::{self, SafeHtml};
use crate::web::Viewer;

/// Events by which a post may become less visible than the index knows.
const TAKEN_AWAY: &[&str] =
    &["PostDeleted", "PostHidden", "PostMadePrivate", "QuestionMerged", "ThreadMoved"];
/// No list of hits goes deeper.
pub const DEEPEST: usize = 1_000;
/// Found beyond what is shown, for those that are not for this viewer any more.
const SPARE: usize = 4;
/// Tags told among the facets.
const TAGS: usize = 12;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asking {
    /// As typed.
    pub typed: String,
    /// In which order.
    pub order: Order,
    /// Hits left out before the page.
    pub skipped: usize,
    /// Hits on the page at most.
    pub most: usize,
}

/// A page of hits.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// How the query was understood.
    pub asked: Asked,
    /// How many posts there are.
    pub total: u64,
    /// Those of the page.
    pub items: Vec<Item>,
    /// Whether there are more behind them.
    pub more: bool,
    /// Counts over all that was found.
    pub facets: Counts,
    /// The query with its mistakes corrected.
    pub did_you_mean: Option<String>,
    /// Whether no post has all the words, and these have some.
    pub some_words_only: bool,
}

/// A post that was found.
#[derive(Clone, Debug)]
pub struct Item {
    /// The post.
    pub post: Post,
    /// What it is.
    pub kind: Kind,
    /// Its thread.
    pub thread: Row,
    /// Its author, when a member.
    pub author: Option<AuthorRow>,
    /// The thread's title, marked.
    pub title: SafeHtml,
    /// What of it fits, marked.
    pub snippet: SafeHtml,
}

/// How many of what was found are of which kind, most first; what there is none of is left out.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By space: key, name, count.
    pub spaces: Vec<(String, String, u64)>,
    /// By tag.
    pub tags: Vec<(String, u64)>,
    /// By state of the thread.
    pub states: Vec<(State, u64)>,
    /// By kind of post.
    pub kinds: Vec<(Kind, u64)>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NoHits {
    /// The index cannot be asked.
    #[error(transparent)]
    Index(#[from] Unavailable),
    /// The database's failure.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// What a viewer may find now, whatever the index knows yet.
///
/// # Errors
/// The database's.
pub fn scope(c: &mut Conn, viewer: &Viewer, index: &SearchIndex) -> QueryResult<(Scope, FindScope)> {
    let scope = spaces::scope(c, viewer)?;
    let cursor = index.snapshot().map_or(0, |snapshot| snapshot.cursor);
    let taken_away = events::threads_since(c, cursor, TAKEN_AWAY)?;
    let found = FindScope::of(viewer, &scope, &taken_away);
    Ok((scope, found))
}

/// Searches as a viewer.
///
/// # Errors
/// [`NoHits`].
pub fn search(
    c: &mut Conn,
    viewer: &Viewer,
    index: &SearchIndex,
    asking: &Asking,
    now: Micros,
) -> Result<Hits, NoHits> {
    let asked = parse(&asking.typed);
    if asked.is_empty() {
        return Ok(Hits { asked, ..Hits::default() });
    }
    let (scope, may_find) = scope(c, viewer, index)?;
    let synonyms = Synonyms::stored(c)?;
    let author = asked.user.as_deref().map(|name| member(c, name)).transpose()?.flatten();
    let space = asked.space.as_deref().and_then(|named| {
        let same = |space: &&spaces::Space| space.key == named || space.name.eq_ignore_ascii_case(named);
        scope.spaces.iter().find(same).map(|space| space.id)
    });
    let wanted = find::Search {
        asked: &asked,
        author,
        space,
        scope: &may_find,
        synonyms: &synonyms,
        order: asking.order,
        most: (asking.skipped + asking.most + SPARE).min(DEEPEST + SPARE),
        now,
    };
    let (found, languages, did_you_mean) = index.search(|snapshot| {
        let found = find::search(snapshot, &wanted)?;
        let languages = find::languages(&snapshot.searcher, &snapshot.fields)?;
        let doubtful = asked.has_words() && (found.total == 0 || found.some_words_only);
        let correction = match doubtful {
            true => corrected(snapshot, &may_find, &asked, &asking.typed)?,
            false => None,
        };
        Ok((found, languages, correction))
    })?;
    let marker = Marker::of(&asked, &languages, &synonyms);
    let page: Vec<find::Hit> = found.hits.iter().skip(asking.skipped).copied().collect();
    let (items, more) = looked_up(c, viewer, &scope, &page, &marker, asking.most)?;
    let more = more && asking.skipped + asking.most < DEEPEST;
    Ok(Hits {
        total: found.total,
        items,
        more,
        facets: counts(&scope, found.facets),
        did_you_mean,
        some_words_only: found.some_words_only,
        asked,
    })
}

/// What was typed, with those of its plain words corrected that nobody wrote.
fn corrected(
    index: &Snapshot,
    scope: &FindScope,
    asked: &Asked,
    typed: &str,
) -> tantivy::Result<Option<String>> {
    let (mut better, mut corrected) = (typed.to_owned(), 0);
    for word in asked.words.iter().take(CORRECTED * 2) {
        if corrected < CORRECTED
            && let Some(correction) = find::correction(index, scope, word)?
            && let Some(at) = whole_word(&better, word)
        {
            better.replace_range(at..at + word.len(), &correction);
            corrected += 1;
        }
    }
    Ok((corrected > 0).then_some(better))
}

/// Words of a query that are corrected at most.
const CORRECTED: usize = 4;

/// Where a word stands between spaces, and not as a part of something else.
fn whole_word(text: &str, word: &str) -> Option<usize> {
    let stands = |at: &usize| {
        text[..*at].chars().next_back().is_none_or(char::is_whitespace)
            && text[at + word.len()..].chars().next().is_none_or(char::is_whitespace)
    };
    text.match_indices(word).map(|(at, _)| at).find(stands)
}

/// The first of the hits that the viewer may open, with all that is shown of them, and whether there are more.
fn looked_up(
    c: &mut Conn,
    viewer: &Viewer,
    scope: &Scope,
    hits: &[find::Hit],
    marker: &Marker,
    most: usize,
) -> QueryResult<(Vec<Item>, bool)> {
    let ids: Vec<i64> = hits.iter().map(|hit| hit.post).collect();
    let mut found = posts::visible(c, viewer, &ids)?;
    // The rest of a full hand may be for others alone; whether there is more is seen on the next page.
    let more = found.len() > most || hits.len() == most + SPARE;
    found.truncate(most);
    let ids: Vec<i64> = found.iter().map(|post| post.id).collect();
    let mut texts = posts::texts_of(c, &ids)?;
    let authors: Vec<i64> = found.iter().filter_map(|post| post.author_id).collect();
    let authors = posts::named_authors(c, &authors)?;
    let mut threads: Vec<i64> = found.iter().map(Post::thread).collect();
    threads.sort_unstable();
    threads.dedup();
    let rows: HashMap<i64, Row> =
        list::rows_of(c, scope, &threads)?.into_iter().map(|row| (row.id, row)).collect();
    let item = |post: Post| {
        let thread = rows.get(&post.thread())?.clone();
        let words = texts.remove(&post.id).map(|html| text::visible_text(html.as_str())).unwrap_or_default();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Item {
            kind: Kind::stored(&post.kind),
            title: marker.marked(&thread.title, post.language.as_deref()),
            snippet: marker.snippet(&words, post.language.as_deref()),
            author: post.author_id.and_then(|id| authors.get(&id)).cloned(),
            thread,
            post,
        })
    };
    Ok((found.into_iter().filter_map(item).collect(), more))
}

/// A member by id, handle or name.
fn member(c: &mut Conn, named: &str) -> QueryResult<Option<i64>> {
    let key = named.to_lowercase();
    let by_handle =
        members::table.filter(members::handle_key.eq(&key)).select(members::id).first(c).optional()?;
    if by_handle.is_some() {
        return Ok(by_handle);
    }
    if let Ok(id) = named.parse::<i64>() {
        return members::table.find(id).select(members::id).first(c).optional();
    }
    members::table
        .filter(members::name_key.eq(&key))
        .order(members::id)
        .select(members::id)
        .first(c)
        .optional()
}

fn counts(scope: &Scope, facets: Facets) -> Counts {
    let mut spaces: Vec<(String, String, u64)> = facets
        .spaces
        .into_iter()
        .filter_map(|(id, count)| {
            let space = scope.get(i64::try_from(id).ok()?)?;
            Some((space.key.clone(), space.name.clone(), count))
        })
        .collect();
    spaces.sort_by(|one, other| other.2.cmp(&one.2).then(one.1.cmp(&other.1)));
    let mut tags: Vec<(String, u64)> = facets.tags.into_iter().collect();
    tags.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    tags.truncate(TAGS);
    let some = |(_, count): &(_, u64)| *count > 0;
    Counts {
        spaces,
        tags,
        states: STATES.into_iter().zip(facets.states).filter(|(_, count)| *count > 0).collect(),
        kinds: Kind::ALL.into_iter().zip(facets.kinds).filter(some).collect(),
    }
}
