//! What a search finds is what its viewer may open: over random spaces, roles, entitlements and deletions.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::closed_space::made;
use crate::harness::{Api, Hall, Member, Random};
use crate::search::{all_pages, search, until};

/// In every post.
const WORD: &str = "quagga";
const SPACES: usize = 5;
const QUESTIONS: usize = 14;

#[test]
fn what_is_found_is_what_may_be_opened_over_random_spaces_and_roles() {
    let mut random = Random::from_environment();
    println!("seed: {}", random.seed());
    let hall = Hall::start();
    let viewers = people(&hall, &mut random);
    let ada = hall.member_as("admin", "Ada");
    let posts = write(&ada, &viewers, &mut random);
    let everything = |api: &Api| all_pages(api, WORD).0.into_iter().collect::<BTreeSet<i64>>();
    until("the administrator finds what there is", || everything(ada.api()) == openable(ada.api(), &posts));
    for viewer in &viewers {
        let (ids, total) = all_pages(viewer.api(), WORD);
        let wanted = openable(viewer.api(), &posts);
        let (name, found) = (&viewer.name, ids.iter().copied().collect::<BTreeSet<i64>>());
        assert_eq!(found, wanted, "{name} finds what they may open and nothing else");
        assert_eq!((ids.len(), total), (wanted.len(), wanted.len() as u64), "{name} finds each once");
        let facets = search(viewer.api(), WORD)["facets"].clone();
        for group in ["kinds", "spaces"] {
            let counts = facets[group].as_array().unwrap_or_else(|| panic!("{group} in {facets}"));
            let sum: u64 = counts.iter().map(|count| count["count"].as_u64().unwrap()).sum();
            assert_eq!(sum, total, "{group} of {name}: {facets}");
        }
    }
}

/// Spaces open and closed, and people with and without a way in.
fn people<'h>(hall: &'h Hall, random: &mut Random) -> Vec<Member<'h>> {
    for n in 0..SPACES {
        let (key, name, product) = (space(n), format!("Space {n}"), format!("Product {}", n % 3));
        let mut arguments = vec!["space", "add", "--key", &key, "--name", &name];
        if n > 0 {
            arguments.extend(["--product", &product]);
        }
        hall.said(&arguments, "");
    }
    for n in 0..3 {
        let organisation = format!("Firm {n}");
        for product in (0..3).filter(|_| random.between(0, 1) == 0) {
            let product = format!("Product {product}");
            hall.said(&["entitlement", "add", "--organisation", &organisation, "--product", &product], "");
        }
    }
    let roles = ["customer", "customer", "customer", "customer", "moderator", "moderator", "staff"];
    roles
        .iter()
        .enumerate()
        .map(|(n, role)| {
            let organisation = format!("Firm {}", random.between(0, 2));
            let mut flags = vec!["--role", *role];
            if random.between(0, 3) > 0 {
                flags.extend(["--organisation", &organisation]);
            }
            hall.member_with(&format!("Viewer {n}"), &flags)
        })
        .collect()
}

fn space(n: usize) -> String {
    format!("space-{n}")
}

/// Questions with answers and comments by whoever may, some of them deleted again: (question, post).
fn write(ada: &Member<'_>, viewers: &[Member<'_>], random: &mut Random) -> Vec<(i64, i64)> {
    let mut posts = Vec::new();
    for n in 0..QUESTIONS {
        let by = &viewers[random.between(0, viewers.len() as u64 - 1) as usize];
        let question = json!({
            "space": space(random.between(0, SPACES as u64 - 1) as usize),
            "title": format!("Number {n} about the {WORD}"),
            "body": format!("Where does the {WORD} of number {n} live?"),
            "tags": ["animals"],
        });
        // Who may not enter cannot ask there; the administrator can.
        let asked = by.api().post("/questions", &question);
        let asked = if asked.status == 201 { asked } else { ada.api().post("/questions", &question) };
        let id = made(asked);
        posts.push((id, id));
        for _ in 0..random.between(0, 3) {
            let by = &viewers[random.between(0, viewers.len() as u64 - 1) as usize];
            let text = json!({ "body": format!("The {WORD} lives in the south.") });
            let answers = format!("/questions/{id}/answers");
            let answered = by.api().post(&answers, &text);
            let (by, answered) =
                if answered.status == 201 { (by, answered) } else { (ada, ada.api().post(&answers, &text)) };
            let answer = made(answered);
            posts.push((id, answer));
            if random.between(0, 1) == 0 {
                let comment = made(ada.api().post(&format!("/posts/{answer}/comments"), &text));
                posts.push((id, comment));
            }
            if random.between(0, 4) == 0 {
                by.api().delete(&format!("/posts/{answer}")).expect(204);
            }
        }
        if random.between(0, 6) == 0 {
            // A question with answers may be kept by the rules: then it stays.
            ada.api().delete(&format!("/posts/{id}"));
        }
    }
    posts
}

/// Those that the viewer may open, as the API shows their threads.
fn openable(api: &Api, posts: &[(i64, i64)]) -> BTreeSet<i64> {
    let threads: BTreeSet<i64> = posts.iter().map(|(question, _)| *question).collect();
    let mut shown = BTreeSet::new();
    for id in threads {
        let answer = api.get(&format!("/questions/{id}"));
        if answer.status == 200 {
            gather(&answer.json(), &mut shown);
        }
    }
    posts.iter().map(|(_, post)| *post).filter(|post| shown.contains(post)).collect()
}

/// Ids of the posts in a thread that are not deleted, nor below one that is.
fn gather(post: &Value, shown: &mut BTreeSet<i64>) {
    if post["deleted"] == true {
        return;
    }
    if post["body"].as_str().is_some_and(|body| body.contains(WORD)) {
        shown.insert(post["id"].as_i64().unwrap());
    }
    for part in ["answers", "comments"] {
        post[part].as_array().into_iter().flatten().for_each(|post| gather(post, shown));
    }
}
