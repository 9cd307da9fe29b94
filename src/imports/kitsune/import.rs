//! Brings Mozilla Support threads in: questions with their creators, then answers.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::mapping::{self, Creator};
use super::reader::{AnswerRow, Lines, QuestionRow};
use crate::accounts::import::{By, Newcomer};
use crate::answers::import::ImportedAnswer;
use crate::clock::{DAY, Micros};
use crate::imports::links::Base;
use crate::imports::once::Seen;
use crate::imports::run::{BYTES, ImportError, ROWS, Run};
use crate::imports::tags;
use crate::posts::import::{Day, Edited, Format, ImportedPost};
use crate::questions::TagName;
use crate::questions::import::{Choice, Closing, ImportedQuestion};
use crate::text;

const QUESTIONS: &str = "questions";
const ANSWERS: &str = "answers";
/// Characters of a title made from a body.
const TITLE: usize = 100;

/// Imports questions files, then answers files.
///
/// # Errors
/// [`ImportError`]; what was committed before stays.
pub fn import(run: &mut Run, questions: &[PathBuf], answers: &[PathBuf]) -> Result<(), ImportError> {
    run.base = Some(Base::mozilla());
    run.report.expect(QUESTIONS);
    run.report.expect(ANSWERS);
    for file in questions {
        each(run, file, QUESTIONS, weigh_question, question_batch)?;
    }
    for file in answers {
        each(run, file, ANSWERS, weigh_answer, answer_batch)?;
    }
    let left = run.once.choices_left()?;
    run.report.noted(QUESTIONS, "chosen answers that are in no answers file", left);
    run.end()
}

