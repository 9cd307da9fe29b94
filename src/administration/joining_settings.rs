//! `POST /admin/settings/people`: who may ask to join, how many e-mails go out, when askers are reminded. Shown on the page
//! of settings, as a form of its own.

use actix_web::HttpResponse;

use super::books::comes_back;
use super::pages::JoiningForm;
use crate::accounts::book_rules::{self, Refusal};
use crate::accounts::{audit, join_requests};
use crate::config::site;
use crate::db::{Conn, Failure, On};
use crate::mail::sender::{PER_MINUTE, PER_MINUTE_DEFAULT};
use crate::notifications::incoming::VOUCHES;
use crate::notifications::reminders::{self, Timing};
use crate::web::{FieldProblem, Problem, Viewer, Visit};

/// E-mails a minute: from one to what a fast server takes.
const RATES: std::ops::RangeInclusive<i64> = 1..=100_000;
/// Characters of the list of domains.
const DOMAINS_MOST: usize = 5_000;

/// `POST /admin/settings/people`.
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
        Ok(()) => Ok(visit.see("/admin/settings", Some("saved"))),
        Err(problem) if comes_back(&problem) => {
            let text = |name: &str| visit.form.text(name).to_owned();
            let joining = JoiningForm {
                requests: visit.form.ticked("join_requests"),
                domains: text("join_domains"),
                rate: text("mail_per_minute"),
                vouches: text("mail_vouches"),
                verdict: text("remind_verdict"),
                unanswered: text("remind_unanswered"),
                errors: visit.field_errors(&problem),
            };
            let page = super::pages::SiteSettingsPage { joining, ..super::settings::page(&visit).await? };
            visit.page_with(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// As it is stored.
pub(super) fn stored(c: &mut Conn) -> diesel::QueryResult<JoiningForm> {
    let shown = |timing: Timing| format!("{} {} {}", timing.delay, timing.interval, timing.most);
    Ok(JoiningForm {
        requests: join_requests::open(c)?,
        domains: site::get(c, join_requests::DOMAINS)?.unwrap_or_default(),
        vouches: site::get(c, VOUCHES)?.unwrap_or_default(),
        rate: site::get(c, PER_MINUTE)?.unwrap_or_else(|| PER_MINUTE_DEFAULT.to_string()),
        verdict: shown(reminders::verdict_timing(c)?),
        unanswered: shown(reminders::unanswered_timing(c)?),
        ..JoiningForm::default()
    })
}

struct Wanted {
    values: [(&'static str, String); 6],
}

impl Wanted {
    fn read(visit: &Visit) -> Result<Wanted, Problem> {
        let form = &visit.form;
        let mut wrong = Vec::new();
        let domains = form.text("join_domains").replace('\r', "");
        let domains: Vec<String> =
            domains.lines().map(|line| line.trim().to_lowercase()).filter(|line| !line.is_empty()).collect();
        if let Some(bad) = domains.iter().find(|domain| !is_domain(domain)) {
            let value: String = bad.chars().take(60).collect();
            wrong.push(FieldProblem::new("join_domains", "domain-form").with("value", value));
        }
        let domains = domains.join("\n");
        let found = domains.chars().count();
        if found > DOMAINS_MOST {
            let problem = FieldProblem::new("join_domains", "too-long");
            wrong.push(problem.with("max", DOMAINS_MOST).with("found", found));
        }
        let rate = form.number("mail_per_minute").ok().flatten().filter(|rate| RATES.contains(rate));
        if rate.is_none() {
            let problem = FieldProblem::new("mail_per_minute", "out-of-range");
            wrong.push(problem.with("min", RATES.start()).with("max", RATES.end()));
        }
        let vouches = form.text("mail_vouches").trim().to_lowercase();
        if !vouches.is_empty() && !is_domain(&vouches) {
            let value: String = vouches.chars().take(60).collect();
            wrong.push(FieldProblem::new("mail_vouches", "domain-form").with("value", value));
        }
        for name in ["remind_verdict", "remind_unanswered"] {
            if Timing::parse(form.text(name)).is_none() {
                wrong.push(FieldProblem::new(name, "remind-form"));
            }
        }
        if !wrong.is_empty() {
            return Err(Problem::invalid(wrong));
        }
        let requests = if form.ticked("join_requests") { "on" } else { "off" };
        let words = |name: &str| form.text(name).split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Wanted {
            values: [
                (join_requests::OPEN, requests.to_owned()),
                (join_requests::DOMAINS, domains),
                (PER_MINUTE, rate.unwrap_or(PER_MINUTE_DEFAULT).to_string()),
                (VOUCHES, vouches),
                (reminders::VERDICT_SETTING, words("remind_verdict")),
                (reminders::UNANSWERED_SETTING, words("remind_unanswered")),
            ],
        })
    }

    fn save(&self, c: &mut Conn, viewer: &Viewer, now: i64) -> Result<(), Failure<Refusal>> {
        book_rules::administers(viewer)?;
        for (name, value) in &self.values {
            if site::get(c, name)?.as_ref() != Some(value) && site::set(c, name, value, Some(viewer.id), now)?
            {
                let detail = serde_json::json!({ "name": name, "value": value });
                audit::record(c, Some(viewer.id), "setting-changed", "setting", None, None, &detail, now)?;
            }
        }
        Ok(())
    }
}

/// A host name of at least two labels (RFC 1123).
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::is_domain;

    #[test]
    fn a_domain_is_a_host_name_of_two_labels() {
        assert!(is_domain("example.com") && is_domain("a-b.example.co.uk"));
        for wrong in ["", "example", "@example.com", "a..b", "-a.b", "*.example.com", "example.com/"] {
            assert!(!is_domain(wrong), "{wrong}");
        }
    }
}
