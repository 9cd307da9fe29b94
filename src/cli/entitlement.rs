//! `peerhall entitlement add`.

use std::io::Write;

use clap::Subcommand;

use super::{Place, Stop};
use crate::accounts::actor::Actor;
use crate::accounts::entitlements::{self, Said};
use crate::config::Config;
use crate::db::On;

#[derive(Subcommand, Debug)]
pub(super) enum EntitlementCommand {
    /// Entitle an organisation to a product, or say anew in which tier and until when, and print the id
    Add(AddArgs),
}

#[derive(clap::Args, Debug)]
pub(super) struct AddArgs {
    /// By name or external id; made when absent
    #[arg(long)]
    organisation: String,
    /// By name or external id; made when absent
    #[arg(long)]
    product: String,
    /// Such as gold; left out, none
    #[arg(long)]
    tier: Option<String>,
    /// RFC 3339, or YYYY-MM-DD for the end of that day in UTC; left out, no end
    #[arg(long)]
    until: Option<String>,
}

pub(super) fn run(config: &Config, command: EntitlementCommand) -> Result<(), Stop> {
    let EntitlementCommand::Add(args) = command;
    let place = Place::open(config)?;
    let now = place.clock.now();
    let said = Said {
        external_id: None,
        organisation: Some(args.organisation),
        product: Some(args.product),
        tier: args.tier,
        until: args.until,
    };
    let put = place
        .db
        .write_now(On::Named("books", 0), move |c| entitlements::put(c, Actor::CommandLine, &said, now))?;
    writeln!(std::io::stdout().lock(), "{}", put.id)?;
    eprintln!("{}", if put.created { "The entitlement is there." } else { "The entitlement is updated." });
    Ok(())
}
