//! The sender: hands what waits in the outbox to the SMTP server, one e-mail after another, on one node at a time.
//!
//! Each e-mail is looked up, judged by [`Check`], handed over, and written down as sent before the next. What was put off
//! is tried again after one minute, two, four … to one hour, for three days from then on. While the server cannot be talked to,
//! the sender waits a second, two … to five minutes, and nothing is held against the e-mails. What could not be written down
//! after a server took it is written down before anything else is sent.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use diesel::QueryResult;
use tokio::sync::watch;

use super::address::Mailbox;
use super::outbox::{self, Ended, TRIED, Waiting};
use super::smtp::{Conversation, Fault};
use super::smtp_url::SmtpUrl;
use super::{message, suppressions};
use crate::clock::{Clock, HOUR, MINUTE, Micros, SECOND};
use crate::config::site;
use crate::db::{Conn, Db, Error, On};
use crate::jobs::{Node, leases};

/// The setting of the site: e-mails a minute at most.
pub const PER_MINUTE: &str = "mail_per_minute";
/// Where nothing else is set.
pub const PER_MINUTE_DEFAULT: i64 = 300;

/// How long the lease holds. It is prolonged while a server is waited for, so that no other node sends the same.
const LEASE: Micros = 6 * SECOND;
/// Between two prolongations.
const PROLONGED: Duration = Duration::from_secs(2);
/// How long commits are gathered before the outbox is looked at.
const GATHER: Duration = Duration::from_millis(100);
/// Between two looks at an empty outbox; a commit of this process is seen at once.
const PAUSE: Duration = Duration::from_millis(500);

/// Whether an e-mail may go, asked before each attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    Go,
    /// It is no longer wanted, or no longer to be seen, and why.
    Withdraw(&'static str),
    /// Not before then.
    Later(Micros),
}

/// Who knows whether an e-mail may go.
pub trait Check: Send + Sync + 'static {
    /// Looks at what it is about, as it is now.
    fn verdict(&self, c: &mut Conn, mail: &Waiting, now: Micros) -> QueryResult<Verdict>;
}

/// The sender, not yet running.
pub struct Sender {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// This process.
    pub node: Node,
    /// Where to.
    pub url: SmtpUrl,
    /// From whom.
    pub mailbox: Mailbox,
    /// Who is asked.
    pub check: Arc<dyn Check>,
    /// The tag of the address to which what comes back of an e-mail goes, from the left part of its `Message-ID`.
    pub returns: Returns,
}

/// Makes tags by which what comes back is believed.
pub type Returns = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// An e-mail's id, how an attempt ended, and an address to be suppressed with the reason.
type Dealt = (i64, Ended, Option<(String, String)>);

/// What it remembers between two e-mails.
#[derive(Default)]
struct Memory {
    conversation: Option<Conversation>,
    /// When e-mails of the last minute went.
    gone: VecDeque<Micros>,
    /// Faults of the server, one after another.
    faults: u32,
    /// Nothing before then.
    rest_until: Micros,
    /// Until when the lease is ours.
    held_until: Micros,
    /// What was dealt with and is not written down yet.
    dealt: Option<Dealt>,
}

impl Sender {
    /// Runs until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut commits = self.db.commits();
        let mut memory = Memory::default();
        while !*stop.borrow() {
            commits.mark_unchanged();
            let sent = match self.step(&mut memory).await {
                Ok(sent) => sent,
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be worked on; trying again");
                    false
                }
            };
            if sent {
                continue;
            }
            tokio::select! {
                _ = stop.changed() => {}
                _ = commits.changed() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        if let Some(conversation) = memory.conversation.take() {
            conversation.close().await;
        }
        let leaving = self.node.clone();
        let released = self
            .db
            .write(On::Background("mail-lease"), move |c| {
                Ok::<_, Error>(leases::release(c, "mail", &leaving)?)
            })
            .await;
        if let Err(error) = released {
            tracing::debug!(%error, "the sender's lease was left to run out");
        }
    }

    /// Deals with the next e-mail; false when there is none, or not now.
    async fn step(&self, memory: &mut Memory) -> Result<bool, Error> {
        let now = self.clock.now();
        self.write_down(memory, now).await?;
        if now < memory.rest_until {
            return Ok(false);
        }
        let found = self
            .db
            .read(move |c| {
                let most = site::get(c, PER_MINUTE)?.and_then(|most| most.parse().ok());
                Ok::<_, Error>(
                    outbox::next_due(c, now)?.map(|mail| (mail, most.unwrap_or(PER_MINUTE_DEFAULT))),
                )
            })
            .await?;
        let Some((mail, most)) = found else {
            self.hang_up(memory).await;
            return Ok(false);
        };
        while memory.gone.front().is_some_and(|gone| *gone <= now - MINUTE) {
            memory.gone.pop_front();
        }
        // A tenth more for what is urgent.
        let most = if mail.urgent { most + most / 10 + 1 } else { most };
        if memory.gone.len() as i64 >= most || !self.hold(memory, now).await? {
            return Ok(false);
        }
        let (ended, suppressed) = self.deal(memory, &mail, now).await?;
        memory.dealt = Some((mail.id, ended, suppressed));
        self.write_down(memory, now).await?;
        Ok(true)
    }

