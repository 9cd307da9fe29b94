//! Rendering: embedded templates, one set per interface language, filled from view structs.
//!
//! A page is a struct that implements [`Page`]; its template sees it as `page`, next to `shell` and `title`.
//! Promises: user text is escaped; a template that names an unknown variable, word, filter or component fails
//! (a test renders every page's sample). Thread fragments are components: they see their arguments and nothing else.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use fluent_bundle::FluentValue;
use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, Value};

use super::shell::Shell;
use super::words::{Words, WordsError};
use super::{assets, formats};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct TemplateFiles;

/// Interface languages there are words for; the first is used where a wanted one is missing.
pub const LOCALES: &[&str] = &["en"];

static TEMPLATES: LazyLock<Result<BTreeMap<&'static str, Language>, RenderError>> = LazyLock::new(load);

/// What a page's template may see.
pub trait Page: Serialize {
    /// The template's path under `templates/`.
    const TEMPLATE: &'static str;

    /// The page's name in the window's title, in front of the site's name.
    fn title(&self) -> Title<'_>;
}

/// A page's name: words of the interface, with a text made by people put in as `$text` where there is one.
#[derive(Debug, Clone, Copy)]
pub struct Title<'a> {
    key: &'static str,
    text: Option<&'a str>,
}

impl<'a> Title<'a> {
    /// Words alone.
    #[must_use]
    pub fn words(key: &'static str) -> Self {
        Self { key, text: None }
    }

    /// Words around a text, which is `$text` in them.
    #[must_use]
    pub fn around(key: &'static str, text: &'a str) -> Self {
        Self { key, text: Some(text) }
    }
}

/// Why a page could not be made. All of these are our mistakes, never the visitor's.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RenderError {
    #[error("a template cannot be used: {0}")]
    Template(String),
    #[error(transparent)]
    Words(#[from] WordsError),
    #[error("there are no templates for the language {0}")]
    NoLanguage(String),
}

impl From<tera::Error> for RenderError {
    fn from(error: tera::Error) -> Self {
        let mut told = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(deeper) = cause {
            told.push_str(": ");
            told.push_str(&deeper.to_string());
            cause = deeper.source();
        }
        Self::Template(told)
    }
}

struct Language {
    tera: Tera,
    words: Arc<Words>,
}

/// A whole page, in the shell's language.
///
/// # Errors
/// When a template or its words are wrong; the samples' test finds these before a visitor does.
pub fn render<P: Page>(shell: &Shell, page: &P) -> Result<String, RenderError> {
    let language = language(&shell.locale)?;
    let title = page.title();
    let text = title.text.map(|text| ("text", FluentValue::from(text)));
    let mut context = Context::new();
    context.insert("shell", shell);
    context.insert("page", page);
    context.insert("title", &language.words.say(title.key, text.as_slice())?);
    Ok(language.tera.render(P::TEMPLATE, &context)?)
}

/// One component by itself, in the shell's language, such as a slot of a page that is kept. `args` name the component's
/// parameters.
///
/// # Errors
/// As [`render`], and when an argument is missing.
pub fn component(shell: &Shell, name: &str, args: &Context) -> Result<String, RenderError> {
    let mut around = Context::new();
    around.insert("shell", shell);
    Ok(language(&shell.locale)?.tera.render_component_with_implicits(name, args, &around, None, true)?)
}

/// A template outside of any page, such as a letter; its context is `of` itself.
///
/// # Errors
/// As [`render`].
pub fn fragment<T: Serialize>(locale: &str, template: &str, of: &T) -> Result<String, RenderError> {
    let context = Context::from_serialize(of)?;
    Ok(language(locale)?.tera.render(template, &context)?)
}

/// The words of an interface language, for messages that are made outside of templates.
///
/// # Errors
/// When the templates could not be loaded.
pub fn words(locale: &str) -> Result<&'static Words, RenderError> {
    Ok(&language(locale)?.words)
}

fn language(locale: &str) -> Result<&'static Language, RenderError> {
    let languages = TEMPLATES.as_ref().map_err(Clone::clone)?;
    let wanted = languages.get(locale).or_else(|| languages.get(LOCALES.first()?));
    wanted.ok_or_else(|| RenderError::NoLanguage(locale.to_owned()))
}

fn load() -> Result<BTreeMap<&'static str, Language>, RenderError> {
    LOCALES.iter().map(|&locale| Ok((locale, load_language(locale)?))).collect()
}

fn load_language(locale: &str) -> Result<Language, RenderError> {
    let words = Arc::new(Words::embedded(locale)?);
    let mut tera = Tera::new();
    // Components and templates are checked against these names when they are added: register first.
    register_words(&mut tera, &words);
    register_formats(&mut tera, &words);
    let mut sources = Vec::new();
    for path in TemplateFiles::iter() {
        let Some(file) = TemplateFiles::get(&path).filter(|_| path.ends_with(".html")) else { continue };
        let source = String::from_utf8(file.data.into_owned())
            .map_err(|_| RenderError::Template(format!("{path} is not UTF-8")))?;
        sources.push((path.into_owned(), source));
    }
    tera.add_raw_templates(sources)?;
    Ok(Language { tera, words })
}

fn register_words(tera: &mut Tera, words: &Arc<Words>) {
    let words = Arc::clone(words);
    tera.register_function("t", move |args: Kwargs, _: &State| -> tera::TeraResult<String> {
        let key: &str = args.must_get("key")?;
        let mut said = Vec::new();
        for (name, value) in args.iter() {
            if let Some(name) = name.as_str().filter(|&name| name != "key") {
                said.push((name, fluent_value(value)));
            }
        }
        words.say(key, &said).map_err(tera::Error::message)
    });
    tera.register_function("asset", |args: Kwargs, _: &State| -> tera::TeraResult<String> {
        let path: &str = args.must_get("path")?;
        let missing = || tera::Error::message(format!("there is no static file {path}"));
        assets::url(path).map(ToOwned::to_owned).ok_or_else(missing)
    });
}

fn register_formats(tera: &mut Tera, words: &Arc<Words>) {
    // Digits and words of ours alone: nothing that a person typed goes through these three.
    let of_time = Arc::clone(words);
    tera.register_filter("time", move |micros: i64, _: Kwargs, _: &State| -> tera::TeraResult<Value> {
        let html = formats::time_element(&of_time, micros).map_err(tera::Error::message)?;
        Ok(Value::safe_string(&html))
    });
    let of_moment = Arc::clone(words);
    tera.register_filter("moment", move |micros: i64, _: Kwargs, _: &State| -> tera::TeraResult<Value> {
        let html = formats::moment_element(&of_moment, micros).map_err(tera::Error::message)?;
        Ok(Value::safe_string(&html))
    });
    let of_day = Arc::clone(words);
    tera.register_filter("day", move |micros: i64, _: Kwargs, _: &State| -> tera::TeraResult<Value> {
        let html = formats::day_element(&of_day, micros).map_err(tera::Error::message)?;
        Ok(Value::safe_string(&html))
    });
    tera.register_filter("number", |number: i64, _: Kwargs, _: &State| formats::grouped(number));
    tera.register_filter("urlencode", |text: &str, _: Kwargs, _: &State| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    });
}

fn fluent_value(value: &Value) -> FluentValue<'static> {
    match value.as_i64() {
        Some(number) if !value.is_string() => FluentValue::from(number),
        _ => FluentValue::from(value.to_string()),
    }
}
