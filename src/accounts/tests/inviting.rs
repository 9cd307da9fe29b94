//! Redeeming invitations, and claiming members.

use super::*;

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
