//! Browsers that are known to be a member's, by a cookie that says so (OWASP, "device cookies").
//!
//! It opens nothing. Who signs in from a known browser is not told of a new sign-in, and is not kept out by others who guess.
//! It is bound to the password: with a new one, all browsers are new.

use actix_web::{HttpRequest, HttpResponse};
use diesel::prelude::*;

use crate::db::schema::members;
use crate::db::{Conn, Failure};
use crate::web::secret::digest;
use crate::web::{Problem, Visit, cookies};

/// What the site's secret vouches for.
const PURPOSE: &str = "known-browser";

/// The member whose browser this is known to be.
pub(super) async fn whose(visit: &Visit, request: &HttpRequest) -> Result<Option<i64>, Problem> {
    let cookie = request.cookie(cookies::known_name(&visit.hall));
    let said = cookie.as_ref().and_then(|cookie| cookie.value().split_once('.'));
    let Some((member, proof)) =
        said.and_then(|(id, proof)| Some((id.parse::<i64>().ok()?, proof.to_owned())))
    else {
        return Ok(None);
    };
    let subject = visit.read_ungated(move |c| Ok::<_, Failure<Problem>>(subject(c, member)?)).await?;
    let good = subject.is_some_and(|subject| visit.hall.secret.vouches(PURPOSE, &subject, &proof));
    Ok(good.then_some(member))
}

/// Makes this browser known to be `member`'s. Where that fails it stays unknown: what was done before stands.
pub async fn remember(visit: &Visit, member: i64, response: &mut HttpResponse) {
    let subject = visit.read_ungated(move |c| Ok::<_, Failure<Problem>>(subject(c, member)?)).await;
    match subject {
        Ok(Some(subject)) => {
            let value = format!("{member}.{}", visit.hall.secret.vouch(PURPOSE, &subject));
            drop(response.add_cookie(&cookies::known(&visit.hall, value)));
        }
        Ok(None) => {}
        Err(problem) => tracing::debug!(?problem, "a browser stays unknown"),
    }
}

fn subject(c: &mut Conn, member: i64) -> QueryResult<Option<String>> {
    let hash: Option<Option<String>> =
        members::table.find(member).select(members::password_hash).first(c).optional()?;
    Ok(hash.flatten().map(|hash| format!("{member} {}", digest(hash))))
}