/// Reads a file in batches.
fn each<R: DeserializeOwned>(
    run: &mut Run,
    file: &Path,
    kind: &'static str,
    weigh: fn(&R) -> usize,
    write: fn(&mut Run, Vec<R>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let rows = Lines::<R>::open(file)?;
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    run.progress.stage(name.clone(), Some(rows.position()));
    let mut batch = Vec::new();
    let mut bytes = 0;
    for row in rows {
        match row? {
            Ok(row) => {
                bytes += weigh(&row);
                batch.push(row);
            }
            Err(problem) => {
                run.report.read(kind, 1);
                run.report.skipped(kind, problem.fault.to_string(), 1);
                run.fault(|| format!("{name}, line {}: {}", problem.line, problem.fault));
            }
        }
        if batch.len() >= ROWS || bytes >= BYTES {
            bytes = 0;
            write_batch(run, kind, std::mem::take(&mut batch), write)?;
        }
    }
    write_batch(run, kind, batch, write)
}

fn write_batch<R>(
    run: &mut Run,
    kind: &'static str,
    batch: Vec<R>,
    write: fn(&mut Run, Vec<R>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let n = batch.len() as u64;
    if n > 0 {
        write(run, batch)?;
        run.report.read(kind, n);
        run.progress.advance(n);
    }
    Ok(())
}

fn weigh_question(row: &QuestionRow) -> usize {
    row.content.as_ref().map_or(0, String::len)
}

fn weigh_answer(row: &AnswerRow) -> usize {
    row.content.as_ref().map_or(0, String::len)
}

fn question_batch(run: &mut Run, rows: Vec<QuestionRow>) -> Result<(), ImportError> {
    let mut newcomers = Newcomers::default();
    let mut batch = Vec::with_capacity(rows.len());
    let n = rows.len() as u64;
    let mut twice = 0;
    for row in rows {
        if !run.once.first(Seen::Question, row.id)? {
            twice += 1;
            continue;
        }
        if let Some(answer) = row.solution {
            run.once.put_choice(row.id, answer)?;
        }
        let by = newcomers.by(row.creator.as_deref(), row.created);
        batch.push(question(run, row, by));
    }
    run.questions(newcomers.into_vec(), batch)?;
    run.report.kept(QUESTIONS, n);
    run.report.noted(QUESTIONS, "rows that came twice, taken once", twice);
    Ok(())
}

fn question(run: &mut Run, row: QuestionRow, by: By) -> ImportedQuestion {
    let fitted = mapping::tags(&row);
    note_tags(run, &fitted);
    let body = row.content.clone().unwrap_or_default();
    let title = text::clean_title(row.title.as_deref().unwrap_or_default());
    let title = if title.is_empty() { title_from(run, &body) } else { title };
    let affected = mapping::affected(&row);
    let hidden = row.is_spam == Some(true);
    run.report.noted(QUESTIONS, "spam, kept hidden", u64::from(hidden));
    let closing = (row.is_locked == Some(true)).then(|| Closing {
        at: mapping::changed_at(row.created, row.updated),
        by: By::default(),
        reason: "locked at the source".to_owned(),
    });
    let language = mapping::language(row.locale.as_deref());
    // As bodies' own languages are told: without region.
    let language = language.and_then(|tag| Some(tag.split('-').next()?.to_owned()));
    let post = ImportedPost { language, ..post(run, row.id, by, body, row.created, hidden) };
    ImportedQuestion {
        post,
        title,
        tags: fitted.tags.iter().filter_map(|tag| TagName::parse(tag)).collect(),
        views: 0,
        affected,
        closing,
        turns: Vec::new(),
    }
}

fn title_from(run: &mut Run, body: &str) -> String {
    run.report.noted(QUESTIONS, "without a title, named by their first words", 1);
    let words = text::clean_title(&text::excerpt(&text::html(body).text, TITLE));
    if words.is_empty() { "…".to_owned() } else { words }
}

fn note_tags(run: &mut Run, fitted: &tags::Fitted) {
    run.report.noted(QUESTIONS, "tags with a character replaced", fitted.rewritten);
    run.report.noted(QUESTIONS, "tags shortened", fitted.shortened);
    run.report.noted(QUESTIONS, "tags beyond five", fitted.dropped);
    run.report.noted(QUESTIONS, "tags without a letter or digit", fitted.meaningless);
}

fn answer_batch(run: &mut Run, rows: Vec<AnswerRow>) -> Result<(), ImportError> {
    let here = run.questions_here(rows.iter().map(|row| row.question_id))?;
    let mut newcomers = Newcomers::default();
    let mut batch = Vec::with_capacity(rows.len());
    let mut choices = Vec::new();
    let (mut orphans, mut twice) = (0, 0);
    let n = rows.len() as u64;
    for row in rows {
        if !here.contains(&row.question_id.to_string()) {
            orphans += 1;
            continue;
        }
        if !run.once.first(Seen::Answer, row.id)? {
            twice += 1;
            continue;
        }
        match run.once.take_choice(row.id)? {
            Some(question) if question == row.question_id && row.is_spam != Some(true) => {
                choices.push(choice(&row));
            }
            Some(_) => {
                run.report.noted(QUESTIONS, "chosen answers that cannot be: spam or of another question", 1)
            }
            None => {}
        }
        let by = newcomers.by(row.creator.as_deref(), row.created);
        batch.push(answer(run, row, by));
    }
    run.answers(newcomers.into_vec(), batch, choices)?;
    run.report.kept(ANSWERS, n - orphans);
    run.report.skipped(ANSWERS, "question in no questions file", orphans);
    run.report.noted(ANSWERS, "rows that came twice, taken once", twice);
    Ok(())
}

fn choice(row: &AnswerRow) -> Choice {
    Choice { question: row.question_id.to_string(), answer: row.id.to_string(), at: row.created }
}

fn answer(run: &mut Run, row: AnswerRow, by: By) -> ImportedAnswer {
    let (up, down) = mapping::tally(&row);
    let hidden = row.is_spam == Some(true);
    run.report.noted(ANSWERS, "spam, kept hidden", u64::from(hidden));
    // Only the author edits an answer there, moderators apart, and the forum does not say who it was.
    let edited =
        mapping::edited_at(row.created, row.updated).map(|at| Edited { at, by: by.clone(), reason: None });
    let mut tallies = Vec::new();
    if up + down > 0 {
        tallies.push(Day { day: row.created - row.created.rem_euclid(DAY), up, down });
    }
    let body = row.content.unwrap_or_default();
    let post = post(run, row.id, by, body, row.created, hidden);
    ImportedAnswer {
        post: ImportedPost { edited, tallies: Some(tallies), ..post },
        question: row.question_id.to_string(),
    }
}

fn post(run: &mut Run, id: i64, by: By, body: String, created_at: Micros, hidden: bool) -> ImportedPost {
    let body = text::clean_body(&body);
    let body = run.base.as_ref().map_or_else(|| body.clone(), |base| base.html(&body).into_owned().into());
    ImportedPost {
        original_id: id.to_string(),
        by,
        body: body.into_owned(),
        format: Format::Html,
        rendered: None,
        language: None,
        hidden: hidden.then_some("spam at the source"),
        deleted_at: None,
        created_at,
        edited: None,
        earlier: Vec::new(),
        locks: Vec::new(),
        tallies: None,
    }
}

/// Creators of a batch, each once.
#[derive(Default)]
struct Newcomers {
    order: Vec<Newcomer>,
    met: HashSet<String>,
}

impl Newcomers {
    fn by(&mut self, creator: Option<&str>, at: Micros) -> By {
        match mapping::creator(creator) {
            Creator::Member(name) => {
                if self.met.insert(name.to_owned()) {
                    self.order.push(Newcomer {
                        original_id: name.to_owned(),
                        name: name.to_owned(),
                        system: false,
                        about: String::new(),
                        created_at: at,
                    });
                }
                By { original_id: Some(name.to_owned()), shown: Some(name.to_owned()) }
            }
            Creator::Named(name) => By { original_id: None, shown: Some(name.to_owned()) },
            Creator::Unknown => By::default(),
        }
    }

    fn into_vec(self) -> Vec<Newcomer> {
        self.order
    }
}
