//! Reading a query, from left to right.

use std::str::FromStr;

use super::dates::{sign, span};
use super::{Asked, LONGEST, MOST, PHRASE, PHRASES, Span};
use crate::questions::State;
use crate::search::index::document::Kind;

/// Reads what somebody typed.
pub fn parse(typed: &str) -> Asked {
    let mut asked = Asked::default();
    let typed = match typed.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            asked.cut = true;
            &typed[..end]
        }
        None => typed,
    };
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        if asked.words.len() + asked.phrases.len() + asked.without.len() + asked.tags.len() >= MOST {
            asked.cut = true;
            break;
        }
        let negated = rest.strip_prefix(['-', '−']).filter(|after| after.starts_with(begins_something));
        let from = negated.unwrap_or(rest);
        let after = if let Some(quoted) = from.strip_prefix(['"', '“', '”', '„']) {
            phrase(&mut asked, quoted, negated.is_some())
        } else if let Some(named) = from.strip_prefix('[') {
            tag(&mut asked, named, negated.is_some())
        } else {
            word(&mut asked, from, negated.is_some())
        };
        rest = after.trim_start();
    }
    asked
}

/// What may stand behind a minus for it to mean "without": `-word`, but not the dash between words, nor `--flag`.
fn begins_something(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '"' | '“' | '”' | '„' | '[' | '_' | '.' | '#' | '@')
}

/// Up to the closing quotation mark, or to the end where it is missing.
fn phrase<'a>(asked: &mut Asked, quoted: &'a str, negated: bool) -> &'a str {
    let (inside, after) = quoted.split_once(['"', '“', '”']).unwrap_or((quoted, ""));
    let mut words = inside.split_whitespace();
    let inside = words.by_ref().take(PHRASE).collect::<Vec<_>>().join(" ");
    // Each word of a phrase is read with its places in all posts: a few are plenty.
    let several = asked.phrases.len() + asked.without.iter().filter(|other| other.contains(' ')).count();
    asked.cut |= words.next().is_some() || several >= PHRASES;
    if !inside.is_empty() && several < PHRASES {
        let list = if negated { &mut asked.without } else { &mut asked.phrases };
        list.push(inside);
    }
    after
}

/// `[tag]`; without its closing bracket it is a word.
fn tag<'a>(asked: &mut Asked, named: &'a str, negated: bool) -> &'a str {
    let end = named.find([']', '[', '"']).filter(|end| named[*end..].starts_with(']'));
    let name = end
        .map(|end| named[..end].trim())
        .filter(|name| !name.is_empty() && !name.contains(char::is_whitespace));
    match (name, end) {
        (Some(name), Some(end)) => {
            let list = if negated { &mut asked.without_tags } else { &mut asked.tags };
            let name = name.to_lowercase();
            if !list.contains(&name) {
                list.push(name);
            }
            &named[end + 1..]
        }
        _ => {
            let shown = named.split_whitespace().next().unwrap_or_default();
            note_broken(asked, &format!("[{shown}"));
            named
        }
    }
}

fn word<'a>(asked: &mut Asked, from: &'a str, negated: bool) -> &'a str {
    let end = from.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(from.len());
    let (piece, mut after) = from.split_at(end);
    if let Some((name, value)) = piece.split_once(':') {
        // `user:"Ann Lee"`: the value may stand in quotation marks.
        let (value, quoted_end) = match after.strip_prefix('"') {
            Some(quoted) if value.is_empty() => match quoted.split_once('"') {
                Some((inside, rest)) => (inside, Some(rest)),
                None => (value, None),
            },
            _ => (value, None),
        };
        if is_operator(name) {
            if !negated && operator(asked, &name.to_lowercase(), value) {
                return quoted_end.unwrap_or(after);
            }
            note_broken(asked, piece);
        }
    }
    if after.starts_with('"') && piece.is_empty() {
        after = &after[1..];
    }
    if piece.chars().any(char::is_alphanumeric) {
        let list = if negated { &mut asked.without } else { &mut asked.words };
        list.push(piece.to_owned());
    }
    after
}

