//! Joins the rooms into a running server: database, followers, sweeper, and the actix app over the routes.
//!
//! It starts on a given address (port 0 for tests) and stops on SIGTERM or when told: streams end at once,
//! requests in flight are finished within ten seconds.

mod background;

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::{Server as ActixServer, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, resource};
use actix_web::{App, HttpServer, http};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts::passwords::{PasswordError, Passwords};
use crate::accounts::{Directory, Housekeeping, Seen, setup};
use crate::clock::Clock;
use crate::config::{Config, site};
use crate::db::{Db, Error, MigrateError, On, Sizes, migrate};
use crate::events::Tail;
use crate::jobs::{Node, sweeper, timed};
use crate::mail::Mailbox;
use crate::metrics;
use crate::notifications;
use crate::notifications::live::Live;
use crate::notifications::reading::Reading;
use crate::notifications::searches::SavedSearches;
use crate::people::kept_figures::ProfileFigures;
use crate::people::standings::Standings;
use crate::questions::popular::PopularTags;
use crate::questions::views::Views;
use crate::routes::endpoints;
use crate::search::index::{Keeper, Place, SearchIndex};
use crate::threads::kept::KeptThreads;
use crate::threads::rerender::Rerender;
use crate::web::endpoint::Paths;
use crate::web::finish::finish;
use crate::web::gate::gate;
use crate::web::hall::Hall;
use crate::web::letter::Letterhead;
use crate::web::pieces::Alike;
use crate::web::secret::{Secret, random_token};
use crate::web::site_name::SiteName;
use crate::web::{Endpoint, Problem};
use background::{duties, end_streams, followers, sender};

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// The system's words.
        why: std::io::Error,
    },
    /// The search index has no place.
    #[error("cannot make the search directory {}: {why}", folder.display())]
    SearchDirectory {
        /// Which.
        folder: std::path::PathBuf,
        /// The system's words.
        why: std::io::Error,
    },
    /// The system has no randomness for a secret.
    #[error("the system gives no random bytes: {0}")]
    Randomness(String),
    /// The threads that hash passwords could not be started.
    #[error(transparent)]
    Passwords(#[from] PasswordError),
}

/// A server that answers.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it tells metrics, if it does.
    pub metrics: Option<SocketAddr>,
    /// What its handlers share.
    pub hall: Data<Hall>,
    /// Where the first administrator comes in; None once there is one. Never to be logged.
    pub setup_link: Option<String>,
    live: Live,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    stop: watch::Sender<bool>,
    background: Vec<JoinHandle<()>>,
}

/// Migrates, opens, starts. The future's caller is inside an actix system.
///
/// # Errors
/// [`StartError`].
pub async fn start(config: Config, clock: Clock) -> Result<Running, StartError> {
    start_with(config, clock, endpoints).await
}

