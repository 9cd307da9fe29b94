//! Posting a message that came in, and writing down what became of it, in one transaction.

use diesel::QueryResult;

use super::answer::{self, Word};
use super::route::Wanted;
use super::store::{self, New};
use super::{Outcome, sender};
use crate::accounts::reached::{Reached, reached_one};
use crate::clock::{DAY, HOUR, Micros};
use crate::db::{Conn, Error, Failure, On};
use crate::mail::incoming::Received;
use crate::mail::{outbox, suppressions};
use crate::posts::{self, Kind, Written, sizes};
use crate::questions::Draft;
use crate::web::letter::{Letterhead, say};
use crate::web::limits::within;
use crate::web::{FieldProblem, Problem};
use crate::{answers, comments, questions};

/// E-mails of one member that are posted within a day.
const A_DAY: i64 = 50;
/// … and within an hour.
const AN_HOUR: i64 = 15;
/// The tag of questions that came by e-mail and named none.
const NO_TAG: &str = "by-e-mail";

/// A message with what it becomes, rendered.
#[derive(Clone)]
pub(super) enum Prepared {
    Answer {
        by: Reached,
        question: i64,
        written: Box<Written>,
    },
    Comment {
        by: Reached,
        question: i64,
        to: i64,
        written: Box<Written>,
    },
    Question {
        by: Reached,
        draft: Box<Draft>,
    },
    Bounce(String),
    Nothing(&'static str),
    Look(&'static str, Option<Reached>),
    /// A text that cannot be taken, for what is wrong with it.
    Unfit(Reached, Vec<FieldProblem>),
}

impl Prepared {
    pub(super) fn on(&self) -> On {
        match self {
            Prepared::Answer { question, .. } | Prepared::Comment { question, .. } => On::Thread(*question),
            Prepared::Question { .. } => questions::ASK_ON,
            _ => On::Nothing,
        }
    }

    /// The thread it goes to, where that is there already.
    fn thread(&self) -> Option<i64> {
        match self {
            Prepared::Answer { question, .. } | Prepared::Comment { question, .. } => Some(*question),
            _ => None,
        }
    }
}

/// Checks and renders.
pub(super) fn prepared(head: &Letterhead, received: &Received, wanted: Wanted) -> Prepared {
    let text = with_attachments(&without_own_links(head, &received.text), received, &wanted);
    match wanted {
        Wanted::Reply { by, question, to, kind, own } => {
            let short = text.chars().count() < *sizes::BODY.start();
            let long = text.chars().count() > *sizes::COMMENT.end();
            // Who asked does not answer, and who says little comments; what is too long for a comment is an answer.
            let answers = if own { false } else { (kind == Kind::Question && !short) || long };
            let kind = if answers { Kind::Answer } else { Kind::Comment };
            match Written::new(kind, &text) {
                Err(field) => Prepared::Unfit(*by, vec![field]),
                Ok(written) if answers => Prepared::Answer { by: *by, question, written: Box::new(written) },
                Ok(written) => Prepared::Comment { by: *by, question, to, written: Box::new(written) },
            }
        }
        Wanted::Ask { by, space } => {
            let (title, tags) = title_and_tags(&received.subject);
            let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
            match Draft::new(&space, &title, &text, tags, serde_json::Map::new()) {
                Ok(draft) => Prepared::Question { by: *by, draft: Box::new(draft) },
                Err(wrong) => Prepared::Unfit(*by, wrong),
            }
        }
        Wanted::Bounce(token) => Prepared::Bounce(token),
        Wanted::Nothing(why) => Prepared::Nothing(why),
        Wanted::Look(why, by) => Prepared::Look(why, by.map(|by| *by)),
    }
}

/// Without lines that hold a link or an address which acts for its reader alone: where an answer stands below a quoted e-mail
/// of ours, the quote is posted with it.
fn without_own_links(head: &Letterhead, text: &str) -> String {
    let links = ["unsubscribe", "reset", "confirm", "join", "claim"].map(|of| head.url(&format!("/{of}/")));
    let tagged = format!("{}+", head.mailbox.local()).to_lowercase();
    let own = |line: &str| {
        links.iter().any(|link| line.contains(link.as_str())) || {
            let lower = line.to_lowercase();
            lower.contains(&tagged) && lower.contains(&format!("@{}", head.mailbox.domain()))
        }
    };
    text.lines().filter(|line| !own(line)).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// What was written, and below it what was attached: named, not kept.
fn with_attachments(text: &str, received: &Received, wanted: &Wanted) -> String {
    let by = match wanted {
        Wanted::Reply { by, .. } | Wanted::Ask { by, .. } => by,
        _ => return String::new(),
    };
    if received.attachments.is_empty() {
        return text.to_owned();
    }
    let names: Vec<String> =
        received.attachments.iter().map(|name| format!("`{}`", name.replace('`', "'"))).collect();
    let names = names.join(", ");
    let note = say(&by.viewer.locale, "mail-attached", &[("names", names.as_str().into())]);
    match note {
        Ok(note) => format!("{text}\n\n{note}"),
        Err(_) => text.to_owned(),
    }
}

/// A question's title from a subject: without `Re:`, and with `[tag]` and `#tag` taken as tags.
fn title_and_tags(subject: &str) -> (String, Vec<String>) {
    let mut title = subject.trim();
    loop {
        let lower = title.to_lowercase();
        let begin = ["re:", "aw:", "fwd:", "fw:", "wg:"].into_iter().find(|begin| lower.starts_with(begin));
        match begin {
            Some(begin) => title = title.get(begin.len()..).unwrap_or_default().trim_start(),
            None => break,
        }
    }
    let (mut words, mut tags) = (Vec::new(), Vec::new());
    for word in title.split_whitespace() {
        let inner =
            word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).or_else(|| word.strip_prefix('#'));
        match inner.and_then(questions::TagName::parse).filter(|_| tags.len() < *sizes::TAGS.end()) {
            Some(tag) => tags.push(tag.as_str().to_owned()),
            None => words.push(word),
        }
    }
    if tags.is_empty() {
        tags.push(NO_TAG.to_owned());
    }
    (words.join(" "), tags)
}

/// What is written down of a message, its reason said to staff.
struct Ending<'a> {
    outcome: Outcome,
    reason: &'a str,
    member: Option<i64>,
}

/// Posts it, or not, and writes down what became of it. The same message is dealt with once.
pub(super) fn done(
    c: &mut Conn,
    head: &Letterhead,
    received: &Received,
    prepared: &Prepared,
    limited: bool,
    now: Micros,
) -> Result<Outcome, Error> {
    if store::is_known(c, &received.fingerprint)? {
        return Ok(Outcome::Again);
    }
    // What was looked at before this transaction began may have changed.
    let now_by = |c: &mut Conn, by: &Reached| reached_one(c, by.viewer.id, now);
    let by = match prepared {
        Prepared::Answer { by, .. } | Prepared::Comment { by, .. } | Prepared::Question { by, .. } => {
            Some(by)
        }
        Prepared::Unfit(by, _) => Some(by),
        Prepared::Look(_, by) => by.as_ref(),
        _ => None,
    };
    let ending = match prepared {
        Prepared::Bounce(token) => bounce(c, received, token, now)?,
        Prepared::Nothing(why) => Ending { outcome: Outcome::Automatic(why), reason: why, member: None },
        Prepared::Look(why, to) => {
            if let Some(to) = to {
                answer::send(c, head, received, to, &Word::Gone, now)?;
            }
            Ending { outcome: Outcome::Quarantined(why), reason: why, member: by.map(|by| by.viewer.id) }
        }
        Prepared::Unfit(by, wrong) => {
            answer::send(c, head, received, by, &Word::Unfit(wrong.clone()), now)?;
            let why = "its text cannot be posted as it is";
            Ending { outcome: Outcome::Quarantined(why), reason: why, member: Some(by.viewer.id) }
        }
        Prepared::Answer { by, .. } | Prepared::Comment { by, .. } | Prepared::Question { by, .. } => {
            let member = Some(by.viewer.id);
            let Some(by) = &now_by(c, by)? else {
                let why = "its sender may not enter any more";
                let row = Ending { outcome: Outcome::Quarantined(why), reason: why, member };
                return kept(c, received, row, now);
            };
            match too_many(c, by.viewer.id, prepared.thread(), &received.text, now)? {
                Some(why) => {
                    answer::send(c, head, received, by, &Word::TooMany, now)?;
                    Ending { outcome: Outcome::Quarantined(why), reason: why, member }
                }
                None => match post(c, prepared, by, limited, now) {
                    Ok(post) => {
                        if matches!(prepared, Prepared::Question { .. }) {
                            answer::send(c, head, received, by, &Word::Asked(post), now)?;
                        }
                        Ending { outcome: Outcome::Posted(post), reason: "", member }
                    }
                    Err(Failure::Refused(problem)) => {
                        answer::send(c, head, received, by, &Word::Refused(Box::new(problem)), now)?;
                        let why = "a rule refused it";
                        Ending { outcome: Outcome::Quarantined(why), reason: why, member }
                    }
                    Err(Failure::Broken(error)) => return Err(error),
                },
            }
        }
    };
    kept(c, received, ending, now)
}

fn kept(c: &mut Conn, received: &Received, ending: Ending<'_>, now: Micros) -> Result<Outcome, Error> {
    let post = match ending.outcome {
        Outcome::Posted(post) => Some(post),
        _ => None,
    };
    // What no person wrote nobody has to read.
    let automatic = matches!(ending.outcome, Outcome::Automatic(_) | Outcome::Bounce);
    let row = New {
        fingerprint: &received.fingerprint,
        sender: &sender(received),
        recipient: received.recipients.first().map(String::as_str).unwrap_or_default(),
        subject: &received.subject,
        outcome: ending.outcome.word(),
        reason: ending.reason,
        member: ending.member,
        post,
        text: if automatic { "" } else { &received.text },
    };
    store::keep(c, &row, now)?;
    Ok(ending.outcome)
}

fn bounce<'a>(c: &mut Conn, received: &'a Received, token: &str, now: Micros) -> QueryResult<Ending<'a>> {
    let words = received.bounce.as_ref().map(|bounce| bounce.words.as_str()).unwrap_or_default();
    if let Some(bounce) = received.bounce.as_ref().filter(|bounce| bounce.permanent)
        && let Some((id, address)) = outbox::by_token(c, token)?
    {
        let why = format!("came back: {} {}", bounce.status, bounce.words);
        outbox::bounced(c, id, &why, now)?;
        if bounce.nobody_at(&address) {
            suppressions::add(c, &address, &why, now)?;
        }
    }
    Ok(Ending { outcome: Outcome::Bounce, reason: words, member: None })
}

