//! `peerhall member add` and `peerhall member moderates`.

use std::io::{Read, Write};

use clap::Subcommand;

use super::{Place, Stop};
use crate::accounts::actor::Actor;
use crate::accounts::members::{self, MemberRefusal, NewMember};
use crate::accounts::password_rules::LONGEST;
use crate::accounts::passwords::take_now;
use crate::accounts::{audit, names, organisations, settings, setup};
use crate::config::{Config, site};
use crate::db::{Error, Failure, On};
use crate::spaces;
use crate::text::clean_name;
use crate::web::{FieldProblem, Role, field_words};

#[derive(Subcommand, Debug)]
pub(super) enum MemberCommand {
    /// Create a member and print the id
    ///
    /// Without --password-stdin the member is active but cannot sign in with a password: give them the link of
    /// `peerhall invite create --claim ID` to choose one, or make an API token with `peerhall token create`.
    Add(AddArgs),
    /// Limit a moderator to spaces, or lift the limit, and print the member's id
    ///
    /// It replaces what was said before. For a member of another role it counts when they become a moderator.
    Moderates(ModeratesArgs),
}

#[derive(clap::Args, Debug)]
pub(super) struct AddArgs {
    /// Address they sign in with
    #[arg(long)]
    email: String,
    /// Shown name
    #[arg(long)]
    name: String,
    /// Short name for links, 2 to 30 letters, digits, - and _ [default: made from the name]
    #[arg(long)]
    handle: Option<String>,
    /// customer, moderator, staff or admin
    #[arg(long, default_value = "customer", value_parser = role)]
    role: Role,
    /// Their company, by name or external id; made when absent
    #[arg(long)]
    organisation: Option<String>,
    /// Read the password from standard input (one line)
    #[arg(long)]
    password_stdin: bool,
}

#[derive(clap::Args, Debug)]
pub(super) struct ModeratesArgs {
    /// Address they sign in with
    #[arg(long)]
    email: String,
    /// Key of a space; may be given several times
    #[arg(long, value_name = "KEY", conflicts_with = "everywhere")]
    space: Vec<String>,
    /// Every space they may enter
    #[arg(long, required_unless_present = "space")]
    everywhere: bool,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "a role is customer, moderator, staff or admin".to_owned())
}

pub(super) fn run(config: &Config, command: MemberCommand) -> Result<(), Stop> {
    match command {
        MemberCommand::Add(args) => add(config, &args),
        MemberCommand::Moderates(args) => moderates(config, args),
    }
}

fn add(config: &Config, args: &AddArgs) -> Result<(), Stop> {
    let name = names::name(&args.name).map_err(worded)?;
    let email = names::email(&args.email).map_err(worded)?;
    let handle = args.handle.as_deref().map(names::handle).transpose().map_err(worded)?;
    let organisation = args.organisation.as_deref().map(organisation).transpose()?;
    let password = if args.password_stdin { Some(password()?) } else { None };

    let place = Place::open(config)?;
    let now = place.clock.now();
    let known = [Some(name.clone()), Some(email.clone()), handle.clone()];
    let mut known: Vec<String> = known.into_iter().flatten().collect();
    let (least, site_name) = place.db.read_now(|c| {
        Ok::<_, crate::db::Error>((settings::password_least(c)?, site::get(c, site::SITE_NAME)?))
    })?;
    known.extend(site_name);
    let hash = password.map(|password| take_now(&password, least, &known)).transpose();
    let password_hash = hash.map_err(|error| Stop::Refused(error.to_string()))?;
    let role = args.role;
    // An administrator made here and one who is setting the place up wait for each other.
    let id = place.db.write_now(setup::ON, move |c| -> Result<i64, Failure<MemberRefusal>> {
        let organisation_id = match &organisation {
            Some(organisation) => Some(organisations::find_or_create(c, organisation, now)?),
            None => None,
        };
        let new = NewMember {
            name: name.clone(),
            handle: handle.clone(),
            email: email.clone(),
            password_hash: password_hash.clone(),
            role,
            organisation_id,
        };
        let id = members::add(c, &new, None, now)?;
        let detail = serde_json::json!({ "role": role.as_str(), "organisation_id": organisation_id });
        audit::record(c, None, "member-added", "member", Some(id), None, &detail, now)?;
        Ok(id)
    })?;
    if role == Role::Admin {
        setup::forget_file(&config.data_dir);
    }
    writeln!(std::io::stdout().lock(), "{id}")?;
    Ok(())
}

fn moderates(config: &Config, args: ModeratesArgs) -> Result<(), Stop> {
    let place = Place::open(config)?;
    let now = place.clock.now();
    let email = args.email.clone();
    let found = place.db.read_now(move |c| Ok::<_, Error>(members::by_email(c, &email)?))?;
    let id = found.ok_or_else(|| Stop::Refused(format!("nobody signs in as {}", args.email)))?;
    // clap lets either spaces or `--everywhere` through: no spaces means everywhere.
    let keys = args.space;
    place
        .db
        .write_now(On::Member(id), move |c| spaces::limit_moderator(c, Actor::CommandLine, id, &keys, now))?;
    writeln!(std::io::stdout().lock(), "{id}")?;
    Ok(())
}

fn organisation(given: &str) -> Result<String, Stop> {
    let name = clean_name(given);
    if (1..=200).contains(&name.chars().count()) {
        Ok(name)
    } else {
        Err(Stop::Refused("the name of an organisation has 1 to 200 characters".to_owned()))
    }
}

/// One line of standard input, without its end.
fn password() -> Result<String, Stop> {
    let mut text = String::new();
    // More than any password may have is not read, however long the input is.
    std::io::stdin().lock().take(16 * LONGEST as u64 + 2).read_to_string(&mut text)?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Stop::Refused("no password came on standard input".to_owned()));
    }
    Ok(line.to_owned())
}

/// What is wrong with a text, in the words of the pages.
pub(super) fn worded(field: FieldProblem) -> Stop {
    Stop::Refused(field_words("en", &field))
}
