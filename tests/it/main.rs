//! Tests of the running program: one binary, one topic per module, on SQLite or PostgreSQL.
//!
//! ```text
//! cargo test --test it                                                      SQLite
//! PEERHALL_TEST_DATABASE=postgres://admin@127.0.0.1/postgres cargo test --test it   PostgreSQL
//! ```
//!
//! How a test gets its hall and its people stands in [`harness`]. A test says one fact in its name and fails
//! when that fact is broken. To add one, find the topic's module; a new topic is a new line below.
//!
//! - `door`: what those who are not members meet, and what every answer carries
//! - `gate_walk`: every route, with a canary in a closed space (`closed_space`)
//! - `bad_input`: every writing route, with everything that could be wrong (`requests`: what is right)
//! - `books`: spaces, organisations, entitlements, grants: who may enter where, from when to when
//! - `oversight`: suspending, roles, the list of people and their profiles
//! - `ask_fields`: a space's own fields: defined, asked for, checked, shown
//! - `moderators`: limiting moderators to spaces
//! - `kill`, `process`: the program as a process that ends, or is ended
//! - `pressure`: too much at once: who is told to come again, and who is not held up
//! - `threads`: the main job: ask, answer, comment, vote, choose, edit, delete
//! - `edits`: suggested edits, who decides, merging, rolling back (`edits_decided`: whose words a decision saves;
//!   `edits_met`: what meets: conflicts in every order, many, the largest)
//! - `privileges`: what is taken from somebody is taken whatever their role, and how refusals say what is missing
//! - `removals`: removing as spam or abuse, and bringing back
//! - `once`: the `Idempotency-Key`
//! - `kept`: kept pages are those that would be made now, whoever looks, on every node
//! - `lists`: orders, filters, pages
//! - `bounds`: statements per page and their plans
//! - `derived`: what is counted or rendered, spoilt and made anew
//! - `imports`: what imports bring; with `./prove import`, the whole of the shared data
//! - `import`: importing again, killed, over what was edited here, damaged input (`natural`: everything in a
//!   database, told without its numbers)
//! - `speed`: what pages and acts cost; for `./prove speed`
//! - `search`: what was posted is found, by whom it may be found, whatever happens to the index
//! - `mail_out`, `mail_in`: e-mail to a real SMTP server that misbehaves, and what comes in
//! - `inbox`, `notices_many`: who is told what, how, and once, however many they are
//! - `account_mail`, `credentials`: links by e-mail, and when each credential is dead
//! - `recognition`: ledgers, profiles and leaderboards: everybody sees the numbers of what they may open
//! - `reputation`: what outcomes bring, and its limits (`reputation_order`, `reputation_speed`: for `./prove order` and
//!   `./prove reputation`)
//! - `consequences`: what is done to somebody is told them, with what it cost
//! - `badges`: what outcomes earn, and what goes with them
//! - `replay`: random acts: a replay of the log gives the same, and undone they are nothing
//! - `patterns`: votes that look arranged: found, kept, shown, annulled, and that undone
//! - `gurus`: who is asked to be one, what needs whom, claims, hand-overs, candidates
//! - `guru_standings`: what counts towards one, steps on what changed meanwhile, who is told, refused forms
//! - `guru_work`: who may take a question on, and what hostile use of claims and hand-overs gets
//! - `schema`: the migrations of both databases and `schema.rs` say the same
//! - `house`: the rules of the house that a machine can check
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../harness/mod.rs"]
mod harness;

mod account_mail;
mod ask_fields;
mod bad_input;
mod badges;
mod books;
mod bounds;
mod closed_space;
mod consequences;
mod credentials;
mod derived;
mod door;
mod edits;
mod edits_decided;
mod edits_met;
mod gate_walk;
mod guru_standings;
mod guru_work;
mod gurus;
mod house;
mod import;
mod imports;
mod inbox;
mod kept;
mod kill;
mod letters;
mod lists;
mod mail_in;
mod mail_out;
mod moderators;
mod natural;
mod notices_many;
mod once;
mod oversight;
mod patterns;
mod pressure;
mod privileges;
mod process;
mod recognition;
mod relevance;
mod removals;
mod replay;
mod reputation;
mod reputation_order;
mod reputation_speed;
mod requests;
mod schema;
mod search;
mod search_access;
mod search_index;
mod search_speed;
mod speed;
mod state;
mod suggestions;
mod threads;
