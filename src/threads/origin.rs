//! Old addresses: a post found by what it was called where it was imported from, so that links from elsewhere can be led
//! on (`/o/stackoverflow.com/question/11227809`).

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::Path;

use crate::db::Failure;
use crate::posts::{self, Kind, Refusal, import::by_original};
use crate::questions::{Thread, post_url};
use crate::web::{Problem, Visit};

/// `GET /o/{source}/{kind}/{original}`: to where the post is shown; `kind` is question, answer or comment.
///
/// # Errors
/// 404 for what is not here or what the viewer may not know of.
pub async fn show(visit: Visit, path: Path<(String, String, String)>) -> Result<HttpResponse, Problem> {
    let (source, kind, original) = path.into_inner();
    let kinds = [Kind::Question, Kind::Answer, Kind::Comment];
    let Some(kind) = kinds.into_iter().find(|known| known.as_str() == kind) else {
        return Err(Problem::not_found());
    };
    let url = visit
        .read(move |c, viewer| {
            let id = by_original(c, &source, kind, &original)?.ok_or(Refusal::NotFound)?;
            let post = posts::find(c, viewer, id)?.ok_or(Refusal::NotFound)?.post;
            let title = Thread::title(c, post.thread())?;
            Ok::<_, Failure<Refusal>>(post_url(post.thread(), &title, kind, id))
        })
        .await?;
    Ok(HttpResponse::build(StatusCode::SEE_OTHER).insert_header((header::LOCATION, url)).finish())
}
