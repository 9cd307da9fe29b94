//! Everything in a database, told without the numbers that the database itself gave: for comparing two halls that
//! should hold the same.

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use peerhall::config::{Config, Settings};
use peerhall::db::{Db, Error, Sizes};

use crate::harness::Place;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Who: the handle of a member.
const MEMBER: &str = "coalesce((SELECT who.handle FROM members AS who WHERE who.id = {}), '-')";
/// Which: kind and original id of a post.
const POST: &str =
    "coalesce((SELECT which.kind || which.original_id FROM posts AS which WHERE which.id = {}), '-')";

/// A table and the columns that tell a row of it; `m:` is a member, `p:` a post.
const TABLES: &[(&str, &[&str])] = &[
    (
        "members",
        &[
            "kind",
            "role",
            "handle",
            "name",
            "name_key",
            "email",
            "password_hash",
            "about",
            "state",
            "source",
            "original_id",
            "created_at",
        ],
    ),
    ("badges", &["m:member_id", "name", "awarded_at", "source", "original_id"]),
    (
        "posts",
        &[
            "kind",
            "p:thread_id",
            "p:parent_id",
            "m:author_id",
            "author_name",
            "language",
            "up",
            "down",
            "visibility",
            "visibility_reason",
            "deleted_at",
            "origin",
            "source",
            "original_id",
            "version",
            "imported_version",
            "created_at",
            "edited_at",
            "m:edited_by",
            "editor_name",
            "edit_reason",
        ],
    ),
    ("post_texts", &["p:post_id", "body", "body_format", "body_html", "renderer"]),
    (
        "revisions",
        &[
            "p:post_id",
            "number",
            "title",
            "tags",
            "body",
            "body_format",
            "m:editor_id",
            "editor_name",
            "reason",
            "made_at",
        ],
    ),
    ("restrictions", &["scope", "p:subject_id", "kind", "m:set_by", "starts_at", "undone_at", "m:undone_by"]),
    ("imported_tallies", &["p:post_id", "day", "up", "down"]),
    ("imported_affected", &["p:question_id", "people"]),
    (
        "questions",
        &[
            "p:post_id",
            "title",
            "excerpt",
            "m:author_id",
            "author_name",
            "created_at",
            "last_activity_at",
            "m:last_actor_id",
            "last_actor_name",
            "score",
            "answers",
            "answers_by_others",
            "views",
            "affected_imported",
            "followers",
            "p:accepted_id",
            "accepted_at",
            "closed_at",
            "m:closed_by",
            "close_reason",
            "p:duplicate_of",
            "cycle",
            "listed",
            "solved",
            "unsolved",
            "unanswered",
            "closed",
        ],
    ),
    ("question_tags", &["p:question_id", "t:tag_id", "place", "created_at"]),
    ("tags", &["name", "description"]),
    ("tag_counts", &["t:tag_id", "questions"]),
    ("member_counts", &["m:member_id", "questions", "answers", "accepted"]),
    ("follows", &["p:question_id", "m:member_id", "since"]),
    ("post_links", &["p:from_id", "p:to_id", "kind", "created_at"]),
    ("events", &["kind", "schema_version", "occurred_at", "origin", "m:actor_id", "p:question_id"]),
];

/// All rows of all tables that an import writes, one line each, in an order of their own.
pub fn told(place: &Place) -> Vec<String> {
    let db = open(place);
    let mut all = Vec::new();
    for (table, columns) in TABLES {
        let parts: Vec<String> = columns.iter().map(|column| part(table, column)).collect();
        // What a server beside the import awards for what came is not the import's.
        let imported = match *table {
            "badges" => " WHERE source IS NOT NULL",
            "events" => " WHERE kind NOT LIKE 'Badge%'",
            _ => "",
        };
        let statement =
            format!("SELECT '{table}: ' || {} AS line FROM {table}{imported}", parts.join(" || ' | ' || "));
        let lines: Vec<Line> = db.read_now(move |c| Ok::<_, Error>(sql_query(statement).load(c)?)).unwrap();
        let mut lines: Vec<String> = lines.into_iter().map(|line| line.line).collect();
        lines.sort();
        all.append(&mut lines);
    }
    all
}

/// The place's database, opened once more.
pub fn open(place: &Place) -> Db {
    let environment = place.settings().iter().map(|(name, value)| (name.into(), value.into()));
    let gathered = Settings::gather(Some(&place.folder().join("peerhall.toml")), environment, &[]).unwrap();
    let config = Config::from_settings(&gathered).unwrap();
    Db::open(&config.database, Sizes { readers: 1, writers: 1, queue: 16 }).unwrap()
}

fn part(table: &str, column: &str) -> String {
    let full = |name: &str| format!("{table}.{name}");
    match column.split_once(':') {
        Some(("m", name)) => MEMBER.replace("{}", &full(name)),
        Some(("p", name)) => POST.replace("{}", &full(name)),
        Some((_, name)) => format!("(SELECT tag.name FROM tags AS tag WHERE tag.id = {})", full(name)),
        None => format!("coalesce(CAST({} AS TEXT), '-')", full(column)),
    }
}
