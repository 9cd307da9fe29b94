//! What is said to a member whose e-mail came in: that their question is asked, or why something was not posted.
//!
//! Nothing is said where the message must not be answered, nor more than a few times an hour.

use diesel::prelude::*;

use crate::accounts::reached::Reached;
use crate::clock::{HOUR, Micros};
use crate::db::Conn;
use crate::db::schema::questions;
use crate::mail::incoming::Received;
use crate::mail::{Headers, Outgoing, put};
use crate::questions::question_url;
use crate::web::letter::{Block, Letter, Letterhead, say};
use crate::web::limits::{self, Limit};
use crate::web::{FieldProblem, Problem, field_words};

/// Letters in answer to e-mails, to one member.
const LIMIT: Limit = Limit { scope: "mail-answer", most: 5, window: HOUR };

/// What is said.
pub(super) enum Word {
    /// The question is asked.
    Asked(i64),
    /// The text cannot be taken.
    Unfit(Vec<FieldProblem>),
    /// A rule refused it.
    Refused(Box<Problem>),
    /// There were very many, or the same before.
    TooMany,
    /// What it was written to is not there, or not for its writer.
    Gone,
}

/// Writes the letter.
pub(super) fn send(
    c: &mut Conn,
    head: &Letterhead,
    received: &Received,
    to: &Reached,
    word: &Word,
    now: Micros,
) -> QueryResult<()> {
    let Some(email) = to.email.as_ref().filter(|_| received.verdicts.unanswerable.is_none()) else {
        return Ok(());
    };
    if limits::count(c, LIMIT, &to.viewer.id.to_string(), now)? > LIMIT.most {
        return Ok(());
    }
    let locale = to.viewer.locale.as_str();
    let mut blocks = Vec::new();
    let subject = match word {
        Word::Asked(id) => {
            let title: String = questions::table.find(*id).select(questions::title).first(c)?;
            blocks.push(Block::Words { text: say(locale, "mail-asked", &[])? });
            let url = head.url(&question_url(*id, &title));
            blocks.push(Block::Title { text: title.clone(), url: url.clone() });
            blocks.push(Block::Button { label: say(locale, "mail-notice-open", &[])?, url });
            blocks.push(Block::Small { text: say(locale, "mail-asked-not-you", &[])? });
            say(locale, "mail-subject-new", &[("title", title.into())])?
        }
        Word::Unfit(wrong) => {
            blocks.push(Block::Words { text: say(locale, "mail-not-posted", &[])? });
            for field in wrong {
                let which = match field.field.as_ref() {
                    "title" => "mail-not-posted-title",
                    "tags" => "mail-not-posted-tags",
                    _ => "mail-not-posted-body",
                };
                let what = field_words(locale, field);
                blocks.push(Block::Words { text: say(locale, which, &[("what", what.into())])? });
            }
            say(locale, "mail-not-posted-subject", &[])?
        }
        Word::Refused(problem) => {
            blocks.push(Block::Words { text: say(locale, "mail-not-posted", &[])? });
            let of = |key: &str| say(locale, key, &[]).ok();
            let title = of(&format!("problem-{}", problem.kind)).map(|title| format!("{title}."));
            let what = of(&format!("problem-{}-what", problem.kind));
            let text = title.into_iter().chain(what).collect::<Vec<_>>().join(" ");
            blocks.push(Block::Words { text });
            say(locale, "mail-not-posted-subject", &[])?
        }
        Word::TooMany | Word::Gone => {
            let why =
                if matches!(word, Word::Gone) { "mail-not-posted-gone" } else { "mail-not-posted-many" };
            blocks.push(Block::Words { text: say(locale, "mail-not-posted", &[])? });
            blocks.push(Block::Words { text: say(locale, why, &[])? });
            say(locale, "mail-not-posted-subject", &[])?
        }
    };
    if !matches!(word, Word::Asked(_)) {
        blocks.push(Block::Small { text: say(locale, "mail-not-posted-kept", &[])? });
        blocks.push(Block::Quote {
            by: to.viewer.name.clone(),
            text: received.text.chars().take(1_500).collect(),
            html: None,
        });
    }
    let letter = Letter {
        locale: locale.to_owned(),
        subject,
        blocks,
        why: say(locale, "mail-why-sent", &[])?,
        foot: Vec::new(),
    };
    let mail =
        head.outgoing(&letter, "received", email, format!("received {}", received.fingerprint), now)?;
    let headers = Headers {
        references: received.message_id.iter().filter(|id| plain(id)).cloned().collect(),
        replies: true,
        ..mail.headers
    };
    put(c, &Outgoing { member_id: Some(to.viewer.id), headers, ..mail }, now)?;
    Ok(())
}

/// Whether an id of somebody else's can stand in a header of ours.
fn plain(id: &str) -> bool {
    id.len() <= 200 && id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
}
