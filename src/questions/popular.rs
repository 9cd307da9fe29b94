//! The tags a viewer meets most often. What was counted is kept for as long as no count of a tag changes, per set of
//! spaces, because counting goes through all tags.

use std::sync::Arc;

use diesel::prelude::*;
use quick_cache::sync::Cache;

use super::tags::TagCount;
use crate::db::schema::{tag_counts, tags};
use crate::db::{Conn, among};
use crate::spaces::Scope;

/// Counts that are kept.
pub struct PopularTags(Cache<Key, Arc<[TagCount]>>);

/// Which of them.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Part of the name; empty for all.
    pub like: &'a str,
    /// Where the page before ended.
    pub after: Option<(i64, String)>,
    /// How many at most.
    pub limit: i64,
}

/// All that they depend on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    version: i64,
    spaces: Vec<i64>,
    like: String,
    after: Option<(i64, String)>,
    limit: i64,
}

impl Default for PopularTags {
    fn default() -> PopularTags {
        // At most some sixty tags each: two megabytes.
        PopularTags(Cache::new(200))
    }
}

impl PopularTags {
    /// Tags by how often the viewer may meet them, most first. `version` is that of tags, read before. No statement when they are
    /// kept, one when not.
    pub fn get(
        &self,
        c: &mut Conn,
        scope: &Scope,
        version: i64,
        Wanted { like, after, limit }: Wanted<'_>,
    ) -> QueryResult<Arc<[TagCount]>> {
        let mut spaces: Vec<i64> = scope.spaces.iter().map(|space| space.id).collect();
        spaces.sort_unstable();
        let key = Key { version, spaces, like: like.to_owned(), after, limit };
        if let Some(kept) = self.0.get(&key) {
            return Ok(kept);
        }
        let found: Arc<[TagCount]> = counted(c, &key)?.into();
        self.0.insert(key, found.clone());
        Ok(found)
    }
}

/// Tags with this in their names, most used first, counted anew.
pub fn like(c: &mut Conn, scope: &Scope, like: &str, limit: i64) -> QueryResult<Vec<TagCount>> {
    let spaces = scope.spaces.iter().map(|space| space.id).collect();
    counted(c, &Key { version: 0, spaces, like: like.to_owned(), after: None, limit })
}

/// Counted by the key alone: what is kept under it may not depend on what has changed since the key was made.
fn counted(c: &mut Conn, key: &Key) -> QueryResult<Vec<TagCount>> {
    use diesel::sql_types::{BigInt, Nullable};
    let total = || diesel::dsl::sql::<Nullable<BigInt>>("CAST(sum(tag_counts.questions) AS BIGINT)");
    let pattern = format!("%{}%", key.like.trim().to_lowercase().replace(['%', '_', '\\'], ""));
    let (most, name) = key.after.clone().unwrap_or((i64::MAX, String::new()));
    let rows: Vec<(String, String, Option<i64>)> = tag_counts::table
        .inner_join(tags::table)
        .filter(among(tag_counts::space_id, &key.spaces))
        .filter(tags::name.like(pattern))
        .group_by((tags::id, tags::name, tags::description))
        .having(total().gt(0).and(total().lt(most).or(total().eq(most).and(tags::name.gt(name)))))
        .order((total().desc(), tags::name.asc()))
        .limit(key.limit)
        .select((tags::name, tags::description, total()))
        .load(c)?;
    Ok(rows
        .into_iter()
        .map(|(name, description, questions)| TagCount {
            name,
            description,
            questions: questions.unwrap_or(0),
        })
        .collect())
}
