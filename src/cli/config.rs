//! `peerhall config`: the effective settings and where each comes from.

use std::io::Write;

use super::Stop;
use crate::config::Config;

/// Its flags.
#[derive(clap::Args, Debug)]
pub(super) struct ConfigArgs {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, args: &ConfigArgs) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    if args.json {
        let text = serde_json::to_string_pretty(&config.shown).map_err(std::io::Error::other)?;
        writeln!(out, "{text}")?;
        return Ok(());
    }
    for shown in &config.shown {
        writeln!(out, "{:<16} {:<12} {}", shown.name, shown.from, shown.value.as_deref().unwrap_or("-"))?;
    }
    Ok(())
}
