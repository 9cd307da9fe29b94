//! What a guru achieved last month, told on the first of the month in their own time zone. Nothing when there is nothing.

use diesel::prelude::*;
use jiff::ToSpan;

use super::deliver::{self, Notice};
use super::kinds::{Kind, Level, Reason};
use super::letters::fact;
use super::personal;
use super::quiet::{at_minute, local};
use super::quietable::{Quietable, outgoing};
use super::signed::Quieter;
use crate::accounts::reached::Reached;
use crate::clock::{DAY, Micros};
use crate::db::{Conn, Effect};
use crate::gurus::{Month, Need, achieved, in_months, needs};
use crate::jobs::sweeper::Duty;
use crate::jobs::timed::{self, Timed};
use crate::mail::Outgoing;
use crate::questions::question_url;
use crate::web::letter::{Block, Item, LetterError, Letterhead, say};

pub(super) const KIND: &str = "notices.guru-month";
/// The minute of the day it is sent: eight in the morning.
const MORNING: i64 = 8 * 60;
/// Questions told that wait.
const WAITING: usize = 5;

/// Tells gurus of their month.
pub struct GuruMonths(pub Letterhead);

/// A month as it is told.
struct Said {
    month: Month,
    waiting: Vec<Need>,
    /// 1 to 12, and its year.
    number: i64,
    year: i64,
}

impl Duty for GuruMonths {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn prepare(&self, c: &mut Conn, due: &Timed, now: Micros) -> QueryResult<Effect> {
        let member = due.subject_id;
        // Who is no guru any more has no months; the next standing begins with a clock of its own.
        if in_months(c, member)?.is_empty() {
            return Ok(Box::new(|_| Ok(())));
        }
        let Some(person) = personal::reach(c, member, Kind::GuruMonth, now)? else {
            let next = next_first(now, "UTC");
            return Ok(Box::new(move |c| timed::schedule(c, KIND, member, next)));
        };
        let (to, next) = (&person.to, next_first(now, &person.to.time_zone));
        let notice = match said(c, to, now)? {
            Some(said) if person.level != Level::Off => {
                let mut notice = notice(to, &said, person.level);
                if let Some((email, due_at)) = &person.mail {
                    let mail = self.letter(to, email, &said, &notice.fact, now)?;
                    notice.mail = Some(Outgoing { due_at: *due_at, ..mail });
                }
                Some(notice)
            }
            _ => None,
        };
        Ok(Box::new(move |c| {
            deliver::written(c, notice.as_slice(), now)?;
            timed::schedule(c, KIND, member, next)
        }))
    }
}

/// The morning of the next first of a month after `now`.
pub(super) fn next_first(now: Micros, zone: &str) -> Micros {
    let next = local(now, zone).and_then(|here| {
        let first = here.first_of_month().ok()?;
        let this = at_minute(&first, MORNING).filter(|at| *at > now);
        let after = || first.checked_add(1.month()).ok().and_then(|first| at_minute(&first, MORNING));
        this.or_else(after)
    });
    next.unwrap_or(now + 30 * DAY)
}

/// What there is to tell of the month before the one it is now.
fn said(c: &mut Conn, person: &Reached, now: Micros) -> QueryResult<Option<Said>> {
    let Some(here) = local(now, &person.time_zone) else { return Ok(None) };
    let until = here.first_of_month().ok();
    let until = until.and_then(|first| first.start_of_day().ok());
    let from = until.as_ref().and_then(|until| until.checked_sub(1.month()).ok());
    let (Some(from), Some(until)) = (from, until) else { return Ok(None) };
    let (number, year) = (i64::from(from.month()), i64::from(from.year()));
    let (from, until) = (from.timestamp().as_microsecond(), until.timestamp().as_microsecond());
    let month = achieved(c, person.viewer.id, from, until)?;
    let waiting = needs(c, &person.viewer, WAITING, now)?;
    let nothing = month.is_empty() && waiting.is_empty();
    Ok((!nothing).then_some(Said { month, waiting, number, year }))
}

