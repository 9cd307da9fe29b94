//! Suspending, roles, the list of people and their profiles.

use crate::harness::Hall;

const SECOND: i64 = 1_000_000;

fn suspend(id: i64) -> String {
    format!("/people/{id}/suspend")
}

#[test]
fn a_suspended_member_is_out_at_the_next_request_and_back_when_it_ends() {
    let hall = Hall::start();
    let moderator = hall.member_as("moderator", "Mo");
    let ann = hall.member("Ann");
    ann.get("/people").expect(200);
    ann.api().get("/me").expect(200);
    let until = peerhall::clock::rfc3339(hall.clock.now() + 3600 * SECOND);
    let fields = [("reason", "Advertising in eleven threads."), ("until", until.as_str())];
    moderator.post(&suspend(ann.id), &fields).expect(303);
    ann.get("/people").expect(303);
    ann.api().get("/me").expect(401);
    let page = moderator.get(&format!("/people/{}", ann.id)).expect(200);
    assert!(page.text().contains("Advertising in eleven threads."));
    hall.clock.advance(3601 * SECOND);
    ann.api().get("/me").expect(200);
}

#[test]
fn a_suspension_can_be_ended_before_its_time() {
    let hall = Hall::start();
    let moderator = hall.member_as("moderator", "Mo");
    let ann = hall.member("Ann");
    ann.api().get("/me").expect(200);
    moderator.post(&suspend(ann.id), &[("reason", "ads")]).expect(303);
    ann.api().get("/me").expect(401);
    moderator.post(&format!("/people/{}/unsuspend", ann.id), &[]).expect(303);
    ann.api().get("/me").expect(200);
    moderator.post(&format!("/people/{}/unsuspend", ann.id), &[]).expect(409);
}

#[test]
fn nobody_suspends_their_own_rank_or_above_and_customers_nobody() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let mo = hall.member_as("moderator", "Mo");
    let other = hall.member_as("moderator", "Other");
    let admin = hall.member_as("admin", "Ada");
    ann.post(&suspend(mo.id), &[("reason", "x")]).expect(403);
    mo.post(&suspend(other.id), &[("reason", "x")]).expect(403);
    mo.post(&suspend(admin.id), &[("reason", "x")]).expect(403);
    mo.post(&suspend(mo.id), &[("reason", "x")]).expect(403);
    for member in [&mo, &other, &admin] {
        member.api().get("/me").expect(200);
    }
}

#[test]
fn a_suspension_without_a_reason_comes_back_with_every_word() {
    let hall = Hall::start();
    let mo = hall.member_as("moderator", "Mo");
    let ann = hall.member("Ann");
    let fields = [("reason", " "), ("until", "2020-13-77")];
    let answer = mo.post(&suspend(ann.id), &fields);
    assert!(answer.expect_page(422).contains("2020-13-77"));
    ann.api().get("/me").expect(200);
}

#[test]
fn why_somebody_is_suspended_is_not_for_customers() {
    let hall = Hall::start();
    let mo = hall.member_as("moderator", "Mo");
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    mo.post(&suspend(ann.id), &[("reason", "quokkazephyr")]).expect(303);
    let page = bob.get(&format!("/people/{}", ann.id)).expect(200);
    assert!(!page.everything().contains("quokkazephyr"));
    assert!(bob.api().get(&format!("/people/{}", ann.id)).json().get("suspended").is_none());
    assert!(mo.api().get(&format!("/people/{}", ann.id)).json().get("suspended").is_some());
}

#[test]
fn only_administrators_change_roles_and_at_once() {
    let hall = Hall::start();
    let ada = hall.member_as("admin", "Ada");
    let (mo, ann) = (hall.member_as("moderator", "Mo"), hall.member("Ann"));
    let role = |id: i64| format!("/admin/members/{id}/role");
    mo.post(&role(mo.id), &[("role", "admin")]).expect(403);
    ann.post(&role(ann.id), &[("role", "moderator")]).expect(403);
    ada.post(&role(ann.id), &[("role", "moderator")]).expect(303);
    assert_eq!(ann.api().get("/me").json()["role"], "moderator");
    ada.post(&role(ann.id), &[("role", "emperor")]).expect(422);
    ada.post(&role(ada.id), &[("role", "customer")]).expect(403);
    assert_eq!(ada.api().get("/me").json()["role"], "admin");
}

