//! A running hall in this process: server, clock and place of one test.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::web::Data;
use peerhall::clock::Clock;
use peerhall::config::{Config, Settings};
use peerhall::db::{Conn, Db, Error};
use peerhall::web::Hall as Shared;
use tokio::sync::oneshot;

use super::place::Place;
use super::visitor::{Api, Visitor};

/// What a test walks around in. Stops and cleans up when dropped. Used as a [`Place`], it runs commands beside
/// the server.
pub struct Hall {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its time; tests move it.
    pub clock: Clock,
    node: Node,
    // Dropped last: the server must have let go of it.
    place: Place,
}

/// A server in this process; another one beside a hall's is a second node on the same database.
pub struct Node {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it tells metrics, if it was told to.
    pub metrics: Option<SocketAddr>,
    clock: Clock,
    shared: Data<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Hall {
    /// A hall on the run's database, without limits on how often things may be done.
    pub fn start() -> Hall {
        Hall::with(&[])
    }

    /// The same with further settings, as the environment names them; `PEERHALL_LIMITS=on` brings the limits back.
    pub fn with(settings: &[(&str, &str)]) -> Hall {
        Hall::at(Place::new(settings))
    }

    /// A hall in a place that is there already.
    pub fn at(place: Place) -> Hall {
        let node = Node::start(&place, &[]);
        Hall { address: node.address, clock: node.clock.clone(), node, place }
    }

    /// A second node on this hall's database, with further settings.
    pub fn beside(&self, settings: &[(&str, &str)]) -> Node {
        Node::start(&self.place, settings)
    }

    /// Somebody nobody knows.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.address)
    }

    /// A program without a token.
    pub fn stranger(&self) -> Api {
        Api::new(self.address, None)
    }

    /// The database, for facts that no page shows.
    pub fn db(&self) -> &Db {
        &self.node.shared.db
    }

    /// Reads the database.
    #[track_caller]
    pub fn read<T: Send + 'static>(
        &self,
        body: impl FnOnce(&mut Conn) -> diesel::QueryResult<T> + Send + 'static,
    ) -> T {
        self.db().read_now(move |c| Ok::<_, Error>(body(c)?)).unwrap()
    }

    /// How many statements requests have run while `body` did.
    pub fn statements_of<T>(&self, body: impl FnOnce() -> T) -> (u64, T) {
        let before = self.node.shared.statements.load(Ordering::Relaxed);
        let answer = body();
        (self.node.shared.statements.load(Ordering::Relaxed) - before, answer)
    }
}

impl Deref for Hall {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.expect("the server stops in peace");
            }
        }
    }
}

impl Node {
    fn start(place: &Place, further: &[(&str, &str)]) -> Node {
        let own = place.settings().iter().filter(|(name, _)| further.iter().all(|(other, _)| other != name));
        let own = own.map(|(name, value)| (name.into(), value.into()));
        let environment = own.chain(further.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let file = place.folder().join("peerhall.toml");
        let gathered = Settings::gather(Some(&file), environment, &[]).unwrap();
        let config = Config::from_settings(&gathered).unwrap();
        let clock = Clock::default();
        let (started, starting) = mpsc::channel();
        let (stop, stopping) = oneshot::channel();
        let ticking = clock.clone();
        let thread = std::thread::spawn(move || serve(config, ticking, &started, stopping));
        let (address, metrics, shared) = starting.recv().expect("the server starts");
        Node { address, metrics, clock, shared, stop: Some(stop), thread: Some(thread) }
    }
}

type Started = mpsc::Sender<(SocketAddr, Option<SocketAddr>, Data<Shared>)>;

fn serve(config: Config, clock: Clock, started: &Started, stopping: oneshot::Receiver<()>) {
    actix_web::rt::System::new().block_on(async move {
        let running = peerhall::server::start(config, clock).await.expect("the server starts");
        started.send((running.address, running.metrics, running.hall.clone())).unwrap();
        // A sender that is gone says the same as one that speaks.
        let _ = stopping.await;
        running.stop().await.expect("the server stops");
    });
}
