//! Reminders to those who asked: that answers wait for a verdict, and what helps a question that nobody answers.
//!
//! Each has a delay, an interval and a greatest number, all settings. A question that is solved, closed or deleted is
//! not reminded of.

use diesel::prelude::*;

use super::deliver::{self, Notice};
use super::kinds::{Kind, Level, Reason};
use super::letters::fact;
use super::levels;
use super::quiet;
use super::quietable::{Quietable, outgoing};
use super::signed::{Quieter, Reply, reply_tag};
use crate::accounts::reached::{Reached, reached_one};
use crate::clock::{DAY, Micros};
use crate::config::site;
use crate::db::schema::{notices, questions};
use crate::db::{Conn, Effect};
use crate::events::{Follower, Recorded, Takes};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::mail::{Headers, Outgoing};
use crate::posts;
use crate::questions::question_url;
use crate::web::letter::{Block, LetterError, Letterhead, say};

const VERDICT: &str = "notices.remind-verdict";
const UNANSWERED: &str = "notices.remind-unanswered";

/// A reminder's timing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Days until the first.
    pub delay: i64,
    /// Days until the next.
    pub interval: i64,
    /// How many at most; none with 0.
    pub most: i64,
}

/// The setting of reminders that answers wait for a verdict: `delay interval most`.
pub const VERDICT_SETTING: &str = "remind_verdict";
/// The same of questions that nobody answers.
pub const UNANSWERED_SETTING: &str = "remind_unanswered";

impl Timing {
    /// Reads `delay interval most`; each from 0 (most) or 1 to 365.
    #[must_use]
    pub fn parse(text: &str) -> Option<Timing> {
        let numbers: Vec<i64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
        let [delay, interval, most] = numbers.as_slice() else { return None };
        let right = (1..=365).contains(delay) && (1..=365).contains(interval) && (0..=20).contains(most);
        right.then_some(Timing { delay: *delay, interval: *interval, most: *most })
    }

    fn set(c: &mut Conn, name: &str, usual: Timing) -> QueryResult<Timing> {
        Ok(site::get(c, name)?.as_deref().and_then(Timing::parse).unwrap_or(usual))
    }
}

/// As set, or three days, then after a week, twice in all.
pub fn verdict_timing(c: &mut Conn) -> QueryResult<Timing> {
    Timing::set(c, VERDICT_SETTING, Timing { delay: 3, interval: 7, most: 2 })
}

/// As set, or two days, then after a week, twice in all.
pub fn unanswered_timing(c: &mut Conn) -> QueryResult<Timing> {
    Timing::set(c, UNANSWERED_SETTING, Timing { delay: 2, interval: 7, most: 2 })
}

/// Sets the clocks when somebody asks and when somebody answers.
pub struct ReminderClocks;

impl Follower for ReminderClocks {
    fn name(&self) -> &'static str {
        "reminders"
    }

    fn takes(&self) -> Takes {
        Takes::LiveOnly
    }

    fn follow(&self, c: &mut Conn, events: &[Recorded], _: Micros) -> QueryResult<Effect> {
        let (verdict, unanswered) = (verdict_timing(c)?, unanswered_timing(c)?);
        let mut due: Vec<(&'static str, i64, Micros)> = Vec::new();
        for event in events {
            let Some(question) = event.question_id else { continue };
            match event.kind.as_str() {
                "QuestionAsked" | "QuestionReopened" => {
                    due.push((UNANSWERED, question, event.occurred_at + unanswered.delay * DAY));
                }
                "AnswerPosted" => due.push((VERDICT, question, event.occurred_at + verdict.delay * DAY)),
                _ => {}
            }
        }
        Ok(Box::new(move |c| {
            due.iter().try_for_each(|(kind, question, at)| timed::schedule_once(c, kind, *question, *at))
        }))
    }
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Verdict,
    Unanswered,
}

/// Reminds.
pub struct Reminders {
    head: Letterhead,
    about: About,
}

impl Reminders {
    /// That answers wait for a verdict.
    #[must_use]
    pub fn of_verdicts(head: Letterhead) -> Reminders {
        Reminders { head, about: About::Verdict }
    }

    /// What helps a question that nobody answers.
    #[must_use]
    pub fn of_unanswered(head: Letterhead) -> Reminders {
        Reminders { head, about: About::Unanswered }
    }
}

#[derive(Queryable)]
struct Question {
    title: String,
    author_id: Option<i64>,
    unanswered: bool,
    solved: bool,
    closed: bool,
    listed: bool,
    answers_by_others: i64,
}

