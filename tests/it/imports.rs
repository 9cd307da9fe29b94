//! What imports bring: a small dump through the whole of it, and, as a proof, the whole of the shared data.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use peerhall::db::{Db, Sizes};
use serde_json::Value;

use crate::badges::settled;
use crate::closed_space::{CANARY, ClosedSpace, SPACE};
use crate::harness::{Folder, Hall, Kind, PASSWORD, Place, kind};
use crate::state::{Count, state};

const POSTS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="2" CreationDate="2016-08-02T15:39:14.947" Score="10" ViewCount="500"
    Body="&lt;p&gt;Why does the CANARY stay shut?&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    OwnerDisplayName="Old CANARY hand" LastActivityDate="2016-08-03T10:00:00.000"
    Title="How to open the CANARY?" Tags="&lt;CANARY-key&gt;&lt;locks&gt;" AnswerCount="2" CommentCount="1" />
  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2016-08-02T16:00:00.000" Score="4"
    Body="&lt;p&gt;Turn the CANARY &lt;strong&gt;left&lt;/strong&gt;.&lt;/p&gt;" OwnerUserId="7"
    LastActivityDate="2016-08-02T16:00:00.000" CommentCount="0" />
  <row Id="3" PostTypeId="2" ParentId="99" CreationDate="2016-08-02T16:00:00.000" Score="0"
    Body="&lt;p&gt;An answer to nothing that is here.&lt;/p&gt;" OwnerUserId="7" />
</posts>"#;

const USERS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<users>
  <row Id="-1" Reputation="1" CreationDate="2016-08-02T00:14:10.580" DisplayName="Community" />
  <row Id="7" Reputation="101" CreationDate="2016-08-02T15:35:48.670" DisplayName="Grete Old" />
</users>"#;

const VOTES: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<votes>
  <row Id="1" PostId="2" VoteTypeId="1" CreationDate="2016-08-02T00:00:00.000" />
  <row Id="2" PostId="1" VoteTypeId="2" CreationDate="2016-08-02T00:00:00.000" />
  <row Id="3" PostId="1" VoteTypeId="3" CreationDate="2016-08-02T00:00:00.000" />
</votes>"#;

/// A small dump with the canary in everything a post shows.
fn dump(folder: &Folder) -> PathBuf {
    let dir = folder.join("small.example.org");
    std::fs::create_dir_all(&dir).unwrap();
    for (name, text) in [("Posts.xml", POSTS), ("Users.xml", USERS), ("Votes.xml", VOTES)] {
        std::fs::write(dir.join(name), text.replace("CANARY", CANARY)).unwrap();
    }
    dir
}

fn import(place: &Place, dir: &Path, space: &str) -> Value {
    let dir = dir.display().to_string();
    let told = place.said(&["import", "stackexchange", &dir, "--space", space, "--json"], "");
    serde_json::from_str(&told).unwrap()
}

#[test]
fn every_row_of_an_import_is_accounted_for_and_a_second_run_adds_nothing() {
    let hall = Hall::start();
    let folder = Folder::new();
    let dir = dump(&folder);
    let report = import(&hall, &dir, "general");
    assert_eq!(report["questions"]["kept"], 1, "{report}");
    assert_eq!((&report["answers"]["read"], &report["answers"]["kept"]), (&2.into(), &1.into()), "{report}");
    assert_eq!(report["users"]["read"], 2, "{report}");
    assert_accounted(&report);
    settled(&hall);
    let before = state(hall.db());
    assert_eq!(import(&hall, &dir, "general"), report);
    settled(&hall);
    assert_eq!(before, state(hall.db()));
    hall.said(&["check"], "");
}

