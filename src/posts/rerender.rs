//! Renders stored texts anew when the renderer's rules have changed: HTML is derived from the source.

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{post_texts, posts};
use crate::text::{self, Limits, RENDERER_VERSION, Rendered};

/// Texts rendered anew in one transaction.
const BATCH: i64 = 50;

/// A text that was rendered anew.
#[derive(Clone, Debug)]
pub struct Rerendered {
    /// The post.
    pub post_id: i64,
    /// Its thread.
    pub thread_id: Option<i64>,
    /// Its words, without markup.
    pub text: String,
}

/// Renders some texts of an older renderer anew; none when all are up to date.
pub fn rerender_some(c: &mut Conn) -> QueryResult<Vec<Rerendered>> {
    let rows: Vec<(i64, Option<i64>, String, String)> = post_texts::table
        .inner_join(posts::table)
        .filter(post_texts::renderer.lt(RENDERER_VERSION))
        .order((post_texts::renderer, post_texts::post_id))
        .limit(BATCH)
        .select((post_texts::post_id, posts::thread_id, post_texts::body, post_texts::body_format))
        .load(c)?;
    let mut rerendered = Vec::with_capacity(rows.len());
    for (post_id, thread_id, body, format) in rows {
        let rendered = render(&body, &format);
        diesel::update(post_texts::table.find(post_id))
            .set((
                post_texts::body_html.eq(rendered.html.as_str()),
                post_texts::renderer.eq(RENDERER_VERSION),
            ))
            .execute(c)?;
        rerendered.push(Rerendered { post_id, thread_id, text: rendered.text });
    }
    Ok(rerendered)
}

/// Renders a stored source. What was once accepted is never refused later: it is shown as plain text then.
pub fn render(body: &str, format: &str) -> Rendered {
    if format == "html" {
        return text::html(body);
    }
    text::markdown(body, &Limits::default()).unwrap_or_else(|_| text::imported_markdown(body))
}

/// Makes every stored rendering count as one of an older renderer.
pub fn forget_renderings(c: &mut Conn) -> QueryResult<()> {
    diesel::update(post_texts::table).set(post_texts::renderer.eq(0)).execute(c)?;
    Ok(())
}
