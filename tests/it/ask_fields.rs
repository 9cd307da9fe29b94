//! A space's own fields: said by an administrator, asked on the form, checked, shown and returned.

use serde_json::{Value, json};

use crate::closed_space::made;
use crate::harness::{Hall, Member};

const BODY: &str = "It rattles every night at three, since the last update.";

/// A space "pumps" that needs a version, and may be told units and a platform.
fn with_fields(hall: &Hall) -> Member<'_> {
    let ada = hall.member_as("admin", "Ada");
    let fields = json!([
        { "key": "version", "label": "Pump version", "required": true, "hint": "On the plate." },
        { "key": "units", "label": "Units", "kind": "number" },
        { "key": "platform", "label": "Platform", "kind": "choice", "choices": ["Linux", "Other"] },
    ]);
    let space = json!({ "key": "pumps", "name": "Pumps", "fields": fields });
    let said = ada.api().post("/spaces", &space).expect(201).json();
    assert_eq!(said["fields"][2]["choices"], json!(["Linux", "Other"]));
    ada
}

fn question(space: &str, fields: Value) -> Value {
    json!({ "space": space, "title": "Why does it rattle at night?", "body": BODY, "tags": ["x"], "fields": fields })
}

/// Field and message of everything that is wrong.
fn wrong(member: &Member<'_>, question: &Value) -> Vec<String> {
    let problem = member.api().post("/questions", question).expect_problem(422, "invalid");
    let errors = problem["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn values_are_returned_shown_and_kept_through_edits() {
    let hall = Hall::start();
    let ada = with_fields(&hall);
    let ann = hall.member("Ann");
    let given = json!({ "version": " 4.2 ", "units": 7, "platform": "Linux" });
    let id = made(ann.api().post("/questions", &question("pumps", given)));
    let kept = json!({ "version": "4.2", "units": 7, "platform": "Linux" });
    let shown = || ann.api().get(&format!("/questions/{id}")).expect(200).json();
    assert_eq!(shown()["fields"], kept);
    let edit = json!({ "title": "Why does it rattle all night long?", "version": 1 });
    ann.api().patch(&format!("/questions/{id}"), &edit).expect(200);
    assert_eq!(shown()["fields"], kept);
    let page = ann.get(&format!("/questions/{id}/x"));
    let page = if page.status == 200 { page } else { ann.get(page.location()) };
    let text = page.expect(200).text().to_owned();
    assert!(text.contains("Pump version") && text.contains("4.2"), "{text}");
    // A field that is gone leaves what was said.
    ada.api().post("/spaces", &json!({ "key": "pumps", "fields": [] })).expect(200);
    assert_eq!(shown()["fields"], kept);
}

#[test]
fn what_is_unknown_missing_or_unfit_is_named() {
    let hall = Hall::start();
    with_fields(&hall);
    let ann = hall.member("Ann");
    assert_eq!(wrong(&ann, &question("pumps", json!({}))), ["fields.version"]);
    let unknown = json!({ "version": "4", "colour": "red" });
    assert_eq!(wrong(&ann, &question("pumps", unknown)), ["fields.colour"]);
    let unfit = json!({ "version": "v".repeat(201), "units": "many", "platform": "Amiga" });
    assert_eq!(wrong(&ann, &question("pumps", unfit)), ["fields.version", "fields.units", "fields.platform"]);
    assert_eq!(wrong(&ann, &question("general", json!({ "version": "4" }))), ["fields.version"]);
    assert_eq!(ann.api().get("/questions").json()["items"], json!([]));
}

#[test]
fn the_form_asks_for_the_fields_of_a_space_and_keeps_what_was_typed() {
    let hall = Hall::start();
    with_fields(&hall);
    let ann = hall.member("Ann");
    let form = ann.get("/ask").expect(200).text().to_owned();
    assert!(form.contains("fields.pumps.version") && form.contains("On the plate."), "{form}");
    let typed = |version: &'static str, units: &'static str| {
        [
            ("space", "pumps"),
            ("title", "Why does it rattle at night?"),
            ("body", BODY),
            ("tags", "x"),
            ("fields.pumps.version", version),
            ("fields.pumps.units", units),
            ("fields.pumps.platform", ""),
        ]
    };
    let back = ann.post("/ask", &typed("", "12345"));
    let back = back.expect_page(422);
    assert!(back.contains("Pump version: This is needed."), "{back}");
    assert!(back.contains("12345") && back.contains(BODY), "{back}");
    let asked = ann.post("/ask", &typed("4.2", "12345")).expect(303).location().to_owned();
    assert!(ann.get(&asked).expect(200).text().contains("12345"));
}

#[test]
fn fields_of_a_space_that_is_not_chosen_are_not_asked() {
    let hall = Hall::start();
    with_fields(&hall);
    let ann = hall.member("Ann");
    let fields = [
        ("space", "general"),
        ("title", "Why does it rattle at night?"),
        ("body", BODY),
        ("tags", "x"),
        ("fields.pumps.version", "4.2"),
        ("fields.pumps.units", "not even a number"),
    ];
    ann.post("/ask", &fields).expect(303);
}

#[test]
fn an_administrator_adds_changes_and_removes_a_field_on_the_page_of_its_space() {
    let hall = Hall::start();
    let ada = hall.member_as("admin", "Ada");
    let id = hall.said(&["space", "add", "--key", "pumps", "--name", "Pumps"], "");
    let place = format!("/admin/spaces/{id}/fields");
    let field = |label: &'static str, choices: &'static str| {
        [("key", "platform"), ("label", label), ("kind", "choice"), ("choices", choices), ("hint", "")]
    };
    assert!(ada.post(&place, &field("Platform", "Linux")).expect_page(422).contains("Linux"));
    ada.post(&place, &field("Platform", "Linux\r\nOther\r\n")).expect(303);
    ada.post(&place, &field("System", "Linux\r\nOther")).expect(303);
    let fields = || {
        let spaces = ada.api().get("/spaces").json();
        let spaces = spaces["items"].as_array().unwrap().clone();
        spaces.iter().find(|space| space["key"] == "pumps").unwrap()["fields"].clone()
    };
    let said = fields();
    assert_eq!(said.as_array().unwrap().len(), 1);
    assert_eq!((&said[0]["label"], &said[0]["choices"]), (&json!("System"), &json!(["Linux", "Other"])));
    let log = ada.get("/admin/audit").expect(200).text().to_owned();
    assert!(log.contains("Said what the ask form of Pumps asks: platform"), "{log}");
    ada.post(&place, &[("remove", "platform")]).expect(303);
    ada.post(&place, &[("remove", "platform")]).expect(404);
    assert_eq!(fields(), json!([]));
    hall.member_as("staff", "Sam").post(&place, &[("remove", "platform")]).expect(403);
}
