//! `peerhall serve`: migrate, then serve until told to stop.

use tracing_subscriber::EnvFilter;

use super::Stop;
use super::place::clock;
use crate::config::Config;
use crate::routes::endpoints;
use crate::server;
use crate::web::Endpoint;

pub(super) fn run(config: Config) -> Result<(), Stop> {
    run_with(config, endpoints)
}

/// Serves these routes.
pub(super) fn run_with(config: Config, routes: fn() -> Vec<Endpoint>) -> Result<(), Stop> {
    log(&config);
    for name in config.test_only() {
        tracing::warn!("{name} IS SET: this is for tests only and not safe for real people");
    }
    let clock = clock(&config);
    actix_web::rt::System::new().block_on(async move {
        let running = server::start_with(config, clock, routes).await?;
        eprintln!("Peerhall is open at {}", running.hall.public_url);
        if let Some(link) = &running.setup_link {
            eprintln!(
                "There is no administrator yet. Whoever opens this link first becomes it:\n\n    {link}\n"
            );
        }
        running.wait().await.map_err(Stop::from)
    })
}

/// Starts logging to standard error.
pub(super) fn log(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber in one process (tests) is refused, and the first stays.
    let _ = if config.log_json { builder.json().try_init() } else { builder.compact().try_init() };
}
