//! Keyset lists: where a page of a list ended, as an opaque word, and how long the next page may be.
//!
//! A cursor is the key of the last item shown, so that a list neither repeats nor skips an item while others
//! are added. It grants nothing: the list it continues is scoped by its viewer as ever. What stands in it is
//! not promised to anybody outside.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::fields::Fields;
use super::problem::{FieldProblem, Problem};

/// Items on a page when nothing is asked for.
pub const USUAL: i64 = 30;
/// Items on a page at most (contract.md).
pub const MOST: i64 = 100;
/// Characters of a cursor at most; keys are names and numbers, far shorter.
const LONGEST: usize = 1_000;

/// Where to continue, and how many items are wanted. `K` is the list's key, a tuple such as `(i64, i64)` or
/// `(String, i64)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span<K> {
    /// The key of the last item seen; None starts at the list's beginning.
    pub after: Option<K>,
    /// How many, 1 to [`MOST`].
    pub limit: i64,
}

impl<K: DeserializeOwned> Span<K> {
    /// Reads `after` and `limit` of a query string.
    ///
    /// # Errors
    /// 400 `bad-cursor` for a cursor that is none of this list's; 422 when the limit is no number of 1 to 100.
    pub fn asked(query: &Fields) -> Result<Span<K>, Problem> {
        let limit = query.number("limit")?.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            let wrong = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MOST);
            return Err(Problem::invalid_field(wrong));
        }
        Ok(Span { after: query.given("after").map(decode).transpose()?, limit })
    }

    /// As many rows as tell whether there is a next page: one more than shown.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }
}

/// A page of a list as the API sends it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Listed<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; null at the end.
    pub next: Option<String>,
}

impl<T> Listed<T> {
    /// From rows fetched with [`Span::fetch`]: keeps the page, and says where it ended if more follow.
    pub fn cut<K, L: Serialize>(mut rows: Vec<T>, span: &Span<K>, key: impl FnOnce(&T) -> L) -> Listed<T> {
        let limit = usize::try_from(span.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| encode(&key(last)));
        Listed { items: rows, next }
    }

    /// The same page of other items.
    pub fn map<U>(self, tell: impl FnMut(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(tell).collect(), next: self.next }
    }
}

/// A key as an opaque word that is safe in a URL.
pub fn encode(key: &impl Serialize) -> String {
    // A tuple of numbers and texts can always be written; were it not, the cursor is refused when it comes back.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// The key in a cursor.
///
/// # Errors
/// 400 `bad-cursor`.
pub fn decode<K: DeserializeOwned>(cursor: &str) -> Result<K, Problem> {
    let bad = || Problem::malformed("bad-cursor");
    if cursor.len() > LONGEST {
        return Err(bad());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
    let parts: Vec<Part> = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    // PostgreSQL cannot compare with NUL.
    if parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('\0'))) {
        return Err(bad());
    }
    serde_json::from_slice(&bytes).map_err(|_| bad())
}

/// What a key may be made of.
#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    #[expect(dead_code, reason = "only its being a number matters")]
    Number(i64),
    Text(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Result<Span<(String, i64)>, Problem> {
        Span::asked(&Fields::parse(query.as_bytes()).unwrap())
    }

    #[test]
    fn a_key_comes_back_as_it_was() {
        let key = ("Ünal \"x\"".to_owned(), i64::MIN);
        assert_eq!(decode::<(String, i64)>(&encode(&key)).unwrap(), key);
    }

    #[test]
    fn what_is_no_cursor_of_this_list_is_refused() {
        let nul = encode(&("a\0b", 1));
        let long = encode(&("x".repeat(2_000), 1));
        let deep = URL_SAFE_NO_PAD.encode("[".repeat(700));
        let others = [encode(&(1, 2)), encode(&("a", 1, 2)), encode(&["a"]), encode(&"a"), encode(&(1.5, 2))];
        for bad in ["%%%", "e30", "bm90IGpzb24", nul.as_str(), &long, &deep]
            .into_iter()
            .chain(others.iter().map(String::as_str))
        {
            assert_eq!(decode::<(String, i64)>(bad).unwrap_err().kind, "bad-cursor", "{bad}");
        }
    }

    #[test]
    fn a_limit_is_1_to_100_and_30_when_nothing_is_said() {
        assert_eq!(asked("").unwrap().limit, 30);
        assert_eq!(asked("limit=100").unwrap().limit, 100);
        for bad in ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1e2"] {
            assert_eq!(asked(bad).unwrap_err().status.as_u16(), 422, "{bad}");
        }
    }

    #[test]
    fn the_next_page_is_named_only_when_there_is_one() {
        let span = Span::<(i64,)> { after: None, limit: 2 };
        let full = Listed::cut(vec![1, 2, 3], &span, |last| (*last,));
        assert_eq!(full.items, [1, 2]);
        assert_eq!(decode::<(i64,)>(&full.next.unwrap()).unwrap(), (2,));
        assert_eq!(Listed::cut(vec![1, 2], &span, |last| (*last,)).next, None);
    }
}
