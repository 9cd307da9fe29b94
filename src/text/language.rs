//! In which language a text is written.

use whatlang::Lang;

/// Fewer letters than this say too little, even when the guess calls itself reliable.
const LETTERS_NEEDED: usize = 40;
/// What comes later in a text does not change the guess, only the work.
const CHARS_READ: usize = 2_000;

/// The language of a plain text as ISO 639-1 code, when the text is long enough to tell and the guess is reliable.
pub fn language(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(CHARS_READ).collect();
    // One Chinese or Japanese character says about as much as three letters.
    let letters: usize = head
        .chars()
        .filter(|c| c.is_alphabetic())
        .map(|c| if matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}') { 3 } else { 1 })
        .sum();
    if letters < LETTERS_NEEDED {
        return None;
    }
    let guess = whatlang::detect(&head)?;
    if guess.is_reliable() { iso_639_1(guess.lang()) } else { None }
}

/// The two-letter code of a language.
fn iso_639_1(lang: Lang) -> Option<&'static str> {
    // whatlang's codes are ISO 639-3; those with a shorter name in ISO 639-1, by the registration authority's table.
    Some(match lang.code() {
        "afr" => "af",
        "aka" => "ak",
        "amh" => "am",
        "ara" => "ar",
        "aze" => "az",
        "bel" => "be",
        "ben" => "bn",
        "bul" => "bg",
        "cat" => "ca",
        "ces" => "cs",
        "cmn" => "zh",
        "cym" => "cy",
        "dan" => "da",
        "deu" => "de",
        "ell" => "el",
        "eng" => "en",
        "epo" => "eo",
        "est" => "et",
        "fin" => "fi",
        "fra" => "fr",
        "guj" => "gu",
        "heb" => "he",
        "hin" => "hi",
        "hrv" => "hr",
        "hun" => "hu",
        "hye" => "hy",
        "ind" => "id",
        "ita" => "it",
        "jav" => "jv",
        "jpn" => "ja",
        "kan" => "kn",
        "kat" => "ka",
        "khm" => "km",
        "kor" => "ko",
        "lat" => "la",
        "lav" => "lv",
        "lit" => "lt",
        "mal" => "ml",
        "mar" => "mr",
        "mkd" => "mk",
        "mya" => "my",
        "nep" => "ne",
        "nld" => "nl",
        "nob" => "nb",
        "ori" => "or",
        "pan" => "pa",
        "pes" => "fa",
        "pol" => "pl",
        "por" => "pt",
        "ron" => "ro",
        "rus" => "ru",
        "sin" => "si",
        "slk" => "sk",
        "slv" => "sl",
        "sna" => "sn",
        "spa" => "es",
        "srp" => "sr",
        "swe" => "sv",
        "tam" => "ta",
        "tel" => "te",
        "tgl" => "tl",
        "tha" => "th",
        "tuk" => "tk",
        "tur" => "tr",
        "ukr" => "uk",
        "urd" => "ur",
        "uzb" => "uz",
        "vie" => "vi",
        "yid" => "yi",
        "zul" => "zu",
        _ => return None,
    })
}
