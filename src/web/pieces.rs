//! Answers put together from pieces that are kept and from what is made for one viewer.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};
use tera::Context;

use super::finish::Worded;
use super::holes::{Hole, Piece, split, weight};
use super::problem::Problem;
use super::render::{Page, component, render};
use super::segments::{Joined, Segment};
use super::shell::{Place, Shell, ShellHoles, ShellViewer};
use super::viewer::Role;
use super::visit::Visit;

/// What fills the slots of a page: the pieces for a slot's number.
pub type Slots<'a> = dyn Fn(usize) -> Result<Arc<[Piece]>, Problem> + 'a;

impl Visit {
    /// A page from its pieces, with the viewer's own in the holes.
    ///
    /// # Errors
    /// When a part of it cannot be rendered, which is our mistake.
    pub fn page_of(&self, pieces: &[Piece], slots: &Slots<'_>) -> Result<HttpResponse, Problem> {
        let mut joined = Joined::new(self.takes_gzip, 24_000);
        self.fill(&mut joined, pieces, slots)?;
        let mut response = HttpResponse::Ok();
        response.content_type("text/html; charset=utf-8");
        response.insert_header((header::VARY, "accept-encoding"));
        if self.takes_gzip {
            response.insert_header((header::CONTENT_ENCODING, "gzip"));
        }
        let mut response = response.body(joined.finish());
        response.extensions_mut().insert(Worded);
        Ok(response)
    }

    /// A page that many are shown alike, such as a list: rendered and compressed once for all that it shows, and found
    /// again by exactly that, so it is never another page than the one that would be made now. There are as many as there
    /// are people, and few are asked for twice: they are compressed fast.
    ///
    /// # Errors
    /// When its template fails, which is our mistake.
    pub fn page_alike<P: Page>(&self, page: &P) -> Result<HttpResponse, Problem> {
        if self.hall.config.cache_mb == 0 {
            return self.page(page);
        }
        let (site_name, locale) = (self.hall.site_name(), &self.viewer()?.locale);
        let key = Alike::key(P::TEMPLATE, &site_name, locale, page)?;
        let pieces = match self.hall.alike.0.get(&key) {
            Some(pieces) => pieces,
            None => {
                let html = render(&holes(&site_name, locale), page).map_err(Problem::broken)?;
                let pieces: Arc<[Piece]> = split(&html, Segment::once).into();
                self.hall.alike.0.insert(key, pieces.clone());
                pieces
            }
        };
        self.page_of(&pieces, &|_| Ok(Arc::from([])))
    }

    /// A page that is known by less than all it shows, such as versions: what `glance` finds decides all that is on it.
    /// Where it is not kept, `make` reads it and says what it is known by now, in one snapshot; one of several makes it.
    ///
    /// # Errors
    /// What `make` refuses, or a template's failure, which is our mistake.
    pub async fn page_known<P: Page, K: Serialize>(
        &self,
        glance: impl AsyncFn() -> Result<K, Problem>,
        make: impl AsyncFnOnce() -> Result<(P, K), Problem>,
    ) -> Result<HttpResponse, Problem> {
        if self.hall.config.cache_mb == 0 {
            return self.page(&make().await?.0);
        }
        let (site_name, locale) = (self.hall.site_name(), &self.viewer()?.locale);
        let key_of = |known: &K| Alike::key(P::TEMPLATE, &site_name, locale, known);
        let cache = &self.hall.alike.0;
        let mut key = key_of(&glance().await?)?;
        let mut waited = false;
        let pieces = loop {
            let guard = match cache.get_value_or_guard_async(&key).await {
                Ok(pieces) => break pieces,
                Err(guard) => guard,
            };
            // While this one waited for another to make it, it may have become another page, which is there by now.
            let now = if waited { key } else { key_of(&glance().await?)? };
            waited = true;
            if now != key {
                drop(guard);
                key = now;
                continue;
            }
            let (page, known) = make().await?;
            let pieces: Arc<[Piece]> = kept(&site_name, locale, &page)?.into();
            let now = key_of(&known)?;
            // What changed between the two looks is not kept under what it was before.
            if now == key {
                let _ = guard.insert(pieces.clone());
            } else {
                cache.insert(now, pieces.clone());
            }
            break pieces;
        };
        self.page_of(&pieces, &|_| Ok(Arc::from([])))
    }

    /// Any other page, compressed for this answer alone.
    ///
    /// # Errors
    /// As [`Visit::page_alike`].
    pub(super) fn page_once<P: Page>(&self, status: StatusCode, page: &P) -> Result<HttpResponse, Problem> {
        let mut shell = self.shell();
        shell.csrf = Hole::TOKEN.mark();
        let html = render(&shell, page).map_err(Problem::broken)?;
        let mut response = self.page_of(&split(&html, Segment::once), &|_| Ok(Arc::from([])))?;
        *response.status_mut() = status;
        Ok(response)
    }

