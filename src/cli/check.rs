//! `peerhall check`: do stored counters agree with a recount, and do the tables hold together?

use std::io::Write;

use serde::Serialize;

use super::{Place, Stop};
use crate::config::Config;
use crate::db::invariants::{self, Drift};
use crate::db::{Conn, Error, dialect};
use crate::{notifications, posts, questions, reputation, suggestions};

/// Its flags.
#[derive(clap::Args, Debug)]
pub(super) struct CheckArgs {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What was found out about one invariant.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// What must hold.
    pub invariant: &'static str,
    /// Where it does not: subject, what is stored, what was counted.
    pub broken: Vec<(i64, String, String)>,
}

pub(super) fn run(config: &Config, args: &CheckArgs) -> Result<(), Stop> {
    let place = Place::existing(config)?;
    let findings = place.db.read_now(findings)?;
    report(&findings, args.json)?;
    let broken = findings.iter().filter(|finding| !finding.broken.is_empty()).count();
    if broken == 0 {
        eprintln!("{} invariants hold", findings.len());
        return Ok(());
    }
    Err(Stop::Refused(format!(
        "{broken} of {} invariants are broken; nothing was changed. `peerhall reindex` counts everything anew",
        findings.len()
    )))
}

/// Every invariant with where it is broken.
fn findings(c: &mut Conn) -> Result<Vec<Finding>, Error> {
    let all = invariants::INVARIANTS
        .iter()
        .chain(posts::invariants::INVARIANTS)
        .chain(questions::invariants::INVARIANTS)
        .chain(reputation::invariants::INVARIANTS)
        .chain(suggestions::invariants::INVARIANTS)
        .chain(notifications::invariants::INVARIANTS);
    let mut findings = Vec::new();
    for invariant in all {
        let broken = invariant.broken(c)?.into_iter().map(row).collect();
        findings.push(Finding { invariant: invariant.name, broken });
    }
    let broken = reputation::invariants::replayed(c)?.into_iter().map(row).collect();
    findings.push(Finding { invariant: reputation::invariants::REPLAYED, broken });
    let broken = dialect::integrity(c)?.into_iter().map(|words| (0, words, String::new())).collect();
    findings.push(Finding { invariant: "the database's own integrity", broken });
    Ok(findings)
}

/// The invariants that do not hold.
///
/// # Errors
/// The database's.
pub fn broken_invariants(c: &mut Conn) -> Result<Vec<Finding>, Error> {
    let mut findings = findings(c)?;
    findings.retain(|finding| !finding.broken.is_empty());
    Ok(findings)
}

fn row(drift: Drift) -> (i64, String, String) {
    (drift.subject, drift.stored, drift.counted)
}

fn report(findings: &[Finding], json: bool) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(findings).map_err(std::io::Error::other)?)?;
        return Ok(());
    }
    for finding in findings {
        writeln!(
            out,
            "{} {}",
            if finding.broken.is_empty() { "ok    " } else { "BROKEN" },
            finding.invariant
        )?;
        for (subject, stored, counted) in &finding.broken {
            writeln!(out, "         {subject}: stored {stored}, counted {counted}")?;
        }
    }
    Ok(())
}
