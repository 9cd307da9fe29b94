//! The rules of the house that a machine can check: floors, purity, one place for each kind of knowledge,
//! licences.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The floors of ARCHITECTURE.md from the bottom up. A room imports from the floors below, and on its own floor
/// from the rooms to its left; the rooms of the ground floor know each other.
const FLOORS: &[&[&str]] = &[
    &["db", "events", "text", "mail", "jobs", "clock", "config"],
    &["web"],
    &["accounts", "spaces"],
    &["posts", "reputation"],
    &[
        "questions",
        "suggestions",
        "gurus",
        "answers",
        "comments",
        "votes",
        "attachments",
        "threads",
        "badges",
        "people",
    ],
    &["search", "notifications", "cases", "escalation", "moderation", "administration", "imports"],
    &["openapi", "metrics", "routes", "server", "demo"],
    &["cli"],
];

/// Lines a file may have. Past three hundred it usually holds a second idea; past this it must be split.
const LINES: usize = 400;

/// Files that are one list and nothing else.
const LISTS: &[&str] = &["src/db/schema.rs"];

/// An import keeps what it must remember of its input in scratch files of SQLite's, whichever the database is.
const SCRATCH: &[&str] = &["src/imports/temporary.rs"];

/// Licences that an Apache-2.0 program may be built with.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PostgreSQL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn a_room_imports_only_from_below() {
    let mut wrong = BTreeSet::new();
    let mut unknown = BTreeSet::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        let Some(here) = place(room) else {
            unknown.insert(room.to_owned());
            continue;
        };
        for used in used_rooms(&source.code) {
            let Some(there) = place(&used) else { continue };
            let below = there.0 < here.0 || (there.0 == here.0 && (here.0 == 0 || there.1 <= here.1));
            if !below {
                wrong.insert(format!("{} imports crate::{used}", source.name));
            }
        }
    }
    assert!(unknown.is_empty(), "rooms without a floor: {unknown:?}");
    assert!(wrong.is_empty(), "imports from above or from the right:\n{}", lines(&wrong));
}

#[test]
fn rules_are_pure() {
    let impure =
        ["diesel", "actix", "std::time", "std::fs", "std::net", "std::env", "tokio", "crate::db", "async "];
    let mut wrong = BTreeSet::new();
    for source in sources().into_iter().filter(|source| source.name.ends_with("/rules.rs")) {
        // The marker that makes an enum a refusal may stand beside it.
        let code = source.code.replace("crate::db::Refusal", "");
        for word in impure.iter().filter(|word| code.contains(**word)) {
            wrong.insert(format!("{} says `{word}`", source.name));
        }
    }
    assert!(wrong.is_empty(), "{}", lines(&wrong));
}

#[test]
fn only_db_knows_which_database_it_is() {
    let words = [
        "SqliteConnection",
        "PgConnection",
        "Conn::Sqlite",
        "Conn::Postgres",
        "sqlite_master",
        "information_schema",
        "PRAGMA",
        "pg_catalog",
        "pg_advisory",
        "batch_execute",
    ];
    let mut wrong = BTreeSet::new();
    let outside =
        |source: &Source| !source.name.starts_with("src/db/") && !SCRATCH.contains(&source.name.as_str());
    for source in sources().into_iter().filter(outside) {
        for word in words.iter().filter(|word| source.code.contains(**word)) {
            wrong.insert(format!("{} says `{word}`", source.name));
        }
    }
    assert!(wrong.is_empty(), "{}", lines(&wrong));
}

#[test]
fn the_rows_of_a_table_are_made_in_one_room() {
    let mut makers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        let named = tables_as_named(&source.code);
        for rest in source.code.split("insert_into(").skip(1) {
            let name = rest.trim_start().split("::table").next().unwrap_or_default().to_owned();
            let table = named.get(&name).cloned().unwrap_or(name);
            makers.entry(table).or_default().insert(room.to_owned());
        }
    }
    assert!(makers.len() > 20, "no rows are made: {makers:?}");
    makers.retain(|_, rooms| rooms.len() > 1);
    assert!(makers.is_empty(), "tables with more than one maker of rows: {makers:?}");
}

/// The tables a file imports from the schema, by the names it gives them.
fn tables_as_named(code: &str) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    for rest in code.split("db::schema::").skip(1) {
        let group = rest.strip_prefix('{').and_then(|group| group.split('}').next());
        let group = group.unwrap_or_else(|| rest.split(';').next().unwrap_or_default());
        for part in group.split(',') {
            let (table, name) = part.trim().split_once(" as ").unwrap_or((part.trim(), part.trim()));
            named.insert(name.trim().to_owned(), table.to_owned());
        }
    }
    named
}

