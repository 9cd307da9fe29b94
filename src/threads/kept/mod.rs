//! Threads that are kept: rendered and compressed once per version, filled with the viewer's own for each answer.
//!
//! A kept page is found by all that it shows: the question, its version, the version of people's names, the
//! language, the names of site and space, the posts the viewer sees and the links to other questions. All of that
//! is read from the database for each request, with the viewer's own marks; so what is kept is right on every node, and
//! is never shown to somebody who may not see it. What the viewer did and may do goes into
//! slots, whose few variants are kept beside the page.
//!
//! Memory is bounded by a setting; what is over is forgotten, least useful first. Of several who want the same page
//! that is not there, one renders it.

mod page;

use std::collections::HashMap;
use std::sync::Arc;

use diesel::prelude::*;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

pub use page::KeptPage;
use page::VARIANTS;

use super::relation::Facts;
use super::{compose, view};
use crate::clock::Micros;
use crate::db::schema::{affected, content_versions, follows, post_links, questions, spaces};
use crate::db::{Conn, Failure};
use crate::gurus;
use crate::posts::{self, Outline, Refusal, Seeing, Standing};
use crate::questions::linked::{Linked, linked};
use crate::spaces::entered_by;
use crate::votes;
use crate::web::holes::weight;
use crate::web::{Problem, Viewer, Visit};

/// Kept pages and outlines.
pub struct KeptThreads {
    pages: Cache<Key, Arc<KeptPage>, PageWeight>,
    outlines: Cache<(i64, i64), Arc<Outline>, OutlineWeight>,
    on: bool,
}

/// All that a page shows, apart from what is its viewer's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    id: i64,
    version: i64,
    people: i64,
    locale: String,
    /// Site, space, the posts that are seen, links: written out, because a sum could hide a difference.
    shape: String,
}

/// What one request found out about a thread and its viewer.
pub struct Glance {
    key: Key,
    facts: Facts,
    me: Standing,
    following: bool,
    affected: bool,
    views: i64,
    votes: HashMap<i64, i64>,
    /// Whether the viewer knows its tags, where that matters.
    knows: bool,
    /// Who asked.
    pub asker: Option<i64>,
}

type Head = (
    (i64, i64, Option<i64>, Option<i64>, i64, Option<Micros>, i64),
    (bool, Option<i64>, Option<Micros>),
    Option<i64>,
    (String, String, String),
    Option<Micros>,
    Option<Micros>,
    bool,
);

impl KeptThreads {
    /// Keeps so many megabytes; nothing at all with 0.
    pub fn new(megabytes: u64) -> KeptThreads {
        let bytes = megabytes * 1_000_000;
        KeptThreads {
            pages: Cache::with_weighter(1_000, bytes * 8 / 10, PageWeight),
            outlines: Cache::with_weighter(10_000, bytes / 10, OutlineWeight),
            on: megabytes > 0,
        }
    }

    /// Whether anything is kept.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// What decides which page a viewer gets, and what is theirs on it.
    ///
    /// # Errors
    /// 404 when they may not know of it.
    pub async fn look(self: &Arc<Self>, visit: &Visit, id: i64) -> Result<Glance, Problem> {
        let (this, site_name) = (self.clone(), visit.hall.site_name());
        visit
            .glance(move |c, viewer| {
                let glance = this.glance(c, viewer, id, &site_name)?;
                glance.ok_or_else(|| Failure::<Refusal>::from(Refusal::NotFound))
            })
            .await
    }

    fn glance(&self, c: &mut Conn, viewer: &Viewer, id: i64, site_name: &str) -> QueryResult<Option<Glance>> {
        let Some(head) = head(c, viewer, id)? else { return Ok(None) };
        let (
            (version, space_id, asker, accepted, answers_by_others, closed_at, views),
            (open, claimed_by, handed_over_at),
            people,
            space,
            ..,
        ) = &head;
        let outline = self.outline(c, id, *version)?;
        let Some(question) = outline.question() else { return Ok(None) };
        let me = posts::standing_in(c, viewer, *space_id)?;
        let named = question.private && posts::is_named(c, viewer, id)?;
        let seeing = outline.seen_by(me, named);
        if seeing == Seeing::Nothing {
            return Ok(None);
        }
        let links = if head.6 { linked(c, viewer, id)? } else { Vec::new() };
        let facts = Facts {
            asker: *asker,
            accepted: *accepted,
            answers_by_others: *answers_by_others,
            closed: closed_at.is_some(),
            gone: question.gone.is_some(),
            open: *open,
            claimed_by: *claimed_by,
            handed_over: handed_over_at.is_some(),
            removal_cost: view::removal_cost(c, me)?,
        };
        // Who moderates may without.
        let asked = facts.waits_for(me) && !me.moderates;
        let knows = asked && gurus::knows(c, viewer.id, id, viewer.now)?;
        Ok(Some(Glance {
            key: Key {
                id,
                version: *version,
                people: people.unwrap_or_default(),
                locale: viewer.locale.clone(),
                shape: shape(site_name, space, &seeing, &links),
            },
            facts,
            me,
            following: head.4.is_some(),
            affected: head.5.is_some(),
            views: *views,
            votes: votes::of_viewer(c, viewer, id)?.into_iter().collect(),
            knows,
            asker: *asker,
        }))
    }

