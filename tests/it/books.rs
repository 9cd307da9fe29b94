//! Spaces, organisations, entitlements and grants: who may enter where, from when to when.

use peerhall::accounts::actor::Actor;
use peerhall::config::site;
use peerhall::db::{Conn, Error, On};
use peerhall::spaces;
use peerhall::web::{Role, Viewer};
use serde_json::json;

use crate::harness::{Hall, Member, eventually};

const SECOND: i64 = 1_000_000;

/// The keys of the spaces a member may enter.
fn open_to(member: &Member<'_>) -> Vec<String> {
    let listed = member.api().get("/spaces").expect(200).json();
    listed["items"].as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn general_is_there_from_the_first_start() {
    let hall = Hall::start();
    assert_eq!(open_to(&hall.member("Ann")), ["general"]);
}

#[test]
fn an_entitlement_opens_a_space_at_once_and_closes_it_at_its_end() {
    let hall = Hall::start();
    hall.said(&["space", "add", "--key", "vault", "--name", "Vault", "--product", "Vaultware"], "");
    let ann = hall.member_with("Ann", &["--organisation", "Insiders"]);
    let bob = hall.member_with("Bob", &["--organisation", "Outsiders"]);
    assert_eq!(open_to(&ann), ["general"]);
    let until = peerhall::clock::rfc3339(hall.clock.now() + 60 * SECOND);
    let entitle = ["entitlement", "add", "--organisation", "insiders", "--product", "vaultware"];
    let id = hall.said(&[&entitle[..], &["--until", &until]].concat(), "");
    assert_eq!(open_to(&ann), ["general", "vault"]);
    assert_eq!(open_to(&bob), ["general"]);
    hall.clock.advance(61 * SECOND);
    assert_eq!(open_to(&ann), ["general"]);
    assert_eq!(hall.said(&entitle, ""), id, "adding what exists updates it");
    assert_eq!(open_to(&ann), ["general", "vault"]);
}

#[test]
fn changing_a_space_never_opens_it_by_leaving_something_out() {
    let hall = Hall::start();
    let add = ["space", "add", "--key", "vault", "--name"];
    let id = hall.said(&[&add[..], &["Vault", "--product", "Vaultware"]].concat(), "");
    assert_eq!(hall.said(&[&add[..], &["The vault"]].concat(), ""), id);
    let (ada, ann) = (hall.member_as("admin", "Ada"), hall.member("Ann"));
    assert_eq!(open_to(&ann), ["general"]);
    ada.api().post("/spaces", &json!({ "key": "vault", "name": "Vault again" })).expect(200);
    assert_eq!(open_to(&ann), ["general"]);
    let opened = ada.api().post("/spaces", &json!({ "key": "vault", "product": null })).expect(200).json();
    assert_eq!(opened["name"], "Vault again");
    assert_eq!(open_to(&ann), ["general", "vault"]);
}

#[test]
fn a_personal_grant_opens_a_space_until_it_is_taken_back() {
    let hall = Hall::start();
    let id = hall.said(&["space", "add", "--key", "vault", "--name", "Vault", "--product", "Vaultware"], "");
    let (ada, ann) = (hall.member_as("admin", "Ada"), hall.member("Ann"));
    let grants = format!("/admin/spaces/{id}/grants");
    ada.post(&grants, &[("email", &ann.email), ("reason", "helps us test"), ("until", "")]).expect(303);
    assert_eq!(open_to(&ann), ["general", "vault"]);
    assert!(ada.get(&format!("/admin/spaces/{id}")).expect(200).text().contains("Ann"));
    ada.post(&grants, &[("revoke", &ann.id.to_string())]).expect(303);
    assert_eq!(open_to(&ann), ["general"]);
    ada.post(&grants, &[("revoke", &ann.id.to_string())]).expect(404);
    let answer = ada.post(&grants, &[("email", "nobody@example.org"), ("until", "2001-01-01")]);
    assert!(answer.expect_page(422).contains("2001-01-01"));
}

#[test]
fn staff_enter_every_space() {
    let hall = Hall::start();
    hall.said(&["space", "add", "--key", "vault", "--name", "Vault", "--product", "Vaultware"], "");
    assert_eq!(open_to(&hall.member_as("staff", "Sol")), ["general", "vault"]);
    assert_eq!(open_to(&hall.member_as("moderator", "Mo")), ["general"]);
}

#[test]
fn the_books_are_for_administrators() {
    let hall = Hall::start();
    for role in ["customer", "moderator", "staff"] {
        let member = hall.member_as(role, role);
        for path in ["/organisations", "/entitlements"] {
            member.api().get(path).expect_problem(403, "area");
            member.api().post(path, &json!({ "name": "X" })).expect_problem(403, "area");
        }
        member.api().post("/spaces", &json!({ "key": "x", "name": "X" })).expect_problem(403, "area");
        for page in ["", "/members", "/organisations", "/products", "/spaces", "/audit", "/settings"] {
            member.get(&format!("/admin{page}")).expect(403);
        }
    }
}

#[test]
fn organisations_are_put_by_external_id_and_else_by_name() {
    let hall = Hall::start();
    let ada = hall.member_as("admin", "Ada");
    let put = |body| ada.api().post("/organisations", &body);
    let first = put(json!({ "external_id": "C-1", "name": "Teplo  Brno" })).expect(201).json();
    assert_eq!(first["name"], "Teplo Brno");
    let renamed = put(json!({ "external_id": "C-1", "name": "Teplo s.r.o." })).expect(200).json();
    assert_eq!((&renamed["id"], renamed["name"].as_str()), (&first["id"], Some("Teplo s.r.o.")));
    let by_name = put(json!({ "name": "TEPLO S.R.O." })).expect(200).json();
    assert_eq!(by_name["id"], first["id"]);
    assert_eq!(by_name["external_id"], "C-1");
    put(json!({ "external_id": "C-2", "name": "teplo s.r.o." })).expect_problem(409, "name-taken");
    put(json!({ "external_id": "C-3" })).expect_problem(422, "invalid");
    put(json!({ "name": "x".repeat(121) })).expect_problem(422, "invalid");
    assert_eq!(hall.said(&["organisation", "add", "--name", "teplo s.r.o."], ""), first["id"].to_string());
}

#[test]
fn entitlements_are_put_by_external_id_and_else_by_organisation_and_product() {
    let hall = Hall::start();
    let ada = hall.member_as("admin", "Ada");
    let put = |body| ada.api().post("/entitlements", &body);
    let first =
        put(json!({ "external_id": "E-1", "organisation": "Teplo", "product": "Pump", "tier": "gold" }));
    let first = first.expect(201).json();
    let until = "2030-01-31";
    let ended = put(json!({ "external_id": "E-1", "until": until })).expect(200).json();
    assert_eq!(ended["id"], first["id"]);
    assert_eq!(ended["until"], "2030-01-31T23:59:59.999999Z");
    assert!(ended["tier"].is_null(), "an entitlement is said whole");
    let again = put(json!({ "organisation": "teplo", "product": "PUMP" })).expect(200).json();
    assert_eq!((&again["id"], &again["external_id"]), (&first["id"], &first["external_id"]));
    put(json!({ "external_id": "E-2", "organisation": "Teplo", "product": "Pump" }))
        .expect_problem(409, "entitlement-taken");
    let wrong =
        put(json!({ "organisation": " ", "product": "", "until": "soon" })).expect_problem(422, "invalid");
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 3, "{wrong}");
    let listed = ada.api().get("/entitlements?limit=1").expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert!(listed["next"].is_null());
}

