//! Words that mean the same at this site, as an administrator wrote them: one group a line, `mail, e-mail, inbox`.

use std::collections::HashMap;

use diesel::QueryResult;

use crate::config::site;
use crate::db::Conn;
use crate::search::analysis::fold;

/// The setting they are kept in.
pub const SETTING: &str = "search_synonyms";
/// Characters of the setting at most.
pub const LONGEST: usize = 20_000;
/// Words of a group at most.
const GROUP: usize = 12;

/// Groups of synonyms, by each of their words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms(HashMap<String, Vec<String>>);

impl Synonyms {
    /// As stored.
    ///
    /// # Errors
    /// The database's.
    pub fn stored(c: &mut Conn) -> QueryResult<Synonyms> {
        Ok(Synonyms::parse(&site::get(c, SETTING)?.unwrap_or_default()))
    }

    /// Reads the setting. Lines that hold fewer than two words say nothing.
    pub fn parse(lines: &str) -> Synonyms {
        let mut synonyms: HashMap<String, Vec<String>> = HashMap::new();
        for line in lines.lines() {
            let group: Vec<String> = line
                .split([',', ';', '='])
                .map(|word| fold(word.trim()))
                .filter(|word| !word.is_empty())
                .take(GROUP)
                .collect();
            if group.len() < 2 {
                continue;
            }
            for word in &group {
                let others = synonyms.entry(key(word)).or_default();
                for other in group.iter().filter(|other| *other != word) {
                    if !others.contains(other) {
                        others.push(other.clone());
                    }
                }
            }
        }
        Synonyms(synonyms)
    }

    /// The others of a word's groups.
    pub fn of(&self, word: &str) -> &[String] {
        self.0.get(&key(word)).map_or(&[], Vec::as_slice)
    }
}

/// `e-mail` and `email` are one word.
fn key(word: &str) -> String {
    word.replace('-', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_of_a_line_stands_for_the_others() {
        let synonyms = Synonyms::parse("mail, E-Mail , inbox\nlonely\n\ntrash = bin");
        assert_eq!(synonyms.of("email"), ["mail", "inbox"]);
        assert_eq!(synonyms.of("bin"), ["trash"]);
        assert!(synonyms.of("lonely").is_empty());
    }
}
