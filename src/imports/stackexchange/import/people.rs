//! Users, badges and tags.

use super::super::kinds::{COMMUNITY, nameless};
use super::super::rows::{BadgeRow, TagRow, UserRow};
use super::{BADGES, Import, TAGS, USERS};
use crate::accounts::import::{Newcomer, People};
use crate::badges::imported::{self, ImportedBadge};
use crate::imports::run::ImportError;
use crate::imports::tags::fit_one;
use crate::questions::TagName;
use crate::questions::import::bring_tags;
use crate::text;

impl Import<'_> {
    pub(super) fn users(&mut self) -> Result<(), ImportError> {
        self.batches::<UserRow>(
            "",
            |row| row.about.as_ref().map_or(0, String::len),
            |import, problem| import.faulty(USERS, &problem),
            |import, rows| {
                let n = rows.len() as u64;
                let elsewhere = rows.iter().filter(|row| row.website.is_some() || row.location.is_some());
                let elsewhere = elsewhere.count() as u64;
                let newcomers = rows.into_iter().map(|row| import.newcomer(row)).collect();
                import.run.members(newcomers)?;
                import.kept(USERS, n);
                import.run.report.noted(USERS, "website or location, which have no place here", elsewhere);
                Ok(())
            },
        )
    }

    fn newcomer(&self, row: UserRow) -> Newcomer {
        let about = row.about.unwrap_or_default();
        let about = self.run.base.as_ref().map_or(about.as_str().into(), |base| base.html(&about));
        Newcomer {
            original_id: row.id.to_string(),
            name: row.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| nameless(row.id)),
            system: row.id == COMMUNITY,
            about: text::html_to_markdown(&about).trim().to_owned(),
            created_at: row.created_at,
        }
    }

    pub(super) fn tags(&mut self) -> Result<(), ImportError> {
        self.batches::<TagRow>(
            "",
            |_| 0,
            |import, problem| import.faulty(TAGS, &problem),
            |import, rows| {
                let mut names = Vec::with_capacity(rows.len());
                for row in rows {
                    let fitted = fit_one(&row.name).and_then(|fitted| {
                        import.run.report.noted(
                            TAGS,
                            "with a character replaced",
                            u64::from(fitted.rewritten),
                        );
                        import.run.report.noted(TAGS, "shortened", u64::from(fitted.shortened));
                        TagName::parse(&fitted.tag)
                    });
                    match fitted {
                        Some(name) => names.push(name),
                        None => import.skipped(TAGS, "without a letter or digit", 1),
                    }
                }
                let n = names.len() as u64;
                import.run.write(names, |c, _, names, now| bring_tags(c, names, now))?;
                import.kept(TAGS, n);
                Ok(())
            },
        )
    }

    pub(super) fn badges(&mut self) -> Result<(), ImportError> {
        self.batches::<BadgeRow>(
            "",
            |_| 0,
            |import, problem| import.faulty(BADGES, &problem),
            |import, rows| {
                let members: Vec<String> = rows.iter().map(|row| row.user_id.to_string()).collect();
                let people = import
                    .run
                    .read(move |c, source| People::find(c, source, members.iter().map(String::as_str)))?;
                let (here, absent): (Vec<BadgeRow>, Vec<BadgeRow>) =
                    rows.into_iter().partition(|row| people.get(&row.user_id.to_string()).is_some());
                let n = here.len() as u64;
                let badges: Vec<ImportedBadge> = here.into_iter().map(badge).collect();
                import.run.write(badges, |c, target, badges, _| {
                    imported::bring(c, &target.source, badges).map(drop)
                })?;
                import.kept(BADGES, n);
                import.skipped(BADGES, "of somebody who is no member", absent.len() as u64);
                Ok(())
            },
        )
    }
}

fn badge(row: BadgeRow) -> ImportedBadge {
    ImportedBadge {
        original_id: row.id.to_string(),
        member: row.user_id.to_string(),
        name: text::clean_title(&row.name),
        awarded_at: row.awarded_at,
    }
}
