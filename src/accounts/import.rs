//! Members that come with an import: people who wrote elsewhere, until they claim their place here.
//!
//! Promises: the key of a member is (source, original id), so importing again makes nobody twice; an imported
//! member has neither address nor password and signs in only after redeeming an invitation that claims them; what
//! a member who has claimed their place says about themselves is never overwritten.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::names::{HANDLE_MOST, NAME_MOST, derived_handle, name_key};
use crate::clock::Micros;
use crate::db::schema::{content_versions, members};
use crate::db::{Conn, on};
use crate::text;

/// Original ids looked up in one statement.
const AT_ONCE: usize = 5_000;
/// Members written in one statement.
const ROWS: usize = 500;
/// State of a member who has not claimed their place.
const UNCLAIMED: &str = "unclaimed";

/// Somebody to be brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// Their id at the source.
    pub original_id: String,
    /// Shown name, as written there.
    pub name: String,
    /// The voice of the source itself: no person, and nobody can claim it.
    pub system: bool,
    /// What they say about themselves, as Markdown.
    pub about: String,
    /// Since when they were there.
    pub created_at: Micros,
}

/// Somebody as a row of the source names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    /// Their id there, if they had an account.
    pub original_id: Option<String>,
    /// The name shown if no such member is here.
    pub shown: Option<String>,
}

/// The members behind the original ids of one source.
#[derive(Clone, Debug, Default)]
pub struct People(HashMap<String, i64>);

impl People {
    /// Finds the members of these ids; a member merged into another is that other one.
    pub fn find<'a>(
        c: &mut Conn,
        source: &str,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> QueryResult<People> {
        let ids: HashSet<&str> = ids.into_iter().collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        let mut people = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let rows: Vec<(Option<String>, i64, Option<i64>)> = members::table
                .filter(members::source.eq(source))
                .filter(members::original_id.eq_any(ids.to_vec()))
                .select((members::original_id, members::id, members::merged_into))
                .load(c)?;
            people.extend(
                rows.into_iter().filter_map(|(original, id, merged)| Some((original?, merged.unwrap_or(id)))),
            );
        }
        Ok(People(people))
    }

    /// Finds the members who are named in `by`.
    pub fn named<'a>(
        c: &mut Conn,
        source: &str,
        by: impl IntoIterator<Item = &'a By>,
    ) -> QueryResult<People> {
        Self::find(c, source, by.into_iter().filter_map(|by| by.original_id.as_deref()))
    }

    /// The member of an original id.
    pub fn get(&self, original_id: &str) -> Option<i64> {
        self.0.get(original_id).copied()
    }

    /// (member, shown name): one of them at most.
    pub fn of<'a>(&self, by: &'a By) -> (Option<i64>, Option<&'a str>) {
        match by.original_id.as_deref().and_then(|id| self.get(id)) {
            Some(id) => (Some(id), None),
            None => (None, by.shown.as_deref()),
        }
    }
}

/// A member as an earlier run left them.
#[derive(Clone, Debug, Queryable)]
pub struct Present {
    id: i64,
    original_id: Option<String>,
    name: String,
    about: String,
    state: String,
}

impl Present {
    /// Whether a newer dump tells something else of a person who has not claimed their place yet.
    pub fn differs(&self, new: &Newcomer) -> bool {
        self.state == UNCLAIMED && (self.name != shown_name(&new.name) || self.about != new.about)
    }
}

/// Those of `ids` who are here already, by original id.
pub fn present(c: &mut Conn, source: &str, ids: &[&str]) -> QueryResult<HashMap<String, Present>> {
    let rows: Vec<Present> = members::table
        .filter(members::source.eq(source))
        .filter(members::original_id.eq_any(ids.to_vec()))
        .select((members::id, members::original_id, members::name, members::about, members::state))
        .load(c)?;
    Ok(rows.into_iter().filter_map(|row| Some((row.original_id.clone()?, row))).collect())
}

#[derive(Insertable)]
#[diesel(table_name = members, treat_none_as_default_value = false)]
struct MemberRow<'a> {
    kind: &'static str,
    role: &'static str,
    handle: String,
    handle_key: String,
    name: String,
    name_key: String,
    about: &'a str,
    state: &'static str,
    origin: &'static str,
    source: &'a str,
    original_id: &'a str,
    created_at: Micros,
}