/// Two programs that answer each other without saying that they are programs must come to an end.
fn too_many(
    c: &mut Conn,
    member: i64,
    thread: Option<i64>,
    text: &str,
    now: Micros,
) -> QueryResult<Option<&'static str>> {
    if store::repeats(c, member, thread, text, now - 7 * DAY)? {
        return Ok(Some("its sender has sent the very same text there before"));
    }
    let many = store::posted_since(c, member, now - HOUR)? >= AN_HOUR
        || store::posted_since(c, member, now - DAY)? >= A_DAY;
    Ok(many.then_some("its sender has sent very many"))
}

fn post(
    c: &mut Conn,
    prepared: &Prepared,
    by: &Reached,
    limited: bool,
    now: Micros,
) -> Result<i64, Failure<Problem>> {
    let (viewer, subject) = (&by.viewer, by.viewer.id.to_string());
    let refused = |failure: Failure<posts::Refusal>| failure.map(Problem::from);
    match prepared {
        Prepared::Answer { question, written, .. } => {
            within(c, limited.then_some(answers::LIMIT), &subject, now, |c| {
                answers::post(c, viewer, *question, written, now).map_err(refused)
            })
        }
        Prepared::Comment { to, written, .. } => {
            within(c, limited.then_some(comments::LIMIT), &subject, now, |c| {
                comments::post(c, viewer, *to, written, now).map_err(refused)
            })
        }
        Prepared::Question { draft, .. } => {
            within(c, limited.then_some(questions::ASK_LIMIT), &subject, now, |c| {
                questions::ask(c, viewer, draft, now).map_err(refused)
            })
        }
        _ => Err(Problem::broken("there is nothing to post").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::title_and_tags;

    #[test]
    fn tags_are_taken_from_the_subject() {
        let (title, tags) = title_and_tags("Re: AW: [imap] Folders vanish #t-bird after sync");
        assert_eq!(title, "Folders vanish after sync");
        assert_eq!(tags, ["imap", "t-bird"]);
        assert_eq!(title_and_tags("Why is it dark?").1, ["by-e-mail"]);
    }
}
