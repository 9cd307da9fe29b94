//! `/request`: asking to join. The answer is the same whoever has the address.

use actix_web::HttpResponse;

use super::address_requests::{Asked, Wish, ask};
use super::pages::RequestPage;
use super::reset_routes::counted;
use super::{join_requests, names};
use crate::db::{Failure, On};
use crate::text::{clean_body, clean_name};
use crate::web::{FieldProblem, Problem, Visit};

/// Characters of a company's name at most.
const ORGANISATION_MOST: usize = 120;
/// Characters of a message at most.
const MESSAGE_MOST: usize = 1_000;

/// `GET /request`.
///
/// # Errors
/// The database's failures.
pub async fn form(visit: Visit) -> Result<HttpResponse, Problem> {
    let open = is_open(&visit).await?;
    visit.page(&RequestPage { open, ..RequestPage::default() })
}

/// `POST /request` with `name`, `email`, `organisation`, `message`.
///
/// # Errors
/// 429 where one client asks too often.
pub async fn request(visit: Visit) -> Result<HttpResponse, Problem> {
    if !is_open(&visit).await? {
        return visit.page(&RequestPage::default());
    }
    let (email, wish) = match said(&visit) {
        Ok(said) => said,
        Err(problem) => {
            let text = |name: &str| visit.form.text(name).to_owned();
            let page = RequestPage {
                open: true,
                asked: false,
                name: text("name"),
                email: text("email"),
                organisation: text("organisation"),
                message: text("message"),
                errors: visit.field_errors(&problem),
            };
            return visit.page_with(problem.status, &page);
        }
    };
    counted(&visit).await?;
    let now = visit.now;
    let typed = email.clone();
    visit
        .write_ungated(On::Nothing, move |c| {
            Ok::<_, Failure<Problem>>(ask(c, &email, &Asked::Join(wish.clone()), now)?)
        })
        .await?;
    visit.page(&RequestPage { open: true, asked: true, email: typed, ..RequestPage::default() })
}

async fn is_open(visit: &Visit) -> Result<bool, Problem> {
    visit.read_ungated(|c| Ok::<_, Failure<Problem>>(join_requests::open(c)?)).await
}

fn said(visit: &Visit) -> Result<(String, Wish), Problem> {
    let form = &visit.form;
    let mut wrong = Vec::new();
    let mut take = |result: Result<String, FieldProblem>| result.map_err(|field| wrong.push(field)).ok();
    let name = take(names::name(form.text("name")));
    let email = take(names::email(form.text("email")));
    let organisation =
        take(bounded("organisation", clean_name(form.text("organisation")), ORGANISATION_MOST));
    let message = take(bounded("message", clean_body(form.text("message")).trim().to_owned(), MESSAGE_MOST));
    match (name, email, organisation, message) {
        (Some(name), Some(email), Some(organisation), Some(message)) => {
            Ok((email, Wish { name, organisation, message }))
        }
        _ => Err(Problem::invalid(wrong)),
    }
}

fn bounded(field: &'static str, text: String, max: usize) -> Result<String, FieldProblem> {
    let found = text.chars().count();
    if found <= max {
        Ok(text)
    } else {
        Err(FieldProblem::new(field, "too-long").with("max", max).with("found", found))
    }
}
