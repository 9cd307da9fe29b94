//! The figures of reputation: what outcomes bring, caps, levels, when somebody is a guru, what badges take. One setting with
//! versions; an act goes by the version that is current in its transaction, and the ledger remembers which that was.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::clock::Micros;
use crate::config::site;
use crate::db::Conn;
use crate::db::schema::setting_versions;

/// Name of the setting; its value is [`Figures`] as JSON.
pub const SETTING: &str = "reputation";

/// Points and counts, all 0 to [`MOST`] unless said otherwise; what is taken away is written as how much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Figures {
    /// To the author of an answer that is voted up.
    pub answer_up: i64,
    /// From the author of an answer that is voted down.
    pub answer_down: i64,
    /// To the author of a question that is voted up.
    pub question_up: i64,
    /// From the author of a question that is voted down.
    pub question_down: i64,
    /// From whoever votes an answer down.
    pub down_cast: i64,
    /// To the author of an accepted answer.
    pub accepted: i64,
    /// To the asker who accepts.
    pub accepting: i64,
    /// To the author of an answer that staff endorse.
    pub endorsed: i64,
    /// To the author of a post that a staff resolution cites.
    pub assist: i64,
    /// To whoever suggested an edit that was approved.
    pub edit: i64,
    /// What approved edits bring one person altogether.
    pub edits_most: i64,
    /// From the author of a post removed as spam or abuse.
    pub removed: i64,
    /// What votes up bring one person in a UTC day.
    pub votes_a_day: i64,
    /// Votes up by one person on another that count in a UTC day.
    pub pair_up: i64,
    /// Votes down by one person on another that count in a UTC day.
    pub pair_down: i64,
    /// Points from which the levels open: contributor, helper, editor, curator. Each at least as much as the one before.
    pub levels: [i64; 4],
    /// Shares of good outcomes that the levels ask for besides, 0 to 1.
    pub ratios: [f64; 4],
    /// Answers accepted or endorsed in a tag within a year that make one a guru there.
    pub guru_answers: i64,
    /// Share of good outcomes in the tag that a guru has, 0 to 1.
    pub guru_ratio: f64,
    /// Votes by one person on another within an hour that are shown to moderators.
    pub burst_votes: i64,
    /// Votes in each direction between two people within thirty days that are shown to moderators.
    pub circle_votes: i64,
    /// Accepted answers for the badge `first-accepted`; as for all badges, 0 for none.
    pub badge_first_accepted: i64,
    /// Accepted answers for `solver`.
    pub badge_solver: i64,
    /// Accepted answers for `mainstay`.
    pub badge_mainstay: i64,
    /// Different people who accepted an answer, for `helped-many`.
    pub badge_helped_many: i64,
    /// Endorsed answers for `confirmed`.
    pub badge_confirmed: i64,
    /// Days without an answer for `worth-the-wait`.
    pub badge_worth_the_wait: i64,
    /// Other people affected for `solved-for-many`.
    pub badge_solved_for_many: i64,
    /// Members who read an answer for `read-by-many`.
    pub badge_read_by_many: i64,
    /// Days since the version before for `kept-current`.
    pub badge_kept_current: i64,
    /// Approved edits for `careful-editor`.
    pub badge_careful_editor: i64,
    /// Answers accepted as an asker for `verdict-given`.
    pub badge_verdict_given: i64,
}

/// The most a figure may be.
pub const MOST: i64 = 100_000;

impl Default for Figures {
    /// The figures of product.md.
    fn default() -> Figures {
        Figures {
            answer_up: 10,
            answer_down: 2,
            question_up: 5,
            question_down: 2,
            down_cast: 1,
            accepted: 15,
            accepting: 2,
            endorsed: 15,
            assist: 10,
            edit: 2,
            edits_most: 200,
            removed: 50,
            votes_a_day: 200,
            pair_up: 6,
            pair_down: 3,
            levels: [50, 200, 500, 1_000],
            ratios: [0.5, 0.6, 0.7, 0.75],
            guru_answers: 5,
            guru_ratio: 0.75,
            burst_votes: 5,
            circle_votes: 8,
            badge_first_accepted: 1,
            badge_solver: 10,
            badge_mainstay: 100,
            badge_helped_many: 25,
            badge_confirmed: 1,
            badge_worth_the_wait: 7,
            badge_solved_for_many: 10,
            badge_read_by_many: 100,
            badge_kept_current: 180,
            badge_careful_editor: 5,
            badge_verdict_given: 1,
        }
    }
}

