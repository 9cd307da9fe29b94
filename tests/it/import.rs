//! Importing: every row accounted for, nothing twice, nothing lost by a kill, nothing of ours overwritten.

use std::path::PathBuf;
use std::process::Stdio;

use diesel::prelude::*;
use peerhall::db::Error;
use peerhall::db::schema::posts;
use serde_json::{Value, json};

use crate::harness::{Hall, Place, eventually};
use crate::natural::{open, told};

/// A small dump with one of everything that is worth meeting.
const USERS: &str = r#"<users>
<row Id="-1" DisplayName="Community" CreationDate="2016-01-01T00:00:00.000" AboutMe="&lt;p&gt;Hi.&lt;/p&gt;" />
<row Id="1" DisplayName="Ann Example" CreationDate="2016-01-02T00:00:00.000" AboutMe="&lt;p&gt;I like &lt;a href=&quot;/tags&quot;&gt;tags&lt;/a&gt;.&lt;/p&gt;" />
<row Id="2" DisplayName="Bob" CreationDate="2016-01-03T00:00:00.000" />
<row Id="3" DisplayName="Bob" CreationDate="2016-01-04T00:00:00.000" />
<row Id="x" DisplayName="Nobody" CreationDate="2016-01-04T00:00:00.000" />
</users>"#;
const POSTS: &str = r#"<posts>
<row Id="1" PostTypeId="1" AcceptedAnswerId="3" CreationDate="2016-02-01T10:00:00.000" Score="1" ViewCount="7" Body="&lt;p&gt;Old rendering of body two&lt;/p&gt;" OwnerUserId="1" LastEditDate="2016-02-02T10:00:00.000" Title="Why is the sky blue?" Tags="&lt;sky&gt;&lt;colour_s&gt;" />
<row Id="2" PostTypeId="1" CreationDate="2016-02-01T11:00:00.000" Score="0" Body="&lt;p&gt;See &lt;a href=&quot;/questions/1&quot;&gt;this&lt;/a&gt; and &lt;script&gt;alert(1)&lt;/script&gt; more words.&lt;/p&gt;" OwnerDisplayName="Gone Person" Title="Is the sky really blue?" Tags="|sky|" ClosedDate="2016-02-05T00:00:00.000" />
<row Id="3" PostTypeId="2" ParentId="1" CreationDate="2016-02-01T12:00:00.000" Score="1" Body="&lt;p&gt;Scattering.&lt;/p&gt;" OwnerUserId="2" />
<row Id="4" PostTypeId="5" CreationDate="2016-02-01T12:00:00.000" Body="wiki" />
<row Id="5" PostTypeId="2" ParentId="99" CreationDate="2016-02-01T12:00:00.000" Body="lost" />
<row Id="6" PostTypeId="1" Body="no date" />
</posts>"#;
const HISTORY: &str = r#"<posthistory>
<row Id="1" PostHistoryTypeId="2" PostId="1" RevisionGUID="a" CreationDate="2016-02-01T10:00:00.000" UserId="1" Text="body *one* with [a link](/questions/2)" />
<row Id="2" PostHistoryTypeId="1" PostId="1" RevisionGUID="a" CreationDate="2016-02-01T10:00:00.000" UserId="1" Text="Why is the sky?" />
<row Id="3" PostHistoryTypeId="3" PostId="1" RevisionGUID="a" CreationDate="2016-02-01T10:00:00.000" UserId="1" Text="&lt;sky&gt;" />
<row Id="4" PostHistoryTypeId="5" PostId="1" RevisionGUID="b" CreationDate="2016-02-02T10:00:00.000" UserId="2" Comment="clearer" Text="body **two** with [a link](/questions/2)" />
<row Id="5" PostHistoryTypeId="10" PostId="2" RevisionGUID="c" CreationDate="2016-02-05T00:00:00.000" UserId="2" Comment="101" />
<row Id="6" PostHistoryTypeId="25" PostId="1" RevisionGUID="d" CreationDate="2016-02-05T00:00:00.000" />
<row Id="7" PostHistoryTypeId="2" PostId="77" RevisionGUID="e" CreationDate="2016-02-05T00:00:00.000" Text="gone" />
</posthistory>"#;
const VOTES: &str = r#"<votes>
<row Id="1" PostId="1" VoteTypeId="2" CreationDate="2016-02-03T00:00:00.000" />
<row Id="2" PostId="1" VoteTypeId="2" CreationDate="2016-02-03T00:00:00.000" />
<row Id="3" PostId="1" VoteTypeId="3" CreationDate="2016-02-04T00:00:00.000" />
<row Id="4" PostId="3" VoteTypeId="2" CreationDate="2016-02-03T00:00:00.000" />
<row Id="5" PostId="3" VoteTypeId="1" CreationDate="2016-02-01T00:00:00.000" />
<row Id="6" PostId="1" VoteTypeId="5" UserId="3" CreationDate="2016-02-03T00:00:00.000" />
<row Id="7" PostId="1" VoteTypeId="5" UserId="44" CreationDate="2016-02-03T00:00:00.000" />
<row Id="8" PostId="1" VoteTypeId="8" UserId="3" CreationDate="2016-02-03T00:00:00.000" />
<row Id="9" PostId="77" VoteTypeId="2" CreationDate="2016-02-03T00:00:00.000" />
</votes>"#;
const COMMENTS: &str = r#"<comments>
<row Id="1" PostId="3" Score="4" Text="Thanks, see [that](/q/2)." CreationDate="2016-02-06T00:00:00.000" UserId="1" />
<row Id="2" PostId="77" Text="Lost." CreationDate="2016-02-06T00:00:00.000" />
</comments>"#;
const LINKS: &str = r#"<postlinks>
<row Id="1" CreationDate="2016-02-05T00:00:00.000" PostId="2" RelatedPostId="1" LinkTypeId="3" />
<row Id="2" CreationDate="2016-02-05T00:00:00.000" PostId="1" RelatedPostId="2" LinkTypeId="1" />
<row Id="3" CreationDate="2016-02-05T00:00:00.000" PostId="1" RelatedPostId="500" LinkTypeId="1" />
</postlinks>"#;
const BADGES: &str = r#"<badges>
<row Id="1" UserId="1" Name="Student" Date="2016-02-03T00:00:00.000" Class="3" />
<row Id="2" UserId="44" Name="Student" Date="2016-02-03T00:00:00.000" Class="3" />
</badges>"#;
const TAGS: &str =
    r#"<tags><row Id="1" TagName="sky" Count="2" /><row Id="2" TagName="unused" Count="0" /></tags>"#;

