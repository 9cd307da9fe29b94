//! `peerhall space add`.

use std::io::Write;

use clap::Subcommand;

use super::{Place, Stop};
use crate::accounts::actor::Actor;
use crate::config::Config;
use crate::db::On;
use crate::spaces::{self, Said};

#[derive(Subcommand, Debug)]
pub(super) enum SpaceCommand {
    /// Create a space, or change the one of this key, and print its id
    Add(AddArgs),
}

#[derive(clap::Args, Debug)]
pub(super) struct AddArgs {
    /// 1 to 40 lower-case letters, digits and hyphens; it stays
    #[arg(long)]
    key: String,
    /// Its name
    #[arg(long)]
    name: String,
    /// Only members whose organisation is entitled to this product may enter; made when absent. Left out, the
    /// access of an existing space stays as it is; "" opens it to every member
    #[arg(long)]
    product: Option<String>,
}

pub(super) fn run(config: &Config, command: SpaceCommand) -> Result<(), Stop> {
    let SpaceCommand::Add(args) = command;
    let place = Place::open(config)?;
    let now = place.clock.now();
    let said =
        Said { key: args.key, name: Some(args.name), description: None, product: args.product, fields: None };
    let put =
        place.db.write_now(On::Named("books", 0), move |c| spaces::put(c, Actor::CommandLine, &said, now))?;
    writeln!(std::io::stdout().lock(), "{}", put.id)?;
    eprintln!("{}", if put.created { "The space is there." } else { "The space is changed." });
    Ok(())
}
