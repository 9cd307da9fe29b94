//! Batches of posts on their way into the hall: compared with what is here, rendered, written.

use std::collections::HashSet;

use diesel::QueryResult;

use super::run::{ImportError, Run, Target, render};
use crate::accounts::import::{self as accounts, Newcomer, People};
use crate::answers::import::{self as answers, ImportedAnswer};
use crate::clock::Micros;
use crate::comments::import::{self as comments, ImportedComment};
use crate::db::Conn;
use crate::posts::Kind;
use crate::posts::import as posts;
use crate::questions::import::{self as questions, Change, Choice, ImportedQuestion};

impl Run {
    /// Brings people in, and takes over what a newer dump says of those who have not claimed their place.
    pub(super) fn members(&mut self, batch: Vec<Newcomer>) -> Result<(), ImportError> {
        let ids: Vec<String> = batch.iter().map(|new| new.original_id.clone()).collect();
        let present = self.read(move |c, source| accounts::present(c, source, &borrowed(&ids)))?;
        let mut new = Vec::new();
        let mut changed = Vec::new();
        for newcomer in batch {
            match present.get(&newcomer.original_id) {
                None => new.push(newcomer),
                Some(present) if present.differs(&newcomer) => changed.push((present.clone(), newcomer)),
                Some(_) => {}
            }
        }
        if new.is_empty() && changed.is_empty() {
            return Ok(());
        }
        self.write((new, changed), |c, target, (new, changed), _| {
            accounts::bring(c, &target.source, new)?;
            for (present, newcomer) in changed {
                accounts::update(c, present, newcomer)?;
            }
            Ok(())
        })
    }

    /// Writes questions with those of `newcomers` who are absent.
    pub(super) fn questions(
        &mut self,
        newcomers: Vec<Newcomer>,
        batch: Vec<ImportedQuestion>,
    ) -> Result<(), ImportError> {
        let ids: Vec<String> = batch.iter().map(|question| question.post.original_id.clone()).collect();
        let present = self.read(move |c, source| questions::present(c, source, &borrowed(&ids)))?;
        let mut new = Vec::new();
        let mut changed = Vec::new();
        for question in batch {
            let Some(present) = present.get(&question.post.original_id) else {
                new.push(question);
                continue;
            };
            let difference = present.difference(&question);
            if difference.any() {
                changed.push(Change { id: present.post.id, difference, new: question });
            }
        }
        if new.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let differing = changed.iter_mut().filter(|change| change.difference.text);
        let unrendered = new.iter_mut().chain(differing.map(|change| &mut change.new));
        render(unrendered.map(|question| &mut question.post).collect());
        self.write((newcomers, new, changed), |c, target, (newcomers, new, changed), now| {
            accounts::bring(c, &target.source, newcomers)?;
            let all = new.iter().chain(changed.iter().map(|change| &change.new));
            let people = People::named(c, &target.source, all.flat_map(ImportedQuestion::people))?;
            questions::add(c, target.space_id, &target.source, &people, new, now)?;
            for change in changed {
                questions::change(c, &people, change, now)?;
            }
            Ok(())
        })
    }

    /// Writes answers, whose questions are here, with those of `newcomers` who are absent; then what their questions
    /// chose among them.
    pub(super) fn answers(
        &mut self,
        newcomers: Vec<Newcomer>,
        batch: Vec<ImportedAnswer>,
        choices: Vec<Choice>,
    ) -> Result<(), ImportError> {
        let ids: Vec<String> = batch.iter().map(|answer| answer.post.original_id.clone()).collect();
        let (present, chosen) = self.read(move |c, source| {
            let present = posts::present(c, source, Kind::Answer, &borrowed(&ids))?;
            let here: Vec<i64> = present.values().map(|present| present.id).collect();
            let chosen = questions::chosen(c, &here)?;
            Ok((present, chosen))
        })?;
        let is_open =
            |choice: &Choice| present.get(&choice.answer).is_none_or(|present| !chosen.contains(&present.id));
        let choices: Vec<Choice> = choices.into_iter().filter(is_open).collect();
        let mut new = Vec::new();
        let mut changed = Vec::new();
        for answer in batch {
            match present.get(&answer.post.original_id) {
                None => new.push(answer),
                Some(present)
                    if present.text_differs(&answer.post) || present.tallies_differ(&answer.post) =>
                {
                    changed.push(answers::Changed { present: present.clone(), new: answer.post });
                }
                Some(_) => {}
            }
        }
        if new.is_empty() && changed.is_empty() && choices.is_empty() {
            return Ok(());
        }
        let differing = changed.iter_mut().filter(|changed| changed.present.text_differs(&changed.new));
        let unrendered = new.iter_mut().map(|answer| &mut answer.post);
        render(unrendered.chain(differing.map(|changed| &mut changed.new)).collect());
        self.write(
            (newcomers, new, changed, choices),
            |c, target, (newcomers, new, changed, choices), now| {
                accounts::bring(c, &target.source, newcomers)?;
                let edited = changed.iter().flat_map(|changed| changed.new.people());
                let people = People::named(c, &target.source, answers::people(new).chain(edited))?;
                answers::add(c, &target.source, &people, new, now)?;
                answers::change(c, &people, changed, now)?;
                questions::choose(c, &target.source, choices, now)
            },
        )
    }

    /// Writes comments, whose posts are here.
    pub(super) fn comments(&mut self, batch: Vec<ImportedComment>) -> Result<(), ImportError> {
        let ids: Vec<String> = batch.iter().map(|comment| comment.post.original_id.clone()).collect();
        let present =
            self.read(move |c, source| posts::present(c, source, Kind::Comment, &borrowed(&ids)))?;
        let mut new = Vec::new();
        let mut changed = Vec::new();
        for comment in batch {
            match present.get(&comment.post.original_id) {
                None => new.push(comment),
                Some(present) if present.text_differs(&comment.post) => {
                    changed.push(comments::Changed { present: present.clone(), new: comment.post });
                }
                Some(_) => {}
            }
        }
        if new.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let unrendered = new.iter_mut().map(|comment| &mut comment.post);
        render(unrendered.chain(changed.iter_mut().map(|changed| &mut changed.new)).collect());
        self.write((new, changed), write_comments)
    }

    /// Those of the questions that are here.
    pub(super) fn questions_here(
        &self,
        ids: impl Iterator<Item = i64>,
    ) -> Result<HashSet<String>, ImportError> {
        let ids: HashSet<String> = ids.map(|id| id.to_string()).collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let opened = self.read(move |c, source| questions::opened(c, source, &borrowed(&ids)))?;
        Ok(opened.into_keys().collect())
    }
}

type Comments = (Vec<ImportedComment>, Vec<comments::Changed>);

fn write_comments(c: &mut Conn, target: &Target, (new, changed): &Comments, now: Micros) -> QueryResult<()> {
    let added = new.iter().flat_map(|comment| comment.post.people());
    let edited = changed.iter().flat_map(|changed| changed.new.people());
    let people = People::named(c, &target.source, added.chain(edited))?;
    comments::add(c, &target.source, &people, new, now)?;
    comments::change(c, &people, changed, now)
}

pub(super) fn borrowed(ids: &[String]) -> Vec<&str> {
    ids.iter().map(String::as_str).collect()
}
