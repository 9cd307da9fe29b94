//! `peerhall invite create`.

use std::io::Write;

use clap::Subcommand;
use diesel::prelude::*;

use super::member::worded;
use super::{Place, Stop, duration};
use crate::accounts::invitations::{self, InviteRefusal, Wanted};
use crate::accounts::names;
use crate::clock::Micros;
use crate::config::Config;
use crate::db::schema::spaces;
use crate::db::{Error, Failure, On};
use crate::web::secret::{digest, random_token};

#[derive(Subcommand, Debug)]
pub(super) enum InviteCommand {
    /// Print a new invitation link; it is shown this one time
    Create(CreateArgs),
}

#[derive(clap::Args, Debug)]
pub(super) struct CreateArgs {
    /// For this address only
    #[arg(long)]
    email: Option<String>,
    /// Key of a space that the invitation opens
    #[arg(long)]
    space: Option<String>,
    /// How often it can be used
    #[arg(long, default_value_t = 1)]
    uses: i64,
    /// For how long: a number and s, m, h, d or w
    #[arg(long, default_value = "7d", value_parser = duration::parse)]
    expires: Micros,
    /// Give the member of this id, who has no password, an address and a password (one use)
    #[arg(long, value_name = "MEMBER_ID")]
    claim: Option<i64>,
}

pub(super) fn run(config: &Config, command: InviteCommand) -> Result<(), Stop> {
    let InviteCommand::Create(args) = command;
    let email = args.email.as_deref().map(names::email).transpose().map_err(worded)?;
    let token = random_token().map_err(|error| Stop::Refused(error.to_string()))?;
    let place = Place::open(config)?;
    let space_id = args.space.as_deref().map(|key| space(&place, key)).transpose()?;
    let wanted = Wanted { email, space_id, claim: args.claim, uses: args.uses, lasts: args.expires };
    let (now, hash) = (place.clock.now(), digest(&token));
    place.db.write_now(On::Nothing, move |c| -> Result<i64, Failure<InviteRefusal>> {
        invitations::create(c, None, &wanted, &hash, now)
    })?;
    writeln!(std::io::stdout().lock(), "{}/join/{token}", config.base_url())?;
    Ok(())
}

fn space(place: &Place, key: &str) -> Result<i64, Stop> {
    let wanted = key.to_owned();
    let found: Option<i64> = place.db.read_now(move |c| {
        Ok::<_, Error>(spaces::table.filter(spaces::key.eq(wanted)).select(spaces::id).first(c).optional()?)
    })?;
    found.ok_or_else(|| Stop::Refused(format!("there is no space with the key `{key}`")))
}