impl Figures {
    /// What is out of range, as the names of fields.
    pub fn faults(&self) -> Vec<&'static str> {
        let counts = [
            ("answer_up", self.answer_up),
            ("answer_down", self.answer_down),
            ("question_up", self.question_up),
            ("question_down", self.question_down),
            ("down_cast", self.down_cast),
            ("accepted", self.accepted),
            ("accepting", self.accepting),
            ("endorsed", self.endorsed),
            ("assist", self.assist),
            ("edit", self.edit),
            ("edits_most", self.edits_most),
            ("removed", self.removed),
            ("votes_a_day", self.votes_a_day),
            ("pair_up", self.pair_up),
            ("pair_down", self.pair_down),
            ("guru_answers", self.guru_answers),
            ("burst_votes", self.burst_votes),
            ("circle_votes", self.circle_votes),
            ("badge_first_accepted", self.badge_first_accepted),
            ("badge_solver", self.badge_solver),
            ("badge_mainstay", self.badge_mainstay),
            ("badge_helped_many", self.badge_helped_many),
            ("badge_confirmed", self.badge_confirmed),
            ("badge_worth_the_wait", self.badge_worth_the_wait),
            ("badge_solved_for_many", self.badge_solved_for_many),
            ("badge_read_by_many", self.badge_read_by_many),
            ("badge_kept_current", self.badge_kept_current),
            ("badge_careful_editor", self.badge_careful_editor),
            ("badge_verdict_given", self.badge_verdict_given),
        ];
        let mut wrong: Vec<&str> =
            counts.iter().filter(|(_, value)| !(0..=MOST).contains(value)).map(|(name, _)| *name).collect();
        // None of them shown to moderators would be all of them.
        for (name, least) in [
            ("guru_answers", self.guru_answers),
            ("burst_votes", self.burst_votes),
            ("circle_votes", self.circle_votes),
        ] {
            if least < 1 && !wrong.contains(&name) {
                wrong.push(name);
            }
        }
        if self.levels.iter().any(|level| !(0..=MOST).contains(level)) || !self.levels.is_sorted() {
            wrong.push("levels");
        }
        let share = |share: &f64| (0.0..=1.0).contains(share);
        if !self.ratios.iter().all(share) {
            wrong.push("ratios");
        }
        if !share(&self.guru_ratio) {
            wrong.push("guru_ratio");
        }
        wrong
    }
}

/// The figures in force, with their version: 0 while nobody has set any.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    /// Of `setting_versions`.
    pub version: i64,
    /// What it says.
    pub figures: Figures,
}

/// The figures in force now.
pub fn in_force(c: &mut Conn) -> QueryResult<InForce> {
    let newest: Option<(i64, String)> = setting_versions::table
        .filter(setting_versions::name.eq(SETTING))
        .order(setting_versions::id.desc())
        .select((setting_versions::id, setting_versions::value))
        .first(c)
        .optional()?;
    Ok(newest.map_or(InForce { version: 0, figures: Figures::default() }, |(version, value)| InForce {
        version,
        figures: read(&value),
    }))
}

/// All versions there ever were, 0 among them.
pub fn all_versions(c: &mut Conn) -> QueryResult<HashMap<i64, Figures>> {
    let rows: Vec<(i64, String)> = setting_versions::table
        .filter(setting_versions::name.eq(SETTING))
        .select((setting_versions::id, setting_versions::value))
        .load(c)?;
    let rows = rows.into_iter().map(|(version, value)| (version, read(&value)));
    Ok(std::iter::once((0, Figures::default())).chain(rows).collect())
}

/// One version, as the history of the figures shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Of `setting_versions`.
    pub version: i64,
    /// When it was set.
    pub at: Micros,
    /// By whom, if by a member.
    pub by: Option<i64>,
    /// What differs from the version before: figure, before, after.
    pub changed: Vec<(String, String, String)>,
}

/// The newest versions, newest first, at most `most`.
pub fn newest_versions(c: &mut Conn, most: i64) -> QueryResult<Vec<Version>> {
    let rows: Vec<(i64, String, Micros, Option<i64>)> = setting_versions::table
        .filter(setting_versions::name.eq(SETTING))
        .order(setting_versions::id.desc())
        .limit(most + 1)
        .select((
            setting_versions::id,
            setting_versions::value,
            setting_versions::set_at,
            setting_versions::set_by,
        ))
        .load(c)?;
    let before = rows.iter().skip(1).map(|row| read(&row.1)).chain(std::iter::once(Figures::default()));
    let versions = rows.iter().zip(before).map(|((version, value, at, by), before)| Version {
        version: *version,
        at: *at,
        by: *by,
        changed: changes(&before, &read(value)),
    });
    Ok(versions.take(usize::try_from(most).unwrap_or_default()).collect())
}

fn changes(before: &Figures, after: &Figures) -> Vec<(String, String, String)> {
    let fields = |figures: &Figures| match serde_json::to_value(figures) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let differing = after.into_iter().filter(|(name, value)| before.get(name) != Some(value));
    differing
        .map(|(name, value)| {
            let was = before.get(&name).map(ToString::to_string).unwrap_or_default();
            (name, was, value.to_string())
        })
        .collect()
}

/// Makes new figures the ones in force; answers whether they differ from those before.
pub fn set(c: &mut Conn, figures: &Figures, by: Option<i64>, now: Micros) -> QueryResult<bool> {
    if in_force(c)?.figures == *figures {
        return Ok(false);
    }
    let value = serde_json::to_string(figures)
        .map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    site::set(c, SETTING, &value, by, now)
}

/// What is stored was checked when it was set; a figure that a later version of the program added has its default.
fn read(value: &str) -> Figures {
    serde_json::from_str(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_product_are_in_range() {
        assert!(Figures::default().faults().is_empty());
    }

    #[test]
    fn levels_that_fall_and_shares_beyond_one_are_faults() {
        let odd =
            Figures { levels: [50, 20, 500, 1_000], guru_ratio: 1.5, accepted: -1, ..Figures::default() };
        assert_eq!(odd.faults(), ["accepted", "levels", "guru_ratio"]);
    }

    #[test]
    fn figures_of_an_older_program_get_the_new_ones_defaults() {
        assert_eq!(read(r#"{"answer_up": 7}"#), Figures { answer_up: 7, ..Figures::default() });
    }
}
