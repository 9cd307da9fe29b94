//! Acts on a real database: who comes in, who does not, and who wins a race.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::prelude::*;

use super::invitations::{self, InviteRefusal, JoinRefusal, Joining, Redeemed, Wanted};
use super::members::{self, MemberRefusal, NewMember};
use super::sessions::{self, Browser};
use super::setup::{self, First, SetUpRefusal};
use super::sign_in::{self, Met, Trier};
use super::{Directory, Housekeeping, Seen, tokens};
use crate::clock::{DAY, HOUR, MINUTE, Micros};
use crate::db::schema::{members as rows, rate_counters, sessions as session_rows, spaces, timed};
use crate::db::{Conn, DatabaseUrl, Db, Error, Failure, On, Sizes, migrate};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::Timed;
use crate::web::Role;
use crate::web::viewer::{Credential, Lookup};

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

#[test]
fn a_session_and_a_token_lead_to_their_member_and_to_nothing_of_the_other_kind() {
    let place = Place::new();
    let member = signed_in(&place);
    assert_eq!(place.found(session("s"), NOW), Some(member));
    assert_eq!(place.found(token("t"), NOW), Some(member));
    assert_eq!(place.found(session("t"), NOW), None);
    assert_eq!(place.found(token("s"), NOW), None);
}

#[test]
fn a_session_ends_thirty_days_after_its_last_use() {
    let place = Place::new();
    let member = signed_in(&place);
    assert_eq!(place.found(session("s"), NOW + 30 * DAY - 1), Some(member));
    assert_eq!(place.found(session("s"), NOW + 30 * DAY), None);
}

#[test]
fn the_end_of_a_session_slides_with_its_use_noted_at_most_hourly() {
    let place = Place::new();
    let member = signed_in(&place);
    let seen = Seen::default();
    let directory = Directory::new(seen.clone());
    for at in [NOW + HOUR - 1, NOW + 29 * DAY] {
        let directory = directory.clone();
        place.act(move |c| directory.find(c, &session("s"), at)).unwrap();
        wait(seen.write_down(&place.db));
        let ends: Micros = place.act(|c| session_rows::table.select(session_rows::ends_at).first(c));
        assert_eq!(ends, if at < NOW + HOUR { NOW + 30 * DAY } else { at + 30 * DAY });
    }
    assert_eq!(place.found(session("s"), NOW + 31 * DAY), Some(member));
}

#[test]
fn only_active_members_enter_and_suspended_ones_after_their_time() {
    let place = Place::new();
    let member = signed_in(&place);
    let cases: [(&str, Option<Micros>, bool); 6] = [
        ("active", None, true),
        ("suspended", None, false),
        ("suspended", Some(NOW + 1), false),
        ("suspended", Some(NOW), true),
        ("unclaimed", None, false),
        ("forgotten", None, false),
    ];
    for (state, until, enters) in cases {
        place.act(move |c| {
            diesel::update(rows::table)
                .set((rows::state.eq(state), rows::suspended_until.eq(until)))
                .execute(c)
        });
        assert_eq!(place.found(session("s"), NOW), enters.then_some(member), "{state} {until:?}");
        assert_eq!(place.found(token("t"), NOW), enters.then_some(member), "{state} {until:?}");
    }
}

#[test]
fn a_merged_member_has_no_way_in() {
    let place = Place::new();
    signed_in(&place);
    place.act(|c| {
        let other = add(c, &person("other@example.com"))?;
        diesel::update(rows::table.filter(rows::id.ne(other))).set(rows::merged_into.eq(other)).execute(c)
    });
    assert_eq!(place.found(session("s"), NOW), None);
    assert_eq!(place.found(token("t"), NOW), None);
}

#[test]
fn a_revoked_token_and_session_are_worth_nothing_and_nobody_revokes_anothers() {
    let place = Place::new();
    let member = signed_in(&place);
    assert!(!place.act(move |c| tokens::revoke(c, member + 1, 1, NOW)));
    assert!(!place.act(move |c| sessions::revoke(c, member + 1, 1)));
    assert!(place.act(move |c| tokens::revoke(c, member, 1, NOW)));
    assert!(place.act(move |c| sessions::revoke(c, member, 1)));
    assert_eq!(place.found(token("t"), NOW), None);
    assert_eq!(place.found(session("s"), NOW), None);
}

