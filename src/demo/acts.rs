//! What people do in the story: a list of acts in the order of time, each done as the member who does it.

use super::Wrong;
use super::people::{self, People};
use super::story::{Answer, Comment, Deed, Edit, Guru, Question, Story};
use crate::accounts::actor::Actor;
use crate::clock::{MINUTE, Micros};
use crate::db::{Conn, Failure};
use crate::posts::{Kind, Refusal, Written};
use crate::questions::{self, AffectedBy, Draft, Revised, TagName};
use crate::web::{Role, Viewer};
use crate::{answers, comments, gurus, suggestions, votes};

/// Who does what, and when.
pub(super) struct Act {
    pub at: Micros,
    pub by: String,
    what: What,
}

/// A post of the plan: its place in the order in which the story tells them.
type PostNo = usize;

enum What {
    /// The person at this place of the story joins.
    Join(usize),
    /// So is that person suspended.
    Suspend(usize),
    Ask(PostNo, Box<Draft>),
    Answer {
        post: PostNo,
        question: PostNo,
        written: Box<Written>,
    },
    Comment {
        post: PostNo,
        parent: PostNo,
        written: Box<Written>,
    },
    Edit(PostNo, Box<questions::Prepared>),
    Suggest(PostNo, Box<questions::Prepared>),
    Endorse(PostNo),
    Appoint(Box<Guru>),
    Delete(PostNo),
    Vote(PostNo, i64),
    Accept {
        question: PostNo,
        answer: PostNo,
    },
    Follow(PostNo),
    Affected(PostNo, AffectedBy),
    Close {
        question: PostNo,
        duplicate_of: PostNo,
        reason: String,
    },
}

/// Everything that happens, in order.
pub(super) struct Plan {
    pub acts: Vec<Act>,
    /// Questions in the order of the story.
    questions: Vec<PostNo>,
    posts: usize,
}

/// Checks and renders everything that is written in the story and puts it in the order of time.
pub(super) fn plan(story: &Story, now: Micros) -> Result<Plan, Wrong> {
    let mut planner = Planner { acts: Vec::new(), posts: 0, now };
    planner.comings_and_goings(story);
    let mut questions = Vec::new();
    for question in &story.questions {
        questions.push(planner.question(question)?);
    }
    for (question, no) in story.questions.iter().zip(&questions) {
        let Some(close) = &question.close else { continue };
        let target = story.questions.iter().position(|other| other.key.as_ref() == Some(&close.duplicate_of));
        let target = target.ok_or_else(|| Wrong::Unknown(close.duplicate_of.clone()))?;
        let what =
            What::Close { question: *no, duplicate_of: questions[target], reason: close.reason.clone() };
        planner.act(now - question.ago.0 + close.after.0, &close.by, what);
    }
    let Planner { mut acts, posts, .. } = planner;
    // Stable: of two at the same moment the story's order decides.
    acts.sort_by_key(|act| act.at);
    Ok(Plan { acts, questions, posts })
}

struct Planner {
    acts: Vec<Act>,
    posts: usize,
    now: Micros,
}

impl Planner {
    fn act(&mut self, at: Micros, by: &str, what: What) {
        self.acts.push(Act { at, by: by.to_owned(), what });
    }

    fn post(&mut self) -> PostNo {
        self.posts += 1;
        self.posts - 1
    }

    fn comings_and_goings(&mut self, story: &Story) {
        for (place, person) in story.community.people.iter().enumerate() {
            // The administrator is there when the place opens.
            if person.role < Role::Admin {
                self.act(self.now - person.joined.0, &person.key, What::Join(place));
            }
            if let Some(told) = &person.suspended {
                self.act(self.now - told.ago.0, &told.by, What::Suspend(place));
            }
        }
        for guru in &story.community.gurus {
            self.act(self.now - guru.ago.0, &guru.by, What::Appoint(Box::new(guru.clone())));
        }
    }

