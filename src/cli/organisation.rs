//! `peerhall organisation add`.

use std::io::Write;

use clap::Subcommand;

use super::{Place, Stop};
use crate::accounts::actor::Actor;
use crate::accounts::organisations;
use crate::config::Config;
use crate::db::On;

#[derive(Subcommand, Debug)]
pub(super) enum OrganisationCommand {
    /// Add an organisation, or update the one of this external id or name, and print its id
    Add(AddArgs),
}

#[derive(clap::Args, Debug)]
pub(super) struct AddArgs {
    /// Its name
    #[arg(long)]
    name: String,
    /// Its id in the customer system
    #[arg(long)]
    external_id: Option<String>,
}

pub(super) fn run(config: &Config, command: OrganisationCommand) -> Result<(), Stop> {
    let OrganisationCommand::Add(args) = command;
    let place = Place::open(config)?;
    let now = place.clock.now();
    let put = place.db.write_now(On::Named("books", 0), move |c| {
        organisations::put(c, Actor::CommandLine, Some(&args.name), args.external_id.as_deref(), now)
    })?;
    writeln!(std::io::stdout().lock(), "{}", put.id)?;
    eprintln!("{}", if put.created { "The organisation is there." } else { "The organisation is updated." });
    Ok(())
}
