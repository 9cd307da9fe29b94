//! Signing in: how often it may be tried, and what changes meanwhile.

use super::*;
use crate::accounts::sign_in::Candidate;
use crate::web::letter::samples::letterhead;

#[test]
fn attempts_are_counted_by_address_known_or_not_and_given_back_when_right() {
    let place = Place::new();
    let member = signed_in(&place);
    for email in ["mara@example.com", "nobody@example.com"] {
        let attempt = move |c: &mut Conn| sign_in::begin(c, email, &Trier::new(email, None), None, true, NOW);
        for _ in 0..10 {
            assert!(!matches!(place.act(attempt), Met::TooOften(_)));
        }
        assert!(matches!(place.act(attempt), Met::TooOften(seconds) if (1..=900).contains(&seconds)));
        let later = move |c: &mut Conn| {
            sign_in::begin(c, email, &Trier::new(email, None), None, true, NOW + 15 * MINUTE)
        };
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
        let Met::Member(candidate) = sign_in::begin(c, "mara@example.com", &trier, None, true, now)? else {
            panic!("not found")
        };
        sign_in::enter(c, &letterhead(), &entry(candidate, trier), now)
    });
    assert!(entered);
    assert_eq!(used(&place), before);
    assert_eq!(place.found(session("s3"), NOW + 16 * MINUTE), Some(member));
}

/// The good password was typed, and the session `s3` is to begin.
fn entry(candidate: Candidate, trier: Trier) -> sign_in::Entry {
    sign_in::Entry {
        candidate,
        rehashed: None,
        token_hash: "s3".to_owned(),
        replaced: None,
        browser: Browser::default(),
        trier,
        known: false,
    }
}

/// Tries so often from this client; whether the last one was too often.
fn tried(place: &Place, from: &str, times: usize) -> bool {
    let client = from.parse().ok();
    let trier = Trier::new("mara@example.com", client);
    let attempt = move |c: &mut Conn| sign_in::begin(c, "mara@example.com", &trier, None, true, NOW);
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
        let Met::Member(candidate) = sign_in::begin(c, "mara@example.com", &trier, None, true, NOW)? else {
            panic!("not found")
        };
        assert!(members::set_password(c, candidate.id, Some("hash"), "another")?);
        sign_in::enter(c, &letterhead(), &entry(candidate, trier), NOW)
    });
    assert!(!entered);
    assert_eq!(place.found(session("s3"), NOW), None);
}