    fn question(&mut self, told: &Question) -> Result<PostNo, Wrong> {
        let (no, asked) = (self.post(), self.now - told.ago.0);
        let tags = told.tags.iter().map(String::as_str);
        let draft = Draft::new(told.space, &told.title, &told.body, tags, told.fields.clone())
            .map_err(|why| Wrong::refused(&told.title, why))?;
        self.act(asked, &told.by, What::Ask(no, Box::new(draft)));
        for answer in &told.answers {
            self.answer(no, asked, answer)?;
        }
        self.comments(no, asked, &told.comments)?;
        self.edits(no, Kind::Question, asked, &told.edits)?;
        self.votes(no, asked, &told.up, &told.down);
        for (place, by) in told.follow.iter().enumerate() {
            self.act(self.soon(asked, place), by, What::Follow(no));
        }
        for told in &told.affected {
            let case = AffectedBy {
                product_version: told.version.clone(),
                platform: told.platform.clone(),
                note: told.note.clone(),
            };
            let case =
                case.checked().map_err(|why| Wrong::refused(format!("{} is affected", told.by), why))?;
            self.act(asked + told.after.0, &told.by, What::Affected(no, case));
        }
        Ok(no)
    }

    fn answer(&mut self, question: PostNo, asked: Micros, told: &Answer) -> Result<(), Wrong> {
        let (post, at) = (self.post(), asked + told.after.0);
        let written = Box::new(written(Kind::Answer, &told.body)?);
        self.act(at, &told.by, What::Answer { post, question, written });
        self.comments(post, asked, &told.comments)?;
        self.edits(post, Kind::Answer, asked, &told.edits)?;
        self.votes(post, at, &told.up, &told.down);
        if let Some(accepted) = told.accepted {
            let asker = self.asker(question);
            self.act(asked + accepted.0, &asker, What::Accept { question, answer: post });
        }
        if let Some(endorsed) = &told.endorsed {
            self.act(asked + endorsed.after.0, &endorsed.by, What::Endorse(post));
        }
        for suggested in &told.suggestions {
            let revised = revised(Kind::Answer, 1 + told.edits.len() as i64, suggested)?;
            self.act(asked + suggested.after.0, &suggested.by, What::Suggest(post, Box::new(revised)));
        }
        self.deletion(post, asked, told.deleted.as_ref());
        Ok(())
    }

    fn comments(&mut self, parent: PostNo, asked: Micros, told: &[Comment]) -> Result<(), Wrong> {
        for comment in told {
            let post = self.post();
            let written = Box::new(written(Kind::Comment, &comment.body)?);
            self.act(asked + comment.after.0, &comment.by, What::Comment { post, parent, written });
            self.deletion(post, asked, comment.deleted.as_ref());
        }
        Ok(())
    }

    fn edits(&mut self, post: PostNo, kind: Kind, asked: Micros, told: &[Edit]) -> Result<(), Wrong> {
        for (version, edit) in (1..).zip(told) {
            let revised = revised(kind, version, edit)?;
            self.act(asked + edit.after.0, &edit.by, What::Edit(post, Box::new(revised)));
        }
        Ok(())
    }

    /// Votes come one after the other in the hours after the post.
    fn votes(&mut self, post: PostNo, posted: Micros, up: &[String], down: &[String]) {
        let values = up.iter().map(|by| (by, 1)).chain(down.iter().map(|by| (by, -1)));
        for (place, (by, value)) in values.enumerate() {
            self.act(self.soon(posted, place), by, What::Vote(post, value));
        }
    }

    fn deletion(&mut self, post: PostNo, asked: Micros, told: Option<&Deed>) {
        if let Some(told) = told {
            self.act(asked + told.after.0, &told.by, What::Delete(post));
        }
    }

    fn soon(&self, after: Micros, place: usize) -> Micros {
        let place = i64::try_from(place).unwrap_or(i64::MAX / MINUTE / 100);
        (after + (11 + 47 * place) * MINUTE).min(self.now)
    }

    fn asker(&self, question: PostNo) -> String {
        let asked = self.acts.iter().find(|act| matches!(act.what, What::Ask(no, _) if no == question));
        asked.map(|act| act.by.clone()).unwrap_or_default()
    }
}

fn revised(kind: Kind, version: i64, edit: &Edit) -> Result<questions::Prepared, Wrong> {
    let revised = Revised {
        title: edit.title.clone(),
        tags: edit.tags.clone(),
        body: edit.body.clone(),
        reason: Some(edit.reason.clone()),
        version,
    };
    revised.prepare(kind).map_err(|why| Wrong::refused(&edit.reason, why))
}

