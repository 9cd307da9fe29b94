//! Where a message wants to go: read from the addresses it was sent to, and judged against who it was sent by.

use diesel::prelude::*;

use crate::accounts::members;
use crate::accounts::reached::{Reached, reached_one};
use crate::clock::Micros;
use crate::config::site;
use crate::db::Conn;
use crate::mail::incoming::Received;
use crate::notifications::signed::{read_bounce, read_reply};
use crate::posts::{self, Kind};
use crate::spaces;
use crate::web::letter::Letterhead;

/// The setting: the name of the mail server whose word on senders counts (the first word of the `Authentication-Results` it
/// writes). With it a question is asked by e-mail only where that server vouches for the sender.
pub const VOUCHES: &str = "mail_vouches";
/// Why a message waits that a mail server warns of.
const FORGED: &str = "a mail server found its sender to be forged";

/// What a message wants.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// To be a post in a thread: an answer to, or a comment on, a post.
    Reply {
        /// Who wrote it.
        by: Box<Reached>,
        /// The thread.
        question: i64,
        /// The post it is written to.
        to: i64,
        /// What kind of post that is.
        kind: Kind,
        /// Whether its writer asked the question.
        own: bool,
    },
    /// To be a question in a space.
    Ask {
        /// Who wrote it.
        by: Box<Reached>,
        /// The space's key.
        space: String,
    },
    /// To say that an e-mail did not arrive: the first digits of its `Message-ID`.
    Bounce(String),
    /// Nothing: no person wrote it.
    Nothing(&'static str),
    /// To be looked at, for this reason, with the member it is of where that is sure.
    Look(&'static str, Option<Box<Reached>>),
}

/// What `received` wants.
pub(super) fn wanted(
    c: &mut Conn,
    head: &Letterhead,
    received: &Received,
    now: Micros,
) -> QueryResult<Wanted> {
    let tags: Vec<String> =
        received.recipients.iter().filter_map(|address| head.mailbox.tag_of(address)).collect();
    let bounce = tags.iter().find_map(|tag| read_bounce(&head.secret, tag));
    if let Some(token) = bounce.filter(|_| received.bounce.is_some()) {
        return Ok(Wanted::Bounce(token));
    }
    if let Some(why) = received.verdicts.automatic {
        return Ok(Wanted::Nothing(why));
    }
    if let Some(tag) = tags.iter().find(|tag| tag.starts_with('r')) {
        return reply(c, head, received, tag, now);
    }
    if let Some(space) = tags.iter().find_map(|tag| tag.strip_prefix("s-")) {
        return ask(c, received, space, now);
    }
    Ok(Wanted::Look("it was sent to no address that stands for a thread or a space", None))
}

fn reply(
    c: &mut Conn,
    head: &Letterhead,
    received: &Received,
    tag: &str,
    now: Micros,
) -> QueryResult<Wanted> {
    let Some(reply) = read_reply(&head.secret, tag, now) else {
        return Ok(Wanted::Look("its reply address is none of ours, or too old", None));
    };
    if !received.is_vouched_for(None) {
        return Ok(Wanted::Look(FORGED, None));
    }
    let Some(by) = reached_one(c, reply.member, now)? else {
        return Ok(Wanted::Look("whom its reply address was made for may not enter", None));
    };
    if !is_of(received, &by) {
        return Ok(Wanted::Look("its sender is not whom its reply address was made for", None));
    }
    let Some(found) = posts::find(c, &by.viewer, reply.post)? else {
        return Ok(Wanted::Look(
            "what it answers is not there any more, or not for its sender",
            Some(Box::new(by)),
        ));
    };
    // Comments have none of their own: what answers one stands beside it.
    let (to, kind) = match (found.post.kind(), found.post.parent_id) {
        (Kind::Comment, Some(parent)) => {
            let kind = if parent == found.question.id { Kind::Question } else { Kind::Answer };
            (parent, kind)
        }
        (kind, _) => (found.post.id, kind),
    };
    // A comment on the question is answered by a comment, the question itself by an answer.
    let kind = if found.post.kind() == Kind::Comment { Kind::Answer } else { kind };
    let own = found.question.author_id == Some(by.viewer.id);
    Ok(Wanted::Reply { question: found.question.id, by: Box::new(by), to, kind, own })
}

fn ask(c: &mut Conn, received: &Received, space: &str, now: Micros) -> QueryResult<Wanted> {
    let Some(from) = &received.from else { return Ok(Wanted::Look("it has not one sender", None)) };
    let server = site::get(c, VOUCHES)?.filter(|server| !server.is_empty());
    if !received.is_vouched_for(None) {
        return Ok(Wanted::Look(FORGED, None));
    }
    if !received.is_vouched_for(server.as_deref()) {
        return Ok(Wanted::Look("the mail server does not vouch for its sender", None));
    }
    let member = members::by_email(c, from)?;
    let by = match member {
        Some(member) => reached_one(c, member, now)?,
        None => None,
    };
    let Some(by) = by else { return Ok(Wanted::Look("its sender is no member", None)) };
    // Its writer may not enter, or there is none: the same word.
    let Some(space) = spaces::by_key(c, &by.viewer, space)? else {
        return Ok(Wanted::Look("there is no such space for its sender", Some(Box::new(by))));
    };
    Ok(Wanted::Ask { by: Box::new(by), space: space.key })
}

/// Whether the one sender of a message is this member.
fn is_of(received: &Received, member: &Reached) -> bool {
    let own = member.email.as_deref();
    received.from.as_deref().zip(own).is_some_and(|(from, own)| from.trim().eq_ignore_ascii_case(own.trim()))
}
