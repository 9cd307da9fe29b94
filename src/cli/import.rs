//! `peerhall import`: brings a community's past into the hall. The account of what became of every row is printed on
//! standard output, as a table or as JSON; progress and words go to standard error.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Subcommand;

use super::{Place, Stop};
use crate::config::Config;
use crate::imports::progress::Progress;
use crate::imports::run::{ImportError, Run};
use crate::imports::stackexchange::dump::Dump;
use crate::imports::{kitsune, memory, stackexchange};

/// What can be imported.
#[derive(Subcommand, Debug)]
pub(super) enum ImportCommand {
    /// A Stack Exchange data dump: *.xml or *.xml.gz; any file but Posts may be missing
    Stackexchange {
        /// The directory of the dump
        dir: PathBuf,
        #[command(flatten)]
        to: To,
    },
    /// Mozilla Support threads: JSON lines, plain or gzip
    Kitsune {
        /// Files of questions
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        questions: Vec<PathBuf>,
        /// Files of answers
        #[arg(long, num_args = 1.., value_name = "FILE")]
        answers: Vec<PathBuf>,
        #[command(flatten)]
        to: To,
    },
}

/// Where it goes.
#[derive(clap::Args, Debug)]
pub(super) struct To {
    /// Key of the space to import into
    #[arg(long, default_value = "general")]
    space: String,
    /// Name of the source: rows of one source are imported once [default: from the directory or the first file]
    #[arg(long)]
    source: Option<String>,
    /// Print the account as one JSON object
    #[arg(long)]
    json: bool,
}

/// Letters of a source's name at most.
const SOURCE_MOST: usize = 100;

pub(super) fn run(config: &Config, command: &ImportCommand) -> Result<(), Stop> {
    match command {
        ImportCommand::Stackexchange { dir, to } => {
            let dump = Dump::find(dir).map_err(ImportError::from)?;
            let source = source(to, || directory_name(dir))?;
            import(config, to, &source, |run| stackexchange::import(run, &dump, &config.data_dir))
        }
        ImportCommand::Kitsune { questions, answers, to } => {
            let source = source(to, || questions.first().and_then(|file| set_name(file)))?;
            import(config, to, &source, |run| kitsune::import(run, questions, answers))
        }
    }
}

fn import(
    config: &Config,
    to: &To,
    source: &str,
    bring: impl FnOnce(&mut Run) -> Result<(), ImportError>,
) -> Result<(), Stop> {
    let place = Place::open(config)?;
    let began = Instant::now();
    let progress = Progress::on_stderr();
    let mut run = Run::begin(&place.db, &place.clock, &config.data_dir, &to.space, source, progress)?;
    let ended = bring(&mut run);
    for fault in run.faults() {
        eprintln!("{fault}");
    }
    if let Err(error) = ended {
        eprint!("{}", run.report());
        eprintln!("Stopped. What is counted above is kept; importing again goes on from there.");
        return Err(error.into());
    }
    print(&run, to.json)?;
    eprintln!(
        "Imported `{source}` into the space `{}` in {:.1} s{}.",
        to.space,
        began.elapsed().as_secs_f64(),
        memory::peak()
            .map_or_else(String::new, |bytes| format!(", with {} MiB of memory at most", bytes >> 20)),
    );
    Ok(())
}

fn print(run: &Run, json: bool) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    if json {
        let text = serde_json::to_string(run.report()).map_err(std::io::Error::other)?;
        writeln!(out, "{text}")?;
    } else {
        write!(out, "{}", run.report())?;
    }
    Ok(())
}

fn source(to: &To, default: impl FnOnce() -> Option<String>) -> Result<String, Stop> {
    let named = to.source.clone().or_else(default).unwrap_or_default();
    let named = named.trim();
    let length = named.chars().count();
    if length == 0 || length > SOURCE_MOST || named.contains(char::is_control) {
        return Err(Stop::Refused(format!(
            "the source needs a name of 1 to {SOURCE_MOST} letters; give one with --source NAME"
        )));
    }
    Ok(named.to_owned())
}

/// The directory's own name, also of `.` and of a link.
fn directory_name(dir: &Path) -> Option<String> {
    let named = dir.file_name().map(|name| name.to_string_lossy().into_owned());
    named.or_else(|| Some(dir.canonicalize().ok()?.file_name()?.to_string_lossy().into_owned()))
}

/// The first questions file's name without its ends: `thunderbird-2024-questions.jsonl.gz` is `thunderbird-2024`.
fn set_name(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_string_lossy().into_owned();
    let mut name = name.as_str();
    for end in [".gz", ".jsonl", "-questions"] {
        name = name.strip_suffix(end).unwrap_or(name);
    }
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_named_after_the_directory_or_the_first_file() {
        for (file, expected) in [
            ("x/thunderbird-2024-questions.jsonl.gz", "thunderbird-2024"),
            ("forum-questions.jsonl", "forum"),
            ("forum.jsonl", "forum"),
            ("forum", "forum"),
        ] {
            assert_eq!(set_name(Path::new(file)).as_deref(), Some(expected));
        }
        assert_eq!(
            directory_name(Path::new("x/ai.stackexchange.com/")).as_deref(),
            Some("ai.stackexchange.com")
        );
        assert!(directory_name(Path::new(".")).is_some());
    }

    #[test]
    fn a_source_without_a_name_is_refused_with_the_remedy() {
        let to = |name: &str| To { space: String::new(), source: Some(name.to_owned()), json: false };
        for name in ["", " ", "a\nb", &"x".repeat(101)] {
            assert!(source(&to(name), || None).unwrap_err().to_string().contains("--source"), "{name:?}");
        }
        assert_eq!(source(&to(" a "), || None).unwrap(), "a");
    }
}
