//! Rows of standings.

use std::collections::HashSet;

use diesel::prelude::*;

use super::hours::Hours;
use super::rules::{Course, Facts, State};
use crate::accounts::reached::set_gurus;
use crate::clock::Micros;
use crate::db::schema::{guru_standings as rows, members, question_tags, tags};
use crate::db::{Conn, fixed};

/// A member's standing in a tag.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = rows)]
pub struct Standing {
    /// The row.
    pub id: i64,
    /// Whose.
    pub member_id: i64,
    /// Where.
    pub tag_id: i64,
    /// `earned` or `appointed`.
    pub source: String,
    /// See [`State`].
    pub state: String,
    /// When it was offered.
    pub invited_at: Micros,
    /// When its member said yes.
    pub since: Option<Micros>,
    /// When it ends, while its facts are not met.
    pub ending_at: Option<Micros>,
    /// Why it ended: `stepped-down`, `lapsed`, `dismissed` or `withdrawn`.
    pub ended_why: Option<String>,
    /// Not offered again before.
    pub not_before: Option<Micros>,
    /// Who appointed or dismissed; none on the command line.
    pub by_id: Option<i64>,
    /// In their words.
    pub reason: Option<String>,
    /// What its facts were when they were last looked at.
    pub answers: i64,
    /// As of [`Facts`].
    pub good: i64,
    /// As of [`Facts`].
    pub bad: i64,
    /// See [`Hours`].
    pub days: i64,
    /// Minute of the day.
    pub hours_from: Option<i64>,
    /// Minute of the day.
    pub hours_until: Option<i64>,
    /// ISO 639-1 codes, as JSON.
    pub languages: String,
    /// Alerts a day at most.
    pub daily_alerts: i64,
}

impl Standing {
    /// Where it is.
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Ended)
    }

    /// What time and facts decide by.
    pub fn course(&self) -> Course {
        Course {
            state: self.state(),
            earned: self.source == "earned",
            ending_at: self.ending_at,
            not_before: self.not_before,
            dismissed: self.ended_why.as_deref() == Some("dismissed"),
        }
    }

    /// The facts it was last looked at by.
    pub fn facts(&self) -> Facts {
        Facts { answers: self.answers, good: self.good, bad: self.bad }
    }

    /// When its member can be asked.
    pub fn hours(&self) -> Hours {
        Hours { days: self.days, span: self.hours_from.zip(self.hours_until) }
    }

    /// What its member reads; none for whatever comes.
    pub fn languages(&self) -> Vec<String> {
        serde_json::from_str(&self.languages).unwrap_or_default()
    }

    /// Whether its member reads a language, where it is known.
    pub fn speaks(&self, language: Option<&str>) -> bool {
        let languages = self.languages();
        language.is_none_or(|language| languages.is_empty() || languages.iter().any(|own| own == language))
    }
}

/// What of a standing is changed; what is None stays.
#[derive(Default, AsChangeset)]
#[diesel(table_name = rows)]
pub(super) struct Changes<'a> {
    pub(super) source: Option<&'a str>,
    pub(super) state: Option<&'a str>,
    pub(super) invited_at: Option<Micros>,
    pub(super) since: Option<Option<Micros>>,
    pub(super) ending_at: Option<Option<Micros>>,
    pub(super) ended_at: Option<Option<Micros>>,
    pub(super) ended_why: Option<Option<&'a str>>,
    pub(super) not_before: Option<Option<Micros>>,
    pub(super) by_id: Option<Option<i64>>,
    pub(super) reason: Option<Option<&'a str>>,
    pub(super) answers: Option<i64>,
    pub(super) good: Option<i64>,
    pub(super) bad: Option<i64>,
    pub(super) days: Option<i64>,
    pub(super) hours_from: Option<Option<i64>>,
    pub(super) hours_until: Option<Option<i64>>,
    pub(super) languages: Option<&'a str>,
    pub(super) daily_alerts: Option<i64>,
}

impl Changes<'_> {
    /// With facts as they were just looked at.
    pub(super) fn of_facts(facts: Facts) -> Changes<'static> {
        let Facts { answers, good, bad } = facts;
        Changes { answers: Some(answers), good: Some(good), bad: Some(bad), ..Changes::default() }
    }
}

