//! `peerhall bench`: what measuring needs and serving does not.

use std::io::Write;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use clap::Subcommand;

use super::{Place, Stop, serve};
use crate::config::Config;
use crate::imports::multiply;
use crate::imports::progress::Progress;
use crate::imports::run::Run;
use crate::routes::endpoints;
use crate::web::Access::Ungated;
use crate::web::Problem;
use crate::web::endpoint::{Endpoint, get};

/// What can be measured with.
#[derive(Subcommand, Debug)]
pub(super) enum BenchCommand {
    /// Like serve, with /static/bench/BYTES: a static file of that size, to compare pages with
    Serve,
    /// Adds copies of the imported threads, with other words in them, until there are so many posts
    Seed {
        /// Posts in all, comments included
        #[arg(long)]
        posts: i64,
    },
}

pub(super) fn run(config: Config, command: &BenchCommand) -> Result<(), Stop> {
    match command {
        BenchCommand::Serve => serve::run_with(config, with_static_files),
        BenchCommand::Seed { posts } => seed(&config, *posts),
    }
}

fn seed(config: &Config, posts: i64) -> Result<(), Stop> {
    let place = Place::open(config)?;
    let progress = Progress::on_stderr();
    let mut run =
        Run::begin(&place.db, &place.clock, &config.data_dir, "general", multiply::SOURCE, progress)?;
    let here = multiply::multiply(&mut run, posts)?;
    if here < posts {
        let missing = "there are no imported threads to copy; import some first (`peerhall import --help`)";
        return Err(Stop::Refused(missing.to_owned()));
    }
    writeln!(std::io::stdout(), "{here}")?;
    Ok(())
}

/// Bytes of a static file at most.
const MOST: usize = 1_000_000;

fn with_static_files() -> Vec<Endpoint> {
    let mut endpoints = endpoints();
    endpoints.push(get("/static/bench/{bytes}", Ungated, bytes));
    endpoints
}

/// A file of zeros, answered like one of the static files that is compressed already.
async fn bytes(size: Path<usize>) -> Result<HttpResponse, Problem> {
    static ZEROS: [u8; MOST] = [0; MOST];
    let file = ZEROS.get(..size.into_inner()).ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    response.content_type("application/octet-stream");
    response.insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    response.insert_header((header::VARY, "accept-encoding"));
    Ok(response.body(file))
}