/// [`start`], with other routes.
///
/// # Errors
/// As [`start`].
pub async fn start_with(
    config: Config,
    clock: Clock,
    routes: fn() -> Vec<Endpoint>,
) -> Result<Running, StartError> {
    for name in migrate(&config.database)? {
        tracing::info!(name, "migrated");
    }
    let folder = config.search_dir.clone();
    let place = Place::take(&folder).map_err(|why| StartError::SearchDirectory { folder, why })?;
    let db = Db::open(&config.database, Sizes::default())?;
    let address = config.listen;
    let listener = std::net::TcpListener::bind(address).map_err(|why| StartError::Listen { address, why })?;
    let address = listener.local_addr().map_err(|why| StartError::Listen { address, why })?;
    let seen = Seen::default();
    let reading = Reading::default();
    let shared = (seen.clone(), reading.clone());
    let hall = Data::new(furnish(config, clock.clone(), db.clone(), address, shared).await?);
    if hall.config.public_url.is_none()
        && let Err(error) = hall.config.note_address(&hall.public_url)
    {
        tracing::warn!(%error, "commands beside the server cannot know its address");
    }
    let now = clock.now();
    db.write(On::Nothing, move |c| {
        crate::spaces::ensure_general(c, now)?;
        SavedSearches::schedule(c, now)?;
        crate::gurus::Sweep::schedule(c, now)?;
        notifications::Housekeeping::schedule(c, now)?;
        Ok::<_, Error>(Housekeeping::schedule(c, now)?)
    })
    .await?;
    let setup_link = setup::offer(&db, &hall.public_url, &hall.config.data_dir, now).await?;
    let passwords = Data::new(Passwords::start()?);

    let (stop, stopping) = watch::channel(false);
    let tail = Tail::new(db.clone(), clock.clone(), hall.node.clone(), followers(&hall.letterhead));
    let views = Data::new(Views::default());
    let kept = Data::new(KeptThreads::new(hall.config.cache_mb));
    let index = Arc::new(SearchIndex::default());
    let keeper = Keeper::new(db.clone(), clock.clone(), index.clone(), place, stopping.clone());
    let live = Live::default();
    let metrics = metrics_listener(&hall, &index)?;
    let mut background = vec![
        actix_web::rt::task::spawn_blocking(move || keeper.run()),
        actix_web::rt::spawn(views.clone().into_inner().keep(db.clone(), clock.clone(), stopping.clone())),
        actix_web::rt::spawn(hall.site_name.clone().keep(db.clone(), stopping.clone())),
        actix_web::rt::spawn(tail.run(stopping.clone())),
        actix_web::rt::spawn(seen.run(db.clone(), stopping.clone())),
        actix_web::rt::spawn(reading.keep(db.clone(), clock.clone(), stopping.clone())),
        actix_web::rt::spawn(live.clone().keep(db.clone(), stopping.clone())),
        actix_web::rt::spawn(sweeper::run(
            db,
            clock,
            hall.node.clone(),
            duties(&hall, &index),
            stopping.clone(),
        )),
    ];
    if let Some(sender) = sender(&hall) {
        background.push(actix_web::rt::spawn(sender.run(stopping.clone())));
    }

    let metrics = metrics.map(|(address, server)| {
        let handle = server.handle();
        background.push(actix_web::rt::spawn(tell_until(server, handle, stopping.clone())));
        address
    });
    let shared = (Data::new(live.clone()), Data::from(index));
    let server = serve(listener, hall.clone(), views, kept, shared, passwords, routes)
        .map_err(|why| StartError::Listen { address, why })?;
    let handle = server.handle();
    // Streams would hold the end up: they end as soon as it is asked for.
    background.push(actix_web::rt::spawn(end_streams(live.clone(), handle.clone(), stopping)));
    Ok(Running {
        address,
        metrics,
        hall,
        setup_link,
        live,
        handle,
        serving: actix_web::rt::spawn(server),
        stop,
        background,
    })
}

/// The listener for metrics, where one is set.
fn metrics_listener(
    hall: &Hall,
    index: &Arc<SearchIndex>,
) -> Result<Option<(SocketAddr, ActixServer)>, StartError> {
    let Some(address) = hall.config.metrics_listen else { return Ok(None) };
    let registry = metrics::registry(&hall.traffic, index.clone());
    metrics::serve(address, registry).map(Some).map_err(|why| StartError::Listen { address, why })
}

/// Runs it until the place stops.
async fn tell_until(server: ActixServer, handle: ServerHandle, mut stopping: watch::Receiver<bool>) {
    let serving = actix_web::rt::spawn(server);
    // A sender that is gone has stopped already.
    let _ = stopping.wait_for(|stopped| *stopped).await;
    handle.stop(true).await;
    if let Ok(Err(error)) = serving.await {
        tracing::error!(%error, "the metrics ended");
    }
}

