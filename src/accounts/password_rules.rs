//! Which passwords are taken, after NIST SP 800-63B: long enough, not among the first to be tried, not made of what
//! is known about the person. No rule about which characters it is composed of.
//!
//! What is commonly tried is judged by the zxcvbn estimate (Wheeler, USENIX Security 2016): dictionary words,
//! names, dates, repeats, keyboard runs and sequences, also spelt with digits for letters.

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::web::FieldProblem;

/// Fewest characters, unless the site's settings say otherwise.
pub const SHORTEST: usize = 12;
/// Most characters; a bound on the work, not on anybody's memory.
pub const LONGEST: usize = 256;
/// Guesses an attacker needs at least; below this zxcvbn calls a password "somewhat guessable".
const GUESSES: f64 = 1e8;
/// Characters that must be left once what is known about the person is struck out.
const OWN: usize = 8;
/// Shorter words of a name prove nothing: "An" is in many passwords.
const TELLING: usize = 4;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Fewer characters than asked for.
    #[error("the password needs at least {least} characters")]
    Short {
        /// How many it takes.
        least: usize,
    },
    /// More than [`LONGEST`].
    #[error("the password may have at most {LONGEST} characters")]
    Long,
    /// Among those that are tried first.
    #[error("the password is among those that are tried first; a few unrelated words are better")]
    Common,
    /// Little more than a name, an address or the name of the site.
    #[error("the password is made of a name or an address that others know")]
    Derived,
}

impl From<Fault> for FieldProblem {
    fn from(fault: Fault) -> FieldProblem {
        match fault {
            Fault::Short { least } => FieldProblem::new("password", "password-short").with("n", least),
            Fault::Long => FieldProblem::new("password", "password-long").with("n", LONGEST),
            Fault::Common => FieldProblem::new("password", "password-common"),
            Fault::Derived => FieldProblem::new("password", "password-derived"),
        }
    }
}

/// One form for texts that look alike, whatever keyboard they were typed on (NFKC, as NIST advises): what is
/// counted, judged and hashed.
pub fn normalised(password: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(password).into_owned()
}

/// Judges a normalised password. `least` is the fewest characters, `known` what others know about the person:
/// address, names, handle, name of the site.
pub fn judge(password: &str, least: usize, known: &[String]) -> Result<(), Fault> {
    let length = password.chars().count();
    if length < least {
        return Err(Fault::Short { least });
    }
    if length > LONGEST {
        return Err(Fault::Long);
    }
    let words = telling_words(known);
    if is_derived(password, &words) {
        return Err(Fault::Derived);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if zxcvbn::zxcvbn(password, &words).guesses_log10() < GUESSES.log10() {
        return Err(Fault::Common);
    }
    Ok(())
}

/// Each known text as a whole and its words, folded; longest first, so that striking out a word cannot hide the
/// whole.
fn telling_words(known: &[String]) -> Vec<String> {
    let mut words: Vec<String> = known
        .iter()
        .flat_map(|text| {
            let parts = text.split(|c: char| !c.is_alphanumeric()).map(folded);
            std::iter::once(folded(text)).chain(parts)
        })
        .filter(|word| word.chars().count() >= TELLING)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

fn is_derived(password: &str, words: &[String]) -> bool {
    let whole = folded(password);
    let left = words.iter().fold(whole.clone(), |left, word| left.replace(word.as_str(), ""));
    left.len() < whole.len() && left.chars().count() < OWN
}

/// Letters and digits alone, lower case, with the digits and signs that stand for letters read as those.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    normalised(text).to_lowercase().chars().map(plain).filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Result<(), Fault> {
        let known = ["mara.delvalle@example.com", "Mara del Valle", "Boiler Friends"].map(str::to_owned);
        judge(&normalised(password), SHORTEST, &known)
    }

    #[test]
    fn a_password_needs_twelve_characters_counted_as_people_count_them() {
        assert_eq!(verdict("kj3hf8sd7fk"), Err(Fault::Short { least: 12 }));
        assert_eq!(verdict("kj3hf8sd7fkq"), Ok(()));
        assert_eq!(verdict("löwenzähnchü"), Ok(()));
        assert_eq!(verdict("гномы пьют чай"), Ok(()));
    }

    #[test]
    fn a_password_may_have_256_characters_and_no_more() {
        let long: String = (0..256).map(|n| char::from(b'a' + (n * 7 % 23) as u8)).collect();
        assert_eq!(verdict(&long), Ok(()));
        assert_eq!(verdict(&format!("{long}x")), Err(Fault::Long));
    }

    #[test]
    fn no_kind_of_character_is_asked_for() {
        for password in ["correct horse battery staple", "tangerine kettle window", "739105728461905"] {
            assert_eq!(verdict(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for password in [
            "password1234",
            "Password123!",
            "P@ssw0rd1234",
            "123456789012",
            "qwertyuiop12",
            "aaaaaaaaaaaa",
            "abcdefghijkl",
            "passwordpassword",
            "iloveyou1234",
            "administrator",
            "letmein12345",
            "111111111111111111",
            "abcabcabcabcabc",
        ] {
            assert_eq!(verdict(password), Err(Fault::Common), "{password}");
        }
    }

    #[test]
    fn what_is_made_of_the_persons_own_names_is_refused() {
        for password in [
            "mara.delvalle",
            "maradelvalle1",
            "M4ra-del-Valle!",
            "delvalle@example.com",
            "boilerfriends12",
            "Boiler Friends 2026",
        ] {
            assert_eq!(verdict(password), Err(Fault::Derived), "{password}");
        }
    }

    #[test]
    fn a_name_among_enough_other_words_is_taken() {
        assert_eq!(verdict("mara drinks tea at noon"), Ok(()));
    }

    #[test]
    fn the_same_password_typed_on_another_keyboard_is_the_same() {
        assert_eq!(normalised("ﬁancé"), normalised("fiance\u{301}"));
    }
}