#[test]
fn an_imported_thread_shows_who_wrote_it_and_when_and_runs_no_script() {
    let hall = Hall::start();
    let folder = Folder::new();
    import(&hall, &dump(&folder), "general");
    let ann = hall.member("Ann");
    let list = ann.api().get("/questions").expect(200).json();
    let id = list["items"][0]["id"].as_i64().unwrap();
    let thread = ann.api().get(&format!("/questions/{id}")).expect(200).json();
    assert_eq!(thread["author"]["name"], format!("Old {CANARY} hand"));
    assert_eq!(thread["author"]["id"], Value::Null);
    assert_eq!(thread["created_at"], "2016-08-02T15:39:14.947000Z");
    assert_eq!(thread["origin"]["source"], "small.example.org");
    assert_eq!(thread["origin"]["id"], "1");
    assert_eq!(thread["accepted_answer_id"], thread["answers"][0]["id"]);
    assert_eq!(thread["answers"][0]["author"]["name"], "Grete Old");
    assert!(!thread["body_html"].as_str().unwrap().contains("script"), "{thread}");
    let page = ann.get(&format!("/questions/{id}"));
    let page = ann.follow(page).expect(200);
    assert!(page.text().contains("<strong>left</strong>") && !page.text().contains("alert(1)"));
}

#[test]
fn what_is_imported_into_a_closed_space_stays_inside() {
    let hall = Hall::start();
    let closed = ClosedSpace::prepare(&hall);
    let folder = Folder::new();
    import(&hall, &dump(&folder), SPACE);
    let inside = closed.answerer.get("/").expect(200);
    assert!(inside.text().contains(&format!("Old {CANARY} hand")), "{}", inside.shown());
    for path in ["/", "/questions", "/tags", "/people", "/questions?sort=score", "/questions?state=solved"] {
        let answer = closed.outsider.get(path);
        assert!(!answer.everything().contains(CANARY), "{path}: {}", answer.shown());
    }
    // The address it had where it came from.
    let old = "/o/small.example.org/question/1";
    assert!(closed.answerer.get(old).expect(303).location().contains(CANARY));
    closed.outsider.get(old).expect_page(404);
    let list = closed.outsider.api().get("/questions").expect(200).json();
    assert_eq!(list["items"], Value::Array(Vec::new()));
}

#[test]
fn an_import_sends_nothing_and_marks_every_event() {
    use diesel::prelude::*;
    use peerhall::db::schema::events;
    let hall = Hall::start();
    let before: i64 = hall.read(|c| events::table.count().get_result(c));
    let folder = Folder::new();
    import(&hall, &dump(&folder), "general");
    let live: i64 = hall.read(|c| events::table.filter(events::origin.eq("live")).count().get_result(c));
    let all: i64 = hall.read(|c| events::table.count().get_result(c));
    assert!(live <= before, "{live} live events");
    assert!(all > before);
}

#[test]
fn an_imported_member_comes_in_by_invitation_only_and_finds_their_posts() {
    use diesel::prelude::*;
    use peerhall::db::schema::members;
    let hall = Hall::start();
    let folder = Folder::new();
    import(&hall, &dump(&folder), "general");
    let grete =
        members::table.filter(members::name.eq("Grete Old")).select((members::id, members::password_hash));
    let (id, password): (i64, Option<String>) = hall.read(move |c| grete.first(c));
    assert_eq!(password, None);
    let link = hall.said(&["invite", "create", "--claim", &id.to_string()], "");
    let path = link.split_once("/join/").map(|(_, token)| format!("/join/{token}")).expect("a link");
    let grete = hall.visitor();
    grete.get(&path).expect_page(200);
    let joined = grete.post(&path, &[("email", "grete@example.org"), ("password", PASSWORD)]);
    assert_eq!(joined.status, 303, "{}", joined.shown());
    let profile = grete.get(&format!("/people/{id}"));
    assert!(profile.expect_page(200).contains(CANARY), "{}", profile.shown());
    hall.visitor().get(&path).expect_page(404);
}

