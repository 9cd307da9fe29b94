//! Tags of questions, and their counts per space.

use diesel::prelude::*;
use serde::Serialize;

use super::versions::Versions;
use crate::clock::Micros;
use crate::db::schema::{question_tags, tag_counts, tags};
use crate::db::{self, Conn, among, on};
use crate::posts::sizes;
use crate::spaces::Scope;
use crate::web::FieldProblem;

/// A tag's checked name: 1–35 lower-case letters, digits and `+#.-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagName(String);

/// A tag and how many questions the viewer may see with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TagCount {
    /// The tag.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Listed questions in the viewer's spaces.
    pub questions: i64,
}

impl TagName {
    /// Checks one name; letters are lower-cased. Letters of any script are letters.
    pub fn parse(name: &str) -> Option<TagName> {
        let name = name.trim().to_lowercase();
        let allowed = |c: char| c.is_alphanumeric() || "+#.-".contains(c);
        let sized = sizes::TAG.contains(&name.chars().count());
        let meaningful = name.chars().any(char::is_alphanumeric);
        (sized && meaningful && name.chars().all(allowed)).then_some(TagName(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks a question's tags: 1–5 different ones.
    ///
    /// # Errors
    /// What is wrong with the field `tags`.
    pub fn parse_all<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Vec<TagName>, FieldProblem> {
        let mut parsed: Vec<TagName> = Vec::new();
        for name in names {
            let shown: String = name.chars().take(60).collect();
            let tag = TagName::parse(name)
                .ok_or_else(|| FieldProblem::new("tags", "bad-tag").with("tag", shown))?;
            if !parsed.contains(&tag) {
                parsed.push(tag);
            }
        }
        if sizes::TAGS.contains(&parsed.len()) {
            return Ok(parsed);
        }
        let kind = if parsed.is_empty() { "no-tags" } else { "too-many-tags" };
        Err(FieldProblem::new("tags", kind).with("max", sizes::TAGS.end()))
    }

    /// Splits what was typed into one field: by commas and white space.
    pub fn split(typed: &str) -> impl Iterator<Item = &str> {
        typed.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty())
    }
}

/// The tags of a question, in its author's order.
pub fn tags_of(c: &mut Conn, question_id: i64) -> QueryResult<Vec<String>> {
    question_tags::table
        .inner_join(tags::table)
        .filter(question_tags::question_id.eq(question_id))
        .order(question_tags::place)
        .select(tags::name)
        .load(c)
}

/// The tags of several questions: (question, tag), each question's in order.
pub fn tags_of_many(c: &mut Conn, question_ids: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    question_tags::table
        .inner_join(tags::table)
        .filter(among(question_tags::question_id, question_ids))
        .order((question_tags::question_id, question_tags::place))
        .select((question_tags::question_id, tags::name))
        .load(c)
}

/// A tag in what a viewer may enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagInScope {
    /// The row.
    pub id: i64,
    /// Listed questions with it, by the spaces of the viewer's that have any.
    pub by_space: Vec<(i64, i64)>,
    /// As the viewer may meet it; None when there is no question with it in their spaces.
    pub shown: Option<TagCount>,
}

impl TagInScope {
    /// Listed questions with it in one of the viewer's spaces, or in all of them.
    pub fn questions_in(&self, space: Option<i64>) -> i64 {
        self.by_space.iter().filter(|(id, _)| space.is_none_or(|space| space == *id)).map(|(_, n)| n).sum()
    }
}

/// A tag by its name, counted in the viewer's spaces; in one statement.
pub fn in_scope(c: &mut Conn, scope: &Scope, name: &str) -> QueryResult<Option<TagInScope>> {
    let rows: Vec<(i64, String, Option<i64>, Option<i64>)> = tags::table
        .left_join(tag_counts::table)
        .filter(tags::name.eq(name))
        .select((
            tags::id,
            tags::description,
            tag_counts::space_id.nullable(),
            tag_counts::questions.nullable(),
        ))
        .load(c)?;
    let Some((id, description, ..)) = rows.first().cloned() else { return Ok(None) };
    let by_space: Vec<(i64, i64)> = rows
        .iter()
        .filter_map(|row| row.2.zip(row.3))
        .filter(|(space, _)| scope.get(*space).is_some())
        .collect();
    let mut tag = TagInScope { id, by_space, shown: None };
    let questions = tag.questions_in(None);
    tag.shown = (questions > 0).then(|| TagCount { name: name.to_owned(), description, questions });
    Ok(Some(tag))
}

/// Sets a question's tags, making new ones, and keeps the counts of its space; `listed` says whether the question
/// counts at all.
pub(super) fn set(
    c: &mut Conn,
    question_id: i64,
    space_id: i64,
    names: &[TagName],
    listed: bool,
    created_at: Micros,
) -> QueryResult<()> {
    if listed {
        add_up(c, question_id, space_id, -1)?;
    }
    diesel::delete(question_tags::table.filter(question_tags::question_id.eq(question_id))).execute(c)?;
    for (place, name) in names.iter().enumerate() {
        let tag_id = find_or_create(c, name, created_at)?;
        diesel::insert_into(question_tags::table)
            .values((
                question_tags::question_id.eq(question_id),
                question_tags::tag_id.eq(tag_id),
                question_tags::place.eq(place as i64),
                question_tags::created_at.eq(created_at),
            ))
            .execute(c)?;
    }
    if listed {
        add_up(c, question_id, space_id, 1)?;
        Versions::tags_changed(c)?;
    }
    Ok(())
}

/// Adds `by` to the counts of a question's tags in its space: 1 when it comes into the lists, −1 when it leaves.
pub(super) fn count(c: &mut Conn, question_id: i64, space_id: i64, by: i64) -> QueryResult<()> {
    add_up(c, question_id, space_id, by)?;
    Versions::tags_changed(c)
}

fn add_up(c: &mut Conn, question_id: i64, space_id: i64, by: i64) -> QueryResult<()> {
    let tag_ids: Vec<i64> = question_tags::table
        .filter(question_tags::question_id.eq(question_id))
        .order(question_tags::tag_id)
        .select(question_tags::tag_id)
        .load(c)?;
    for tag_id in tag_ids {
        let row = (
            tag_counts::tag_id.eq(tag_id),
            tag_counts::space_id.eq(space_id),
            tag_counts::questions.eq(by.max(0)),
        );
        let more = tag_counts::questions.eq(tag_counts::questions + by);
        let insert = diesel::insert_into(tag_counts::table).values(row);
        db::upsert(insert, "tag_id, space_id", more).execute(c)?;
        if by < 0 {
            let empty = tag_counts::table.find((tag_id, space_id)).filter(tag_counts::questions.eq(0));
            diesel::delete(empty).execute(c)?;
        }
    }
    Ok(())
}

/// The tag of this name, made where there is none yet.
pub fn tag_named(c: &mut Conn, name: &TagName, now: Micros) -> QueryResult<i64> {
    find_or_create(c, name, now)
}

pub(super) fn find_or_create(c: &mut Conn, name: &TagName, now: Micros) -> QueryResult<i64> {
    let find =
        |c: &mut Conn| tags::table.filter(tags::name.eq(name.as_str())).select(tags::id).first(c).optional();
    if let Some(id) = find(c)? {
        return Ok(id);
    }
    let row = (tags::name.eq(name.as_str()), tags::created_at.eq(now));
    on!(c, |c| diesel::insert_into(tags::table).values(row).on_conflict_do_nothing().execute(c))?;
    find(c)?.ok_or(diesel::result::Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::TagName;

    fn kinds(names: &[&str]) -> &'static str {
        TagName::parse_all(names.iter().copied()).unwrap_err().kind
    }

    #[test]
    fn tags_are_lower_cased_and_said_once() {
        let tags = TagName::parse_all(["C++", "c++", "e-mail", "日本語"]).unwrap();
        assert_eq!(tags.iter().map(TagName::as_str).collect::<Vec<_>>(), ["c++", "e-mail", "日本語"]);
    }

    #[test]
    fn tags_that_cannot_be_are_refused_with_the_reason() {
        assert_eq!(kinds(&["a b"]), "bad-tag");
        assert_eq!(kinds(&["--"]), "bad-tag");
        assert_eq!(kinds(&[&"x".repeat(36)]), "bad-tag");
        assert_eq!(kinds(&[]), "no-tags");
        assert_eq!(kinds(&["a", "b", "c", "d", "e", "f"]), "too-many-tags");
    }

    #[test]
    fn one_field_is_split_by_commas_and_white_space() {
        assert_eq!(TagName::split(" imap, oauth2\ttls ,").collect::<Vec<_>>(), ["imap", "oauth2", "tls"]);
    }
}
