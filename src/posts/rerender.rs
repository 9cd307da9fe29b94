//! Renders stored texts anew when the renderer's rules have changed: HTML is derived from the source.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{post_texts, posts, revisions};
use crate::text::{self, Limits, RENDERER_VERSION, Rendered, SafeHtml};

/// Texts rendered anew at a time.
const BATCH: i64 = 50;

/// A text that was rendered anew and is not stored yet.
#[derive(Clone, Debug)]
pub struct Rerendered {
    /// The post.
    pub post_id: i64,
    /// Its thread.
    pub thread_id: Option<i64>,
    /// Its words, without markup.
    pub text: String,
    html: SafeHtml,
    source: String,
}

/// Renders some texts of an older renderer anew, for [`store`]; none when all are up to date. For a reading thread:
/// no transaction waits for a rendering.
pub fn rerendered(c: &mut Conn) -> QueryResult<Vec<Rerendered>> {
    type Row = (i64, Option<i64>, i64, Option<i64>, String, String);
    let rows: Vec<Row> = post_texts::table
        .inner_join(posts::table)
        .filter(post_texts::renderer.lt(RENDERER_VERSION))
        .order((post_texts::renderer, post_texts::post_id))
        .limit(BATCH)
        .select((
            post_texts::post_id,
            posts::thread_id,
            posts::version,
            posts::imported_version,
            post_texts::body,
            post_texts::body_format,
        ))
        .load(c)?;
    let mut anew = Vec::with_capacity(rows.len());
    for (post_id, thread_id, version, imported, source, format) in rows {
        let imported = match imported {
            Some(number) if number < version => is_body_of(c, post_id, number, &source)?,
            imported => imported.is_some(),
        };
        let Rendered { html, text, .. } = render(&source, &format, imported);
        anew.push(Rerendered { post_id, thread_id, text, html, source });
    }
    Ok(anew)
}

/// Whether this is still the body of that version: an edit of title or tags alone leaves it as it was.
fn is_body_of(c: &mut Conn, post_id: i64, number: i64, body: &str) -> QueryResult<bool> {
    let kept: Option<String> = revisions::table
        .filter(revisions::post_id.eq(post_id))
        .filter(revisions::number.eq(number))
        .select(revisions::body)
        .first(c)
        .optional()?;
    Ok(kept.as_deref() == Some(body))
}

/// Renders a stored source by the rules it was written by. What was once accepted is never refused later: it is
/// shown as what could be read of it.
fn render(source: &str, format: &str, imported: bool) -> Rendered {
    if format == "html" {
        return text::html(source);
    }
    if imported {
        return text::imported_markdown(source);
    }
    text::markdown(source, &Limits::default()).unwrap_or_else(|_| text::imported_markdown(source))
}

/// Stores a rendering unless the text was written anew meanwhile, and says whether it did.
pub fn store(c: &mut Conn, anew: &Rerendered) -> QueryResult<bool> {
    let same = post_texts::table
        .find(anew.post_id)
        .filter(post_texts::renderer.lt(RENDERER_VERSION))
        .filter(post_texts::body.eq(&anew.source));
    let stored = diesel::update(same)
        .set((post_texts::body_html.eq(anew.html.as_str()), post_texts::renderer.eq(RENDERER_VERSION)))
        .execute(c)?;
    Ok(stored > 0)
}

/// Makes every stored rendering count as one of an older renderer.
pub fn forget_renderings(c: &mut Conn) -> QueryResult<()> {
    diesel::update(post_texts::table).set(post_texts::renderer.eq(0)).execute(c)?;
    Ok(())
}
