//! What joins people and posts: favourites and links.

use super::super::kinds::{LinkKind, VoteKind};
use super::super::rows::{LinkRow, VoteRow};
use super::{Import, LINKS, NO_POST, VOTES};
use crate::accounts::import::People;
use crate::imports::run::ImportError;
use crate::imports::write::borrowed;
use crate::posts::import::parents;
use crate::questions::import::{Following, Link, follow_all, link_all};

impl Import<'_> {
    /// Votes again: who marked a question as a favourite follows it.
    pub(super) fn favourites(&mut self) -> Result<(), ImportError> {
        self.batches::<VoteRow>(
            "favourites",
            |_| 0,
            // Counted when the votes were put away.
            |_, _| {},
            Import::favourite_batch,
        )
    }

    fn favourite_batch(&mut self, rows: Vec<VoteRow>) -> Result<(), ImportError> {
        let rows: Vec<VoteRow> =
            rows.into_iter().filter(|row| VoteKind::of(row.kind) == VoteKind::Favourite).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let questions = self.run.questions_here(rows.iter().map(|row| row.post_id))?;
        let members: Vec<String> =
            rows.iter().filter_map(|row| row.user_id).map(|id| id.to_string()).collect();
        let people =
            self.run.read(move |c, source| People::find(c, source, members.iter().map(String::as_str)))?;
        let mut followings = Vec::new();
        for row in rows {
            let question = row.post_id.to_string();
            let member = row.user_id.map(|id| id.to_string()).filter(|id| people.get(id).is_some());
            if !questions.contains(&question) {
                self.skipped(VOTES, NO_POST, 1);
                continue;
            }
            match member {
                Some(member) => {
                    followings.push(Following { member, question, since: row.created_at });
                    self.kept(VOTES, 1);
                }
                None => self.skipped(VOTES, "favourite of somebody who is no member", 1),
            }
        }
        self.run.write(followings, |c, target, followings, _| follow_all(c, &target.source, followings))
    }

    pub(super) fn links(&mut self) -> Result<(), ImportError> {
        self.batches::<LinkRow>(
            "",
            |_| 0,
            |import, problem| import.faulty(LINKS, &problem),
            Import::link_batch,
        )
    }

    fn link_batch(&mut self, rows: Vec<LinkRow>) -> Result<(), ImportError> {
        let ids: Vec<String> =
            rows.iter().flat_map(|row| [row.post_id, row.related_post_id]).map(|id| id.to_string()).collect();
        let here = self.run.read(move |c, source| parents(c, source, &borrowed(&ids)))?;
        let mut links = Vec::with_capacity(rows.len());
        for row in rows {
            let (from, to) = (row.post_id.to_string(), row.related_post_id.to_string());
            let duplicate = match LinkKind::of(row.kind) {
                LinkKind::Linked => false,
                LinkKind::Duplicate => true,
                LinkKind::Other(reason) => {
                    self.skipped(LINKS, reason, 1);
                    continue;
                }
            };
            if from == to {
                self.skipped(LINKS, "from a post to itself", 1);
            } else if !here.contains_key(&from) {
                self.skipped(LINKS, "from a post that was not imported", 1);
            } else if !here.contains_key(&to) {
                self.skipped(LINKS, "to a post that was not imported", 1);
            } else {
                links.push(Link { from, to, duplicate, created_at: row.created_at });
                self.kept(LINKS, 1);
            }
        }
        self.run.write(links, |c, target, links, now| link_all(c, &target.source, links, now))
    }
}
