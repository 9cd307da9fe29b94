//! Tags of foreign data, made to fit the hall's rule for tags.
//!
//! The rule (contract.md, "Imports"): characters outside letters, digits and `+#.-` become `-`, a tag is cut
//! to 35 characters, a question keeps five; whatever was changed is counted. Order is kept; two tags that
//! become the same are one.

/// Most tags a question keeps.
pub const MAX_TAGS: usize = 5;
/// Most characters of a tag.
pub const MAX_TAG_CHARS: usize = 35;

/// The tags of one question after fitting, and what fitting them changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fitted {
    pub tags: Vec<String>,
    /// Tags in which a character was replaced.
    pub rewritten: u64,
    /// Tags cut to [`MAX_TAG_CHARS`].
    pub shortened: u64,
    /// Tags without any letter or digit, which mean nothing.
    pub meaningless: u64,
    /// Tags beyond the first [`MAX_TAGS`] different ones.
    pub dropped: u64,
}

/// Fits the tags of one question.
pub fn fit<'a>(raw: impl IntoIterator<Item = &'a str>) -> Fitted {
    let mut fitted = Fitted::default();
    for raw in raw {
        let Some(one) = fit_one(raw) else {
            fitted.meaningless += u64::from(!raw.trim().is_empty());
            continue;
        };
        if fitted.tags.contains(&one.tag) {
            continue;
        }
        if fitted.tags.len() == MAX_TAGS {
            fitted.dropped += 1;
            continue;
        }
        fitted.rewritten += u64::from(one.rewritten);
        fitted.shortened += u64::from(one.shortened);
        fitted.tags.push(one.tag);
    }
    fitted
}

/// One tag after fitting.
#[derive(Debug, PartialEq, Eq)]
pub struct FittedTag {
    pub tag: String,
    pub rewritten: bool,
    pub shortened: bool,
}

/// Fits one tag; `None` when it holds no letter and no digit. Letters become lower-case.
pub fn fit_one(raw: &str) -> Option<FittedTag> {
    let raw = raw.trim();
    let mut rewritten = false;
    let mut tag = String::with_capacity(raw.len());
    let mut lowered = raw.chars().flat_map(char::to_lowercase);
    for c in lowered.by_ref().take(MAX_TAG_CHARS) {
        let allowed = c.is_alphanumeric() || matches!(c, '+' | '#' | '.' | '-');
        rewritten |= !allowed;
        tag.push(if allowed { c } else { '-' });
    }
    let shortened = lowered.next().is_some();
    tag.contains(char::is_alphanumeric).then_some(FittedTag { tag, rewritten, shortened })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_keeps_what_is_allowed_and_nothing_else() {
        for (raw, tag, rewritten, shortened) in [
            ("c++", "c++", false, false),
            ("C#", "c#", false, false),
            (".net-4.8", ".net-4.8", false, false),
            ("download-and-install_1", "download-and-install-1", true, false),
            ("größe", "größe", false, false),
            ("два слова", "два-слова", true, false),
            ("<script>", "-script-", true, false),
            ("a/../b", "a-..-b", true, false),
            ("x234567890123456789012345678901234", "x234567890123456789012345678901234", false, false),
            ("x2345678901234567890123456789012345678", "x2345678901234567890123456789012345", false, true),
        ] {
            let expected = FittedTag { tag: tag.into(), rewritten, shortened };
            assert_eq!(fit_one(raw), Some(expected), "{raw:?}");
        }
        assert_eq!(fit_one(" \t"), None);
        assert_eq!(fit_one("?!_"), None);
    }

    #[test]
    fn a_question_keeps_its_first_five_different_tags_and_counts_the_rest() {
        let fitted = fit(["a_b", "a-b", "c", "d", "e", "f", "g", "c", ""]);
        assert_eq!(fitted.tags, ["a-b", "c", "d", "e", "f"]);
        assert_eq!((fitted.rewritten, fitted.shortened, fitted.dropped), (1, 0, 1));
        assert_eq!(fit(["???", " "]).meaningless, 1);
    }
}
