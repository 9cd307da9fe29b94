//! What links from numbers narrow a list to: a space, a tag, days.

use diesel::prelude::*;

use super::period;
use crate::clock::{DAY, Micros};
use crate::db::schema::tags;
use crate::db::{Conn, Failure};
use crate::spaces::{self, Scope};
use crate::web::fields::Fields;
use crate::web::{FieldProblem, Problem, Viewer};

/// As it was said, days read.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// A space's key.
    pub space: Option<String>,
    /// A tag.
    pub tag: Option<String>,
    /// The first moment.
    pub from: Option<Micros>,
    /// The first moment after.
    pub until: Option<Micros>,
}

/// As it is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// The space.
    pub space_id: Option<i64>,
    /// The tag; 0 for one that nothing has.
    pub tag_id: Option<i64>,
    /// From this moment on.
    pub from: Option<Micros>,
    /// Before this moment.
    pub until: Option<Micros>,
}

impl Said {
    /// Reads `space`, `tag`, `from` and `until`, both days included.
    ///
    /// # Errors
    /// 422 for what is no day.
    pub fn asked(query: &Fields) -> Result<Said, Problem> {
        let day = |name: &'static str| {
            let Some(said) = query.given(name) else { return Ok(None) };
            let wrong = || Problem::invalid_field(FieldProblem::new(name, "not-a-time"));
            period::day(said).map(Some).ok_or_else(wrong)
        };
        Ok(Said {
            space: query.given("space").map(str::to_owned),
            tag: query.given("tag").map(|tag| tag.trim().to_lowercase()),
            from: day("from")?,
            until: day("until")?.map(|until| until + DAY),
        })
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.space.is_none() && self.tag.is_none() && self.from.is_none() && self.until.is_none()
    }

    /// Looks up what was said, within the viewer's scope. At most two statements.
    ///
    /// # Errors
    /// 422 for a space that the viewer cannot enter or that is not there.
    pub fn look_up(&self, c: &mut Conn, viewer: &Viewer) -> Result<Narrowed, Failure<Problem>> {
        if self.space.is_none() && self.tag.is_none() {
            return Ok(Narrowed { from: self.from, until: self.until, ..Narrowed::default() });
        }
        let scope = spaces::scope(c, viewer)?;
        self.within(c, &scope)
    }

    /// The same where the scope is known.
    ///
    /// # Errors
    /// As [`Self::look_up`].
    pub fn within(&self, c: &mut Conn, scope: &Scope) -> Result<Narrowed, Failure<Problem>> {
        let space_id = match &self.space {
            None => None,
            Some(key) => {
                let space = scope.spaces.iter().find(|space| space.key == *key);
                let unknown = || Problem::invalid_field(FieldProblem::new("space", "no-such-space"));
                Some(space.ok_or_else(unknown)?.id)
            }
        };
        let tag_id = match &self.tag {
            None => None,
            Some(name) => {
                let id = tags::table.filter(tags::name.eq(name)).select(tags::id).first(c).optional()?;
                Some(id.unwrap_or(0))
            }
        };
        Ok(Narrowed { space_id, tag_id, from: self.from, until: self.until })
    }
}
