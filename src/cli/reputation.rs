//! `peerhall reputation`: the figures in force, and what others would give.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use super::{Place, Stop};
use crate::config::Config;
use crate::db::Error;
use crate::reputation::figures::{self, Figures};
use crate::reputation::replay::{self, By, Sum};
use crate::reputation::rules::ratio;

#[derive(Subcommand, Debug)]
pub(super) enum ReputationCommand {
    /// Print the figures in force as TOML, to start others from
    Figures,
    /// Read the event log again with other figures and show what everybody would have
    Recompute(RecomputeArgs),
}

#[derive(clap::Args, Debug)]
pub(super) struct RecomputeArgs {
    /// Only show it; the ledger is never written anew: what was given stays
    #[arg(long, required = true)]
    dry_run: bool,
    /// Other figures as TOML, such as `answer_up = 8`; those left out are as in force
    #[arg(long)]
    figures: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What one member has and would have.
#[derive(Debug, Serialize)]
struct Line {
    member_id: i64,
    name: String,
    points: i64,
    would_be: i64,
    difference: i64,
    ratio: f64,
}

pub(super) fn run(config: &Config, command: ReputationCommand) -> Result<(), Stop> {
    let place = Place::existing(config)?;
    let in_force = place.db.read_now(|c| Ok::<_, Error>(figures::in_force(c)?))?;
    match command {
        ReputationCommand::Figures => {
            let text =
                toml::to_string(&in_force.figures).map_err(|error| Stop::Refused(error.to_string()))?;
            write!(std::io::stdout().lock(), "{text}")?;
            eprintln!("Version {}", in_force.version);
            Ok(())
        }
        ReputationCommand::Recompute(args) => {
            let others = match &args.figures {
                Some(file) => with(&in_force.figures, file)?,
                None => in_force.figures,
            };
            let lines = place.db.read_now(move |c| {
                let sums = replay::replay(c, &By::These(Box::new(others)))?;
                let members = replay::stored(c)?;
                Ok::<_, Error>(
                    members.into_iter().filter_map(|member| line(member, &sums)).collect::<Vec<_>>(),
                )
            })?;
            print(&lines, args.json)
        }
    }
}

/// The figures in force with those of a file in their place.
fn with(in_force: &Figures, file: &Path) -> Result<Figures, Stop> {
    let refused = |words: String| Stop::Refused(format!("{}: {words}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| refused(error.to_string()))?;
    let given: toml::Table = toml::from_str(&text).map_err(|error| refused(error.to_string()))?;
    let mut all = toml::Table::try_from(in_force).map_err(|error| refused(error.to_string()))?;
    all.extend(given);
    let figures: Figures = all.try_into().map_err(|error: toml::de::Error| refused(error.to_string()))?;
    match figures.faults().as_slice() {
        [] => Ok(figures),
        faults => Err(refused(format!("out of range: {}", faults.join(", ")))),
    }
}

fn line(member: replay::Stored, sums: &std::collections::HashMap<i64, Sum>) -> Option<Line> {
    let would_be = sums.get(&member.id).copied().unwrap_or_default();
    let anything = member.sum != Sum::default() || would_be != Sum::default();
    anything.then(|| Line {
        member_id: member.id,
        name: member.name,
        points: member.sum.points,
        would_be: would_be.points,
        difference: would_be.points - member.sum.points,
        ratio: ratio(would_be.good, would_be.bad),
    })
}

fn print(lines: &[Line], json: bool) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(lines).map_err(std::io::Error::other)?)?;
        return Ok(());
    }
    writeln!(out, "{:>10} {:>10} {:>8}  {:>6}  who", "points", "would be", "more", "ratio")?;
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by_key(|line| (-line.would_be, line.member_id));
    for line in &lines {
        let Line { member_id, name, points, would_be, difference, ratio } = line;
        let name = name.replace(char::is_control, "?");
        writeln!(out, "{points:>10} {would_be:>10} {difference:>+8}  {ratio:>6.2}  {member_id} {name}")?;
    }
    let changed = lines.iter().filter(|line| line.difference != 0).count();
    eprintln!("{} of {} members would have other points; nothing was changed", changed, lines.len());
    Ok(())
}
