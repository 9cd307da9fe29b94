//! The program as a process of its own, for tests that end it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::place::Place;
use super::visitor::{Api, Visitor};

/// `peerhall serve`, running. Killed when dropped.
pub struct Process {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    words: Option<JoinHandle<String>>,
}

impl Process {
    /// Starts it in this place and waits until it says where it is open.
    pub fn start(place: &Place) -> Process {
        Process::start_as(place, &["serve"])
    }

    /// Starts it by another command that serves.
    pub fn start_as(place: &Place, arguments: &[&str]) -> Process {
        let mut command = place.command(arguments);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (open, opening) = mpsc::channel();
        // Read to the end, or the program would wait for its words to be taken.
        let words = std::thread::spawn(move || {
            let mut words = String::new();
            for line in lines.map_while(Result::ok) {
                if let Some(address) = address(&line) {
                    let _ = open.send(address);
                }
                words.push_str(&line);
                words.push('\n');
            }
            words
        });
        match opening.recv_timeout(Duration::from_secs(60)) {
            Ok(address) => Process { address, child, words: Some(words) },
            Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                panic!("the server did not open: {}", words.join().unwrap_or_default());
            }
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, at once.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and what it ends with.
    pub fn terminate(&mut self) -> ExitStatus {
        // The shell's own kill: not every machine has the program.
        let sent =
            Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap()
    }

    /// What it said on standard error. Ends only when it has ended.
    pub fn words(&mut self) -> String {
        self.words.take().map(|words| words.join().unwrap()).unwrap_or_default()
    }

    /// A program that speaks to it with this token.
    pub fn api(&self, token: &str) -> Api {
        Api::new(self.address, Some(token.to_owned()))
    }

    /// A browser that nobody knows.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.address)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn address(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once(" open at http://")?;
    rest.split(|letter: char| letter.is_whitespace() || letter == '/').next()?.parse().ok()
}
