//! What a form or a query string says: decoded strictly, each name at most once.

use std::collections::BTreeMap;

use super::problem::{FieldProblem, Problem};

/// Fields more than this are no form of ours.
const MOST: usize = 100;

/// Names and values, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`. Broken escapes, invalid UTF-8, NUL characters, a name said
    /// twice, or more than a hundred fields are refused: silently taking one of two values is how checks are
    /// passed by.
    pub fn parse(raw: &[u8]) -> Result<Fields, Problem> {
        let mut fields = BTreeMap::new();
        for pair in raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            let name = decode(name)?;
            let value = decode(value)?;
            if fields.len() == MOST {
                return Err(Problem::malformed("too-many-fields").with("max", MOST));
            }
            if fields.insert(name.clone(), value).is_some() {
                return Err(Problem::malformed("said-twice").with("field", name));
            }
        }
        Ok(Fields(fields))
    }

    /// What can be read of a form that [`Fields::parse`] refused, only to be shown to its author again.
    pub fn salvaged(raw: &[u8]) -> Fields {
        let mut fields = BTreeMap::new();
        for pair in raw.split(|byte| *byte == b'&').take(MOST) {
            let Some(at) = pair.iter().position(|byte| *byte == b'=') else { continue };
            if let (Ok(name), Ok(value)) = (decode(&pair[..at]), decode(&pair[at + 1..])) {
                fields.entry(name).or_insert(value);
            }
        }
        Fields(fields)
    }

    /// The value of a field, "" when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The value of a field that was sent and is not blank, trimmed.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A whole number.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn number(&self, name: &'static str) -> Result<Option<i64>, Problem> {
        self.given(name)
            .map(|value| value.parse().map_err(|_| Problem::invalid_field(FieldProblem::new(name, "number"))))
            .transpose()
    }

    /// A number that must be there.
    ///
    /// # Errors
    /// When it is not, or is none.
    pub fn required_number(&self, name: &'static str) -> Result<i64, Problem> {
        self.number(name)?.ok_or_else(|| Problem::invalid_field(FieldProblem::new(name, "missing")))
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// All of it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// As a query string, with one field replaced or, for None, left out.
    pub fn query_with(&self, name: &str, value: Option<&str>) -> String {
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        self.0
            .iter()
            .filter(|(key, _)| key.as_str() != name)
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .chain(value.map(|value| (name, value)))
            .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
            .collect::<Vec<_>>()
            .join("&")
    }
}

fn decode(raw: &[u8]) -> Result<String, Problem> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
                let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
                    return Err(Problem::malformed("bad-escape"));
                };
                bytes.push((high * 16 + low) as u8);
            }
            other => bytes.push(*other),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| Problem::malformed("not-utf8"))?;
    // PostgreSQL cannot keep NUL, and nobody can type it.
    if text.contains('\0') { Err(Problem::malformed("not-text")) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(raw: &[u8]) -> String {
        Fields::parse(raw).unwrap_err().kind.into_owned()
    }

    #[test]
    fn pluses_and_escapes_are_decoded() {
        let fields = Fields::parse(b"a=x+y&b=%C3%A9&c").unwrap();
        assert_eq!((fields.text("a"), fields.text("b"), fields.text("c")), ("x y", "é", ""));
    }

    #[test]
    fn a_name_said_twice_is_refused() {
        assert_eq!(kind(b"a=1&a=2"), "said-twice");
    }

    #[test]
    fn invalid_utf8_is_refused() {
        assert_eq!(kind(b"a=%FF"), "not-utf8");
        assert_eq!(kind(b"a=\xff"), "not-utf8");
    }

    #[test]
    fn a_broken_escape_is_refused() {
        assert_eq!(kind(b"a=%2"), "bad-escape");
        assert_eq!(kind(b"a=%zz"), "bad-escape");
    }

    #[test]
    fn of_a_form_that_cannot_be_read_the_readable_fields_are_salvaged() {
        let fields = Fields::salvaged(b"body=my+words&bad=%FF&body=again&x");
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("body", "my words")]);
    }

    #[test]
    fn nul_is_refused() {
        assert_eq!(kind(b"a=%00"), "not-text");
    }

    #[test]
    fn a_query_keeps_its_other_fields_when_one_is_replaced() {
        let fields = Fields::parse(b"tag=c%2B%2B&after=x").unwrap();
        assert_eq!(fields.query_with("after", Some("y")), "tag=c%2B%2B&after=y");
        assert_eq!(fields.query_with("after", None), "tag=c%2B%2B");
    }
}
