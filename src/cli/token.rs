//! `peerhall token create`.

use std::io::Write;

use clap::Subcommand;

use super::member::worded;
use super::{Place, Stop};
use crate::accounts::{audit, tokens};
use crate::config::Config;
use crate::db::{Error, On};
use crate::web::secret::digest;

#[derive(Subcommand, Debug)]
pub(super) enum TokenCommand {
    /// Print a new API token of a member, alone on standard output; it is shown this one time
    Create {
        /// The member's address
        #[arg(long)]
        email: String,
        /// What the token is for
        #[arg(long, default_value = "command line")]
        name: String,
    },
}

pub(super) fn run(config: &Config, command: TokenCommand) -> Result<(), Stop> {
    let TokenCommand::Create { email, name } = command;
    let name = tokens::name(&name).map_err(worded)?;
    let token = tokens::fresh().map_err(|error| Stop::Refused(error.to_string()))?;
    let place = Place::open(config)?;
    let (now, hash, wanted) = (place.clock.now(), digest(&token), email.clone());
    let made = place.db.write_now(On::Nothing, move |c| {
        let Some(member) = tokens::bearer(c, &wanted, now)? else { return Ok::<_, Error>(None) };
        let id = tokens::create(c, member, &name, &hash, now)?;
        let detail = serde_json::json!({ "token_id": id });
        audit::record(c, None, "token-made", "member", Some(member), None, &detail, now)?;
        Ok(Some(id))
    })?;
    if made.is_none() {
        return Err(Stop::Refused(format!("no active member signs in with {email}")));
    }
    writeln!(std::io::stdout().lock(), "{token}")?;
    Ok(())
}
