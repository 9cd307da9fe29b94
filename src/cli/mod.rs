//! The command line (contract.md): data on standard output, words and progress on standard error, exit 0 only
//! on success. Commands other than `serve` and `demo` may run beside a serving process.

mod bench;
mod check;
mod config;
mod demo;
mod duration;
mod entitlement;
mod guru;
mod import;
mod invite;
mod member;
mod organisation;
mod place;
mod receive_mail;
mod reindex;
mod reputation;
mod search;
mod serve;
mod space;
mod token;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use check::{Finding, broken_invariants};
pub use place::{Place, Stop};

use crate::config::Config;

/// A self-hosted, gated peer-support community: peers answer first, and nobody is left without an answer.
#[derive(Parser, Debug)]
#[command(name = "peerhall", version, about)]
struct Cli {
    #[command(flatten)]
    settings: SettingFlags,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Settings as flags; they win over the environment and the file.
#[derive(clap::Args, Debug)]
struct SettingFlags {
    /// Settings file [default: peerhall.toml, when there is one]
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, global = true)]
    listen: Option<String>,
    /// The address people type, such as https://support.example.com
    #[arg(long, global = true)]
    public_url: Option<String>,
    /// Where the database and attachments live
    #[arg(long, global = true)]
    data_dir: Option<String>,
    /// Where the search index lives
    #[arg(long, global = true)]
    search_dir: Option<String>,
    /// sqlite:FILE or postgres://…
    #[arg(long, global = true)]
    database_url: Option<String>,
    /// What to log, such as info or peerhall=debug
    #[arg(long, global = true)]
    log: Option<String>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Migrate the database, then serve (the default)
    Serve,
    /// Serve a small invented community in a temporary place, and print whom to sign in as
    Demo,
    /// Members
    #[command(subcommand)]
    Member(member::MemberCommand),
    /// API tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Invitations
    #[command(subcommand)]
    Invite(invite::InviteCommand),
    /// Spaces
    #[command(subcommand)]
    Space(space::SpaceCommand),
    /// Organisations
    #[command(subcommand)]
    Organisation(organisation::OrganisationCommand),
    /// Entitlements
    #[command(subcommand)]
    Entitlement(entitlement::EntitlementCommand),
    /// Gurus
    #[command(subcommand)]
    Guru(guru::GuruCommand),
    /// Take one e-mail (RFC 5322) from standard input; exit 75 when it is to be handed in again
    ReceiveMail,
    /// Migrate the database
    Migrate,
    /// Verify invariants; exit 1 when something is broken
    Check(check::CheckArgs),
    /// Make everything derived anew, while the site runs
    Reindex,
    /// Reputation: its figures, and what others would give
    #[command(subcommand)]
    Reputation(reputation::ReputationCommand),
    /// Measure how well search finds
    #[command(subcommand)]
    Search(search::SearchCommand),
    /// Show the effective settings and where each comes from; secrets are masked
    Config(config::ConfigArgs),
    /// Bring a community's past in
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Measure: fill with invented questions, or serve with static files to compare with
    #[command(subcommand)]
    Bench(bench::BenchCommand),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("peerhall: {stop}");
            stop.code()
        }
    }
}

fn run(cli: Cli) -> Result<(), Stop> {
    let config = cli.settings.load()?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(config),
        Command::Demo => demo::run(config),
        Command::Member(command) => member::run(&config, command),
        Command::Token(command) => token::run(&config, command),
        Command::Invite(command) => invite::run(&config, command),
        Command::Space(command) => space::run(&config, command),
        Command::Organisation(command) => organisation::run(&config, command),
        Command::Entitlement(command) => entitlement::run(&config, command),
        Command::Guru(command) => guru::run(&config, command),
        Command::ReceiveMail => receive_mail::run(&config),
        Command::Migrate => place::migrate_only(&config),
        Command::Check(args) => check::run(&config, &args),
        Command::Reindex => reindex::run(&config),
        Command::Reputation(command) => reputation::run(&config, command),
        Command::Search(command) => search::run(&config, &command),
        Command::Config(args) => config::run(&config, &args),
        Command::Import(command) => import::run(&config, &command),
        Command::Bench(command) => bench::run(config, &command),
    }
}

impl SettingFlags {
    fn load(&self) -> Result<Config, Stop> {
        let flags = [
            ("listen", &self.listen),
            ("public_url", &self.public_url),
            ("data_dir", &self.data_dir),
            ("search_dir", &self.search_dir),
            ("database_url", &self.database_url),
            ("log", &self.log),
        ];
        let flags: Vec<(&'static str, String)> =
            flags.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))).collect();
        Ok(Config::load(self.config.as_deref(), &flags)?)
    }
}