const SITE: &str = "sky.stackexchange.com";

fn dump(place: &Place) -> PathBuf {
    let folder = place.folder().join(SITE);
    std::fs::create_dir_all(&folder).unwrap();
    for (file, text) in [
        ("Users", USERS),
        ("Posts", POSTS),
        ("PostHistory", HISTORY),
        ("Votes", VOTES),
        ("Comments", COMMENTS),
        ("PostLinks", LINKS),
        ("Badges", BADGES),
        ("Tags", TAGS),
    ] {
        std::fs::write(folder.join(format!("{file}.xml")), text).unwrap();
    }
    folder
}

fn import_dump(place: &Place) -> Value {
    let folder = dump(place).display().to_string();
    serde_json::from_str(&place.said(&["import", "stackexchange", &folder, "--json"], "")).unwrap()
}

/// Questions of a forum, written by `n` people; every third is solved, every tenth is spam.
pub fn forum(place: &Place, n: usize) -> [String; 2] {
    let mut questions = String::new();
    let mut answers = String::new();
    for id in 1..=n {
        let day = format!("2024-01-{:02}T{:02}:00:00Z", id % 27 + 1, id % 24);
        let question = json!({
            "id": id, "created": day, "updated": day, "locale": "en-US", "topic": format!("topic_{}", id % 7),
            "tags": ["mail", format!("t{}", id % 50)], "title": format!("Mail number {id} does not arrive"),
            "content": format!("<p>It says <b>error {id}</b>, see <a href=\"/en-US/kb/x\">this</a>.</p>"),
            "creator": format!("asker {}", id % 400), "is_spam": id % 10 == 0, "is_locked": id % 9 == 0,
            "solution": if id % 3 == 0 { json!(10 * id + 1) } else { Value::Null }, "num_votes": id % 4,
        });
        questions.push_str(&format!("{question}\n"));
        for k in 0..2 {
            let answer = json!({
                "id": 10 * id + k, "question_id": id, "created": day, "updated": day,
                "content": format!("<p>Answer {k} to {id}.</p>"),
                "creator": if k == 0 { format!("asker {}", id % 400) } else { format!("helper {}", id % 30) },
                "is_spam": false, "num_helpful": id % 5, "num_unhelpful": id % 2,
            });
            answers.push_str(&format!("{answer}\n"));
        }
    }
    let files = [("forum-questions.jsonl", questions), ("forum-answers.jsonl", answers)];
    files.map(|(name, text)| {
        let file = place.folder().join(name);
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    })
}