#[test]
fn lists_of_the_books_come_in_pages() {
    let hall = Hall::start();
    let ada = hall.member_as("admin", "Ada");
    for name in ["Delta", "alpha", "Charlie", "bravo"] {
        ada.api().post("/organisations", &json!({ "name": name })).expect(201);
    }
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let page = ada.api().get(&format!("/organisations?limit=3{after}")).expect(200).json();
        let items = page["items"].as_array().unwrap();
        names.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(names, ["alpha", "bravo", "Charlie", "Delta"]);
    ada.api().get("/organisations?after=zzz").expect_problem(400, "bad-cursor");
    ada.api().get("/organisations?limit=0").expect_problem(422, "invalid");
}

#[test]
fn every_page_of_the_administration_opens_and_takes_its_forms() {
    let hall = Hall::start();
    let ada = hall.member_as("admin", "Ada");
    ada.post("/admin/organisations", &[("name", "Teplo"), ("external_id", "")]).expect(303);
    ada.post("/admin/products", &[("name", "Pump")]).expect(303);
    let entitlement = [("organisation", "Teplo"), ("product", "Pump"), ("tier", ""), ("until", "2040-01-01")];
    ada.post("/admin/entitlements", &entitlement).expect(303);
    let space = [("key", "pumps"), ("name", "Pumps"), ("product", "Pump"), ("about", "All about pumps")];
    let place = ada.post("/admin/spaces", &space).expect(303);
    ada.get(place.location()).expect_page(200);
    ada.post("/admin/spaces", &[("key", "No Key"), ("name", "")]).expect_page(422);
    ada.post("/admin/products", &[("name", " ")]).expect_page(422);
    ada.post("/admin/organisations", &[("name", "")]).expect_page(422);
    ada.post("/admin/entitlements", &[("organisation", "")]).expect_page(422);
    let settings = [("site_name", "Fjordvarm"), ("contact", "hall@example.org"), ("password_least", "14")];
    ada.post("/admin/settings", &settings).expect(303);
    ada.post("/admin/settings", &[("site_name", ""), ("contact", "x"), ("password_least", "3")])
        .expect_page(422);
    let made = ada.post("/admin/invitations", &[("space", "pumps"), ("uses", "2"), ("expires_days", "3")]);
    assert!(made.expect_page(200).contains("/join/"));
    ada.post("/admin/invitations", &[("uses", "0"), ("expires_days", "999999999999")]).expect_page(422);
    ada.post("/admin/invitations/1/revoke", &[]).expect(303);
    ada.post("/admin/invitations/1/revoke", &[]).expect(404);
    for (page, word) in [
        ("", "SQL"),
        ("/members", "Ada"),
        ("/invitations", "Pumps"),
        ("/organisations", "Teplo"),
        ("/products", "Pump"),
        ("/spaces", "pumps"),
        ("/audit", "Set site_name to “Fjordvarm”"),
        ("/settings", "hall@example.org"),
    ] {
        let answer = ada.get(&format!("/admin{page}"));
        assert!(answer.expect_page(200).contains(word), "{page} without {word}: {}", answer.shown());
    }
    assert!(ada.get("/people").expect(200).text().contains("Fjordvarm"), "the new name is on every page");
}