async fn furnish(
    config: Config,
    clock: Clock,
    db: Db,
    address: SocketAddr,
    (seen, reading): (Seen, Reading),
) -> Result<Hall, StartError> {
    let fresh = random_token().map_err(|error| StartError::Randomness(error.to_string()))?;
    let now = clock.now();
    let (kept, name) = db
        .write(On::Nothing, move |c| {
            timed::schedule_once(c, Rerender::KIND, 0, now)?;
            Ok::<_, Error>((site::secret(c, &fresh, now)?, SiteName::stored(c)?))
        })
        .await?;
    let secret = Secret::new(config.secret.clone().unwrap_or(kept).into_bytes());
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let site_name = Arc::new(SiteName::new(name));
    let letterhead = Letterhead {
        mailbox: config.mail_from.clone().unwrap_or_else(|| Mailbox::of_url(&public_url)),
        public_url: public_url.clone(),
        secret: secret.clone(),
        site_name: site_name.clone(),
    };
    Ok(Hall {
        db,
        clock,
        secret,
        letterhead,
        threads_read: Arc::new(reading),
        lookup: Arc::new(Directory::new(seen)),
        node: Node::random(),
        public_url,
        site_name,
        alike: Alike::new(config.cache_mb * 250_000),
        tops: Default::default(),
        running: Default::default(),
        traffic: Default::default(),
        statements: Default::default(),
        config,
    })
}

fn serve(
    listener: std::net::TcpListener,
    hall: Data<Hall>,
    views: Data<Views>,
    kept: Data<KeptThreads>,
    (live, index): (Data<Live>, Data<SearchIndex>),
    passwords: Data<Passwords>,
    routes: fn() -> Vec<Endpoint>,
) -> std::io::Result<ActixServer> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let paths = Data::new(Paths::of(&routes()));
    let popular = Data::new(PopularTags::default());
    let (standings, figures) = (Data::new(Standings::default()), Data::new(ProfileFigures::default()));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(hall.clone())
            .app_data(paths.clone())
            .app_data(views.clone())
            .app_data(kept.clone())
            .app_data(index.clone())
            .app_data(live.clone())
            .app_data(popular.clone())
            .app_data(standings.clone())
            .app_data(figures.clone())
            .app_data(passwords.clone())
            .wrap(from_fn(gate))
            .wrap(from_fn(finish))
            .configure(|app| route(app, &routes()))
            .default_service(actix_web::web::to(nothing_here))
    })
    .workers(workers)
    .tcp_nodelay(true)
    .shutdown_timeout(10)
    .listen(listener)?;
    Ok(server.run())
}

/// Gathers the endpoints of one path into one resource, so that another method answers 405 and not 404.
fn route(app: &mut ServiceConfig, endpoints: &[Endpoint]) {
    let mut done: Vec<&str> = Vec::new();
    for path in endpoints.iter().map(|endpoint| endpoint.path) {
        if done.contains(&path) {
            continue;
        }
        done.push(path);
        let same = endpoints.iter().filter(|endpoint| endpoint.path == path);
        let routes = same.fold(resource(path), |resource, endpoint| resource.route(endpoint.route()));
        app.service(routes);
    }
}

async fn nothing_here() -> Result<&'static str, Problem> {
    Err(Problem::new(http::StatusCode::NOT_FOUND, "not-found"))
}

impl Running {
    /// Waits until the server has stopped, by a signal or by [`Running::stop`].
    ///
    /// # Errors
    /// What ended the server, if it was not asked to end.
    pub async fn wait(self) -> std::io::Result<()> {
        let Running { serving, stop, background, .. } = self;
        let ended = serving.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        // A receiver that is gone has stopped already.
        let _ = stop.send(true);
        for task in background {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task broke off");
            }
        }
        ended
    }

    /// Stops: requests in flight are finished first.
    ///
    /// # Errors
    /// As [`Running::wait`].
    pub async fn stop(self) -> std::io::Result<()> {
        self.live.end();
        self.handle.stop(true).await;
        self.wait().await
    }
}