pub fn import_forum(place: &Place, files: &[String; 2]) -> Value {
    let said =
        place.said(&["import", "kitsune", "--questions", &files[0], "--answers", &files[1], "--json"], "");
    serde_json::from_str(&said).unwrap()
}

/// The id of an imported post.
fn post_id(place: &Place, kind: &'static str, original: &'static str) -> i64 {
    let found = open(place).read_now(move |c| {
        let post = posts::table.filter(posts::kind.eq(kind)).filter(posts::original_id.eq(original));
        Ok::<_, Error>(post.select(posts::id).first(c)?)
    });
    found.unwrap()
}

#[test]
fn every_row_of_a_dump_is_kept_or_skipped_with_a_reason() {
    let place = Place::new(&[]);
    let report = import_dump(&place);
    for (kind, expected) in [
        ("users", json!({"read": 5, "kept": 4, "skipped": {"Id malformed": 1}})),
        ("questions", json!({"read": 3, "kept": 2, "skipped": {"CreationDate missing": 1}})),
        ("answers", json!({"read": 2, "kept": 1, "skipped": {"question not in the dump": 1}})),
        ("other_posts", json!({"read": 1, "kept": 0, "skipped": {"tag wiki": 1}})),
        ("comments", json!({"read": 2, "kept": 1, "skipped": {"on a post that was not imported": 1}})),
        ("tags", json!({"read": 2, "kept": 2, "skipped": {}})),
        ("badges", json!({"read": 2, "kept": 1, "skipped": {"of somebody who is no member": 1}})),
        ("links", json!({"read": 3, "kept": 2, "skipped": {"to a post that was not imported": 1}})),
        (
            "history",
            json!({"read": 7, "kept": 5,
                   "skipped": {"shared on a social network": 1, "on a post that was not imported": 1}}),
        ),
        (
            "votes",
            json!({"read": 9, "kept": 6, "skipped": {
                "bounty start": 1, "on a post that was not imported": 1, "favourite of somebody who is no member": 1,
            }}),
        ),
    ] {
        let mut found = report[kind].clone();
        found.as_object_mut().unwrap().remove("noted");
        assert_eq!(found, expected, "{kind}");
    }
}

#[test]
fn an_imported_thread_reads_as_it_was() {
    let hall = Hall::start();
    import_dump(&hall);
    let ann = hall.member("Reader");
    let thread = ann.api().get(&format!("/questions/{}", post_id(&hall, "question", "1"))).expect(200).json();
    assert_eq!(thread["title"], "Why is the sky blue?");
    assert_eq!(thread["tags"], json!(["sky", "colour-s"]));
    assert_eq!(thread["state"], "solved");
    assert_eq!(thread["score"], 1);
    assert_eq!(thread["version"], 2);
    assert_eq!(thread["created_at"], "2016-02-01T10:00:00.000000Z");
    assert_eq!(thread["body"], "body **two** with [a link](https://sky.stackexchange.com/questions/2)");
    assert_eq!(thread["body_format"], "markdown");
    assert_eq!(thread["author"]["name"], "Ann Example");
    let answer = &thread["answers"][0];
    assert_eq!(answer["accepted"], true);
    assert_eq!(answer["body_format"], "html");
    assert_eq!(answer["author"]["name"], "Bob");
    let comment = &answer["comments"][0];
    assert_eq!(comment["body"], "Thanks, see [that](https://sky.stackexchange.com/q/2).");
    let revisions = ann.api().get(&format!("/posts/{}/revisions", thread["id"])).expect(200).json();
    let first = &revisions["items"][0];
    assert_eq!(
        first["body"], "body *one* with [a link](https://sky.stackexchange.com/questions/2)",
        "{revisions}"
    );

    let page = ann.browser().get(&format!("/o/{SITE}/answer/3"));
    assert_eq!(page.status, 303);
    assert!(page.location().contains(&format!("/questions/{}/", thread["id"])), "{}", page.location());
    assert_eq!(ann.browser().get(&format!("/o/{SITE}/answer/1")).status, 404);

    let closed = ann.api().get(&format!("/questions/{}", post_id(&hall, "question", "2"))).expect(200).json();
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["author"]["name"], "Gone Person");
    assert_eq!(closed["author"]["id"], Value::Null);
    let html = closed["body_html"].as_str().unwrap();
    assert!(html.contains("https://sky.stackexchange.com/questions/1") && !html.contains("script"), "{html}");
    hall.said(&["check"], "");
}

