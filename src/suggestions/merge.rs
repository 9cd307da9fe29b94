//! A suggestion put together with what became of the post since it was made.

use crate::text::{self, Clash};

/// A post's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// Questions only.
    pub(super) title: Option<String>,
    /// Questions only.
    pub(super) tags: Option<Vec<String>>,
    /// Markdown; HTML of an import as Markdown.
    pub(super) body: String,
}

/// What approving a suggestion would save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) words: Words,
    /// Places of the text that were changed on both sides: there, what stands now was taken.
    pub(super) clashes: Vec<Clash>,
    /// The suggested title, where the title was changed on both sides: there, the one that stands now was taken.
    pub(super) title: Option<String>,
    /// Whether there are too many tags, or none, when both sides' changes are made.
    pub(super) tags: bool,
}

impl Merged {
    /// Whether somebody has to say what is meant.
    pub(super) fn is_torn(&self) -> bool {
        !self.clashes.is_empty() || self.title.is_some() || self.tags
    }

    /// What its suggester is said to have made of `current` when somebody decided for `decided`: field by field what merging
    /// gave, unless the decider left the field as it stands. Where merging gave nothing, what stands.
    pub(super) fn taken(&self, current: &Words, decided: &Words) -> Words {
        let title = if self.title.is_some() && self.title == decided.title {
            &decided.title
        } else if decided.title == current.title {
            &current.title
        } else {
            &self.words.title
        };
        let tags = if self.tags || decided.tags == current.tags { &current.tags } else { &self.words.tags };
        let body = if decided.body == current.body { &current.body } else { &self.words.body };
        Words { title: title.clone(), tags: tags.clone(), body: body.trim().to_owned() }
    }
}

/// Puts `suggested`, made from `base`, together with `current`.
pub(super) fn merge(base: &Words, current: &Words, suggested: &Words) -> Merged {
    let lines = text::merge(&base.body, &current.body, &suggested.body);
    let title_is_torn =
        current.title != base.title && suggested.title != base.title && current.title != suggested.title;
    let title =
        if suggested.title == base.title || title_is_torn { &current.title } else { &suggested.title };
    let tags = current.tags.as_ref().map(|now| {
        let (old, new) =
            (base.tags.as_deref().unwrap_or_default(), suggested.tags.as_deref().unwrap_or_default());
        // Their order is the author's: an order alone that was suggested is taken where nothing else was changed.
        if now == old {
            return new.to_vec();
        }
        let kept = now.iter().filter(|tag| new.contains(tag) || !old.contains(tag));
        let added = new.iter().filter(|tag| !old.contains(tag) && !now.contains(tag));
        kept.chain(added).cloned().collect::<Vec<String>>()
    });
    Merged {
        clashes: lines.clashes,
        title: title_is_torn.then(|| suggested.title.clone()).flatten(),
        tags: tags.as_ref().is_some_and(|tags| !crate::posts::sizes::TAGS.contains(&tags.len())),
        words: Words { title: title.clone(), tags, body: lines.text },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(title: &str, tags: &[&str], body: &str) -> Words {
        Words {
            title: Some(title.to_owned()),
            tags: Some(tags.iter().map(|tag| (*tag).to_owned()).collect()),
            body: body.to_owned(),
        }
    }

    #[test]
    fn what_each_side_changed_stands() {
        let base = words("A title", &["a", "b"], "One.\n\nTwo.\n\nThree.");
        let current = words("A title", &["a", "b", "c"], "One.\n\nTwo.\n\nThree, now.");
        let suggested = words("A better title", &["b", "d"], "One, better.\n\nTwo.\n\nThree.");
        let merged = merge(&base, &current, &suggested);
        assert!(!merged.is_torn());
        assert_eq!(
            merged.words,
            words("A better title", &["b", "c", "d"], "One, better.\n\nTwo.\n\nThree, now.")
        );
    }

    #[test]
    fn two_new_titles_are_torn_and_the_standing_one_is_taken() {
        let (base, current) = (words("Old", &["a"], "x"), words("Mine", &["a"], "x"));
        let merged = merge(&base, &current, &words("Theirs", &["a"], "x"));
        assert_eq!((merged.words.title.as_deref(), merged.title.as_deref()), (Some("Mine"), Some("Theirs")));
        assert!(merged.is_torn());
        assert!(!merge(&base, &current, &words("Mine", &["a"], "x")).is_torn());
    }

    #[test]
    fn the_suggester_wrote_what_was_merged_and_nothing_that_the_decider_typed() {
        let base = words("Old", &["a"], "One.\n\nTwo.");
        let merged = merge(&base, &base, &words("New", &["a", "b"], "One.\n\nTwo!"));
        let taken = |title: &str, tags: &[&str], body: &str| merged.taken(&base, &words(title, tags, body));
        assert_eq!(taken("New", &["a", "b"], "One.\n\nTwo!"), merged.words);
        assert_eq!(taken("Rude", &["c"], "Rude."), merged.words);
        assert_eq!(taken("Old", &["c"], "One.\n\nTwo."), words("Old", &["a", "b"], "One.\n\nTwo."));
        assert_eq!(taken("Old", &["a"], "One.\n\nTwo."), base);
    }

    #[test]
    fn of_two_titles_the_one_that_is_chosen_is_its_suggesters() {
        let (base, current) = (words("Old", &["a"], "x"), words("Mine", &["a"], "x"));
        let merged = merge(&base, &current, &words("Theirs", &["a"], "x"));
        assert_eq!(merged.taken(&current, &words("Theirs", &["a"], "x")), words("Theirs", &["a"], "x"));
        assert_eq!(merged.taken(&current, &words("Both", &["a"], "x")), current);
    }

    #[test]
    fn more_than_five_tags_together_are_torn() {
        let base = words("T", &["a", "b", "c"], "x");
        let current = words("T", &["a", "b", "c", "d", "e"], "x");
        assert!(merge(&base, &current, &words("T", &["a", "b", "c", "f"], "x")).is_torn());
        assert!(!merge(&base, &current, &words("T", &["a", "b", "f"], "x")).is_torn());
    }
}
