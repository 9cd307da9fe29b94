//! `GET /admin/audit`: every administrative act, newest first.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use diesel::prelude::*;
use fluent_bundle::FluentValue;

use super::pages::{AuditPage, AuditRow};
use crate::clock::Micros;
use crate::db::schema::{audit, entitlements, members, organisations, products, spaces};
use crate::db::{Conn, Failure};
use crate::people::author;
use crate::people::routes::pager;
use crate::web::cursor::{Listed, Span};
use crate::web::render::words;
use crate::web::words::Words;
use crate::web::{Problem, Visit};

/// The key of the list.
type Key = (i64,);

#[derive(Queryable)]
struct Row {
    id: i64,
    occurred_at: Micros,
    act: String,
    subject_kind: String,
    subject_id: Option<i64>,
    reason: Option<String>,
    detail: String,
    actor: Option<(i64, String, String)>,
}

/// Names of the things acts were about: by kind and id.
type Names = BTreeMap<(&'static str, i64), String>;

/// One page of the audit.
///
/// # Errors
/// A cursor or limit that is none.
pub async fn index(visit: Visit) -> Result<HttpResponse, Problem> {
    let span = Span::<Key>::asked(&visit.query)?;
    let wanted = span.clone();
    let (rows, names) = visit
        .read(move |c, _| {
            let rows = page(c, &wanted)?;
            let names = names(c, &rows)?;
            Ok::<_, Failure<Problem>>((rows, names))
        })
        .await?;
    let listed = Listed::cut(rows, &span, |row| (row.id,));
    let pager = pager(&visit, "/admin/audit", listed.next.as_deref());
    let words = words(&visit.viewer()?.locale).map_err(Problem::broken)?;
    let told = |row: Row| AuditRow {
        at: row.occurred_at,
        what: what(words, &row, &names),
        by: row.actor.map(|(id, name, role)| author(id, &name, &role)),
        reason: row.reason.unwrap_or_default(),
    };
    visit.page(&AuditPage { rows: listed.items.into_iter().map(told).collect(), pager })
}

fn page(c: &mut Conn, span: &Span<Key>) -> QueryResult<Vec<Row>> {
    let before = span.after.map_or(i64::MAX, |(id,)| id);
    audit::table
        .left_join(members::table.on(members::id.nullable().eq(audit::actor_id)))
        .filter(audit::id.lt(before))
        .order(audit::id.desc())
        .limit(span.fetch())
        .select((
            audit::id,
            audit::occurred_at,
            audit::act,
            audit::subject_kind,
            audit::subject_id,
            audit::reason,
            audit::detail,
            (members::id, members::name, members::role).nullable(),
        ))
        .load(c)
}

fn names(c: &mut Conn, rows: &[Row]) -> QueryResult<Names> {
    let mut names = Names::new();
    macro_rules! of {
        ($kind:literal, $table:ident) => {
            let ids: Vec<i64> = rows
                .iter()
                .filter(|row| row.subject_kind == $kind)
                .filter_map(|row| row.subject_id)
                .collect();
            let found: Vec<(i64, String)> =
                $table::table.filter($table::id.eq_any(ids)).select(($table::id, $table::name)).load(c)?;
            names.extend(found.into_iter().map(|(id, name)| (($kind, id), name)));
        };
    }
    of!("member", members);
    of!("organisation", organisations);
    of!("product", products);
    of!("space", spaces);
    let ids: Vec<i64> = rows
        .iter()
        .filter(|row| row.subject_kind == "entitlement")
        .filter_map(|row| row.subject_id)
        .collect();
    let entitled: Vec<(i64, String, String)> = entitlements::table
        .inner_join(organisations::table.on(organisations::id.eq(entitlements::organisation_id)))
        .inner_join(products::table.on(products::id.eq(entitlements::product_id)))
        .filter(entitlements::id.eq_any(ids))
        .select((entitlements::id, organisations::name, products::name))
        .load(c)?;
    names
        .extend(entitled.into_iter().map(|(id, who, what)| (("entitlement", id), format!("{who} → {what}"))));
    Ok(names)
}

/// A sentence about an act. An act without words of its own, by a newer version say, is told as it was written.
fn what(words: &Words, row: &Row, names: &Names) -> String {
    let named = names.iter().find(|((kind, id), _)| *kind == row.subject_kind && Some(*id) == row.subject_id);
    let numbered = || row.subject_id.map_or_else(String::new, |id| format!("{} {id}", row.subject_kind));
    let subject = named.map_or_else(numbered, |(_, name)| name.clone());
    let detail: BTreeMap<String, serde_json::Value> = serde_json::from_str(&row.detail).unwrap_or_default();
    let mut facts: Vec<(&str, FluentValue<'_>)> = detail
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), FluentValue::from(value.as_str()?.to_owned()))))
        .collect();
    facts.push(("subject", subject.clone().into()));
    words
        .say(&format!("audit-act-{}", row.act), &facts)
        .unwrap_or_else(|_| format!("{} · {subject}", row.act))
}