/// Brings in those who are not here yet. The same id twice is one member, as first named.
pub fn bring(c: &mut Conn, source: &str, newcomers: &[Newcomer]) -> QueryResult<()> {
    let known = People::find(c, source, newcomers.iter().map(|new| new.original_id.as_str()))?;
    let mut met = HashSet::new();
    let absent: Vec<&Newcomer> = newcomers
        .iter()
        .filter(|new| known.get(&new.original_id).is_none() && met.insert(new.original_id.as_str()))
        .collect();
    for new in absent.chunks(ROWS) {
        let handles = free_handles(c, new)?;
        let rows: Vec<MemberRow<'_>> =
            new.iter().zip(handles).map(|(new, handle)| row(source, new, handle)).collect();
        on!(c, |c| diesel::insert_into(members::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn row<'a>(source: &'a str, new: &'a Newcomer, handle: String) -> MemberRow<'a> {
    let name = shown_name(&new.name);
    MemberRow {
        kind: if new.system { "system" } else { "person" },
        role: "customer",
        handle_key: handle.clone(),
        handle,
        name_key: name_key(&name),
        name,
        about: &new.about,
        state: if new.system { "active" } else { UNCLAIMED },
        origin: "import",
        source,
        original_id: &new.original_id,
        created_at: new.created_at,
    }
}

/// Updates a member whom nobody has claimed; answers whether they were still unclaimed.
pub fn update(c: &mut Conn, present: &Present, new: &Newcomer) -> QueryResult<bool> {
    let name = shown_name(&new.name);
    let changed = diesel::update(members::table.find(present.id).filter(members::state.eq(UNCLAIMED)))
        .set((members::name_key.eq(name_key(&name)), members::name.eq(name), members::about.eq(&new.about)))
        .execute(c)?;
    if changed > 0 && present.name != shown_name(&new.name) {
        diesel::update(content_versions::table.find("people"))
            .set(content_versions::version.eq(content_versions::version + 1))
            .execute(c)?;
    }
    Ok(changed > 0)
}

/// A name as shown: cleaned and cut.
fn shown_name(name: &str) -> String {
    let clean = text::clean_name(name);
    let cut: String = clean.chars().take(NAME_MOST).collect();
    if cut.is_empty() { "?".to_owned() } else { cut.trim_end().to_owned() }
}

/// A free handle for each: made from the name, with the next number of that name where it is taken.
fn free_handles(c: &mut Conn, newcomers: &[&Newcomer]) -> QueryResult<Vec<String>> {
    let bases: Vec<String> = newcomers.iter().map(|new| derived_handle(&new.name, 1)).collect();
    let mut taken: HashSet<String> = members::table
        .filter(members::handle_key.eq_any(bases.clone()))
        .select(members::handle_key)
        .load::<String>(c)?
        .into_iter()
        .collect();
    let mut next: HashMap<&str, u64> = HashMap::new();
    let mut handles = Vec::with_capacity(bases.len());
    for base in &bases {
        if taken.insert(base.clone()) {
            handles.push(base.clone());
            continue;
        }
        let mut number = match next.get(base.as_str()) {
            Some(number) => *number,
            None => highest_number(c, base)? + 1,
        };
        // A name may itself end in a number: "ann-2" is the second Ann, or the first Ann-2.
        let mut handle = numbered(base, number);
        while !taken.insert(handle.clone()) {
            number += 1;
            handle = numbered(base, number);
        }
        next.insert(base, number + 1);
        handles.push(handle);
    }
    Ok(handles)
}

/// The highest number that stands after this handle, 1 when none does.
fn highest_number(c: &mut Conn, base: &str) -> QueryResult<u64> {
    let stem = numbered_stem(base);
    // All that begin with the stem and a hyphen: '.' follows '-' in ASCII.
    let keys: Vec<String> = members::table
        .filter(members::handle_key.gt(format!("{stem}-")))
        .filter(members::handle_key.lt(format!("{stem}.")))
        .select(members::handle_key)
        .load(c)?;
    let numbers = keys.iter().filter_map(|key| key.get(stem.len() + 1..)?.parse::<u64>().ok());
    Ok(numbers.filter(|number| *number < 1_000_000).max().unwrap_or(1))
}

fn numbered(base: &str, number: u64) -> String {
    format!("{}-{number}", numbered_stem(base))
}

/// What a handle leaves room for a hyphen and six digits.
fn numbered_stem(base: &str) -> &str {
    base.get(..HANDLE_MOST - 7).unwrap_or(base).trim_end_matches('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{DatabaseUrl, Db, Error, On, Sizes, migrate};

    fn newcomer(original_id: &str, name: &str) -> Newcomer {
        let (original_id, name) = (original_id.to_owned(), name.to_owned());
        Newcomer { original_id, name, system: false, about: String::new(), created_at: 0 }
    }

    fn handles(batches: Vec<Vec<Newcomer>>) -> Vec<String> {
        let file = std::env::temp_dir().join(format!("peerhall-handles-{}.db", std::process::id()));
        drop(std::fs::remove_file(&file));
        let url = DatabaseUrl::Sqlite(file.clone());
        migrate(&url).unwrap();
        let db = Db::open(&url, Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
        for batch in batches {
            db.write_now(On::Nothing, move |c| Ok::<_, Error>(bring(c, "s", &batch)?)).unwrap();
        }
        let found = db
            .read_now(|c| Ok::<_, Error>(members::table.order(members::id).select(members::handle).load(c)?));
        drop(db);
        drop(std::fs::remove_file(&file));
        found.unwrap()
    }

    #[test]
    fn people_of_one_name_get_handles_of_their_own_also_over_batches() {
        let long = "x".repeat(60);
        let found = handles(vec![
            vec![newcomer("1", "Ann"), newcomer("2", "ann"), newcomer("3", "Ann-2"), newcomer("1", "Again")],
            vec![newcomer("4", "Ann"), newcomer("5", "ANN"), newcomer("2", "Other"), newcomer("6", "Ann-2")],
            vec![newcomer("7", &long), newcomer("8", &long), newcomer("9", "???"), newcomer("10", "!")],
        ]);
        let head = "x".repeat(30);
        let stem = "x".repeat(23);
        assert_eq!(
            found,
            [
                "ann",
                "ann-2",
                "ann-2-2",
                "ann-3",
                "ann-4",
                "ann-2-3",
                &head,
                &format!("{stem}-2"),
                "member",
                "member-2"
            ]
        );
    }

    #[test]
    fn names_are_cleaned_and_cut_and_never_empty() {
        assert_eq!(shown_name(" a\u{202e}b "), "ab");
        assert_eq!(shown_name("\u{200b}"), "?");
        assert_eq!(shown_name(&"é".repeat(100)).chars().count(), NAME_MOST);
    }
}