#[test]
fn importing_again_adds_nothing() {
    let place = Place::new(&[]);
    let files = forum(&place, 120);
    let reports = [import_dump(&place), import_forum(&place, &files)];
    let once = told(&place);
    assert!(once.iter().filter(|line| line.starts_with("events:")).count() > 300);
    assert_eq!([import_dump(&place), import_forum(&place, &files)], reports);
    assert_eq!(told(&place), once);
}

#[test]
fn an_import_that_was_killed_and_repeated_ends_like_one_that_was_not() {
    let whole = Place::new(&[]);
    import_forum(&whole, &forum(&whole, 1_300));
    let killed = Place::new(&[]);
    let files = forum(&killed, 1_300);
    for enough in [400, 1_500] {
        let mut command =
            killed.command(&["import", "kitsune", "--questions", &files[0], "--answers", &files[1]]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let db = open(&killed);
        eventually("some batches", || {
            let n = db.read_now(|c| Ok::<i64, Error>(posts::table.count().get_result(c)?)).unwrap();
            (n > enough).then_some(())
        });
        child.kill().unwrap();
        child.wait().unwrap();
        killed.said(&["check"], "");
    }
    let unfinished = told(&killed);
    let report = import_forum(&killed, &files);
    assert_eq!((&report["questions"]["kept"], &report["answers"]["kept"]), (&json!(1_300), &json!(2_600)));
    let (whole, killed) = (told(&whole), told(&killed));
    assert!(unfinished.len() < whole.len(), "the kill came too late to show anything");
    assert_eq!(killed.len(), whole.len());
    for (killed, whole) in killed.iter().zip(&whole) {
        assert_eq!(killed, whole);
    }
}

#[test]
fn what_was_edited_or_decided_here_is_kept_and_the_rest_follows_the_source() {
    let hall = Hall::start();
    let files = forum(&hall, 12);
    import_forum(&hall, &files);
    let moderator = hall.member_as("moderator", "Mo");
    let edited = post_id(&hall, "question", "1");
    let change = json!({"body": "Written here, and it should stay as it is.", "version": 1});
    moderator.api().patch(&format!("/questions/{edited}"), &change).expect(200);
    let reopened = post_id(&hall, "question", "9");
    let open_again = format!("/questions/{reopened}/reopen");
    assert_eq!(moderator.browser().post(&open_again, &[]).status, 303);

    let newer = std::fs::read_to_string(&files[0]).unwrap().replace("It says", "Now it says");
    std::fs::write(&files[0], newer.replace("\"num_votes\":2", "\"num_votes\":7")).unwrap();
    let newer = std::fs::read_to_string(&files[1]).unwrap().replace("\"num_helpful\":2", "\"num_helpful\":6");
    std::fs::write(&files[1], newer).unwrap();
    import_forum(&hall, &files);

    let get = |id: i64| moderator.api().get(&format!("/questions/{id}")).expect(200).json();
    assert_eq!(get(edited)["body"], "Written here, and it should stay as it is.");
    assert_eq!(get(reopened)["state"], "solved");
    let followed = get(post_id(&hall, "question", "2"));
    assert!(followed["body"].as_str().unwrap().contains("Now it says"), "{followed}");
    assert_eq!((&followed["version"], &followed["affected"]["imported"]), (&json!(2), &json!(7)));
    assert_eq!(followed["answers"][0]["score"], 6);
    hall.said(&["check"], "");
    let again = told(&hall);
    import_forum(&hall, &files);
    assert_eq!(told(&hall), again);
}

#[test]
fn importing_again_leaves_a_duplicate_that_was_reopened_here_alone() {
    let hall = Hall::start();
    import_dump(&hall);
    let moderator = hall.member_as("moderator", "Mo");
    let [original, copy] = ["1", "2"].map(|id| post_id(&hall, "question", id));
    let shown = |id: i64| moderator.api().get(&format!("/questions/{id}")).expect(200).json();
    assert_eq!(shown(copy)["duplicate_of"], original);
    assert_eq!(moderator.browser().post(&format!("/questions/{copy}/reopen"), &[]).status, 303);
    let before = told(&hall);
    import_dump(&hall);
    assert_eq!(told(&hall), before);
    assert_eq!(shown(copy)["state"], "unanswered");
}

#[test]
fn an_imported_text_is_rendered_anew_by_the_rules_it_was_imported_by() {
    let hall = Hall::start();
    dump(&hall);
    let history = HISTORY.replace("body **two**", "#Heading without a space&#xA;&#xA;body **two**");
    std::fs::write(hall.folder().join(SITE).join("PostHistory.xml"), history).unwrap();
    let folder = hall.folder().join(SITE).display().to_string();
    hall.said(&["import", "stackexchange", &folder], "");
    let reader = hall.member("Reader");
    let path = format!("/questions/{}", post_id(&hall, "question", "1"));
    let html = || reader.api().get(&path).expect(200).json()["body_html"].as_str().unwrap().to_owned();
    let before = html();
    assert!(before.contains("Heading without a space</h"), "{before}");
    hall.said(&["reindex"], "");
    assert_eq!(html(), before);

    let moderator = hall.member_as("moderator", "Mo");
    let retitled = json!({ "title": "Why is the sky so blue?", "version": 2 });
    moderator.api().patch(&path, &retitled).expect(200);
    hall.said(&["reindex"], "");
    assert_eq!(html(), before, "after an edit of the title alone");
}

#[test]
fn a_newer_dump_brings_its_later_revisions_votes_and_reopenings() {
    let hall = Hall::start();
    let folder = dump(&hall);
    import_dump(&hall);
    let put = |file: &str, text: &str, more: &str| {
        let end = text.rfind("</").unwrap();
        std::fs::write(folder.join(file), format!("{}{more}{}", &text[..end], &text[end..])).unwrap();
    };
    let third = r#"<row Id="8" PostHistoryTypeId="5" PostId="1" RevisionGUID="f" CreationDate="2016-03-01T10:00:00.000" UserId="1" Text="body three" />
        <row Id="9" PostHistoryTypeId="5" PostId="1" RevisionGUID="g" CreationDate="2016-03-02T10:00:00.000" UserId="2" Text="body four" />"#;
    put("PostHistory.xml", HISTORY, third);
    let vote = r#"<row Id="10" PostId="1" VoteTypeId="2" CreationDate="2016-03-03T00:00:00.000" />"#;
    put("Votes.xml", VOTES, vote);
    let newer = POSTS
        .replace(r#"LastEditDate="2016-02-02T10:00:00.000""#, r#"LastEditDate="2016-03-02T10:00:00.000""#)
        .replace(r#"ClosedDate="2016-02-05T00:00:00.000""#, "");
    std::fs::write(folder.join("Posts.xml"), newer).unwrap();
    let folder = folder.display().to_string();
    hall.said(&["import", "stackexchange", &folder], "");

    let reader = hall.member("Reader");
    let id = post_id(&hall, "question", "1");
    let thread = reader.api().get(&format!("/questions/{id}")).expect(200).json();
    assert_eq!((&thread["version"], &thread["score"]), (&json!(4), &json!(2)));
    let revisions = reader.api().get(&format!("/posts/{id}/revisions")).expect(200).json();
    let bodies: Vec<&str> =
        revisions["items"].as_array().unwrap().iter().map(|one| one["body"].as_str().unwrap()).collect();
    assert_eq!(bodies.len(), 4);
    assert!(bodies[0].contains("*one*") && bodies[1].contains("**two**"), "{bodies:?}");
    assert_eq!(&bodies[2..], ["body three", "body four"]);
    let closed = post_id(&hall, "question", "2");
    assert_eq!(reader.api().get(&format!("/questions/{closed}")).expect(200).json()["state"], "unanswered");
    hall.said(&["check"], "");
    let once = told(&hall);
    hall.said(&["import", "stackexchange", &folder], "");
    assert_eq!(told(&hall), once);
}

/// The reputation of an imported member, by their id there.
fn points_of(hall: &Hall, id: &str) -> i64 {
    use peerhall::db::schema::members;
    let id = id.to_owned();
    hall.read(move |c| {
        let imported = members::table.filter(members::source.eq(SITE)).filter(members::original_id.eq(id));
        imported.select(members::reputation).first(c)
    })
}

#[test]
fn a_newer_dump_with_more_votes_of_a_day_never_brings_fewer_points() {
    let hall = Hall::start();
    let folder = dump(&hall);
    // Thirty votes up on one answer in a day: more than a day brings.
    let votes = |n: usize| {
        let row = |id: usize| {
            format!(r#"<row Id="{id}" PostId="3" VoteTypeId="2" CreationDate="2016-02-03T00:00:00.000" />"#)
        };
        format!("<votes>{}</votes>", (0..n).map(row).collect::<String>())
    };
    let path = folder.display().to_string();
    let mut seen = Vec::new();
    for n in [20, 21, 22, 12, 0] {
        std::fs::write(folder.join("Votes.xml"), votes(n)).unwrap();
        hall.said(&["import", "stackexchange", &path], "");
        hall.said(&["check"], "");
        seen.push(points_of(&hall, "2"));
    }
    // Its acceptance brings 15.
    assert_eq!(seen, [215, 215, 215, 135, 15]);
}

#[test]
fn what_a_colleague_accepted_here_brings_nothing_however_often_it_is_imported() {
    use peerhall::db::schema::members;
    let hall = Hall::start();
    import_dump(&hall);
    let [question, reply] = [("question", "1"), ("answer", "3")].map(|(kind, id)| post_id(&hall, kind, id));
    let admin = hall.member_as("admin", "Ada");
    let id_of = |handle: &'static str| -> i64 {
        hall.read(move |c| members::table.filter(members::handle.eq(handle)).select(members::id).first(c))
    };
    for handle in ["ann-example", "bob"] {
        let path = format!("/admin/members/{}/organisation", id_of(handle));
        admin.post(&path, &[("organisation", "Sky Watchers")]).expect(303);
    }
    let link = hall.said(&["invite", "create", "--claim", &id_of("ann-example").to_string()], "");
    let ann = hall.visitor();
    let path = &link[link.find("/join/").unwrap()..];
    let word = crate::harness::PASSWORD;
    ann.post(path.trim(), &[("email", "ann@example.org"), ("password", word)]).expect(303);
    let before = points_of(&hall, "2");
    ann.post(&format!("/questions/{question}/unaccept"), &[]).expect(303);
    ann.post(&format!("/questions/{question}/accept"), &[("answer_id", &reply.to_string())]).expect(303);
    assert_eq!(points_of(&hall, "2"), before - 15, "colleagues raise nobody");
    import_dump(&hall);
    assert_eq!(points_of(&hall, "2"), before - 15);
    hall.said(&["check"], "");
}

#[test]
fn spam_comes_hidden_and_is_not_counted() {
    let hall = Hall::start();
    import_forum(&hall, &forum(&hall, 20));
    let reader = hall.member("Reader");
    let spam = post_id(&hall, "question", "10");
    reader.api().get(&format!("/questions/{spam}")).expect(404);
    hall.member_as("moderator", "Mo").api().get(&format!("/questions/{spam}")).expect(200);
    let listed = reader.api().get("/questions?limit=100").expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 18);
}

#[test]
fn imported_people_can_be_claimed_by_invitation_and_by_nothing_else() {
    let hall = Hall::start();
    import_dump(&hall);
    let rows: Vec<(String, String, String, Option<String>, Option<String>, String)> = hall.read(|c| {
        use peerhall::db::schema::members;
        members::table
            .filter(members::source.eq(SITE))
            .order(members::id)
            .select((
                members::kind,
                members::handle,
                members::state,
                members::email,
                members::password_hash,
                members::about,
            ))
            .load(c)
    });
    let told: Vec<_> =
        rows.iter().map(|(kind, handle, state, ..)| (&kind[..], &handle[..], &state[..])).collect();
    assert_eq!(
        told,
        [
            ("system", "community", "active"),
            ("person", "ann-example", "unclaimed"),
            ("person", "bob", "unclaimed"),
            ("person", "bob-2", "unclaimed"),
        ]
    );
    assert!(rows.iter().all(|(.., email, password, _)| email.is_none() && password.is_none()));
    let ids: Vec<i64> = hall.read(|c| {
        use peerhall::db::schema::members;
        members::table.filter(members::source.eq(SITE)).order(members::id).select(members::id).load(c)
    });
    assert!(!hall.run(&["invite", "create", "--claim", &ids[0].to_string()], "").status.success());
    assert!(hall.said(&["invite", "create", "--claim", &ids[1].to_string()], "").contains("/join/"));
    assert_eq!(rows[1].5, "I like [tags](https://sky.stackexchange.com/tags).");
}

#[test]
fn a_damaged_file_stops_the_import_and_what_was_read_before_is_kept() {
    let place = Place::new(&[]);
    let files = forum(&place, 600);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    std::fs::write(&files[0], &text[..text.len() - 40]).unwrap();
    let output = place.run(&["import", "kitsune", "--questions", &files[0], "--json"], "");
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(output.stdout.is_empty());
    assert!(words.contains("forum-questions.jsonl ends too early") && words.contains("is kept"), "{words}");
    let questions = told(&place).iter().filter(|line| line.starts_with("questions:")).count();
    assert_eq!(questions, 500);
}

#[test]
fn faulty_lines_are_named_and_answers_without_a_question_are_skipped() {
    let place = Place::new(&[]);
    let files = forum(&place, 3);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1] = "{\"id\": 2}";
    std::fs::write(&files[0], lines.join("\n")).unwrap();
    let output =
        place.run(&["import", "kitsune", "--questions", &files[0], "--answers", &files[1], "--json"], "");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(report["questions"]["skipped"], json!({"a field missing": 1}), "{words}");
    assert!(words.contains("forum-questions.jsonl, line 2"), "{words}");
    assert_eq!(report["answers"]["skipped"], json!({"question in no questions file": 2}));
    assert_eq!(report["answers"]["kept"], 4);
}

#[test]
fn a_row_that_comes_twice_is_taken_once_whatever_it_says_the_second_time() {
    let place = Place::new(&[]);
    let files = forum(&place, 2);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    std::fs::write(&files[0], format!("{text}{}", text.replace("error", "something else"))).unwrap();
    let report = import_forum(&place, &files);
    assert_eq!((&report["questions"]["read"], &report["questions"]["kept"]), (&json!(4), &json!(4)));
    let once = told(&place);
    assert!(
        once.iter().any(|line| line.contains("error 1"))
            && !once.iter().any(|line| line.contains("something else"))
    );
    import_forum(&place, &files);
    assert_eq!(told(&place), once);
}

#[test]
fn an_unknown_space_is_refused_with_the_remedy() {
    let place = Place::new(&[]);
    let folder = dump(&place).display().to_string();
    let output = place.run(&["import", "stackexchange", &folder, "--space", "nowhere"], "");
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("peerhall space add --key nowhere"), "{words}");
    assert!(told(&place).is_empty());
}

#[test]
fn another_source_may_have_the_same_ids() {
    let place = Place::new(&[]);
    let files = forum(&place, 5);
    import_forum(&place, &files);
    let one = told(&place).len();
    place.said(
        &["import", "kitsune", "--questions", &files[0], "--answers", &files[1], "--source", "other"],
        "",
    );
    let both = told(&place).iter().filter(|line| line.starts_with("posts:")).count();
    assert_eq!(both, 30);
    assert!(told(&place).len() > one);
}

#[test]
fn a_hall_grows_by_copies_of_what_was_imported_and_by_no_more_than_asked() {
    let place = Place::new(&[]);
    let refused = place.run(&["bench", "seed", "--posts", "50"], "");
    let words = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && words.contains("import some first"), "{words}");
    import_forum(&place, &forum(&place, 40));
    let here: i64 = place.said(&["bench", "seed", "--posts", "500"], "").trim().parse().unwrap();
    assert!((500..900).contains(&here), "{here} posts");
    assert_eq!(place.said(&["bench", "seed", "--posts", "500"], "").trim(), here.to_string());
    place.said(&["check"], "");
}
