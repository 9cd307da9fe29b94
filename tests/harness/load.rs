//! Load in a closed loop: each connection asks again as soon as it is answered. Says what was answered, how fast,
//! and what it cost the server and, apart from that, us.
//!
//! Bounded in connections and time, and only ever towards this machine. It runs on one thread, so that on two
//! cores the server keeps at least one to itself.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What one round of load found.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// How long it was measured.
    pub seconds: f64,
    /// Microseconds from the request's first byte sent to the answer's last byte read, sorted.
    pub micros: Vec<u32>,
    /// Bytes of the bodies, on average.
    pub body: u64,
    /// CPU seconds of the server, user and system.
    pub server_cpu: f64,
    /// CPU seconds of the load generator.
    pub own_cpu: f64,
    /// An answer that was neither 2xx nor 3xx, if there was one.
    pub odd: Option<String>,
}

impl Round {
    /// Answers.
    pub fn answered(&self) -> u64 {
        self.micros.len() as u64
    }

    /// Answers per second.
    pub fn rate(&self) -> f64 {
        self.answered() as f64 / self.seconds
    }

    /// CPU seconds of the server per thousand answers.
    pub fn server_per_thousand(&self) -> f64 {
        self.server_cpu * 1_000.0 / self.answered().max(1) as f64
    }

    /// CPU seconds of the load generator per thousand answers.
    pub fn own_per_thousand(&self) -> f64 {
        self.own_cpu * 1_000.0 / self.answered().max(1) as f64
    }

    /// The latency that so many percent do not exceed, in milliseconds.
    pub fn percentile(&self, percent: f64) -> f64 {
        let at = (self.micros.len() as f64 * percent / 100.0) as usize;
        let micros = self.micros.get(at.min(self.micros.len().saturating_sub(1)));
        f64::from(micros.copied().unwrap_or_default()) / 1_000.0
    }
}

/// How long, and with how many connections.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Connections, each with one request at a time.
    pub connections: usize,
    /// Not measured, at the beginning.
    pub warm: Duration,
    /// Measured.
    pub time: Duration,
}

/// Drives load at the server of this process id; `request` makes the nth request of a connection.
pub fn drive(
    address: SocketAddr,
    process: u32,
    shape: Shape,
    request: &dyn Fn(usize, u64) -> Vec<u8>,
) -> Round {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let begin = Instant::now() + shape.warm;
        let end = begin + shape.time;
        let round = RefCell::new(Round::default());
        let bytes = RefCell::new(0_u64);
        let asking = (0..shape.connections).map(|connection| {
            let (round, bytes) = (&round, &bytes);
            async move {
                let mut stream = Connection::open(address).await;
                for nth in 0_u64.. {
                    let wanted = request(connection, nth);
                    let sent = Instant::now();
                    if sent >= end {
                        return;
                    }
                    let (status, body, head) = stream.ask(&wanted).await;
                    let answered = Instant::now();
                    if sent < begin || answered > end {
                        continue;
                    }
                    let mut round = round.borrow_mut();
                    *round.statuses.entry(status).or_default() += 1;
                    round.micros.push(u32::try_from((answered - sent).as_micros()).unwrap_or(u32::MAX));
                    *bytes.borrow_mut() += body;
                    if !(200..400).contains(&status) && round.odd.is_none() {
                        round.odd = Some(head);
                    }
                }
            }
        });
        let watching = async {
            tokio::time::sleep_until(begin.into()).await;
            let before = (cpu(process), cpu(std::process::id()), Instant::now());
            tokio::time::sleep_until(end.into()).await;
            let after = (cpu(process), cpu(std::process::id()), Instant::now());
            (after.0 - before.0, after.1 - before.1, (after.2 - before.2).as_secs_f64())
        };
        let (_, (server_cpu, own_cpu, seconds)) = futures_util::join!(join_all(asking), watching);
        let mut round = round.into_inner();
        round.micros.sort_unstable();
        round.body = bytes.into_inner() / round.answered().max(1);
        Round { server_cpu, own_cpu, seconds, ..round }
    })
}

/// CPU seconds a process has used, user and system.
pub fn cpu(process: u32) -> f64 {
    // proc(5): nanoseconds on a CPU, per thread; the ticks of `stat` are ten milliseconds long.
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{process}/task")) else { return 0.0 };
    let nanos = tasks.flatten().filter_map(|task| {
        let line = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    });
    nanos.sum::<u64>() as f64 / 1e9
}

/// Resident memory of a process, in MiB.
pub fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1_024
}

struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).await.expect("the server takes connections");
        stream.set_nodelay(true).unwrap();
        Connection { address, stream, buffer: Vec::with_capacity(64_000) }
    }

    /// Sends a request and reads its answer: status, bytes of the body, and the beginning as text.
    async fn ask(&mut self, request: &[u8]) -> (u16, u64, String) {
        self.stream.write_all(request).await.expect("the server reads");
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            let read = self.stream.read_buf(&mut self.buffer).await.expect("the server answers");
            assert!(read > 0, "the server closed the connection before it answered");
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let status: u16 = text.get(9..12).and_then(|status| status.parse().ok()).expect("a status line");
        let field = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
        };
        let length: usize = match field("content-length") {
            Some(length) => length.parse().expect("a length"),
            None if matches!(status, 204 | 304) => 0,
            None => panic!("an answer without a length: {text}"),
        };
        while self.buffer.len() < head + length {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("the server answers");
            assert!(read > 0, "the server closed the connection within a body");
        }
        let shown = String::from_utf8_lossy(&self.buffer[..self.buffer.len().min(600)]).into_owned();
        if field("connection") == Some("close") {
            *self = Connection::open(self.address).await;
        }
        (status, length as u64, if (200..400).contains(&status) { String::new() } else { shown })
    }
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}