fn written(kind: Kind, body: &str) -> Result<Written, Wrong> {
    Written::new(kind, body).map_err(|why| Wrong::refused(body.chars().take(60).collect::<String>(), why))
}

/// Does all of it and answers the questions' ids in the order of the story.
pub(super) fn play(
    c: &mut Conn,
    story: &Story,
    plan: &Plan,
    password_hash: &str,
    now: Micros,
) -> Result<Vec<i64>, Failure<Wrong>> {
    let mut people = people::open(c, story, password_hash, now)?;
    let mut ids = vec![0; plan.posts];
    for act in &plan.acts {
        if let What::Join(place) = act.what {
            let person = &story.community.people[place];
            people.insert(person.key.clone(), people::join(c, person, password_hash, act.at)?);
            continue;
        }
        let viewer = Viewer { now: act.at, ..known(&people, &act.by)?.clone() };
        if let What::Suspend(place) = act.what {
            let person = &story.community.people[place];
            let Some(told) = &person.suspended else { continue };
            people::suspend(c, &viewer, known(&people, &person.key)?, told, act.at)?;
            continue;
        }
        if let What::Appoint(guru) = &act.what {
            appoint(c, &viewer, guru, known(&people, &guru.person)?.id)?;
            continue;
        }
        if let What::Suggest(post, revised) = &act.what {
            suggestions::edit_or_suggest(c, &viewer, ids[*post], revised, false, act.at)
                .map_err(|failure| failure.map(|why| Wrong::refused(format!("{} suggests", act.by), why)))?;
            continue;
        }
        perform(c, act, &viewer, &mut ids).map_err(|failure| {
            failure.map(|why| Wrong::refused(format!("{} at {}", act.by, crate::clock::rfc3339(act.at)), why))
        })?;
    }
    Ok(plan.questions.iter().map(|no| ids[*no]).collect())
}

fn appoint(c: &mut Conn, by: &Viewer, guru: &Guru, member: i64) -> Result<(), Failure<Wrong>> {
    let tag = TagName::parse(&guru.tag).ok_or_else(|| Wrong::Unknown(guru.tag.clone()))?;
    gurus::appoint_now(c, Actor::from(by), member, &tag, &guru.reason, by.now)
        .map_err(|failure| failure.map(|why| Wrong::refused(format!("{} is appointed", guru.person), why)))?;
    Ok(())
}

fn known<'a>(people: &'a People, key: &str) -> Result<&'a Viewer, Wrong> {
    people.get(key).ok_or_else(|| Wrong::Unknown(key.to_owned()))
}

fn perform(c: &mut Conn, act: &Act, viewer: &Viewer, ids: &mut [i64]) -> Result<(), Failure<Refusal>> {
    let now = act.at;
    match &act.what {
        // What is no act on a post, or refuses in words of its own, [`play`] does.
        What::Join(_) | What::Suspend(_) | What::Appoint(_) | What::Suggest(..) => {}
        What::Endorse(post) => questions::endorse(c, viewer, ids[*post], now)?,
        What::Ask(post, draft) => ids[*post] = questions::ask(c, viewer, draft, now)?,
        What::Answer { post, question, written } => {
            ids[*post] = answers::post(c, viewer, ids[*question], written, now)?;
        }
        What::Comment { post, parent, written } => {
            ids[*post] = comments::post(c, viewer, ids[*parent], written, now)?;
        }
        What::Edit(post, revised) => {
            questions::edit(c, viewer, ids[*post], revised, now)?;
        }
        What::Delete(post) => questions::remove(c, viewer, ids[*post], now)?,
        What::Vote(post, value) => {
            votes::cast(c, viewer, ids[*post], *value, now)?;
        }
        What::Accept { question, answer } => {
            questions::accept(c, viewer, ids[*question], ids[*answer], now)?;
        }
        What::Follow(post) => questions::follow(c, viewer, ids[*post], now)?,
        What::Affected(post, case) => questions::count_me(c, viewer, ids[*post], case, now)?,
        What::Close { question, duplicate_of, reason } => {
            questions::close(c, viewer, ids[*question], reason, Some(ids[*duplicate_of]), now)?;
        }
    }
    Ok(())
}
