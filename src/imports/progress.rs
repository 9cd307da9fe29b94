//! Progress of a long import, for the person in front of the terminal.
//!
//! On a terminal one line is kept up to date, at most five times a second; elsewhere (a log, a pipe) a line is
//! written every ten seconds and at the end of each file. Words go to standard error, never to standard
//! output. A closed standard error is nobody's problem: the import goes on.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::input::Position;
use super::report::grouped;

const REDRAW: Duration = Duration::from_millis(200);
const LINE: Duration = Duration::from_secs(10);
/// The line never wraps on a terminal of 80 columns.
const WIDTH: usize = 79;

/// Tells how far the import is.
pub struct Progress {
    out: Box<dyn Write + Send>,
    terminal: bool,
    stage: Option<Stage>,
}

struct Stage {
    name: String,
    position: Option<Position>,
    rows: u64,
    began: Instant,
    shown: Instant,
}

impl Progress {
    /// Progress on standard error.
    pub fn on_stderr() -> Self {
        let out = io::stderr();
        let terminal = out.is_terminal();
        Self { out: Box::new(out), terminal, stage: None }
    }

    /// Progress that nobody sees, for tests and embedding.
    pub fn silent() -> Self {
        Self { out: Box::new(io::sink()), terminal: false, stage: None }
    }

    /// Ends the stage before and begins the next, such as a file; `position` gives the share done.
    pub fn stage(&mut self, name: impl Into<String>, position: Option<Position>) {
        self.stage_at(name.into(), position, Instant::now());
    }

    /// Counts `n` more rows of the stage.
    pub fn advance(&mut self, n: u64) {
        self.advance_at(n, Instant::now());
    }

    /// Ends the last stage.
    pub fn finish(&mut self) {
        self.finish_at(Instant::now());
    }

    fn stage_at(&mut self, name: String, position: Option<Position>, now: Instant) {
        self.finish_at(now);
        self.stage = Some(Stage { name, position, rows: 0, began: now, shown: now });
    }

    fn advance_at(&mut self, n: u64, now: Instant) {
        let Some(stage) = &mut self.stage else { return };
        stage.rows += n;
        let every = if self.terminal { REDRAW } else { LINE };
        if now.duration_since(stage.shown) < every {
            return;
        }
        stage.shown = now;
        let line = stage.line(now, false);
        self.show(&line, false);
    }

    fn finish_at(&mut self, now: Instant) {
        if let Some(stage) = self.stage.take() {
            let line = stage.line(now, true);
            self.show(&line, true);
        }
    }

    fn show(&mut self, line: &str, last: bool) {
        let line: String = line.chars().take(WIDTH).collect();
        let written = match (self.terminal, last) {
            (true, false) => write!(self.out, "\r\x1b[2K{line}").and_then(|()| self.out.flush()),
            (true, true) => writeln!(self.out, "\r\x1b[2K{line}"),
            (false, _) => writeln!(self.out, "{line}"),
        };
        // Nobody is reading any more; the import itself is not affected.
        drop(written);
    }
}

impl Stage {
    fn line(&self, now: Instant, done: bool) -> String {
        let elapsed = now.duration_since(self.began);
        let mut line = format!("{}: {} rows", shown_name(&self.name), grouped(self.rows));
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        if let Some(rate) = (self.rows * 1000).checked_div(millis) {
            line.push_str(&format!(", {} a second", grouped(rate)));
        }
        if done {
            line.push_str(&format!(", done in {}.{} s", millis / 1000, millis % 1000 / 100));
        } else if let Some(share) =
            self.position.as_ref().and_then(|p| (p.read() * 100).checked_div(p.size()))
        {
            line.push_str(&format!(", {} % of the file", share.min(100)));
        }
        line
    }
}

/// A file name fit for a terminal: short, and without control characters that would move its cursor.
fn shown_name(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).take(40).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A million rows in steps of 1,000 over `seconds`.
    fn shown(terminal: bool, name: &str, seconds: u64) -> String {
        let screen = Screen::default();
        let mut progress = Progress { out: Box::new(screen.clone()), terminal, stage: None };
        let start = Instant::now();
        progress.stage_at(name.into(), None, start);
        for step in 1..=1000 {
            progress.advance_at(1000, start + Duration::from_millis(seconds * step));
        }
        progress.finish_at(start + Duration::from_secs(seconds));
        let bytes = screen.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_log_gets_a_line_every_ten_seconds_and_one_at_the_end() {
        let text = shown(false, "Posts.xml.gz", 25);
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "Posts.xml.gz: 400,000 rows, 40,000 a second",
                "Posts.xml.gz: 800,000 rows, 40,000 a second",
                "Posts.xml.gz: 1,000,000 rows, 40,000 a second, done in 25.0 s",
            ]
        );
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn a_terminal_gets_one_line_redrawn_at_most_five_times_a_second() {
        let text = shown(true, "Posts.xml.gz", 2);
        assert_eq!(text.matches('\n').count(), 1);
        assert!(text.matches('\r').count() <= 11, "{text:?}");
        assert!(text.ends_with("done in 2.0 s\n"));
    }

    #[test]
    fn a_hostile_file_name_cannot_move_the_cursor_nor_fill_the_line() {
        let text = shown(false, &format!("\u{1b}[2J\n{}", "x".repeat(500)), 1);
        assert!(text.starts_with("?[2J?xxx"), "{text}");
        assert!(text.lines().all(|line| line.len() <= WIDTH));
    }
}