#[test]
fn only_the_clock_asks_the_time() {
    let words = ["SystemTime::now", "Timestamp::now", "Zoned::now", "CURRENT_TIMESTAMP", "now()::"];
    let mut wrong = BTreeSet::new();
    for source in sources().into_iter().filter(|source| source.name != "src/clock.rs") {
        for word in words.iter().filter(|word| source.code.contains(**word)) {
            wrong.insert(format!("{} says `{word}`", source.name));
        }
    }
    assert!(wrong.is_empty(), "{}", lines(&wrong));
}

#[test]
fn no_file_is_longer_than_a_head_can_hold() {
    let long: BTreeSet<String> = sources()
        .into_iter()
        .filter(|source| !LISTS.contains(&source.name.as_str()))
        .map(|source| (source.whole.lines().count(), source.name))
        .filter(|(count, _)| *count > LINES)
        .map(|(count, name)| format!("{name} has {count} lines"))
        .collect();
    assert!(long.is_empty(), "files of more than {LINES} lines:\n{}", lines(&long));
}

#[test]
fn every_module_opens_with_its_purpose() {
    let silent: BTreeSet<String> = sources()
        .into_iter()
        .filter(|source| !source.name.ends_with("/main.rs") && !source.name.contains("tests"))
        .filter(|source| !source.whole.trim_start().starts_with("//!"))
        .filter(|source| source.whole.lines().count() > 10)
        .map(|source| source.name)
        .collect();
    assert!(silent.is_empty(), "files that open without a word:\n{}", lines(&silent));
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let wrong: BTreeSet<String> = sources()
        .into_iter()
        .filter(|source| source.whole.contains("#[allow(") || source.whole.contains("#![allow("))
        .map(|source| source.name)
        .collect();
    assert!(wrong.is_empty(), "{}", lines(&wrong));
}

