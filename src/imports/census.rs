//! Reads all shared development data through the readers and compares with the figures its READMEs state.
//!
//! The data is no part of the repository: it is looked for in `PEERHALL_SHARED_DATA`, else in `../shared/data`
//! beside the repository. Where it is absent the tests say which check was not made.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::kitsune::mapping;
use super::kitsune::reader::{AnswerRow, Lines, QuestionRow};
use super::scratch::Scratch;
use super::stackexchange::dump::Dump;
use super::stackexchange::history::{BodySource, Story};
use super::stackexchange::kinds::{PostKind, VoteKind};
use super::stackexchange::rows::{
    BadgeRow, CommentRow, HistoryRow, LinkRow, PostRow, Row, TagRow, UserRow, VoteRow,
};
use super::stackexchange::staging::{DayTally, Left, Staging};

fn shared(part: &str, check: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PEERHALL_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = root.join(part);
    if path.exists() {
        return Some(path);
    }
    eprintln!("NOT CHECKED: {check}: there is no {} (set PEERHALL_SHARED_DATA)", path.display());
    None
}

fn rows<R: Row>(dump: &Dump) -> Vec<R> {
    let Some(rows) = dump.rows::<R>().unwrap() else { return Vec::new() };
    rows.map(|row| row.unwrap().unwrap_or_else(|problem| panic!("{problem}"))).collect()
}

/// Questions, answers, accepted, users, votes, comments, history, links, badges, tags.
fn census(directory: &Path) -> [usize; 10] {
    let dump = Dump::find(directory).unwrap();
    let posts = rows::<PostRow>(&dump);
    let of = |kind| posts.iter().filter(|post| PostKind::of(post.kind) == kind).count();
    [
        of(PostKind::Question),
        of(PostKind::Answer),
        posts.iter().filter(|post| post.accepted_answer_id.is_some()).count(),
        rows::<UserRow>(&dump).len(),
        rows::<VoteRow>(&dump).len(),
        rows::<CommentRow>(&dump).len(),
        rows::<HistoryRow>(&dump).len(),
        rows::<LinkRow>(&dump).len(),
        rows::<BadgeRow>(&dump).len(),
        rows::<TagRow>(&dump).len(),
    ]
}

#[test]
fn every_row_of_the_shared_dumps_is_read() {
    for (site, expected) in [
        ("ai.stackexchange.com", [604, 1004, 285, 4931, 7056, 1700, 4846, 122, 4708, 158]),
        ("bicycles.meta.stackexchange.com", [453, 971, 157, 2551, 5671, 2448, 3994, 189, 6585, 94]),
        ("coffee.stackexchange.com-posts-only", [225, 327, 105, 0, 0, 0, 0, 0, 0, 0]),
    ] {
        let Some(directory) = shared(&format!("stackexchange/{site}"), site) else { continue };
        assert_eq!(census(&directory), expected, "{site}");
    }
}

#[test]
fn every_row_of_the_dump_that_comes_as_7z_is_read() {
    let check = "iot.stackexchange.com.7z";
    let Some(archive) = shared("stackexchange/iot.stackexchange.com.7z", check) else { return };
    let place = Scratch::new("census-iot");
    let unpacked = [("7zz", "x"), ("7z", "x"), ("bsdtar", "-xf")].into_iter().any(|(program, mode)| {
        let run = Command::new(program).arg(mode).arg(&archive).current_dir(place.path()).output();
        run.is_ok_and(|output| output.status.success())
    });
    if !unpacked {
        eprintln!("NOT CHECKED: {check}: none of 7zz, 7z and bsdtar is there to unpack it");
        return;
    }
    assert_eq!(census(place.path()), [320, 508, 185, 1944, 7242, 1607, 4202, 88, 2900, 199]);
}

#[test]
fn the_history_of_the_shared_dumps_tells_the_present_text_of_every_post() {
    for (site, differing_titles, differing_tags) in
        [("ai.stackexchange.com", 0, 0), ("bicycles.meta.stackexchange.com", 1, 16)]
    {
        let Some(directory) = shared(&format!("stackexchange/{site}"), site) else { continue };
        let dump = Dump::find(&directory).unwrap();
        let place = Scratch::new(&format!("census-{site}"));
        let mut staging = Staging::open(place.path()).unwrap();
        let history = rows::<HistoryRow>(&dump);
        for row in &history {
            assert!(staging.put_history(row).unwrap());
        }
        let (mut titles, mut tags, mut taken) = (0, 0, 0);
        for post in rows::<PostRow>(&dump) {
            if matches!(PostKind::of(post.kind), PostKind::Other(_)) {
                continue;
            }
            let events = staging.take_history(post.id).unwrap();
            taken += events.len() as u64;
            let story = Story::of(events);
            assert_eq!(story.revisions[0].at, post.created_at, "{site} {}", post.id);
            let body = story.body(post.body.clone(), post.edited_at);
            assert!(matches!(body, BodySource::Markdown(_)), "{site} {}", post.id);
            assert_eq!(story.closed().is_some(), post.closed_at.is_some(), "{site} {}", post.id);
            if PostKind::of(post.kind) == PostKind::Question {
                let last = story.revisions.last().unwrap();
                titles += u32::from(trimmed(&last.title) != trimmed(&post.title));
                let mut written = last.tags.clone().unwrap();
                let mut present: Vec<_> = kinds_tags(post.tags.as_deref());
                written.sort();
                present.sort();
                tags += u32::from(written != present);
            }
        }
        assert_eq!((titles, tags), (differing_titles, differing_tags), "{site}");
        let left = Left { history: history.len() as u64 - taken, ..Left::default() };
        assert_eq!(staging.left().unwrap(), left);
    }
}