#[test]
fn a_dump_without_posts_is_refused_and_changes_nothing() {
    let hall = Hall::start();
    let folder = Folder::new();
    let before = state(hall.db());
    let output = hall.run(&["import", "stackexchange", &folder.path().display().to_string()], "");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("Posts"), "{output:?}");
    assert_eq!(before, state(hall.db()));
}

#[test]
#[ignore = "takes the whole shared data: run by ./prove import"]
fn proof_of_the_whole_shared_data() {
    let data =
        std::env::var_os("PEERHALL_SHARED_DATA").expect("PEERHALL_SHARED_DATA names the data's folder");
    let system = if kind() == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    let folder = Folder::new();
    let place = Place::new(&[]);
    let db = Db::open(place.database().url(), Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
    let sources = sources(Path::new(&data), &folder);
    assert!(sources.len() >= 6, "only {} sources found", sources.len());
    let (mut totals, mut seconds, mut peak) = (Total::default(), 0.0, 0);
    for source in &sources {
        let run = measured(&place, &source.arguments);
        assert_accounted(&run.report);
        for (kinds, rows) in &source.rows {
            let read: u64 =
                kinds.iter().map(|kind| run.report[kind]["read"].as_u64().unwrap_or_default()).sum();
            assert_eq!(read, *rows, "{}: {kinds:?} of the input: {}", source.name, run.report);
        }
        let total = Total::of(&run.report);
        println!(
            "figure: {system}: {}: {} questions, {} answers; {} rows read, {} kept, {} skipped with a reason; \
             {:.0} s, {} MiB at most",
            source.name,
            run.report["questions"]["kept"],
            run.report["answers"]["kept"],
            total.read,
            total.kept,
            total.skipped,
            run.seconds,
            run.peak >> 20
        );
        totals = totals.and(&total);
        seconds += run.seconds;
        peak = peak.max(run.peak);
    }
    let before = state(&db);
    let mut again = 0.0;
    for source in &sources {
        again += measured(&place, &source.arguments).seconds;
    }
    let added: Vec<(Count, Count)> =
        before.iter().cloned().zip(state(&db)).filter(|(one, two)| one != two).collect();
    assert!(added.is_empty(), "a second run changed something: {added:#?}");
    place.said(&["check"], "");
    println!(
        "figure: {system}: all {} sources: {} rows read, {} kept, {} skipped with a reason; {seconds:.0} s, {} MiB at \
         most; a second run added and changed nothing in {again:.0} s; `peerhall check` clean",
        sources.len(),
        totals.read,
        totals.kept,
        totals.skipped,
        peak >> 20
    );
}

/// Something to import, and how many rows its input has for the kinds of the account.
struct Source {
    name: String,
    arguments: Vec<String>,
    rows: Vec<(Vec<&'static str>, u64)>,
}

fn sources(data: &Path, folder: &Folder) -> Vec<Source> {
    let mut sources = Vec::new();
    for entry in sorted(&data.join("stackexchange")) {
        if entry.is_dir() {
            sources.push(site(&entry));
        } else if entry.extension().is_some_and(|ending| ending == "7z") {
            sources.push(site(&unpacked(&entry, folder)));
        }
    }
    for entry in sorted(&data.join("support-forum")) {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix("-questions.jsonl.gz") else { continue };
        let answers = entry.with_file_name(format!("{name}-answers.jsonl.gz"));
        let mut arguments =
            vec!["import".to_owned(), "kitsune".into(), "--json".into(), "--questions".into()];
        arguments.push(entry.display().to_string());
        let mut rows = vec![(vec!["questions"], count(&entry, "{"))];
        if answers.exists() {
            arguments.extend(["--answers".to_owned(), answers.display().to_string()]);
            rows.push((vec!["answers"], count(&answers, "{")));
        }
        sources.push(Source { name: name.to_owned(), arguments, rows });
    }
    sources
}

fn site(dir: &Path) -> Source {
    let files: [(&str, &[&'static str]); 8] = [
        ("Posts", &["questions", "answers", "other_posts"]),
        ("Users", &["users"]),
        ("Comments", &["comments"]),
        ("Votes", &["votes"]),
        ("Badges", &["badges"]),
        ("Tags", &["tags"]),
        ("PostHistory", &["history"]),
        ("PostLinks", &["links"]),
    ];
    let rows = files.into_iter().filter_map(|(file, kinds)| {
        let found = [format!("{file}.xml"), format!("{file}.xml.gz")].map(|name| dir.join(name));
        let found = found.into_iter().find(|path| path.exists())?;
        Some((kinds.to_vec(), count(&found, "<row ")))
    });
    Source {
        name: dir.file_name().unwrap().to_string_lossy().into_owned(),
        arguments: vec!["import".into(), "stackexchange".into(), dir.display().to_string(), "--json".into()],
        rows: rows.collect(),
    }
}

pub fn unpacked(archive: &Path, folder: &Folder) -> PathBuf {
    let dir = folder.join(&archive.file_stem().unwrap().to_string_lossy());
    let out = format!("-o{}", dir.display());
    let unpacked = ["7zz", "7z", "7za"].into_iter().any(|program| {
        let mut command = Command::new(program);
        command.arg("x").arg("-y").arg(&out).arg(archive).stdout(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    });
    assert!(unpacked, "7z (Debian: 7zip) is needed for {}", archive.display());
    dir
}

/// Lines that begin, after spaces, with this; counted without any of the importer's code.
fn count(file: &Path, beginning: &str) -> u64 {
    let opened = std::fs::File::open(file).unwrap();
    let zipped = file.extension().is_some_and(|ending| ending == "gz");
    let reader: Box<dyn Read> =
        if zipped { Box::new(flate2::read::MultiGzDecoder::new(opened)) } else { Box::new(opened) };
    let mut lines = BufReader::new(reader).split(b'\n').map(Result::unwrap);
    let begins = |line: &Vec<u8>| line.trim_ascii_start().starts_with(beginning.as_bytes());
    lines.by_ref().filter(begins).count() as u64
}

struct Run {
    report: Value,
    seconds: f64,
    peak: u64,
}

/// Runs a command and watches its memory: the peak of the resident set as the system last told it.
fn measured(place: &Place, arguments: &[String]) -> Run {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let begun = Instant::now();
    let mut command = place.command(&arguments);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut told = child.stdout.take().unwrap();
    let told = std::thread::spawn(move || {
        let mut text = String::new();
        told.read_to_string(&mut text).map(|_| text)
    });
    let mut peak = 0;
    let status = loop {
        peak = peak_of(child.id()).unwrap_or(peak).max(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert!(status.success(), "{arguments:?} ended with {status}");
    let report = serde_json::from_str(&told.join().unwrap().unwrap()).unwrap();
    Run { report, seconds: begun.elapsed().as_secs_f64(), peak }
}

fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

#[derive(Default)]
struct Total {
    read: u64,
    kept: u64,
    skipped: u64,
}

impl Total {
    fn of(report: &Value) -> Total {
        let kinds = report.as_object().unwrap().values();
        kinds.fold(Total::default(), |total, kind| {
            let number = |name: &str| kind[name].as_u64().unwrap_or_default();
            total.and(&Total { read: number("read"), kept: number("kept"), skipped: skipped(kind) })
        })
    }

    fn and(self, other: &Total) -> Total {
        Total {
            read: self.read + other.read,
            kept: self.kept + other.kept,
            skipped: self.skipped + other.skipped,
        }
    }
}

fn skipped(kind: &Value) -> u64 {
    kind["skipped"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum()
}

#[track_caller]
fn assert_accounted(report: &Value) {
    for (name, kind) in report.as_object().unwrap() {
        let number = |name: &str| kind[name].as_u64().unwrap();
        assert_eq!(number("read"), number("kept") + skipped(kind), "{name}: {report}");
    }
}
