//! Acts on a real database: who comes in, who does not, and who wins a race.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::prelude::*;

use crate::accounts::invitations::{self, InviteRefusal, JoinRefusal, Joining, Redeemed, Wanted};
use crate::accounts::members::{self, MemberRefusal, NewMember};
use crate::accounts::sessions::{self, Browser};
use crate::accounts::setup::{self, First, SetUpRefusal};
use crate::accounts::sign_in::{self, Met, Trier};
use crate::accounts::{Directory, Housekeeping, Seen, tokens};
use crate::clock::{DAY, HOUR, MINUTE, Micros};
use crate::db::schema::{members as rows, rate_counters, sessions as session_rows, spaces, timed};
use crate::db::{Conn, DatabaseUrl, Db, Error, Failure, On, Sizes, migrate};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::Timed;
use crate::web::Role;
use crate::web::viewer::{Credential, Lookup};

mod inviting;
mod setting_up;
mod signing_in;
mod staying;

const NOW: Micros = 1_800_000_000_000_000;

/// A database of its own, gone with the test.
struct Place {
    db: Db,
    folder: PathBuf,
}

impl Place {
    fn new() -> Place {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("peerhall-accounts-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = DatabaseUrl::in_directory(&folder);
        migrate(&url).unwrap();
        Place { db: Db::open(&url, Sizes { readers: 1, writers: 2, queue: 64 }).unwrap(), folder }
    }

    /// Acts, and keeps what was done.
    fn act<T: Send + 'static>(&self, mut act: impl FnMut(&mut Conn) -> QueryResult<T> + Send + 'static) -> T {
        self.db.write_now(On::Nothing, move |c| Ok::<_, Error>(act(c)?)).unwrap()
    }

    fn found(&self, credential: Credential, now: Micros) -> Option<i64> {
        let known = self.act(move |c| Directory::default().find(c, &credential, now));
        known.map(|known| known.viewer.id)
    }

    fn redeem(&self, token: &'static str, joining: Joining, now: Micros) -> Result<i64, JoinRefusal> {
        self.redeemed(token, joining, now).map(|redeemed| redeemed.member)
    }

    fn redeemed(&self, token: &'static str, joining: Joining, now: Micros) -> Result<Redeemed, JoinRefusal> {
        let redeemed = self
            .db
            .write_now(On::Named("invitation", 1), move |c| invitations::redeem(c, token, &joining, now));
        refused(redeemed)
    }

    fn invite(&self, wanted: Wanted, token: &'static str) -> Result<i64, InviteRefusal> {
        refused(self.db.write_now(On::Nothing, move |c| invitations::create(c, None, &wanted, token, NOW)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn refused<T, R>(result: Result<T, Failure<R>>) -> Result<T, R> {
    result.map_err(|failure| match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Broken(error) => panic!("{error}"),
    })
}

fn person(email: &str) -> NewMember {
    NewMember {
        name: "Mara del Valle".to_owned(),
        handle: None,
        email: email.to_owned(),
        password_hash: Some("hash".to_owned()),
        role: Role::Customer,
        organisation_id: None,
    }
}

fn add(c: &mut Conn, new: &NewMember) -> QueryResult<i64> {
    Ok(members::add(c, new, None, NOW).unwrap())
}

fn joining(email: &str) -> Joining {
    Joining {
        name: "New Person".to_owned(),
        handle: None,
        email: email.to_owned(),
        password_hash: "hash".to_owned(),
    }
}

fn wanted(uses: i64) -> Wanted {
    Wanted { email: None, space_id: None, claim: None, uses, lasts: DAY }
}

fn session(hash: &str) -> Credential {
    Credential::Session { hash: hash.to_owned() }
}

fn token(hash: &str) -> Credential {
    Credential::Token { hash: hash.to_owned() }
}

/// Waits for an act of the server on a thread that also runs commands.
fn wait<T>(act: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(act)
}

/// A member with a session under the hash `s` and a token under the hash `t`.
fn signed_in(place: &Place) -> i64 {
    place.act(|c| {
        let member = add(c, &person("mara@example.com"))?;
        sessions::begin(c, member, "s", &Browser::default(), None, NOW)?;
        tokens::create(c, member, "tool", "t", NOW)?;
        Ok(member)
    })
}
