//! Bodies that people really wrote: every twentieth of the shared development data.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::*;

const EVERY: usize = 20;

/// The shared data, or None after saying what is not checked for want of it.
fn data(check: &str) -> Option<PathBuf> {
    let near = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let dir = std::env::var_os("PEERHALL_SHARED_DATA").map_or(near, PathBuf::from);
    if !dir.is_dir() {
        println!(
            "NOT CHECKED: {check}: there is no shared data at {} (set PEERHALL_SHARED_DATA)",
            dir.display()
        );
        return None;
    }
    Some(dir)
}

fn lines(file: &Path) -> impl Iterator<Item = String> {
    let open = File::open(file).map(|file| BufReader::new(MultiGzDecoder::new(file)).lines());
    open.into_iter().flatten().map_while(Result::ok)
}

fn files(dir: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.file_name().and_then(|name| name.to_str()).is_some_and(&is_wanted));
    files.sort();
    files
}

/// The value of an attribute in a row of a Stack Exchange dump.
fn attribute(row: &str, name: &str) -> Option<String> {
    let (_, rest) = row.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let mut text = value.to_owned();
    for (entity, c) in [
        ("&#xD;", "\r"),
        ("&#xA;", "\n"),
        ("&#x9;", "\t"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, c);
    }
    Some(text)
}

fn assert_shown(rendered: &Rendered, source: &str) {
    let found = dangers(rendered.html.as_str());
    assert!(found.is_empty(), "{found:?} in {source}");
    assert!(
        !rendered.text.is_empty() || rendered.html.as_str().len() < 40 || source.trim().len() < 400,
        "nothing to see of {source}"
    );
}

#[test]
fn bodies_of_the_support_forum_are_shown_with_their_formatting() {
    let Some(data) = data("support forum bodies") else { return };
    let (mut seen, mut flat) = (0, 0);
    for file in files(&data.join("support-forum"), |name| {
        name.ends_with("questions.jsonl.gz") || name.ends_with("answers.jsonl.gz")
    }) {
        for line in lines(&file).step_by(EVERY) {
            let row: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            let Some(body) = row["content"].as_str() else { continue };
            seen += 1;
            let rendered = html(body);
            assert_shown(&rendered, body);
            flat += usize::from(
                rendered.html == plain(&import::visible_text(body)).html && body.contains("<li>"),
            );
            let converted = html_to_markdown(body);
            assert!(rendered.text.is_empty() || !converted.is_empty(), "nothing to edit of {body}");
        }
    }
    println!("{seen} bodies of the support forum");
    assert!(seen > 1_000 && flat == 0, "{seen} seen, {flat} lost their lists");
}

#[test]
fn bodies_of_stack_exchange_are_shown_with_their_formatting() {
    let Some(data) = data("Stack Exchange bodies") else { return };
    let mut seen = 0;
    for site in files(&data.join("stackexchange"), |name| !name.contains("README")) {
        for line in lines(&site.join("Posts.xml.gz")).step_by(EVERY) {
            let Some(body) = attribute(&line, "Body") else { continue };
            seen += 1;
            assert_shown(&html(&body), &body);
        }
    }
    println!("{seen} bodies of Stack Exchange");
    assert!(seen > 100);
}

#[test]
fn markdown_of_stack_exchange_reads_like_its_html() {
    let Some(data) = data("Stack Exchange Markdown") else { return };
    let (mut seen, mut alike) = (0, 0);
    for site in files(&data.join("stackexchange"), |name| !name.contains("README")) {
        let mut bodies = BTreeMap::new();
        for line in lines(&site.join("Posts.xml.gz")).step_by(EVERY) {
            if let (Some(id), Some(body)) = (attribute(&line, "Id"), attribute(&line, "Body")) {
                bodies.insert(id, html(&body));
            }
        }
        // The last text of a post is the one its body was made from.
        let mut sources = BTreeMap::new();
        for line in lines(&site.join("PostHistory.xml.gz")) {
            let is_body = matches!(attribute(&line, "PostHistoryTypeId").as_deref(), Some("2" | "5" | "8"));
            if let (true, Some(id), Some(text)) =
                (is_body, attribute(&line, "PostId"), attribute(&line, "Text"))
            {
                sources.insert(id, text);
            }
        }
        for (id, body) in &bodies {
            let Some(source) = sources.get(id) else { continue };
            let rendered = imported_markdown(source);
            assert_shown(&rendered, source);
            seen += 1;
            alike += usize::from(rendered.text == body.text);
        }
    }
    println!("{alike} of {seen} Markdown bodies read like Stack Exchange's own HTML");
    assert!(seen > 100 && alike * 100 >= seen * 80, "{alike} of {seen}");
}
