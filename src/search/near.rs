//! Similar questions as a viewer may see them, with the answer that helped.

use diesel::QueryResult;

use super::find::{self, Alike, Weights};
use super::hits::{NoHits, scope};
use super::index::SearchIndex;
use crate::db::Conn;
use crate::posts;
use crate::questions::linked::solutions;
use crate::questions::list::{self, Row};
use crate::spaces::Scope;
use crate::text::{self, SafeHtml};
use crate::web::Viewer;

/// A question that is near.
#[derive(Clone, Debug)]
pub struct NearQuestion {
    /// The question.
    pub row: Row,
    /// The chosen answer, to be read in place.
    pub answer: Option<SafeHtml>,
    /// Its first words.
    pub excerpt: Option<String>,
    /// Which part of the asker's words it has, in percent.
    pub covered: u8,
    /// And which part of those in the title.
    pub title_covered: u8,
    /// The rarest words that both have.
    pub shared: Vec<String>,
}

/// Characters of an answer's excerpt.
const EXCERPT: usize = 300;

/// The most similar questions, most similar first.
///
/// # Errors
/// [`NoHits`].
pub fn near(
    c: &mut Conn,
    viewer: &Viewer,
    index: &SearchIndex,
    alike: &Alike<'_>,
    most: usize,
) -> Result<Vec<NearQuestion>, NoHits> {
    let (scope, may_find) = scope(c, viewer, index)?;
    let found =
        index.search(|snapshot| find::similar(snapshot, &may_find, alike, &Weights::default(), most + 5))?;
    Ok(looked_up(c, viewer, &scope, &found, most)?)
}

fn looked_up(
    c: &mut Conn,
    viewer: &Viewer,
    scope: &Scope,
    found: &[find::Near],
    most: usize,
) -> QueryResult<Vec<NearQuestion>> {
    let ids: Vec<i64> = found.iter().map(|near| near.question).collect();
    let mut ids: Vec<i64> = posts::visible(c, viewer, &ids)?.into_iter().map(|post| post.id).collect();
    ids.truncate(most);
    let rows = list::rows_of(c, scope, &ids)?;
    let chosen = solutions(c, &ids)?;
    let answers: Vec<i64> = chosen.values().copied().collect();
    let seen: Vec<i64> = posts::visible(c, viewer, &answers)?.into_iter().map(|post| post.id).collect();
    let texts = posts::texts_of(c, &seen)?;
    let near = |row: Row| {
        let answer = chosen.get(&row.id).and_then(|id| texts.get(id)).cloned();
        let words = answer.as_ref().map(|html| text::visible_text(html.as_str()));
        let words = words.map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "));
        let near = found.iter().find(|near| near.question == row.id);
        let percent = |part: f32| (part.clamp(0.0, 1.0) * 100.0) as u8;
        NearQuestion {
            excerpt: words.map(|words| text::excerpt(&words, EXCERPT)),
            answer,
            shared: near.map(|near| near.shared.clone()).unwrap_or_default(),
            covered: percent(near.map_or(0.0, |near| near.covered)),
            title_covered: percent(near.map_or(0.0, |near| near.title_covered)),
            row,
        }
    };
    Ok(rows.into_iter().map(near).collect())
}