    /// Writes down how the last attempt ended. It is kept until that is done: a server that took an e-mail is not handed
    /// it again because the database was busy.
    async fn write_down(&self, memory: &mut Memory, now: Micros) -> Result<(), Error> {
        let Some((id, ended, suppressed)) = memory.dealt.clone() else { return Ok(()) };
        self.db
            .write(On::Background("mail"), move |c| {
                if let Some((address, why)) = &suppressed {
                    suppressions::add(c, address, why, now)?;
                }
                Ok::<_, Error>(outbox::end(c, id, &ended, now)?)
            })
            .await?;
        memory.dealt = None;
        Ok(())
    }

    async fn hold(&self, memory: &mut Memory, now: Micros) -> Result<bool, Error> {
        if now + LEASE / 2 < memory.held_until {
            return Ok(true);
        }
        let held = self.prolong().await?;
        memory.held_until = if held { now + LEASE } else { 0 };
        Ok(held)
    }

    async fn prolong(&self) -> Result<bool, Error> {
        let (node, now) = (self.node.clone(), self.clock.now());
        let held = move |c: &mut Conn| Ok::<_, Error>(leases::hold(c, "mail", &node, now, LEASE)?);
        self.db.write(On::Background("mail-lease"), held).await
    }

    /// Judges and hands over: how it ended, and an address to be suppressed with the reason.
    async fn deal(
        &self,
        memory: &mut Memory,
        mail: &Waiting,
        now: Micros,
    ) -> Result<(Ended, Option<(String, String)>), Error> {
        let (check, asked) = (self.check.clone(), mail.clone());
        let judged = self
            .db
            .read(move |c| {
                if suppressions::holds(c, &asked.recipient)? {
                    return Ok::<_, Error>(Err(Ended::Over(
                        "suppressed",
                        "the address refused before".to_owned(),
                    )));
                }
                Ok(match check.verdict(c, &asked, now)? {
                    _ if asked.ends_at.is_some_and(|end| end <= now) => {
                        Err(Ended::Over("withdrawn", "its time is over".to_owned()))
                    }
                    Verdict::Go => Ok(()),
                    Verdict::Withdraw(why) => Err(Ended::Over("withdrawn", why.to_owned())),
                    Verdict::Later(at) => Err(Ended::Held(at, "its time has not come".to_owned())),
                })
            })
            .await?;
        if let Err(ended) = judged {
            return Ok((ended, None));
        }
        let bytes = match message::written(mail, &self.mailbox) {
            Ok(bytes) => bytes,
            Err(error) => return Ok((Ended::Over("failed", error.to_string()), None)),
        };
        memory.gone.push_back(now);
        let fault = match self.handed_over(memory, mail, &bytes).await {
            Ok(()) => {
                memory.faults = 0;
                return Ok((Ended::Sent, None));
            }
            Err(fault) => fault,
        };
        memory.conversation = None;
        tracing::info!(id = mail.id, kind = mail.kind, ?fault, "an e-mail was not taken");
        Ok(self.judge(memory, mail, fault, now))
    }

    fn judge(
        &self,
        memory: &mut Memory,
        mail: &Waiting,
        fault: Fault,
        now: Micros,
    ) -> (Ended, Option<(String, String)>) {
        let again = |why: String, at: Micros| match mail.first_put_off_at {
            Some(first) if now - first >= TRIED => {
                Ended::Over("failed", format!("given up after three days: {why}"))
            }
            _ => Ended::Again(at, why),
        };
        match fault {
            Fault::Server(why) => {
                let rest = (SECOND << memory.faults.min(9)).min(5 * MINUTE);
                memory.faults = memory.faults.saturating_add(1);
                memory.rest_until = now + rest;
                (Ended::Held(now + rest, why), None)
            }
            Fault::Later(why) => {
                let pause = (MINUTE << mail.attempts.clamp(0, 6)).min(HOUR);
                (again(why, now + pause), None)
            }
            Fault::Address(why) => {
                let address = Some((mail.recipient.clone(), why.clone()));
                (Ended::Over("failed", why), address)
            }
            Fault::Mail(why) => (Ended::Over("failed", why), None),
        }
    }

    /// [`Sender::hand_over`], with the lease prolonged as long as it takes.
    async fn handed_over(&self, memory: &mut Memory, mail: &Waiting, bytes: &[u8]) -> Result<(), Fault> {
        let prolonging = async {
            loop {
                tokio::time::sleep(PROLONGED).await;
                match self.prolong().await {
                    Ok(true) => {}
                    // Another node has it: it sends now.
                    Ok(false) => return,
                    Err(error) => tracing::warn!(%error, "the sender's lease could not be prolonged"),
                }
            }
        };
        tokio::select! {
            done = self.hand_over(memory, mail, bytes) => done,
            () = prolonging => Err(Fault::Server("the lease was lost".to_owned())),
        }
    }

    async fn hand_over(&self, memory: &mut Memory, mail: &Waiting, bytes: &[u8]) -> Result<(), Fault> {
        let token = mail.message_id.split('@').next().unwrap_or_default();
        let from = self.mailbox.tagged(&(self.returns)(token));
        if let Some(mut kept) = memory.conversation.take() {
            match kept.hand_over(&from, &mail.recipient, bytes).await {
                // The server may have ended a conversation that was not used for a while: once more, with a new one.
                Err(Fault::Server(_)) => {}
                done => {
                    memory.conversation = done.is_ok().then_some(kept);
                    return done;
                }
            }
        }
        let mut fresh = Conversation::open(&self.url, &self.mailbox).await?;
        fresh.hand_over(&from, &mail.recipient, bytes).await?;
        memory.conversation = Some(fresh);
        Ok(())
    }

    async fn hang_up(&self, memory: &mut Memory) {
        if let Some(conversation) = memory.conversation.take() {
            conversation.close().await;
        }
    }
}