#[test]
fn signing_in_again_ends_the_browsers_former_session() {
    let place = Place::new();
    let member = signed_in(&place);
    place.act(move |c| sessions::begin(c, member, "s2", &Browser::default(), Some(1), NOW));
    assert_eq!(place.found(session("s"), NOW), None);
    assert_eq!(place.found(session("s2"), NOW), Some(member));
}

#[test]
fn an_address_and_a_handle_belong_to_one_member_whatever_their_case() {
    let place = Place::new();
    signed_in(&place);
    let taken =
        |new: NewMember| refused(place.db.write_now(On::Nothing, move |c| members::add(c, &new, None, NOW)));
    assert_eq!(taken(person("MARA@Example.com")), Err(MemberRefusal::EmailTaken));
    let same = NewMember { handle: Some("Mara-Del-Valle".to_owned()), ..person("b@example.com") };
    assert_eq!(taken(same), Err(MemberRefusal::HandleTaken));
    let id = taken(person("b@example.com")).unwrap();
    let handle: String = place.act(move |c| rows::table.find(id).select(rows::handle).first(c));
    assert_eq!(handle, "mara-del-valle-2");
}

#[test]
fn of_two_who_race_for_the_last_use_one_wins() {
    let place = Place::new();
    place.invite(wanted(1), "i").unwrap();
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let races: Vec<_> = ["a@example.com", "b@example.com"]
            .map(|email| {
                let place = &place;
                scope.spawn(move || place.redeem("i", joining(email), NOW))
            })
            .into_iter()
            .collect();
        races.into_iter().map(|race| race.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.contains(&Err(JoinRefusal::Dead)));
}

#[test]
fn an_invitation_is_dead_when_expired_revoked_or_mistyped() {
    let place = Place::new();
    let id = place.invite(wanted(5), "i").unwrap();
    assert_eq!(place.redeem("j", joining("a@example.com"), NOW), Err(JoinRefusal::Dead));
    assert_eq!(place.redeem("i", joining("a@example.com"), NOW + DAY), Err(JoinRefusal::Dead));
    assert!(place.redeem("i", joining("a@example.com"), NOW + DAY - 1).is_ok());
    assert!(place.act(move |c| invitations::revoke(c, None, id, NOW)));
    assert_eq!(place.redeem("i", joining("b@example.com"), NOW), Err(JoinRefusal::Dead));
}

#[test]
fn a_refused_redemption_uses_nothing_up() {
    let place = Place::new();
    signed_in(&place);
    place.invite(wanted(1), "i").unwrap();
    let taken = place.redeem("i", joining("mara@example.com"), NOW);
    assert_eq!(taken, Err(JoinRefusal::Member(MemberRefusal::EmailTaken)));
    assert!(place.redeem("i", joining("a@example.com"), NOW).is_ok());
}

#[test]
fn an_invitation_for_one_address_takes_no_other() {
    let place = Place::new();
    place.invite(Wanted { email: Some("A@example.com".to_owned()), ..wanted(1) }, "i").unwrap();
    assert_eq!(place.redeem("i", joining("b@example.com"), NOW), Err(JoinRefusal::OtherAddress));
    assert!(place.redeem("i", joining("a@EXAMPLE.com"), NOW).is_ok());
}

#[test]
fn who_redeems_an_invitation_to_a_space_is_to_enter_it() {
    let place = Place::new();
    let space: i64 = place.act(|c| {
        diesel::insert_into(spaces::table)
            .values((spaces::key.eq("vault"), spaces::name.eq("Vault"), spaces::created_at.eq(NOW)))
            .returning(spaces::id)
            .get_result(c)
    });
    place.invite(Wanted { space_id: Some(space), ..wanted(1) }, "i").unwrap();
    let redeemed = place.redeemed("i", joining("a@example.com"), NOW).unwrap();
    assert_eq!((redeemed.space, redeemed.by), (Some(space), None));
}

fn imported(c: &mut Conn) -> QueryResult<i64> {
    let id = add(c, &NewMember { password_hash: None, ..person("x@example.com") })?;
    diesel::update(rows::table.find(id))
        .set((
            rows::state.eq("unclaimed"),
            rows::email.eq(None::<String>),
            rows::email_key.eq(None::<String>),
            rows::source.eq("thunderbird-2023"),
        ))
        .execute(c)?;
    Ok(id)
}