fn is_operator(name: &str) -> bool {
    ["user", "space", "is", "score", "created"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Takes an operator; false when its value is none.
fn operator(asked: &mut Asked, name: &str, value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() {
        return false;
    }
    match name {
        "user" => {
            let once = asked.user.is_none();
            asked.user = Some(value.trim_start_matches('@').to_owned()).filter(|user| !user.is_empty());
            once && asked.user.is_some()
        }
        "space" => {
            asked.space = Some(value.to_owned());
            true
        }
        "is" => is(asked, &value.to_lowercase()),
        "score" => match score(value) {
            Some(span) => {
                asked.score = narrowed(asked.score, span);
                true
            }
            None => false,
        },
        _ => match span(value) {
            Some(span) => {
                asked.created = narrowed(asked.created, span);
                true
            }
            None => false,
        },
    }
}

fn is(asked: &mut Asked, value: &str) -> bool {
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == value);
    if let Some(kind) = kind {
        if !asked.kinds.contains(&kind) {
            asked.kinds.push(kind);
        }
        return true;
    }
    match State::parse(value) {
        Some(state) => {
            asked.state = Some(state);
            true
        }
        None => false,
    }
}

/// `3`, `>3`, `>=3`, `<0`, `<=0`, `1..5`.
fn score(typed: &str) -> Option<Span> {
    let number = |digits: &str| i64::from_str(digits).ok().filter(|n| n.unsigned_abs() < 1_000_000_000);
    if let Some((from, to)) = typed.split_once("..") {
        let from = if from.is_empty() { None } else { Some(number(from)?) };
        let to = if to.is_empty() { None } else { Some(number(to)?) };
        return (from.is_some() || to.is_some()).then_some(Span { from, to });
    }
    let (sign, digits) = sign(typed);
    let n = number(digits)?;
    Some(match sign {
        ">" => Span { from: Some(n + 1), to: None },
        ">=" => Span { from: Some(n), to: None },
        "<" => Span { from: None, to: Some(n - 1) },
        "<=" => Span { from: None, to: Some(n) },
        _ => Span { from: Some(n), to: Some(n) },
    })
}

fn narrowed(one: Span, other: Span) -> Span {
    let larger = |a: Option<i64>, b: Option<i64>| a.max(b);
    let smaller = |a: Option<i64>, b: Option<i64>| [a, b].into_iter().flatten().min();
    Span { from: larger(one.from, other.from), to: smaller(one.to, other.to) }
}

fn note_broken(asked: &mut Asked, piece: &str) {
    let shown: String = piece.chars().take(40).collect();
    if asked.broken.len() < 5 && !asked.broken.contains(&shown) {
        asked.broken.push(shown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_and_what_must_not_be_there() {
        let asked = parse("imap  \"lost  password\" -exchange -\"office 365\" e-mail");
        assert_eq!(asked.words, ["imap", "e-mail"]);
        assert_eq!(asked.phrases, ["lost password"]);
        assert_eq!(asked.without, ["exchange", "office 365"]);
        assert_eq!(asked.broken, [""; 0]);
    }

    #[test]
    fn operators_narrow() {
        let asked =
            parse("[IMAP] -[pop] user:@ann space:general is:answer is:solved score:>=3 created:2026-01.. x");
        assert_eq!((asked.tags, asked.without_tags), (vec!["imap".to_owned()], vec!["pop".to_owned()]));
        assert_eq!((asked.user.as_deref(), asked.space.as_deref()), (Some("ann"), Some("general")));
        assert_eq!((asked.kinds, asked.state), (vec![Kind::Answer], Some(State::Solved)));
        assert_eq!(asked.score, Span { from: Some(3), to: None });
        assert!(asked.created.from.is_some() && asked.created.to.is_none());
        assert_eq!(asked.words, ["x"]);
    }

    #[test]
    fn a_name_in_quotation_marks_is_one_value() {
        let asked = parse("user:\"Ann Lee\" crash");
        assert_eq!(asked.user.as_deref(), Some("Ann Lee"));
        assert_eq!(asked.words, ["crash"]);
    }

    #[test]
    fn a_broken_operator_is_searched_as_words_and_said() {
        for typed in ["score:many", "is:blue", "created:yesterday", "user:", "[a b", "[", "-is:solved"] {
            let asked = parse(typed);
            assert!(!asked.broken.is_empty(), "{typed}: {asked:?}");
        }
        assert_eq!(parse("is:blue").words, ["is:blue"]);
    }

    #[test]
    fn what_is_no_operator_is_no_broken_one() {
        for typed in
            ["std::vec", "http://example.org", "Error: 5", "C:\\Users", "10:30", "--verbose", "a - b"]
        {
            assert_eq!(parse(typed).broken, [""; 0], "{typed}");
        }
        assert_eq!(parse("--verbose").words, ["--verbose"]);
        assert_eq!(parse("a - b").words, ["a", "b"]);
    }

    #[test]
    fn much_is_cut_and_said() {
        let asked = parse(&"(NOT ".repeat(5_000));
        assert!(asked.cut && asked.words.len() <= MOST);
        assert!(parse(&"\"".repeat(10_000)).cut);
        assert!(parse(&"[".repeat(10_000)).words.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_is_read(typed in "\\PC{0,200}") {
            let asked = parse(&typed);
            proptest::prop_assert!(asked.words.len() + asked.phrases.len() <= MOST);
        }

        #[test]
        fn signs_alone_never_fail(typed in "[\\[\\]\"():.<>=\\- isuerco]{0,60}") {
            parse(&typed);
        }
    }
}