fn notice(person: &Reached, said: &Said, level: Level) -> Notice {
    let detail =
        serde_json::json!({ "what": "guru-month", "url": "/guru", "title": said.month.tags.join(", ") });
    Notice {
        member: person.viewer.id,
        fact: format!("guru-month {}-{:02}", said.year, said.number),
        kind: Kind::GuruMonth,
        reason: Reason::Guru,
        question_id: None,
        post_id: None,
        actor_id: None,
        detail: detail.to_string(),
        level,
        mail: None,
    }
}

impl GuruMonths {
    fn letter(
        &self,
        to: &Reached,
        email: &str,
        said: &Said,
        told: &str,
        now: Micros,
    ) -> Result<Outgoing, LetterError> {
        let (head, locale, month) = (&self.0, to.viewer.locale.as_str(), &said.month);
        let name = say(locale, "month-name", &[("n", said.number.into())])?;
        let tags = month.tags.join(", ");
        let args =
            [("month", name.as_str().into()), ("tags", tags.as_str().into()), ("site", head.name().into())];
        let profile = head.url(&format!("/people/{}", to.viewer.id));
        let mut blocks = vec![Block::Words { text: say(locale, "mail-month-what", &args)? }];
        let figures = [
            ("mail-month-helped", month.helped),
            ("mail-month-accepted", month.accepted),
            ("mail-month-endorsed", month.endorsed),
            ("mail-month-answers", month.answers),
            ("mail-month-readers", month.readers),
        ];
        let mut items = Vec::new();
        for (key, n) in figures.into_iter().filter(|(_, n)| *n > 0) {
            let text = say(locale, key, &[("n", n.into())])?;
            items.push(Item { text, url: profile.clone(), note: String::new() });
        }
        if !items.is_empty() {
            blocks.push(Block::List { items });
        }
        if !month.points.is_empty() {
            blocks.push(Block::Heading { text: say(locale, "mail-month-points", &[])? });
            let line = |(reason, n): &(String, i64)| {
                let note = say(locale, "mail-month-points-n", &[("n", (*n).into())])?;
                let text = say(locale, &format!("points-{reason}"), &[])?;
                Ok::<_, LetterError>(Item { text, url: profile.clone(), note })
            };
            blocks.push(Block::List { items: month.points.iter().map(line).collect::<Result<_, _>>()? });
        }
        if !said.waiting.is_empty() {
            blocks.push(Block::Heading { text: say(locale, "mail-month-waiting", &[])? });
            let line = |need: &Need| {
                let note = say(locale, "mail-month-need", &[("tag", need.tag.as_str().into())])?;
                let url = head.url(&question_url(need.id, &need.title));
                Ok::<_, LetterError>(Item { text: need.title.clone(), url, note })
            };
            blocks.push(Block::List { items: said.waiting.iter().map(line).collect::<Result<_, _>>()? });
            let label = say(locale, "mail-month-all", &[])?;
            blocks.push(Block::Button { label, url: head.url("/needs-you") });
        }
        let letter = Quietable {
            kind: Kind::GuruMonth.as_str(),
            fact: fact(to.viewer.id, told),
            quieter: Quieter::Kind(Kind::GuruMonth),
            subject: say(locale, "mail-subject-month", &args)?,
            blocks,
            why: say(locale, "mail-why-guru", &[("subject", tags.as_str().into())])?,
        };
        let shown = said.waiting.iter().map(|need| need.id).collect();
        Ok(Outgoing { shown, ..outgoing(head, to, email, letter, now)? })
    }
}

#[cfg(test)]
mod tests {
    use super::next_first;
    use crate::clock::parse_rfc3339;

    #[test]
    fn the_first_of_a_month_is_the_members_own() {
        for (now, zone, next) in [
            ("2026-11-26T12:00:00Z", "UTC", "2026-12-01T08:00:00Z"),
            ("2026-12-01T06:30:00Z", "Europe/Vienna", "2026-12-01T07:00:00Z"),
            ("2026-12-01T07:00:00Z", "Europe/Vienna", "2027-01-01T07:00:00Z"),
            // Still November there.
            ("2026-12-01T04:00:00Z", "America/New_York", "2026-12-01T13:00:00Z"),
        ] {
            let at = |text| parse_rfc3339(text).unwrap();
            assert_eq!(next_first(at(now), zone), at(next), "{now} in {zone}");
        }
    }
}