#[test]
fn unescaped_text_in_templates_is_only_the_safe_html_type() {
    let mut found = BTreeSet::new();
    for file in files(&root().join("templates"), "html") {
        let text = std::fs::read_to_string(&file).unwrap();
        for line in text.lines().filter(|line| line.contains("| safe") || line.contains("|safe")) {
            let named = line.contains("html") || line.contains("snippet");
            if !named {
                found.insert(format!("{}: {}", file.display(), line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "`| safe` on something that is not named …html:\n{}", lines(&found));
}

#[test]
fn the_licences_of_what_we_build_with_are_known_and_fit() {
    let mut wrong = BTreeSet::new();
    for package in packages() {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if licence.is_empty() {
            wrong.insert(format!("{name} says no licence"));
        } else if !fits(licence) {
            wrong.insert(format!("{name} is under {licence}"));
        }
    }
    assert!(wrong.is_empty(), "{}", lines(&wrong));
}

#[test]
fn everything_we_build_with_comes_from_the_public_registry() {
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let wrong: BTreeSet<String> = packages()
        .iter()
        .filter(|package| package["name"] != "peerhall" && package["source"] != registry)
        .map(|package| format!("{} comes from {}", package["name"], package["source"]))
        .collect();
    assert!(wrong.is_empty(), "{}", lines(&wrong));
}

#[test]
fn the_papers_of_the_house_are_there() {
    let papers = [
        "LICENSE",
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "BENCHMARKS.md",
        "check",
        "prove",
    ];
    let missing: Vec<_> = papers.iter().filter(|paper| !root().join(paper).exists()).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
    assert!(std::fs::read_to_string(root().join("LICENSE")).unwrap().contains("Apache License"));
}

#[test]
fn the_search_index_is_never_in_the_repository() {
    assert_eq!(tracked("search-index"), ["search-index/.gitignore"]);
    let ignored = std::fs::read_to_string(root().join("search-index/.gitignore")).unwrap();
    let ignored: Vec<&str> = ignored.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(ignored, ["*", "!.gitignore"]);
}

#[test]
fn nothing_stray_lies_in_the_root() {
    let known = [
        ".cargo",
        ".ci",
        ".gitignore",
        ".github",
        ".dockerignore",
        "ARCHITECTURE.md",
        "BENCHMARKS.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "Dockerfile",
        "LICENSE",
        // While an issue is in work; deleted on resolving it.
        "PROGRESS.md",
        "README.md",
        "check",
        "clippy.toml",
        "docs",
        "migrations",
        "prove",
        "rustfmt.toml",
        "search-index",
        "src",
        "static",
        "templates",
        "tests",
    ];
    let top: BTreeSet<String> =
        tracked(".").iter().map(|file| file.split('/').next().unwrap_or_default().to_owned()).collect();
    let stray: Vec<_> = top.iter().filter(|name| !known.contains(&name.as_str())).collect();
    assert!(stray.is_empty(), "{stray:?}");
}

/// A source file; `code` is what runs in the product: no tests, no comments.
struct Source {
    name: String,
    whole: String,
    code: String,
}

impl Source {
    /// The room it stands in: `questions` for `src/questions/rules.rs`.
    fn room(&self) -> Option<&str> {
        let inside = self.name.strip_prefix("src/")?;
        let room = inside.split('/').next()?.trim_end_matches(".rs");
        (!["lib", "main"].contains(&room)).then_some(room)
    }
}

/// Every file of the product, files of tests left out.
fn sources() -> Vec<Source> {
    let texts: BTreeMap<PathBuf, String> = files(&root().join("src"), "rs")
        .into_iter()
        .map(|file| (file.clone(), std::fs::read_to_string(file).unwrap()))
        .collect();
    let tests: BTreeSet<PathBuf> = texts
        .iter()
        .flat_map(|(file, text)| test_modules(text).into_iter().flat_map(|name| places(file, &name)))
        .collect();
    let product = texts.into_iter().filter(|(file, _)| !tests.iter().any(|test| within(file, test)));
    product
        .map(|(file, whole)| {
            let name = file.strip_prefix(root()).unwrap().display().to_string();
            Source { name, code: code_of(&whole), whole }
        })
        .collect()
}

/// Modules in other files that exist for tests only: `#[cfg(test)] mod name;`.
fn test_modules(text: &str) -> Vec<String> {
    let after = text.split("#[cfg(test)]").skip(1);
    let names = after.filter_map(|rest| {
        rest.trim_start().trim_start_matches("pub ").strip_prefix("mod ")?.split_once(';')
    });
    names.map(|(name, _)| name.to_owned()).filter(|name| !name.contains('{')).collect()
}

fn places(file: &Path, module: &str) -> Vec<PathBuf> {
    let folder = file.parent().unwrap();
    let own = folder.join(file.file_stem().unwrap());
    vec![folder.join(format!("{module}.rs")), own.join(format!("{module}.rs"))]
}

/// Whether a file is this module's or one below it.
fn within(file: &Path, module: &Path) -> bool {
    file == module || file.starts_with(module.with_extension(""))
}

fn code_of(whole: &str) -> String {
    let product = whole.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = product.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms a file names by `crate::room` or in `use crate::{room, …}`.
fn used_rooms(code: &str) -> BTreeSet<String> {
    let ident = |text: &str| -> String {
        text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    };
    let mut rooms = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            rooms.insert(ident(rest));
            continue;
        };
        let (mut depth, mut part) = (0, String::new());
        for letter in group.chars() {
            match letter {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    rooms.insert(ident(part.trim()));
                    part.clear();
                    continue;
                }
                _ => {}
            }
            part.push(letter);
        }
        rooms.insert(ident(part.trim()));
    }
    rooms
}

/// Floor and place on the floor.
fn place(room: &str) -> Option<(usize, usize)> {
    FLOORS
        .iter()
        .enumerate()
        .find_map(|(floor, rooms)| rooms.iter().position(|known| *known == room).map(|place| (floor, place)))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|ending| ending == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn tracked(path: &str) -> Vec<String> {
    let listed = Command::new("git").args(["ls-files", path]).current_dir(root()).output().expect("git");
    String::from_utf8(listed.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn packages() -> Vec<Value> {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc");
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host").to_owned();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &host])
        .current_dir(root())
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether an SPDX expression can be satisfied with licences of ours. `/` is an old way to write OR.
fn fits(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any(&words, &mut at)
}

fn any(words: &[&str], at: &mut usize) -> bool {
    let mut fit = all(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        fit |= all(words, at);
    }
    fit
}

fn all(words: &[&str], at: &mut usize) -> bool {
    let mut fit = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        fit &= one(words, at);
    }
    fit
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let fit = any(words, at);
        *at += 1;
        return fit;
    }
    let mut licence = word.to_owned();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{word} WITH {}", words.get(*at + 1).copied().unwrap_or_default());
        *at += 2;
    }
    LICENCES.contains(&licence.as_str())
}

fn lines(set: &BTreeSet<String>) -> String {
    set.iter().map(|line| format!("  {line}\n")).collect()
}

#[test]
fn an_expression_of_licences_is_read_right() {
    assert!(fits("MIT OR Apache-2.0") && fits("MIT/Apache-2.0") && fits("GPL-3.0 OR MIT"));
    assert!(fits("(MIT OR GPL-3.0) AND Unicode-3.0") && fits("Apache-2.0 WITH LLVM-exception OR GPL-2.0"));
    assert!(!fits("GPL-3.0") && !fits("MIT AND GPL-3.0") && !fits("(MIT OR ISC) AND AGPL-3.0"));
}
