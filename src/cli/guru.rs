//! `peerhall guru appoint`.

use std::io::Write;

use clap::Subcommand;

use super::member::worded;
use super::{Place, Stop};
use crate::accounts::actor::Actor;
use crate::accounts::members;
use crate::config::Config;
use crate::db::{Error, On};
use crate::gurus;
use crate::questions::TagName;
use crate::web::FieldProblem;

#[derive(Subcommand, Debug)]
pub(super) enum GuruCommand {
    /// Make a member a guru in a tag, opted in, and print the standing's id
    ///
    /// The member is told, and can pause it, say when they can be asked, or give it up. A tag that no question has yet is made.
    Appoint(AppointArgs),
}

#[derive(clap::Args, Debug)]
pub(super) struct AppointArgs {
    /// Address they sign in with
    #[arg(long)]
    email: String,
    /// The tag
    #[arg(long)]
    tag: String,
    /// Why; the member reads it
    #[arg(long, default_value = "")]
    reason: String,
}

pub(super) fn run(config: &Config, command: GuruCommand) -> Result<(), Stop> {
    let GuruCommand::Appoint(args) = command;
    let tag = TagName::parse(&args.tag)
        .ok_or_else(|| worded(FieldProblem::new("tags", "bad-tag").with("tag", &args.tag)))?;
    let place = Place::open(config)?;
    let now = place.clock.now();
    let email = args.email.clone();
    let found = place.db.read_now(move |c| Ok::<_, Error>(members::by_email(c, &email)?))?;
    let member = found.ok_or_else(|| Stop::Refused(format!("nobody signs in as {}", args.email)))?;
    let (name, reason) = (tag.clone(), args.reason);
    let (id, new_tag) = place.db.write_now(On::Named("gurus", 0), move |c| {
        gurus::appoint_now(c, Actor::CommandLine, member, &name, &reason, now)
    })?;
    writeln!(std::io::stdout().lock(), "{id}")?;
    if new_tag {
        eprintln!("The tag {} is new: no question has it yet.", tag.as_str());
    }
    Ok(())
}
