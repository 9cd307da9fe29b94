//! Answers that are pages: the shell around them, and where to go after an act.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use super::cookies;
use super::error_page::field_words;
use super::finish::Worded;
use super::hall::Hall;
use super::pages::FieldErrors;
use super::problem::Problem;
use super::render::{Page, render, words};
use super::shell::{Flash, FlashKind, Place, Shell, ShellViewer, initials};
use super::viewer::Viewer;
use super::visit::{Entered, Visit};

impl Visit {
    /// A page.
    ///
    /// # Errors
    /// When its template fails, which is our mistake.
    pub fn page<P: Page>(&self, page: &P) -> Result<HttpResponse, Problem> {
        self.page_with(StatusCode::OK, page)
    }

    /// A page that answers a form which could not be taken: its words are its own.
    ///
    /// # Errors
    /// As [`Visit::page`].
    pub fn page_with<P: Page>(&self, status: StatusCode, page: &P) -> Result<HttpResponse, Problem> {
        if self.takes_gzip {
            return self.page_once(status, page);
        }
        let html = render(&self.shell(), page).map_err(Problem::broken)?;
        let mut response = HttpResponse::build(status);
        response.content_type("text/html; charset=utf-8").insert_header((header::VARY, "accept-encoding"));
        let mut response = response.body(html);
        response.extensions_mut().insert(Worded);
        Ok(response)
    }

    /// On to `place` after an act (303), with a word about it: the key of `flash-WORD`.
    pub fn see(&self, place: &str, word: Option<&str>) -> HttpResponse {
        let mut response = HttpResponse::SeeOther();
        response.insert_header((header::LOCATION, place));
        if let Some(word) = word {
            response.cookie(cookies::flash(&self.hall, word));
        }
        response.finish()
    }

    /// What stands around the page.
    pub fn shell(&self) -> Shell {
        shell(&self.hall, &self.entered, self.viewer_if_any(), &self.path, self.now)
    }

    /// A problem's words per field, for a form that is shown again.
    pub fn field_errors(&self, problem: &Problem) -> FieldErrors {
        let locale = self.viewer_if_any().map_or("en", |viewer| viewer.locale.as_str());
        let mut errors = FieldErrors::default();
        for field in &problem.fields {
            errors.add(&field.field, field_words(locale, field));
            let name =
                words(locale).ok().and_then(|words| words.say(&format!("typed-{}", field.field), &[]).ok());
            if let Some(name) = name.filter(|_| problem.fields.len() > 1) {
                errors.name(&field.field, &name);
            }
        }
        errors
    }
}

/// The shell for an error page, from what is known of the request.
pub(super) fn shell_for(request: &HttpRequest, hall: &Hall) -> Shell {
    let extensions = request.extensions();
    let entered = extensions.get::<Entered>().cloned().unwrap_or_default();
    shell(hall, &entered, extensions.get::<Viewer>(), request.path(), hall.clock.now())
}

fn shell(hall: &Hall, entered: &Entered, viewer: Option<&Viewer>, path: &str, now: i64) -> Shell {
    let locale = viewer.map_or("en", |viewer| viewer.locale.as_str());
    let flash = entered.flash.as_deref().and_then(|word| {
        let known = word.len() < 60 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let text = words(locale).ok().filter(|_| known)?.say(&format!("flash-{word}"), &[]).ok()?;
        Some(Flash { kind: FlashKind::Done, text, act: None })
    });
    Shell {
        site_name: hall.site_name(),
        viewer: viewer.map(|viewer| ShellViewer {
            id: viewer.id,
            initials: initials(&viewer.name),
            name: viewer.name.clone(),
            role: viewer.role,
            reputation: viewer.reputation,
            unread: viewer.unread.max(0),
            guru: viewer.guru,
        }),
        csrf: entered.csrf.clone(),
        path: path.to_owned(),
        place: Place::of(path),
        flashes: flash.into_iter().collect(),
        locale: locale.to_owned(),
        now,
        holes: None,
    }
}
