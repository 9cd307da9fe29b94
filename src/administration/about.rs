//! `GET /about`: what this place is, for everybody. It holds nothing of the community.

use actix_web::HttpResponse;

use crate::config::site;
use crate::db::Failure;
use crate::web::pages::AboutPage;
use crate::web::{Problem, Visit};

/// The page, with the address an administrator gave for questions.
///
/// # Errors
/// The database's failures.
pub async fn show(visit: Visit) -> Result<HttpResponse, Problem> {
    let contact = visit.read_ungated(|c| Ok::<_, Failure<Problem>>(site::get(c, site::CONTACT)?)).await?;
    visit.page(&AboutPage {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        contact: contact.filter(|contact| !contact.is_empty()),
    })
}
