//! Whether the story can be told: on a real SQLite file, as `peerhall demo` does it.

use std::path::PathBuf;

use diesel::prelude::*;

use super::{SignIn, Wrong, fill};
use crate::cli::broken_invariants;
use crate::clock::Clock;
use crate::db::schema::{events, members, posts, questions};
use crate::db::{Conn, DatabaseUrl, Db, Error, Failure, Sizes, migrate};
use crate::web::Role;

/// A place with the story in it, removed when it goes out of scope.
struct Told {
    db: Db,
    folder: PathBuf,
    now: i64,
    sign_ins: Vec<SignIn>,
}

impl Told {
    fn new(name: &str) -> Told {
        let folder = std::env::temp_dir().join(format!("peerhall-story-{name}-{}", std::process::id()));
        let url = DatabaseUrl::in_directory(&folder);
        migrate(&url).unwrap();
        let db = Db::open(&url, Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
        let now = Clock::default().now();
        let filled: Result<_, Failure<Wrong>> =
            actix_web::rt::System::new().block_on(fill(&db, "$argon2id$of-nothing", now));
        Told { sign_ins: filled.unwrap(), db, folder, now }
    }

    fn ask<T: Send + 'static>(&self, question: fn(&mut Conn) -> QueryResult<T>) -> T {
        self.db.read_now(move |c| Ok::<_, Error>(question(c)?)).unwrap()
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

#[test]
fn all_invariants_hold_in_the_demo() {
    let told = Told::new("invariants");
    let broken = told.db.read_now(broken_invariants).unwrap();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn the_demo_has_every_kind_of_question_and_people_of_every_role_to_sign_in_as() {
    let told = Told::new("kinds");
    assert_eq!(
        told.sign_ins.iter().map(|person| person.role).collect::<Vec<_>>(),
        [Role::Admin, Role::Staff, Role::Moderator, Role::Customer, Role::Customer]
    );
    let count = |filter: fn(&mut Conn) -> QueryResult<i64>| told.ask(filter);
    assert_eq!(count(|c| questions::table.count().get_result(c)), 25);
    assert!(count(|c| questions::table.filter(questions::unanswered).count().get_result(c)) >= 4);
    assert!(count(|c| questions::table.filter(questions::solved).count().get_result(c)) >= 8);
    assert_eq!(
        count(|c| questions::table.filter(questions::duplicate_of.is_not_null()).count().get_result(c)),
        1
    );
    assert!(count(|c| questions::table.filter(questions::answers.ge(15)).count().get_result(c)) >= 1);
    assert!(count(|c| posts::table.filter(posts::deleted_at.is_not_null()).count().get_result(c)) >= 2);
    assert!(count(|c| posts::table.filter(posts::version.gt(1)).count().get_result(c)) >= 2);
    assert_eq!(count(|c| members::table.filter(members::state.eq("suspended")).count().get_result(c)), 1);
    assert!(count(|c| posts::table.filter(posts::endorsed_at.is_not_null()).count().get_result(c)) >= 1);
    assert!(count(|c| posts::table.filter(posts::suggestions.gt(0)).count().get_result(c)) >= 1);
    assert!(count(|c| members::table.filter(members::gurus.gt(0)).count().get_result(c)) >= 2);
    let mut languages: Vec<Option<String>> =
        told.ask(|c| posts::table.select(posts::language).distinct().load(c));
    languages.retain(|language| matches!(language.as_deref(), Some("en" | "de" | "fr")));
    assert_eq!(languages.len(), 3);
}

#[test]
fn the_events_of_the_demo_are_in_the_order_of_time_and_none_is_to_come() {
    let told = Told::new("order");
    let times: Vec<i64> = told.ask(|c| events::table.order(events::id).select(events::occurred_at).load(c));
    assert!(times.is_sorted());
    assert!(times.iter().all(|at| *at <= told.now));
}

#[test]
fn a_link_between_questions_of_the_demo_leads_to_the_right_one() {
    let told = Told::new("links");
    let title: String = told.ask(|c| questions::table.find(1).select(questions::title).first(c));
    assert!(title.contains("starts and stops"), "{title}");
}
