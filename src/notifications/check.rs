//! Whether an e-mail may still go, asked before each attempt: what it tells may have been taken back meanwhile, its reader may
//! have read it, or may no longer open it.

use diesel::prelude::*;

use super::{levels, quiet};
use crate::accounts::reached::reached_one;
use crate::clock::Micros;
use crate::db::Conn;
use crate::db::schema::notices;
use crate::mail::outbox::Waiting;
use crate::mail::sender::{Check, Verdict};
use crate::posts;

/// Looks at members, posts and notices as they are now.
pub struct MailCheck;

/// E-mails that are about the account itself reach it whatever its state.
const OF_ACCOUNTS: &[&str] = &["security", "confirm", "invitation", "declined", "already"];

/// What its reader waits for, whatever the hour.
const AT_ONCE: &[&str] = &["reset", "received"];

impl Check for MailCheck {
    fn verdict(&self, c: &mut Conn, mail: &Waiting, now: Micros) -> QueryResult<Verdict> {
        let Some(member) = mail.member_id.filter(|_| !OF_ACCOUNTS.contains(&mail.kind.as_str())) else {
            return Ok(Verdict::Go);
        };
        let Some(person) = reached_one(c, member, now)? else {
            return Ok(Verdict::Withdraw("the member may not enter"));
        };
        if !person.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(&mail.recipient)) {
            return Ok(Verdict::Withdraw("the member's address has changed"));
        }
        if let Some(post) = mail.post_id
            && posts::find(c, &person.viewer, post)?.is_none()
        {
            return Ok(Verdict::Withdraw("what it tells is not there, or not for its reader"));
        }
        if let Some(shown) = &mail.shown {
            let shown: Vec<i64> = serde_json::from_str(shown).unwrap_or_default();
            if posts::visible(c, &person.viewer, &shown)?.len() < shown.len() {
                return Ok(Verdict::Withdraw("not all that it names is there still, or for its reader"));
            }
        }
        if let Some(notice) = mail.notice_id {
            let read: Option<Option<Micros>> =
                notices::table.find(notice).select(notices::read_at).first(c).optional()?;
            if read.is_none_or(|read| read.is_some()) {
                return Ok(Verdict::Withdraw("its reader has read it in the inbox"));
            }
        }
        // What was held up until the quiet hours have begun waits for their end. Links that were asked for do not.
        if !AT_ONCE.contains(&mail.kind.as_str()) {
            let at = quiet::after(now, &person.time_zone, levels::times(c, member)?.quiet);
            if at > now {
                return Ok(Verdict::Later(at));
            }
        }
        Ok(Verdict::Go)
    }
}
