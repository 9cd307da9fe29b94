//! `/unsubscribe/{token}`: hearing less, without signing in (RFC 8058). Opening the link changes nothing; posting to it does.

use actix_web::HttpResponse;
use actix_web::web::Path;
use diesel::prelude::*;

use super::kinds::Level;
use super::levels::{self, Times};
use super::pages::UnsubscribePage;
use super::signed::{Quieter, read_quieter};
use super::subscriptions::{self, Scope};
use crate::accounts::dead_link::dead;
use crate::accounts::reached::reached_one;
use crate::clock::Micros;
use crate::db::schema::{members, saved_searches, spaces, tags};
use crate::db::{Conn, Failure, On};
use crate::posts;
use crate::questions::Thread;
use crate::search::saved;
use crate::web::{Problem, Visit};

/// `GET /unsubscribe/{token}`.
///
/// # Errors
/// The database's failures.
pub async fn form(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    match look(&visit, &token).await? {
        Some((_, what, name)) => visit.page(&page(&token, &what, name, false)),
        None => dead(&visit),
    }
}

/// `POST /unsubscribe/{token}`, from the page's button or from a mail program's own (`List-Unsubscribe=One-Click`).
///
/// # Errors
/// The database's failures.
pub async fn act(visit: Visit, token: Path<String>) -> Result<HttpResponse, Problem> {
    let Some((member, what, name)) = look(&visit, &token).await? else { return dead(&visit) };
    let (now, wanted) = (visit.now, what.clone());
    visit
        .write_ungated(On::Member(member), move |c| {
            Ok::<_, Failure<Problem>>(quieten(c, member, &wanted, now)?)
        })
        .await?;
    visit.page(&page(&token, &what, name, true))
}

async fn look(visit: &Visit, token: &str) -> Result<Option<(i64, Quieter, String)>, Problem> {
    let Some((member, what)) = read_quieter(&visit.hall.secret, token) else { return Ok(None) };
    let (wanted, now) = (what.clone(), visit.now);
    let name = visit
        .read_ungated(move |c| {
            let there: Option<i64> = members::table
                .find(member)
                .filter(members::state.ne("forgotten"))
                .filter(members::merged_into.is_null())
                .select(members::id)
                .first(c)
                .optional()?;
            match there {
                Some(_) => Ok::<_, Failure<Problem>>(Some(name(c, member, &wanted, now)?)),
                None => Ok(None),
            }
        })
        .await?;
    Ok(name.map(|name| (member, what, name)))
}

/// What is named on the page. A thread's title is not: whoever has the link may not be allowed to read it any more.
fn name(c: &mut Conn, member: i64, what: &Quieter, now: Micros) -> QueryResult<String> {
    let name: Option<String> = match what {
        Quieter::Tag(id) => tags::table.find(*id).select(tags::name).first(c).optional()?,
        Quieter::Space(id) => spaces::table.find(*id).select(spaces::name).first(c).optional()?,
        Quieter::Search(id) => saved_searches::table
            .find(*id)
            .filter(saved_searches::member_id.eq(member))
            .select(saved_searches::query)
            .first(c)
            .optional()?,
        Quieter::Thread(id) => {
            let person = reached_one(c, member, now)?;
            match person {
                Some(person) if posts::find(c, &person.viewer, *id)?.is_some() => {
                    Some(Thread::title(c, *id)?)
                }
                _ => None,
            }
        }
        Quieter::Kind(_) | Quieter::Digest => None,
    };
    Ok(name.unwrap_or_default())
}

/// No e-mails of it any more; the inbox keeps them.
fn quieten(c: &mut Conn, member: i64, what: &Quieter, now: Micros) -> QueryResult<()> {
    match what {
        Quieter::Kind(kind) => levels::set(c, member, *kind, Level::Inbox),
        Quieter::Thread(id) => subscriptions::set_thread(c, member, *id, Some(Level::Inbox)).map(drop),
        Quieter::Tag(id) => quieter(c, member, Scope::Tag, *id, now),
        Quieter::Space(id) => quieter(c, member, Scope::Space, *id, now),
        Quieter::Search(id) => saved::hear(c, member, *id, "inbox").map(drop),
        Quieter::Digest => {
            let times = Times { digest: Level::Off, ..levels::times(c, member)? };
            levels::set_times(c, member, times)
        }
    }
}

fn quieter(c: &mut Conn, member: i64, scope: Scope, id: i64, now: Micros) -> QueryResult<()> {
    match subscriptions::level(c, member, scope, id)? {
        Some(_) => subscriptions::set(c, member, scope, id, Some(Level::Inbox), now).map(drop),
        None => Ok(()),
    }
}

fn page(token: &str, what: &Quieter, name: String, done: bool) -> UnsubscribePage {
    let key = match what {
        Quieter::Kind(kind) => kind.as_str(),
        Quieter::Thread(_) if name.is_empty() => "thread-unnamed",
        Quieter::Search(_) if name.is_empty() => "search-unnamed",
        Quieter::Thread(_) => "thread",
        Quieter::Tag(_) => "tag",
        Quieter::Space(_) => "space",
        Quieter::Search(_) => "search",
        Quieter::Digest => "digest",
    };
    UnsubscribePage { token: token.to_owned(), what: key.to_owned(), name, done }
}