#[test]
fn a_claimed_member_keeps_their_id_and_gets_address_and_password() {
    let place = Place::new();
    let member = place.act(imported);
    place.invite(Wanted { claim: Some(member), ..wanted(1) }, "i").unwrap();
    place.invite(Wanted { claim: Some(member), ..wanted(1) }, "j").unwrap();
    assert_eq!(place.redeem("i", joining("pete@example.com"), NOW), Ok(member));
    let row: (String, Option<String>, Option<String>, String) = place.act(move |c| {
        rows::table.find(member).select((rows::name, rows::email, rows::password_hash, rows::state)).first(c)
    });
    let expected = ("Mara del Valle".to_owned(), "pete@example.com".to_owned(), "hash".to_owned());
    assert_eq!((row.0, row.1.unwrap(), row.2.unwrap()), expected);
    assert_eq!(row.3, "active");
    assert_eq!(place.redeem("j", joining("other@example.com"), NOW), Err(JoinRefusal::Dead));
}

#[test]
fn nobody_with_a_password_can_be_claimed() {
    let place = Place::new();
    let member = signed_in(&place);
    let claim = |uses| place.invite(Wanted { claim: Some(member), ..wanted(uses) }, "i");
    assert_eq!(claim(1), Err(InviteRefusal::NotClaimable));
    assert_eq!(claim(2), Err(InviteRefusal::Uses));
    assert_eq!(place.invite(wanted(0), "i"), Err(InviteRefusal::Uses));
    assert_eq!(place.invite(Wanted { lasts: 0, ..wanted(1) }, "i"), Err(InviteRefusal::Lasts));
}

#[test]
fn attempts_are_counted_by_address_known_or_not_and_given_back_when_right() {
    let place = Place::new();
    let member = signed_in(&place);
    for email in ["mara@example.com", "nobody@example.com"] {
        let attempt = move |c: &mut Conn| sign_in::begin(c, email, &Trier::new(email, None), true, NOW);
        for _ in 0..10 {
            assert!(!matches!(place.act(attempt), Met::TooOften(_)));
        }
        assert!(matches!(place.act(attempt), Met::TooOften(seconds) if (1..=900).contains(&seconds)));
        let later =
            move |c: &mut Conn| sign_in::begin(c, email, &Trier::new(email, None), true, NOW + 15 * MINUTE);
        assert!(!matches!(place.act(later), Met::TooOften(_)));
    }
    let used = |place: &Place| -> i64 {
        place.act(|c| {
            rate_counters::table
                .filter(rate_counters::scope.eq("sign-in-client"))
                .order(rate_counters::window_start.desc())
                .select(rate_counters::used)
                .first(c)
        })
    };
    let before = used(&place);
    let entered = place.act(move |c| {
        let now = NOW + 15 * MINUTE;
        let trier = Trier::new("mara@example.com", None);
        let Met::Member(candidate) = sign_in::begin(c, "mara@example.com", &trier, true, now)? else {
            panic!("not found")
        };
        let entry = sign_in::Entry {
            candidate,
            rehashed: None,
            token_hash: "s3".to_owned(),
            replaced: None,
            browser: Browser::default(),
            trier,
        };
        sign_in::enter(c, &entry, now)
    });
    assert!(entered);
    assert_eq!(used(&place), before);
    assert_eq!(place.found(session("s3"), NOW + 16 * MINUTE), Some(member));
}

/// Tries so often from this client; whether the last one was too often.
fn tried(place: &Place, from: &str, times: usize) -> bool {
    let client = from.parse().ok();
    let trier = Trier::new("mara@example.com", client);
    let attempt = move |c: &mut Conn| sign_in::begin(c, "mara@example.com", &trier, true, NOW);
    (1..times).for_each(|_| drop(place.act(attempt.clone())));
    matches!(place.act(attempt), Met::TooOften(_))
}

#[test]
fn one_client_that_guesses_does_not_keep_the_member_out() {
    let place = Place::new();
    signed_in(&place);
    assert!(tried(&place, "192.0.2.1", 200));
    assert!(!tried(&place, "192.0.2.2", 1));
}