/// A standing by its row.
pub fn standing(c: &mut Conn, id: i64) -> QueryResult<Option<(Standing, String)>> {
    rows::table
        .inner_join(tags::table)
        .filter(rows::id.eq(id))
        .select((Standing::as_select(), tags::name))
        .first(c)
        .optional()
}

/// A member's standing in a tag, whatever it is.
pub(super) fn of_member_and_tag(c: &mut Conn, member: i64, tag: i64) -> QueryResult<Option<Standing>> {
    rows::table
        .filter(rows::member_id.eq(member))
        .filter(rows::tag_id.eq(tag))
        .select(Standing::as_select())
        .first(c)
        .optional()
}

/// A member's standings with the tags' names, by name.
pub(super) fn of_member(c: &mut Conn, member: i64) -> QueryResult<Vec<(Standing, String)>> {
    rows::table
        .inner_join(tags::table)
        .filter(rows::member_id.eq(member))
        .order(tags::name)
        .select((Standing::as_select(), tags::name))
        .load(c)
}

/// Who is a guru in one of a question's tags.
pub fn of_question(c: &mut Conn, question: i64) -> QueryResult<HashSet<i64>> {
    let found: Vec<i64> = question_tags::table
        .inner_join(rows::table.on(rows::tag_id.eq(question_tags::tag_id)))
        .filter(question_tags::question_id.eq(question))
        .filter(fixed("guru_standings.state IN ('active', 'paused')"))
        .select(rows::member_id)
        .load(c)?;
    Ok(found.into_iter().collect())
}

/// Makes a standing, and answers its row.
pub(super) fn insert(c: &mut Conn, member: i64, tag: i64, source: &str, now: Micros) -> QueryResult<i64> {
    diesel::insert_into(rows::table)
        .values((
            rows::member_id.eq(member),
            rows::tag_id.eq(tag),
            rows::source.eq(source),
            rows::state.eq(State::Invited.as_str()),
            rows::invited_at.eq(now),
        ))
        .returning(rows::id)
        .get_result(c)
}

/// Changes a standing, and with it whether its member's name is shown as a guru's.
pub(super) fn change(c: &mut Conn, standing: &Standing, changes: &Changes<'_>) -> QueryResult<()> {
    diesel::update(rows::table.find(standing.id)).set(changes).execute(c)?;
    let after = changes.state.and_then(State::parse).unwrap_or_else(|| standing.state());
    if after.in_force() != standing.state().in_force() {
        let in_force: i64 = rows::table
            .filter(rows::member_id.eq(standing.member_id))
            .filter(rows::state.eq_any([State::Active.as_str(), State::Paused.as_str()]))
            .count()
            .get_result(c)?;
        set_gurus(c, standing.member_id, in_force)?;
    }
    Ok(())
}

/// Those of some members to whom it may be offered: people who sign in here, and whose standing is not their role already.
pub(super) fn invitable(c: &mut Conn, ids: &[i64]) -> QueryResult<HashSet<i64>> {
    let found: Vec<i64> = members::table
        .filter(crate::db::among(members::id, ids))
        .filter(members::kind.eq("person"))
        .filter(members::state.eq("active"))
        .filter(members::merged_into.is_null())
        .filter(members::role.eq_any(["customer", "moderator"]))
        .select(members::id)
        .load(c)?;
    Ok(found.into_iter().collect())
}

/// Those of some members who are suspended at `now`: they cannot be told anything.
pub(super) fn suspended(c: &mut Conn, ids: &[i64], now: Micros) -> QueryResult<HashSet<i64>> {
    let found: Vec<i64> = members::table
        .filter(crate::db::among(members::id, ids))
        .filter(members::state.eq("suspended"))
        .filter(members::merged_into.is_null())
        .filter(members::suspended_until.is_null().or(members::suspended_until.gt(now)))
        .select(members::id)
        .load(c)?;
    Ok(found.into_iter().collect())
}

/// All standings there are: as many as there are gurus, were, or were asked.
pub(super) fn all(c: &mut Conn) -> QueryResult<Vec<Standing>> {
    rows::table.order(rows::id).select(Standing::as_select()).load(c)
}
