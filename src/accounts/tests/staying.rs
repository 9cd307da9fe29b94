//! Who enters with what, and until when.

use super::*;

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