#[test]
fn guessing_from_many_clients_ends_but_not_for_a_client_the_member_is_signed_in_from() {
    let place = Place::new();
    let member = signed_in(&place);
    let home = Browser { address: "192.0.2.250".to_owned(), user_agent: String::new() };
    place.act(move |c| sessions::begin(c, member, "home", &home, None, NOW));
    for client in 1..=11 {
        tried(&place, &format!("192.0.2.{client}"), 10);
    }
    assert!(tried(&place, "192.0.2.100", 1));
    assert!(!tried(&place, "192.0.2.250", 1));
}

#[test]
fn nobody_enters_with_a_password_that_was_changed_while_it_was_checked() {
    let place = Place::new();
    signed_in(&place);
    let entered = place.act(|c| {
        let trier = Trier::new("mara@example.com", None);
        let Met::Member(candidate) = sign_in::begin(c, "mara@example.com", &trier, true, NOW)? else {
            panic!("not found")
        };
        assert!(members::set_password(c, candidate.id, Some("hash"), "another")?);
        let entry = sign_in::Entry {
            candidate,
            rehashed: None,
            token_hash: "s3".to_owned(),
            replaced: None,
            browser: Browser::default(),
            trier,
        };
        sign_in::enter(c, &entry, NOW)
    });
    assert!(!entered);
    assert_eq!(place.found(session("s3"), NOW), None);
}

fn first(email: &str) -> First {
    First {
        site_name: "Boiler Friends".to_owned(),
        name: "Mara".to_owned(),
        email: email.to_owned(),
        password_hash: "hash".to_owned(),
    }
}

fn offered(place: &Place) -> Option<String> {
    let link = wait(setup::offer(&place.db, "http://here", &place.folder, NOW)).unwrap()?;
    Some(crate::web::secret::digest(link.strip_prefix("http://here/setup/").unwrap()))
}

fn complete(place: &Place, hash: &str, email: &str) -> Result<i64, SetUpRefusal> {
    let (hash, first) = (hash.to_owned(), first(email));
    refused(place.db.write_now(setup::ON, move |c| setup::complete(c, &hash, &first, NOW)))
}

#[test]
fn a_set_up_link_works_once_and_only_the_latest_does() {
    let place = Place::new();
    let former = offered(&place).unwrap();
    let latest = offered(&place).unwrap();
    assert_eq!(complete(&place, &former, "a@example.com"), Err(SetUpRefusal::Dead));
    assert!(complete(&place, &latest, "a@example.com").is_ok());
    assert_eq!(complete(&place, &latest, "b@example.com"), Err(SetUpRefusal::Dead));
    assert_eq!(offered(&place), None);
    assert!(!place.folder.join("setup-link").exists());
}

#[test]
fn of_two_who_set_up_at_once_one_wins() {
    let place = Place::new();
    let hash = offered(&place).unwrap();
    let outcomes = std::thread::scope(|scope| {
        ["a@example.com", "b@example.com"]
            .map(|email| scope.spawn(|| complete(&place, &hash, email)))
            .map(|race| race.join().unwrap())
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
}

#[test]
fn a_set_up_link_dies_when_an_administrator_comes_another_way() {
    let place = Place::new();
    let hash = offered(&place).unwrap();
    place.act(|c| add(c, &NewMember { role: Role::Admin, ..person("admin@example.com") }));
    assert_eq!(complete(&place, &hash, "a@example.com"), Err(SetUpRefusal::Dead));
}

#[cfg(unix)]
#[test]
fn only_the_servers_user_can_read_the_set_up_link() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    offered(&place).unwrap();
    let mode = std::fs::metadata(place.folder.join("setup-link")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn housekeeping_drops_what_is_over_and_comes_again() {
    let place = Place::new();
    signed_in(&place);
    let later = NOW + 30 * DAY;
    place.act(move |c| {
        let due = Timed { id: 1, kind: "housekeeping".to_owned(), subject_id: 0, due_at: later, attempts: 0 };
        Housekeeping.prepare(c, &due, later)?(c)
    });
    assert_eq!(place.act(|c| session_rows::table.count().get_result::<i64>(c)), 0);
    let due: Vec<Micros> = place.act(|c| timed::table.select(timed::due_at).load(c));
    assert_eq!(due, [later + HOUR]);
}
