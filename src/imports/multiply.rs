//! Grows a hall for measuring: imported threads again and again, with other words in them.
//!
//! A thread of round n differs from its original in about every third word, taken from what was read before, in its
//! people and in its time. The same hall grows in the same way, so that a run that was stopped goes on. It is an
//! import like any other, of the source `bench-seed`.

use std::collections::HashSet;

use super::run::{ImportError, Run};
use crate::accounts::import::{By, Newcomer};
use crate::answers::import::ImportedAnswer;
use crate::clock::{DAY, HOUR, Micros};
use crate::posts::import::{Day, Format, ImportedPost};
use crate::questions::TagName;
use crate::questions::import::{Choice, ImportedQuestion, Original, OriginalPost, originals, posts_here};
use crate::text;

/// What the copies are an import of.
pub const SOURCE: &str = "bench-seed";
/// Threads of a batch.
const THREADS: i64 = 120;
/// Words that are remembered, to be put in place of others.
const WORDS: usize = 20_000;
/// Of so many words one is replaced.
const EVERY: u64 = 3;

/// Adds copies until there are `wanted` posts, and says how many there are then.
///
/// # Errors
/// [`ImportError`]; what was written before stays.
pub fn multiply(run: &mut Run, wanted: i64) -> Result<i64, ImportError> {
    let mut here = run.read(|c, _| posts_here(c))?;
    let (mut words, space) = (Words::default(), run.target.space_id);
    for round in 1.. {
        run.progress.stage(format!("round {round}"), None);
        let mut after = 0;
        let mut copied = false;
        while here < wanted {
            let batch = run.read(move |c, source| originals(c, space, after, source, THREADS))?;
            let Some(last) = batch.last() else { break };
            after = last.question.id;
            copied = true;
            copy(run, &batch, round, &mut words)?;
            here = run.read(|c, _| posts_here(c))?;
        }
        if !copied {
            break;
        }
    }
    run.end()?;
    Ok(here)
}

fn copy(run: &mut Run, batch: &[Original], round: i64, words: &mut Words) -> Result<(), ImportError> {
    let mut people = People::default();
    let (mut questions, mut answers, mut choices) = (Vec::new(), Vec::new(), Vec::new());
    for original in batch {
        let id = name_of(original.question.id, round);
        words.begin(original.question.id, round);
        questions.push(ImportedQuestion {
            title: text::clean_title(&words.replaced(&original.title)),
            tags: original.tags.iter().filter_map(|tag| TagName::parse(tag)).collect(),
            views: original.views,
            affected: original.affected,
            closing: None,
            turns: Vec::new(),
            post: post(&original.question, round, &mut people, words),
        });
        answers.extend(original.answers.iter().map(|answer| ImportedAnswer {
            post: post(answer, round, &mut people, words),
            question: id.clone(),
        }));
        choices.extend(original.chosen.map(|(answer, at)| Choice {
            question: id,
            answer: name_of(answer, round),
            at: later(at, round),
        }));
    }
    let written = (questions.len() + answers.len()) as u64;
    run.questions(people.order, questions)?;
    run.answers(Vec::new(), answers, choices)?;
    run.progress.advance(written);
    Ok(())
}

fn post(original: &OriginalPost, round: i64, people: &mut People, words: &mut Words) -> ImportedPost {
    let created_at = later(original.created_at, round);
    let (up, down) = (original.up.unwrap_or(0), original.down.unwrap_or(0));
    let day = Day { day: created_at - created_at.rem_euclid(DAY), up, down };
    ImportedPost {
        original_id: name_of(original.id, round),
        by: people.by(original.author, round, created_at),
        body: words.replaced(&original.body),
        format: if original.format == "markdown" { Format::Markdown } else { Format::Html },
        rendered: None,
        language: None,
        hidden: None,
        deleted_at: None,
        created_at,
        edited: None,
        earlier: Vec::new(),
        locks: Vec::new(),
        tallies: Some(Vec::from_iter(Some(day).filter(|day| day.up + day.down > 0))),
    }
}

/// What a copy is called at the source.
fn name_of(id: i64, round: i64) -> String {
    format!("{round}.{id}")
}

/// Rounds lie side by side in time, so that new and old threads are mixed as in a hall that is much used.
fn later(at: Micros, round: i64) -> Micros {
    at + round * 9 * HOUR
}

/// The people of a batch, each once.
#[derive(Default)]
struct People {
    order: Vec<Newcomer>,
    met: HashSet<String>,
}

impl People {
    fn by(&mut self, original: Option<i64>, round: i64, at: Micros) -> By {
        let Some(original) = original else {
            return By { original_id: None, shown: Some("a guest".to_owned()) };
        };
        let id = name_of(original, round);
        let name = format!("Voice {original} of round {round}");
        if self.met.insert(id.clone()) {
            self.order.push(Newcomer {
                original_id: id.clone(),
                name: name.clone(),
                system: false,
                about: String::new(),
                created_at: at,
            });
        }
        By { original_id: Some(id), shown: Some(name) }
    }
}

/// Words that were met, and chance that is the same each time.
#[derive(Default)]
struct Words {
    met: Vec<Box<str>>,
    next: usize,
    chance: u64,
}

impl Words {
    fn begin(&mut self, question: i64, round: i64) {
        self.chance = (question as u64) << 20 ^ round as u64;
    }

    /// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    fn random(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The text with some words of it replaced; between `<` and `>`, and in `&…;`, it stays.
    fn replaced(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        let is_part = |c: char| c.is_alphabetic();
        while let Some(first) = rest.chars().next() {
            let end = match first {
                '<' => rest.find('>').map_or(rest.len(), |at| at + 1),
                '&' => rest.find([';', ' ']).map_or(rest.len(), |at| at + 1),
                _ if is_part(first) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
                _ => first.len_utf8(),
            };
            let (part, after) = rest.split_at(end);
            if is_part(first) && part.len() >= 4 {
                self.put(part, &mut out)
            } else {
                out.push_str(part)
            }
            rest = after;
        }
        out
    }

    fn put(&mut self, word: &str, out: &mut String) {
        let random = self.random();
        let other = usize::try_from(random >> 32).ok().and_then(|n| self.met.get(n % self.met.len().max(1)));
        match other.filter(|_| random.is_multiple_of(EVERY)) {
            Some(other) => out.push_str(other),
            None => out.push_str(word),
        }
        if self.met.len() < WORDS {
            self.met.push(word.into());
        } else if let Some(slot) = self.met.get_mut(self.next) {
            *slot = word.into();
            self.next = (self.next + 1) % WORDS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn words_are_replaced_and_marks_are_not() {
        let text =
            r#"<p class="some words">Thunderbird cannot fetch &amp; send <a href="/x">messages</a>.</p>"#;
        let copies = [1, 1, 2].map(|round| {
            let mut words = Words::default();
            words.begin(7, round);
            words.replaced("first there were other words elsewhere");
            words.replaced(text)
        });
        assert_eq!(copies[0], copies[1]);
        assert!(copies[0] != text && copies[0] != copies[2], "{copies:?}");
        assert!(copies.iter().all(|copy| copy.starts_with(r#"<p class="some words">"#)), "{copies:?}");
        assert!(
            copies.iter().all(|copy| copy.contains(r#"&amp; "#) && copy.ends_with("</a>.</p>")),
            "{copies:?}"
        );
    }
}