#[test]
fn of_two_administrators_who_demote_each_other_at_once_one_remains() {
    let hall = Hall::start();
    let (ada, eve) = (hall.member_as("admin", "Ada"), hall.member_as("admin", "Eve"));
    for _ in 0..5 {
        let (first, second) = (ada.browser(), eve.browser());
        let (of_eve, of_ada) =
            (format!("/admin/members/{}/role", eve.id), format!("/admin/members/{}/role", ada.id));
        let statuses = std::thread::scope(|scope| {
            let one = scope.spawn(|| first.post(&of_eve, &[("role", "customer")]).status);
            let two = scope.spawn(|| second.post(&of_ada, &[("role", "customer")]).status);
            [one.join().unwrap(), two.join().unwrap()]
        });
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        let roles = [ada.api().get("/me").json(), eve.api().get("/me").json()];
        let admins: Vec<_> = roles.iter().filter(|me| me["role"] == "admin").collect();
        assert_eq!(admins.len(), 1, "{roles:?}");
        let (lord, fallen) = if roles[0]["role"] == "admin" { (&ada, &eve) } else { (&eve, &ada) };
        lord.post(&format!("/admin/members/{}/role", fallen.id), &[("role", "admin")]).expect(303);
    }
}

#[test]
fn people_are_found_by_name_and_handle_in_pages_that_neither_skip_nor_repeat() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    for number in 0..7 {
        hall.add_member(&format!("Marek {number}"), &["--handle", &format!("zz-{number}")]);
    }
    let mut path = "/people?q=areK&limit=3".to_owned();
    let mut seen = Vec::new();
    while !path.is_empty() {
        let text = ann.get(&path).expect(200).text().to_owned();
        let names = text.split("<bdi>Marek ").skip(1).filter_map(|rest| rest.split('<').next());
        seen.extend(names.map(str::to_owned));
        let next = text.split("href=\"/people?").nth(1).and_then(|rest| rest.split('"').next());
        path = next.map(|query| format!("/people?{}", query.replace("&amp;", "&"))).unwrap_or_default();
    }
    assert_eq!(seen, ["0", "1", "2", "3", "4", "5", "6"]);
    assert!(ann.get("/people?q=ZZ-4").expect(200).text().contains("Marek 4"));
    assert!(!ann.get("/people?q=%25").expect(200).text().contains("Marek"));
    ann.get("/people?after=x").expect(400);
    ann.get("/people?limit=1000").expect(422);
}

#[test]
fn addresses_are_shown_to_administrators_only() {
    let hall = Hall::start();
    let (ada, mo) = (hall.member_as("admin", "Ada"), hall.member_as("moderator", "Mo"));
    let (ann, bob) = (hall.member("Ann"), hall.member("Bob"));
    for who in [&ann, &mo] {
        for path in ["/people".to_owned(), format!("/people/{}", bob.id)] {
            assert!(!who.get(&path).everything().contains(&bob.email), "{path}");
        }
        assert!(!who.api().get(&format!("/people/{}", bob.id)).everything().contains(&bob.email));
        // Nor can they be found by it.
        assert!(!who.get("/people?q=bob%40example").text().contains(&format!("/people/{}", bob.id)));
    }
    assert!(ada.get("/admin/members?q=bob%40ex").expect(200).text().contains(&bob.email));
}

#[test]
fn a_profile_says_who_somebody_is_and_404_for_nobody() {
    let hall = Hall::start();
    let ann = hall.member_with("Ann", &["--organisation", "Teplo", "--handle", "ann-a"]);
    let bob = hall.member("Bob");
    let profile = bob.api().get(&format!("/people/{}", ann.id)).expect(200).json();
    assert_eq!(profile["name"], "Ann");
    assert_eq!(profile["handle"], "ann-a");
    assert_eq!(profile["organisation"]["name"], "Teplo");
    assert_eq!(profile["role"], "customer");
    assert!(profile["imported"].is_null());
    for counted in ["reputation", "questions", "answers", "accepted"] {
        assert_eq!(profile[counted], 0, "{counted}");
    }
    bob.api().get("/people/999999").expect_problem(404, "not-found");
    bob.get("/people/999999").expect_page(404);
    for odd in ["/people/x", "/people/99999999999999999999", "/people/-1"] {
        assert_eq!(bob.get(odd).status, 404, "{odd}");
    }
}