#[test]
fn a_moderator_of_some_spaces_moderates_no_others() {
    let hall = Hall::start();
    let mo = hall.member_as("moderator", "Mo");
    let pumps: i64 = hall.said(&["space", "add", "--key", "pumps", "--name", "Pumps"], "").parse().unwrap();
    let viewer = Viewer {
        id: mo.id,
        name: "Mo".into(),
        handle: "mo".into(),
        role: Role::Moderator,
        organisation_id: None,
        reputation: 0,
        unread: 0,
        guru: false,
        locale: "en".into(),
        now: hall.clock.now(),
    };
    let moderates = || {
        let viewer = viewer.clone();
        hall.read(move |c| {
            let general = spaces::by_key(c, &viewer, "general")?.unwrap().id;
            Ok((spaces::moderates(c, &viewer, general)?, spaces::moderates(c, &viewer, pumps)?))
        })
    };
    assert_eq!(moderates(), (true, true));
    let (member, now) = (mo.id, hall.clock.now());
    let limit =
        move |c: &mut Conn| spaces::limit_moderator(c, Actor::CommandLine, member, &["pumps".into()], now);
    hall.db().write_now(On::Member(member), limit).unwrap();
    assert_eq!(moderates(), (false, true));
}

#[test]
fn a_name_given_on_another_node_is_shown_soon() {
    let hall = Hall::start();
    let ann = hall.member("Ann");
    let elsewhere = |c: &mut Conn| Ok::<_, Error>(site::set(c, site::SITE_NAME, "Fjordvarm", None, 1)?);
    hall.db().write_now(On::Nothing, elsewhere).unwrap();
    eventually("the new name", || ann.get("/").expect(200).text().contains("Fjordvarm").then_some(()));
}
