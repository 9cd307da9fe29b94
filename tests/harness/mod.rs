//! The harness: a real hall per test, and visitors who walk around in it.
//!
//! A test starts a hall ([`Hall::start`]): the very server that `peerhall serve` runs, on a free port of this
//! machine, with a clock of its own, a folder of its own and a database of its own. The database is SQLite,
//! or, when `PEERHALL_TEST_DATABASE` holds the address of an administrator of a PostgreSQL server, a database
//! there: the same test program runs on both. Migrating takes longer than most tests, so it is done once, to a
//! template of which every hall gets a copy. When the hall goes out of scope, server, folder and database go.
//!
//! People come in through the front door only. [`Hall::visitor`] is somebody nobody knows; [`Hall::member`]
//! makes an account and signs in with its password; [`Visitor::api`] asks for a token and speaks JSON. All of
//! them have one set of verbs (`get`, `post` …), and all verbs answer an [`Answer`]: the status, the headers
//! and the text as they came, redirects not followed. A visitor who posts a form behaves like a browser: keeps
//! cookies, sends `Origin`, and takes the form's token from a page. What a browser would never send is sent
//! with [`raw::exchange`], byte by byte.
//!
//! Tests that end the program start it as a process of its own ([`Process`]) in a [`Place`]; commands of the
//! program run in a place too, with or without a server beside them.
//!
//! Time moves when a test says so (`hall.clock.advance(DAY)`), never by waiting. What happens in the
//! background is awaited with [`eventually`], which asks until the answer is yes or the deadline has passed;
//! no test sleeps for a time and hopes. Nothing asserts a duration: tests assert order, or bounded work
//! ([`Hall::statements_of`]).

mod answer;
mod database;
mod folder;
mod hall;
pub mod load;
mod patience;
mod people;
mod place;
mod process;
mod random;
pub mod raw;
mod smtp;
mod visitor;

pub use answer::Answer;
pub use database::{Kind, TestDatabase, kind};
pub use folder::Folder;
pub use hall::{Hall, Node};
pub use patience::eventually;
pub use people::{Member, PASSWORD, address};
pub use place::Place;
pub use process::Process;
pub use random::Random;
pub use smtp::{Manners, SmtpServer, Taken};
pub use visitor::{Api, Visitor};
