use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Words, WordsError};

fn files(under: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(under)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// Keys of all `t(key="…"…)` in templates; those put together (`"role-" ~ x`) end with an asterisk.
fn keys_in_templates() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (path, text) in files("templates", "html") {
        for call in text.split("t(key=").skip(1) {
            let rest =
                call.strip_prefix('"').unwrap_or_else(|| panic!("{}: t(key={call:.20}", path.display()));
            let (key, after) = rest.split_once('"').unwrap();
            let dynamic = after.trim_start().starts_with('~');
            keys.insert(if dynamic { format!("{key}*") } else { key.to_owned() });
        }
    }
    keys
}

/// Starts of keys put together in Rust, as in `say(&format!("flash-{word}"), …)`.
fn composed_keys(rust: &str) -> BTreeSet<String> {
    let composed = ["say(&format!(\"", "say(locale, &format!(\"", "say(&to.locale, &format!(\""];
    composed
        .iter()
        .flat_map(|call| rust.split(call).skip(1))
        .filter_map(|rest| rest.split_once('{'))
        .map(|(start, _)| start.to_owned())
        .filter(|start| start.ends_with('-') && !start.contains('"'))
        .collect()
}

fn keys_in_words() -> BTreeSet<String> {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/words/en.ftl")).unwrap();
    text.lines()
        .filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|l| l.split_once(" =").map(|(key, _)| key.to_owned()))
        .collect()
}

#[test]
fn every_key_in_a_template_has_words() {
    let known = keys_in_words();
    let missing: Vec<_> = keys_in_templates()
        .into_iter()
        .filter(|key| match key.strip_suffix('*') {
            Some(start) => !known.iter().any(|k| k.starts_with(start)),
            None => !known.contains(key),
        })
        .collect();
    assert!(missing.is_empty(), "no words for {missing:?}");
}

/// Whether a key is put together from a kind that the code names, such as `field-` and `email-taken`.
fn told_by_kind(key: &str, rust: &str) -> bool {
    let parts = ["problem-", "field-", "flash-", "typed-"];
    let Some(kind) = parts.iter().find_map(|part| key.strip_prefix(part)) else { return false };
    let kind = kind.strip_suffix("-what").or_else(|| kind.strip_suffix("-next")).unwrap_or(kind);
    rust.contains(&format!("\"{kind}\""))
}

#[test]
fn no_words_are_left_unused() {
    let used = keys_in_templates();
    let rust: String = files("src", "rs").into_iter().map(|(_, text)| text).collect();
    let unused: Vec<_> = keys_in_words()
        .into_iter()
        .filter(|key| !used.contains(key) && !rust.contains(&format!("\"{key}\"")))
        .filter(|key| !told_by_kind(key, &rust))
        .filter(|key| {
            let composed = used.iter().filter_map(|u| u.strip_suffix('*'));
            let in_rust = composed_keys(&rust);
            !composed.clone().any(|start| key.starts_with(start))
                && !in_rust.iter().any(|start| key.starts_with(start))
        })
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn no_key_is_written_twice() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/words/en.ftl")).unwrap();
    let count =
        text.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()) && l.contains(" =")).count();
    assert_eq!(count, keys_in_words().len());
}

#[test]
fn a_missing_key_and_a_missing_argument_are_errors() {
    let words = Words::embedded("en").unwrap();
    assert!(matches!(words.say("no-such-key", &[]), Err(WordsError::NoKey { .. })));
    assert!(matches!(words.say("answers-count", &[]), Err(WordsError::Unfit { .. })));
    assert_eq!(words.say("answers-count", &[("n", 1.into())]).unwrap(), "1 answer");
}

/// String literals that follow `call` in the sources: the kinds of problems that are written out.
fn literals_after(rust: &str, call: &str) -> BTreeSet<String> {
    let kinds = rust.split(call).skip(1).filter_map(|rest| rest.split('"').next());
    kinds
        .filter(|kind| kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn every_problem_has_its_three_sentences() {
    let known = keys_in_words();
    let rust: String = files("src", "rs").into_iter().map(|(_, text)| text).collect();
    let calls = ["Problem::malformed(\"", "Problem::forbidden(\"", "Problem::conflict(\""];
    let kinds: BTreeSet<_> = calls.iter().flat_map(|call| literals_after(&rust, call)).collect();
    let missing: Vec<_> = kinds
        .iter()
        .flat_map(|kind| ["", "-what", "-next"].map(|part| format!("problem-{kind}{part}")))
        .filter(|key| !known.contains(key))
        .collect();
    assert!(missing.is_empty(), "no words for {missing:?}");
}

#[test]
fn every_problem_of_a_field_has_a_sentence() {
    let known = keys_in_words();
    let rust: String = files("src", "rs").into_iter().map(|(_, text)| text).collect();
    let fields = rust.split("FieldProblem::new(").skip(1).filter_map(|rest| rest.split_once(", \""));
    let missing: Vec<_> = fields
        .filter(|(field, _)| !field.contains([')', '\n']))
        .filter_map(|(_, rest)| rest.split('"').next())
        .map(|kind| format!("field-{kind}"))
        .filter(|key| !known.contains(key))
        .collect();
    assert!(missing.is_empty(), "no words for {missing:?}");
}