    fn outline(&self, c: &mut Conn, id: i64, version: i64) -> QueryResult<Arc<Outline>> {
        if let Some(kept) = self.outlines.get(&(id, version)) {
            return Ok(kept);
        }
        let outline = Arc::new(Outline::load(c, id)?);
        // Without a snapshot it may be of a later version, and then the next look finds that one.
        let now: i64 = questions::table.find(id).select(questions::thread_version).first(c)?;
        if now == version {
            self.outlines.insert((id, version), outline.clone());
        }
        Ok(outline)
    }

    /// The page for what was glanced at, rendered if it is not there; and the glance to fill it from, which is a
    /// newer one if it was.
    ///
    /// # Errors
    /// When it cannot be loaded or rendered; 404 when it went away meanwhile.
    pub async fn page(
        self: &Arc<Self>,
        visit: &Visit,
        glance: Glance,
    ) -> Result<(Arc<KeptPage>, Glance), Problem> {
        let guard = match self.pages.get_value_or_guard_async(&glance.key).await {
            Ok(page) => return Ok((page, glance)),
            Err(guard) => guard,
        };
        // While this one waited for another to make it, the thread may have changed, and its page be there by now.
        let now = self.look(visit, glance.key.id).await?;
        if now.key != glance.key
            && let Some(page) = self.pages.get(&now.key)
        {
            return Ok((page, now));
        }
        let (id, this, site_name) = (glance.key.id, self.clone(), visit.hall.site_name());
        let shown_name = site_name.clone();
        let found = visit
            .read(move |c, viewer| {
                let view = view::load(c, viewer, id)?.ok_or(Refusal::NotFound)?;
                let glance = this.glance(c, viewer, id, &site_name)?.ok_or(Refusal::NotFound)?;
                Ok::<_, Failure<Refusal>>((view, glance))
            })
            .await?;
        let (view, now) = found;
        let page = Arc::new(KeptPage::render(&shown_name, &now.key.locale, compose::page(&view), &view)?);
        // What changed between the two looks is not kept under what it was before.
        if now.key == glance.key {
            let _ = guard.insert(page.clone());
        } else {
            self.pages.insert(now.key.clone(), page.clone());
        }
        Ok((page, now))
    }
}

fn head(c: &mut Conn, viewer: &Viewer, id: i64) -> QueryResult<Option<Head>> {
    view::beside(viewer.id)
        .inner_join(spaces::table.on(spaces::id.eq(questions::space_id)))
        .filter(questions::post_id.eq(id))
        .filter(entered_by(viewer))
        .select((
            (
                questions::thread_version,
                questions::space_id,
                questions::author_id,
                questions::accepted_id,
                questions::answers_by_others,
                questions::closed_at,
                questions::views,
            ),
            (questions::listed.and(questions::unsolved), questions::claimed_by, questions::handed_over_at),
            content_versions::table
                .filter(content_versions::name.eq("people"))
                .select(content_versions::version)
                .single_value(),
            (spaces::key, spaces::name, spaces::ask_fields),
            follows::since.nullable(),
            affected::since.nullable(),
            diesel::dsl::exists(
                post_links::table.filter(post_links::from_id.eq(id).or(post_links::to_id.eq(id))),
            ),
        ))
        .first(c)
        .optional()
}

/// Everything else that the page shows or hides, written out.
fn shape(site: &str, space: &(String, String, String), seeing: &Seeing, links: &[Linked]) -> String {
    use std::fmt::Write;
    let (key, name, fields) = space;
    let mut shape = format!("{site}\n{key}\n{name}\n{fields}");
    if let Seeing::These(ids) = seeing {
        shape.push('\u{1}');
        for id in ids {
            // Writing into a string does not fail.
            let _ = write!(shape, "{id} ");
        }
    }
    for link in links {
        let _ = write!(shape, "\u{2}{} {:?} {} {}", link.id, link.state, link.duplicate, link.title);
    }
    shape
}

#[derive(Clone)]
struct PageWeight;

impl Weighter<Key, Arc<KeptPage>> for PageWeight {
    fn weight(&self, key: &Key, page: &Arc<KeptPage>) -> u64 {
        (size_of::<Key>() + key.shape.len() + weight(page.pieces()) + page.weight_of_sites() + VARIANTS)
            as u64
    }
}

#[derive(Clone)]
struct OutlineWeight;

impl Weighter<(i64, i64), Arc<Outline>> for OutlineWeight {
    fn weight(&self, _: &(i64, i64), outline: &Arc<Outline>) -> u64 {
        outline.weight() as u64 + 64
    }
}