fn trimmed(title: &Option<String>) -> Option<&str> {
    title.as_deref().map(str::trim)
}

fn kinds_tags(attribute: Option<&str>) -> Vec<String> {
    super::stackexchange::kinds::tags(attribute.unwrap_or_default()).map(str::to_owned).collect()
}

#[test]
fn the_tallies_of_the_shared_dumps_are_the_scores_of_their_posts() {
    for site in ["ai.stackexchange.com", "bicycles.meta.stackexchange.com"] {
        let Some(directory) = shared(&format!("stackexchange/{site}"), site) else { continue };
        let dump = Dump::find(&directory).unwrap();
        let place = Scratch::new(&format!("census-votes-{site}"));
        let mut staging = Staging::open(place.path()).unwrap();
        for vote in rows::<VoteRow>(&dump) {
            match VoteKind::of(vote.kind) {
                VoteKind::Up => {
                    staging.put_votes(vote.post_id, DayTally { day: vote.created_at, up: 1, down: 0 })
                }
                VoteKind::Down => {
                    staging.put_votes(vote.post_id, DayTally { day: vote.created_at, up: 0, down: 1 })
                }
                VoteKind::Accepted => staging.put_acceptance(vote.post_id, vote.created_at),
                _ => Ok(()),
            }
            .unwrap();
        }
        let posts = rows::<PostRow>(&dump);
        let accepted: HashSet<i64> = posts.iter().filter_map(|post| post.accepted_answer_id).collect();
        for post in &posts {
            let tallies = staging.take_votes(post.id).unwrap();
            let score: i64 = tallies.iter().map(|tally| tally.up - tally.down).sum();
            assert_eq!(Some(score), post.score, "{site} {}", post.id);
            let dated = staging.take_acceptance(post.id).unwrap().is_some();
            assert_eq!(dated, accepted.contains(&post.id), "{site} {}", post.id);
        }
    }
}

/// The figures the README states of one set.
#[derive(Debug, Default, PartialEq, Eq)]
struct Forum {
    questions: usize,
    answers: usize,
    solutions: usize,
    affected: usize,
    spam: usize,
    askers: usize,
    answerers: usize,
}

fn forum(directory: &Path, set: &str) -> Forum {
    let mut seen = Forum::default();
    let mut solutions = HashMap::new();
    let mut askers = HashSet::new();
    let mut ids = HashSet::new();
    for row in Lines::<QuestionRow>::open(&directory.join(format!("{set}-questions.jsonl.gz"))).unwrap() {
        let question = row.unwrap().unwrap();
        assert!(ids.insert(question.id), "{set}: question {} comes twice", question.id);
        assert!(mapping::language(question.locale.as_deref()).is_some(), "{:?}", question.locale);
        assert!(mapping::changed_at(question.created, question.updated) >= question.created);
        assert!((1..=5).contains(&mapping::tags(&question).tags.len()));
        seen.questions += 1;
        seen.affected += usize::from(mapping::affected(&question) > 0);
        seen.spam += usize::from(question.is_spam == Some(true));
        solutions.extend(question.solution.map(|answer| (answer, question.id)));
        askers.extend(question.creator);
    }
    seen.askers = askers.len();
    let answers = directory.join(format!("{set}-answers.jsonl.gz"));
    if !answers.exists() {
        return seen;
    }
    let mut answerers = HashSet::new();
    for row in Lines::<AnswerRow>::open(&answers).unwrap() {
        let answer = row.unwrap().unwrap();
        assert!(ids.contains(&answer.question_id), "{set}: answer {} has no question", answer.id);
        seen.answers += 1;
        seen.solutions += usize::from(solutions.get(&answer.id) == Some(&answer.question_id));
        answerers.extend(answer.creator);
    }
    seen.answerers = answerers.len();
    seen
}

#[test]
fn every_row_of_the_shared_support_threads_is_read() {
    let Some(directory) = shared("support-forum", "support threads") else { return };
    let set = |questions, answers, solutions, affected, spam, askers, answerers| Forum {
        questions,
        answers,
        solutions,
        affected,
        spam,
        askers,
        answerers,
    };
    let expected = BTreeMap::from([
        ("thunderbird-2023", set(12_347, 27_960, 0, 0, 0, 10_040, 5_147)),
        ("thunderbird-2024", set(15_247, 31_895, 1_881, 3_370, 26, 12_791, 5_399)),
        ("firefox-2019-08-to-10", set(3_391, 13_508, 0, 0, 0, 3_130, 2_510)),
    ]);
    for (name, expected) in expected {
        assert_eq!(forum(&directory, name), expected, "{name}");
    }
    for (name, questions) in [
        ("firefox-surge-2019-05-outage", 1_300),
        ("firefox-surge-2021-06-redesign", 3_133),
        ("firefox-surge-2025-01-scam-flood", 2_192),
    ] {
        assert_eq!(forum(&directory, name).questions, questions, "{name}");
    }
}
