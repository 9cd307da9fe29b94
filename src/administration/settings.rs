//! `/admin/settings`: what an administrator may set while the place runs, and what it was started with.

use actix_web::HttpResponse;

use super::books::comes_back;
use super::joining_settings;
use super::pages::{EffectiveSetting, SiteSettingsPage};
use crate::accounts::audit;
use crate::accounts::book_rules::{self, Refusal};
use crate::accounts::names;
use crate::accounts::settings::{PASSWORD_LEAST, password_least};
use crate::config::site;
use crate::db::{Conn, Failure, On};
use crate::search::synonyms;
use crate::text::excerpt;
use crate::web::pages::FieldErrors;
use crate::web::{FieldProblem, Problem, Viewer, Visit};

/// Characters of a password at least, as an administrator may set it: NIST SP 800-63B asks for 8 at the very least,
/// and no person types more than 64.
const PASSWORD_LEAST_RANGE: std::ops::RangeInclusive<i64> = 8..=64;

/// Characters of a value that the audit log keeps; the whole is in the setting's versions.
const AUDITED: usize = 200;

/// `GET /admin/settings`.
///
/// # Errors
/// The database's failures.
pub async fn show(visit: Visit) -> Result<HttpResponse, Problem> {
    visit.page(&page(&visit).await?)
}

/// `POST /admin/settings`; what cannot be taken comes back with the form. Each changed value is a new version.
///
/// # Errors
/// What is wrong with the fields.
pub async fn save(visit: Visit) -> Result<HttpResponse, Problem> {
    let now = visit.now;
    let saved = match Wanted::read(&visit) {
        Ok(wanted) => {
            visit.write(On::Named("settings", 0), move |c, viewer| wanted.save(c, viewer, now)).await
        }
        Err(problem) => Err(problem),
    };
    match saved {
        Ok(name) => {
            visit.hall.site_name.show(name);
            Ok(visit.see("/admin/settings", Some("saved")))
        }
        Err(problem) if comes_back(&problem) => {
            let text = |name: &str| visit.form.text(name).to_owned();
            let page = SiteSettingsPage {
                site_name: text("site_name"),
                contact: text("contact"),
                password_least: text("password_least"),
                synonyms: text("synonyms"),
                errors: visit.field_errors(&problem),
                ..page(&visit).await?
            };
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

struct Wanted {
    site_name: String,
    contact: String,
    password_least: String,
    synonyms: String,
}

impl Wanted {
    fn read(visit: &Visit) -> Result<Wanted, Problem> {
        let mut wrong = Vec::new();
        let site_name = book_rules::name("site_name", visit.form.text("site_name"))
            .map_err(|problem| wrong.push(problem))
            .unwrap_or_default();
        let contact = match visit.form.given("contact").map(names::email).transpose() {
            Ok(contact) => contact.unwrap_or_default(),
            Err(problem) => {
                wrong.push(FieldProblem { field: "contact".into(), ..problem });
                String::new()
            }
        };
        let least = visit.form.number("password_least").ok().flatten();
        let least = least.filter(|least| PASSWORD_LEAST_RANGE.contains(least));
        if least.is_none() {
            let (min, max) = (PASSWORD_LEAST_RANGE.start(), PASSWORD_LEAST_RANGE.end());
            wrong.push(FieldProblem::new("password_least", "out-of-range").with("min", min).with("max", max));
        }
        let synonyms = visit.form.text("synonyms").replace('\r', "").trim().to_owned();
        let found = synonyms.chars().count();
        if found > synonyms::LONGEST {
            let max = synonyms::LONGEST;
            wrong.push(FieldProblem::new("synonyms", "too-long").with("max", max).with("found", found));
        }
        match least {
            Some(least) if wrong.is_empty() => {
                Ok(Wanted { site_name, contact, password_least: least.to_string(), synonyms })
            }
            _ => Err(Problem::invalid(wrong)),
        }
    }

    /// Saves what changed and answers the site's name.
    fn save(&self, c: &mut Conn, viewer: &Viewer, now: i64) -> Result<String, Failure<Refusal>> {
        book_rules::administers(viewer)?;
        let values = [
            (site::SITE_NAME, &self.site_name),
            (site::CONTACT, &self.contact),
            (PASSWORD_LEAST, &self.password_least),
            (synonyms::SETTING, &self.synonyms),
        ];
        for (name, value) in values {
            if site::get(c, name)?.unwrap_or_default() != *value
                && site::set(c, name, value, Some(viewer.id), now)?
            {
                let detail = serde_json::json!({ "name": name, "value": excerpt(value, AUDITED) });
                audit::record(c, Some(viewer.id), "setting-changed", "setting", None, None, &detail, now)?;
            }
        }
        Ok(self.site_name.clone())
    }
}

pub(super) async fn page(visit: &Visit) -> Result<SiteSettingsPage, Problem> {
    let (contact, least, synonyms, joining) = visit
        .read(|c, _| {
            let mut stored = |name| Ok::<_, Failure<Refusal>>(site::get(c, name)?.unwrap_or_default());
            let (contact, synonyms) = (stored(site::CONTACT)?, stored(synonyms::SETTING)?);
            Ok::<_, Failure<Refusal>>((contact, password_least(c)?, synonyms, joining_settings::stored(c)?))
        })
        .await?;
    let shown = visit.hall.config.shown.iter().map(|shown| EffectiveSetting {
        name: shown.name.to_owned(),
        value: shown.value.clone().unwrap_or_else(|| "–".to_owned()),
        source: shown.from.to_owned(),
    });
    Ok(SiteSettingsPage {
        site_name: visit.hall.site_name(),
        contact,
        password_least: least.to_string(),
        synonyms,
        errors: FieldErrors::default(),
        joining,
        effective: shown.collect(),
    })
}
