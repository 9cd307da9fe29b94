//! A running hall: server, clock, folder and database of one test.

use std::net::SocketAddr;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::web::Data;
use peerhall::clock::Clock;
use peerhall::config::{Config, Settings};
use peerhall::db::{Conn, Db, Error};
use peerhall::web::Hall as Shared;
use tokio::sync::oneshot;

use super::database::TestDatabase;
use super::folder::Folder;
use super::visitor::Visitor;

/// What a test walks around in. Stops and cleans up when dropped.
pub struct Hall {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its time; tests move it.
    pub clock: Clock,
    /// What its handlers share.
    pub shared: Data<Shared>,
    settings: Vec<(String, String)>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    // Dropped last: the server must have let go of them.
    database: TestDatabase,
    folder: Folder,
}

impl Hall {
    /// A hall on the run's database, without limits on how often things may be done.
    pub fn start() -> Hall {
        Hall::with(&[])
    }

    /// The same with further settings, as the environment names them; `PEERHALL_LIMITS=on` brings the limits back.
    pub fn with(settings: &[(&str, &str)]) -> Hall {
        let folder = Folder::new();
        let database = TestDatabase::fresh(&folder);
        let settings = settings_for(&folder, &database, settings);
        let environment = settings.iter().map(|(name, value)| (name.into(), value.into()));
        let gathered = Settings::gather(Some(&folder.join("peerhall.toml")), environment, &[]).unwrap();
        let config = Config::from_settings(&gathered).unwrap();
        let clock = Clock::default();
        let (started, starting) = mpsc::channel();
        let (stop, stopping) = oneshot::channel();
        let ticking = clock.clone();
        let thread = std::thread::spawn(move || serve(config, ticking, &started, stopping));
        let (address, shared) = starting.recv().expect("the server starts");
        Hall { address, clock, shared, settings, stop: Some(stop), thread: Some(thread), database, folder }
    }

    /// Somebody nobody knows.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.address)
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The database, for facts that no page shows.
    pub fn db(&self) -> &Db {
        &self.shared.db
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
        let before = self.shared.statements.load(Ordering::Relaxed);
        let answer = body();
        (self.shared.statements.load(Ordering::Relaxed) - before, answer)
    }

    /// Where the database is, as `DATABASE_URL` says it.
    pub fn database_setting(&self) -> String {
        self.database.setting()
    }

    /// The test's folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Runs a command of the program on this hall's database, beside the running server.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        run(command(&self.settings).args(arguments), input)
    }

    /// What a command that must succeed prints, without the line's end.
    #[track_caller]
    pub fn said(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "peerhall {}: {words}", arguments.join(" "));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Hall {
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

/// The program with these settings and no others from the environment, in no particular folder.
pub fn command(settings: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peerhall"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PEERHALL_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command.envs(settings.iter().map(|(name, value)| (name, value))).current_dir(std::env::temp_dir());
    command
}

fn run(command: &mut Command, input: &str) -> Output {
    use std::io::Write;
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("the program starts");
    // A command that reads no input may be gone before it is written.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn settings_for(folder: &Folder, database: &TestDatabase, further: &[(&str, &str)]) -> Vec<(String, String)> {
    // An empty file of settings keeps a peerhall.toml of the working directory out of the test.
    std::fs::write(folder.join("peerhall.toml"), "").unwrap();
    let own = |name: &str| (name.to_owned(), folder.join(&name.to_lowercase()).display().to_string());
    let mut settings = vec![
        ("PEERHALL_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
        ("DATABASE_URL".to_owned(), database.setting()),
        ("PEERHALL_LIMITS".to_owned(), "off".to_owned()),
        ("PEERHALL_LOG".to_owned(), "warn".to_owned()),
        own("PEERHALL_DATA_DIR"),
        own("PEERHALL_SEARCH_DIR"),
    ];
    for (name, value) in further {
        settings.retain(|(known, _)| known != name);
        settings.push(((*name).to_owned(), (*value).to_owned()));
    }
    settings
}

type Started = mpsc::Sender<(SocketAddr, Data<Shared>)>;

fn serve(config: Config, clock: Clock, started: &Started, stopping: oneshot::Receiver<()>) {
    actix_web::rt::System::new().block_on(async move {
        let running = peerhall::server::start(config, clock).await.expect("the server starts");
        started.send((running.address, running.hall.clone())).unwrap();
        // A sender that is gone says the same as one that speaks.
        let _ = stopping.await;
        running.stop().await.expect("the server stops");
    });
}