    fn fill(&self, joined: &mut Joined, pieces: &[Piece], slots: &Slots<'_>) -> Result<(), Problem> {
        for piece in pieces {
            match piece {
                Piece::Text(segment) => joined.add(segment),
                Piece::Hole(Hole::TOKEN) => joined.add_plain(&self.entered.csrf),
                Piece::Hole(Hole::MEMBER) => joined.add_plain(&self.viewer()?.id.to_string()),
                Piece::Hole(Hole::TOP) => joined.add(self.top()?.as_ref()),
                Piece::Hole(Hole::FLASHES) => {
                    if self.entered.flash.is_some() {
                        joined.add_plain(&shell_part("shell_flashes", &self.shell())?);
                    } else {
                        joined.add_plain(nothing_said()?);
                    }
                }
                Piece::Hole(hole) => {
                    if let Some(slot) = hole.as_slot() {
                        self.fill(joined, slots(slot)?.as_ref(), slots)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The way around the place, as this viewer sees it.
    fn top(&self) -> Result<Arc<Segment>, Problem> {
        let viewer = self.viewer()?;
        let key = TopKey {
            id: viewer.id,
            name: viewer.name.clone(),
            role: viewer.role,
            reputation: viewer.reputation,
            unread: viewer.unread,
            guru: viewer.guru,
            place: Place::of(&self.path),
            locale: viewer.locale.clone(),
        };
        if let Some(top) = self.hall.tops.0.get(&key) {
            return Ok(top);
        }
        let top = Arc::new(Segment::new(&shell_part("shell_top", &self.shell())?));
        self.hall.tops.0.insert(key, top.clone());
        Ok(top)
    }
}

/// What the component of messages leaves where there are none.
fn nothing_said() -> Result<&'static str, Problem> {
    static NOTHING: OnceLock<String> = OnceLock::new();
    if let Some(nothing) = NOTHING.get() {
        return Ok(nothing);
    }
    let rendered = shell_part("shell_flashes", &holes("", "en"))?;
    Ok(NOTHING.get_or_init(|| rendered))
}

fn shell_part(name: &str, shell: &Shell) -> Result<String, Problem> {
    component(shell, name, &Context::new()).map_err(Problem::broken)
}

/// Renders a page to be kept: its holes are where the viewer's own belongs.
///
/// # Errors
/// When its template fails, which is our mistake.
pub fn kept<P: Page>(site_name: &str, locale: &str, page: &P) -> Result<Vec<Piece>, Problem> {
    let html = render(&holes(site_name, locale), page).map_err(Problem::broken)?;
    Ok(split(&html, Segment::new))
}

/// Renders a component to be kept.
///
/// # Errors
/// As [`kept`].
pub fn kept_part(locale: &str, name: &str, args: &Context) -> Result<Arc<[Piece]>, Problem> {
    let html = component(&holes("", locale), name, args).map_err(Problem::broken)?;
    Ok(split(&html, Segment::new).into())
}

/// A shell that belongs to nobody: marks where a viewer's own would be.
fn holes(site_name: &str, locale: &str) -> Shell {
    Shell {
        site_name: site_name.to_owned(),
        viewer: Some(ShellViewer {
            id: 0,
            name: String::new(),
            role: Role::Customer,
            initials: String::new(),
            reputation: 0,
            unread: 0,
            guru: false,
        }),
        csrf: Hole::TOKEN.mark(),
        path: String::new(),
        place: Place::default(),
        flashes: Vec::new(),
        locale: locale.to_owned(),
        now: 0,
        holes: Some(ShellHoles {
            top: Hole::TOP.mark(),
            flashes: Hole::FLASHES.mark(),
            member: Hole::MEMBER.mark(),
        }),
    }
}

/// Pages by all that they show.
pub struct Alike(Cache<[u8; 32], Arc<[Piece]>, AlikeWeight>);

impl Alike {
    /// Keeps so many bytes.
    pub fn new(bytes: u64) -> Alike {
        Alike(Cache::with_weighter(500, bytes, AlikeWeight))
    }

    fn key<K: Serialize>(
        template: &str,
        site_name: &str,
        locale: &str,
        known: &K,
    ) -> Result<[u8; 32], Problem> {
        let mut digest = Sha256::new();
        for part in [template, locale, site_name] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        digest.update(serde_json::to_vec(known).map_err(Problem::broken)?);
        Ok(digest.finalize().into())
    }
}

#[derive(Clone)]
struct AlikeWeight;

impl Weighter<[u8; 32], Arc<[Piece]>> for AlikeWeight {
    fn weight(&self, _: &[u8; 32], pieces: &Arc<[Piece]>) -> u64 {
        weight(pieces) as u64 + 64
    }
}

/// Viewers' ways around the place, kept compressed.
pub struct Tops(Cache<TopKey, Arc<Segment>, Weight>);

impl Default for Tops {
    fn default() -> Tops {
        // Some two thousand people who come again and again.
        Tops(Cache::with_weighter(2_000, 2_000_000, Weight))
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<TopKey, Arc<Segment>> for Weight {
    fn weight(&self, key: &TopKey, top: &Arc<Segment>) -> u64 {
        (size_of::<TopKey>() + key.name.len() + top.weight()) as u64
    }
}

/// All that it depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct TopKey {
    id: i64,
    name: String,
    role: Role,
    reputation: i64,
    unread: i64,
    guru: bool,
    place: Place,
    locale: String,
}
