//! Tags of many questions at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::ImportedQuestion;
use super::add::is_listed;
use crate::clock::Micros;
use crate::db::schema::{question_tags, tag_counts, tags};
use crate::db::{Conn, on};
use crate::questions::TagName;

const AT_ONCE: usize = 1_000;

/// Makes tags that are not here yet.
pub fn bring(c: &mut Conn, names: &[TagName], now: Micros) -> QueryResult<()> {
    ids_of(c, names, now).map(drop)
}

/// The tags of these names, made where they are absent.
pub(super) fn ids_of<'a>(
    c: &mut Conn,
    names: impl IntoIterator<Item = &'a TagName>,
    now: Micros,
) -> QueryResult<HashMap<String, i64>> {
    let names: BTreeSet<&str> = names.into_iter().map(TagName::as_str).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let mut ids = known(c, &names)?;
    let absent: Vec<_> = names
        .iter()
        .filter(|name| !ids.contains_key(**name))
        .map(|name| (tags::name.eq(*name), tags::created_at.eq(now)))
        .collect();
    if absent.is_empty() {
        return Ok(ids);
    }
    for absent in absent.chunks(AT_ONCE) {
        on!(c, |c| diesel::insert_into(tags::table).values(absent).on_conflict_do_nothing().execute(c))?;
    }
    ids.extend(known(c, &names)?);
    Ok(ids)
}

fn known(c: &mut Conn, names: &[&str]) -> QueryResult<HashMap<String, i64>> {
    let mut ids = HashMap::with_capacity(names.len());
    for names in names.chunks(AT_ONCE) {
        let rows: Vec<(String, i64)> =
            tags::table.filter(tags::name.eq_any(names.to_vec())).select((tags::name, tags::id)).load(c)?;
        ids.extend(rows);
    }
    Ok(ids)
}

#[derive(Insertable)]
#[diesel(table_name = question_tags, treat_none_as_default_value = false)]
struct QuestionTagRow {
    question_id: i64,
    tag_id: i64,
    place: i64,
    created_at: Micros,
}

#[derive(Insertable)]
#[diesel(table_name = tag_counts, treat_none_as_default_value = false)]
struct TagCountRow {
    tag_id: i64,
    space_id: i64,
    questions: i64,
}

/// Tags new questions, and counts those that stand in lists.
pub(super) fn put(
    c: &mut Conn,
    space_id: i64,
    written: &[(i64, &ImportedQuestion)],
    ids: &HashMap<String, i64>,
) -> QueryResult<()> {
    let mut rows = Vec::new();
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    for (question_id, question) in written {
        for (place, name) in (0..).zip(&question.tags) {
            let Some(tag_id) = ids.get(name.as_str()).copied() else { continue };
            let created_at = question.post.created_at;
            rows.push(QuestionTagRow { question_id: *question_id, tag_id, place, created_at });
            if is_listed(question) {
                *counts.entry(tag_id).or_default() += 1;
            }
        }
    }
    for rows in rows.chunks(AT_ONCE) {
        on!(c, |c| diesel::insert_into(question_tags::table).values(rows).execute(c))?;
    }
    if !counts.is_empty() {
        crate::questions::versions::Versions::tags_changed(c)?;
    }
    let counts: Vec<TagCountRow> =
        counts.into_iter().map(|(tag_id, questions)| TagCountRow { tag_id, space_id, questions }).collect();
    for counts in counts.chunks(AT_ONCE) {
        on!(c, |c| diesel::insert_into(tag_counts::table)
            .values(counts)
            .on_conflict((tag_counts::tag_id, tag_counts::space_id))
            .do_update()
            .set(tag_counts::questions.eq(tag_counts::questions + excluded(tag_counts::questions)))
            .execute(c))?;
    }
    Ok(())
}