impl Duty for Reminders {
    fn kind(&self) -> &'static str {
        match self.about {
            About::Verdict => VERDICT,
            About::Unanswered => UNANSWERED,
        }
    }

    fn prepare(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect> {
        let (id, kind) = (due.subject_id, self.kind());
        let nothing: Effect = Box::new(|_| Ok(()));
        let timing = match self.about {
            About::Verdict => verdict_timing(c)?,
            About::Unanswered => unanswered_timing(c)?,
        };
        let row: Option<Question> = questions::table
            .find(id)
            .select((
                questions::title,
                questions::author_id,
                questions::unanswered,
                questions::solved,
                questions::closed,
                questions::listed,
                questions::answers_by_others,
            ))
            .first(c)
            .optional()?;
        let Some(question) = row.filter(|row| self.is_due(row)) else { return Ok(nothing) };
        let Some(asker) = question.author_id else { return Ok(nothing) };
        let Some(person) = reached_one(c, asker, now)? else { return Ok(nothing) };
        if posts::find(c, &person.viewer, id)?.is_none() {
            return Ok(nothing);
        }
        let before = told_before(c, asker, id, self.what())?;
        if before >= timing.most {
            return Ok(nothing);
        }
        let next = now + timing.interval * DAY;
        let notice = self.notice(c, &person, id, &question, before, now)?;
        // Who wants none is not asked again and again whether they do.
        let Some(notice) = notice else { return Ok(nothing) };
        Ok(Box::new(move |c| {
            deliver::written(c, std::slice::from_ref(&notice), now)?;
            timed::schedule(c, kind, id, next)
        }))
    }
}

impl Reminders {
    fn what(&self) -> &'static str {
        match self.about {
            About::Verdict => "waiting-verdict",
            About::Unanswered => "still-unanswered",
        }
    }

    fn is_due(&self, question: &Question) -> bool {
        let open = question.listed && !question.closed && !question.solved;
        open && match self.about {
            About::Verdict => question.answers_by_others > 0,
            About::Unanswered => question.unanswered,
        }
    }

    fn notice(
        &self,
        c: &mut Conn,
        person: &Reached,
        id: i64,
        question: &Question,
        before: i64,
        now: Micros,
    ) -> QueryResult<Option<Notice>> {
        let member = person.viewer.id;
        let levels = levels::of_members(c, &[member])?.remove(&member).unwrap_or_default();
        let level = levels.of(Kind::Reminder);
        if level == Level::Off {
            return Ok(None);
        }
        let mut notice = Notice {
            member,
            fact: format!("{} {id} {}", self.what(), before + 1),
            kind: Kind::Reminder,
            reason: Reason::YourQuestion,
            question_id: Some(id),
            post_id: Some(id),
            actor_id: None,
            detail: serde_json::json!({ "what": self.what() }).to_string(),
            level,
            mail: None,
        };
        if level == Level::Now
            && let Some(email) = &person.email
        {
            let mut mail = self.letter(person, email, id, question, &notice.fact, now)?;
            mail.due_at = quiet::after(now, &person.time_zone, levels::times(c, member)?.quiet);
            notice.mail = Some(mail);
        }
        Ok(Some(notice))
    }

    fn letter(
        &self,
        to: &Reached,
        email: &str,
        id: i64,
        question: &Question,
        told: &str,
        now: Micros,
    ) -> Result<Outgoing, LetterError> {
        let (head, locale) = (&self.head, to.viewer.locale.as_str());
        let url = head.url(&question_url(id, &question.title));
        let (what, next, button) = match self.about {
            About::Verdict => {
                ("mail-remind-verdict", "mail-remind-verdict-next", "mail-remind-verdict-button")
            }
            About::Unanswered => {
                ("mail-remind-unanswered", "mail-remind-unanswered-next", "mail-remind-unanswered-button")
            }
        };
        let letter = Quietable {
            kind: Kind::Reminder.as_str(),
            fact: fact(to.viewer.id, told),
            quieter: Quieter::Kind(Kind::Reminder),
            subject: say(locale, "mail-subject-re", &[("title", question.title.as_str().into())])?,
            blocks: vec![
                Block::Words { text: say(locale, what, &[("n", question.answers_by_others.into())])? },
                Block::Title { text: question.title.clone(), url: url.clone() },
                Block::Words { text: say(locale, next, &[])? },
                Block::Button { label: say(locale, button, &[])?, url },
            ],
            why: say(locale, "mail-why-your-question", &[("subject", "".into())])?,
        };
        let mail = outgoing(head, to, email, letter, now)?;
        let reply = Reply { member: to.viewer.id, post: id };
        let headers = Headers {
            reply_to: Some(head.mailbox.tagged(&reply_tag(&head.secret, reply, now))),
            references: vec![format!("question.{id}@{}", head.mailbox.domain())],
            ..mail.headers
        };
        Ok(Outgoing { post_id: Some(id), headers, ..mail })
    }
}

/// How often a member was reminded of a question in this way.
fn told_before(c: &mut Conn, member: i64, question: i64, what: &str) -> QueryResult<i64> {
    let begin = format!("{what} {question} ");
    let end = format!("{what} {question}!");
    notices::table
        .filter(notices::member_id.eq(member))
        .filter(notices::fact.ge(begin))
        .filter(notices::fact.lt(end))
        .count()
        .get_result(c)
}

#[cfg(test)]
mod tests {
    use super::Timing;

    #[test]
    fn a_timing_is_three_numbers_that_make_sense() {
        assert_eq!(Timing::parse("3 7 2"), Some(Timing { delay: 3, interval: 7, most: 2 }));
        assert_eq!(Timing::parse("1 1 0"), Some(Timing { delay: 1, interval: 1, most: 0 }));
        for wrong in ["", "3 7", "3 7 2 1", "0 7 2", "3 0 2", "3 7 99", "a b c", "-1 7 2"] {
            assert_eq!(Timing::parse(wrong), None, "{wrong}");
        }
    }
}
