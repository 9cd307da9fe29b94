//! A route with its decided access: one without does not compile.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::{FromRequest, Handler, HttpMessage, HttpResponse, Responder, Route, dev, guard, web};
use futures_util::FutureExt;

use super::gate::Vouched;
use super::once::FirstAnswer;
use super::problem::Problem;
use super::viewer::{Role, Viewer};

/// Who may use a route at all. What one may do to a given thing is decided by that thing's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody; what needs a credential of its own checks it.
    Ungated,
    /// Everybody who has the address, which is the credential, from anywhere: a form's token is not asked for.
    Signed,
    /// Members.
    Member,
    /// A whole area: members of this role and above, 403 for others.
    Role(Role),
}

/// One route of the app.
pub struct Endpoint {
    /// Its method; GET also answers HEAD.
    pub method: Method,
    /// Its path, with `{names}`.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    build: Box<dyn Fn() -> Route>,
}

impl Endpoint {
    fn new<F, Args>(method: Method, path: &'static str, access: Access, handler: F) -> Endpoint
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let verb = method.clone();
        let build = move || {
            let route = if verb == Method::GET {
                web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
            } else {
                web::method(verb.clone())
            };
            let route = route.to(handler.clone());
            let route = if verb == Method::GET { route } else { route.wrap(from_fn(act)) };
            let route = match access {
                Access::Role(role) => route.wrap(from_fn(move |request, next| require(role, request, next))),
                Access::Ungated | Access::Signed | Access::Member => route,
            };
            route.wrap(from_fn(whole))
        };
        Endpoint { method, path, access, build: Box::new(build) }
    }

    /// The actix route.
    pub fn route(&self) -> Route {
        (self.build)()
    }
}

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident $method:ident)*) => {$(
        $(#[$doc])*
        pub fn $name<F, Args>(path: &'static str, access: Access, handler: F) -> Endpoint
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            Endpoint::new(Method::$method, path, access, handler)
        }
    )*};
}

verbs! {
    /// A route that reads.
    get GET
    /// A route that acts.
    post POST
    /// A route that sets something to a value.
    put PUT
    /// A route that changes part of something.
    patch PATCH
    /// A route that takes something away.
    delete DELETE
}

/// Makes an answer of whatever a handler does, panics included.
async fn whole(
    request: dev::ServiceRequest,
    next: Next<impl actix_web::body::MessageBody + 'static>,
) -> Result<dev::ServiceResponse<BoxBody>, actix_web::Error> {
    let http = request.request().clone();
    Ok(match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        Ok(Err(error)) => dev::ServiceResponse::new(http, error.error_response()),
        Err(_) => {
            let problem = Problem::broken("a handler panicked");
            dev::ServiceResponse::new(http, HttpResponse::from_error(problem))
        }
    })
}

/// Lets nothing act that the gate has not vouched for, and answers what was answered before.
async fn act(
    request: dev::ServiceRequest,
    next: Next<impl actix_web::body::MessageBody + 'static>,
) -> Result<dev::ServiceResponse<BoxBody>, actix_web::Error> {
    if request.extensions().get::<Vouched>().is_none() {
        return Err(Problem::broken("the gate has not judged this request").into());
    }
    let first = request.extensions_mut().remove::<FirstAnswer>();
    match first {
        Some(first) => Ok(request.into_response(first.send()?)),
        None => Ok(next.call(request).await?.map_into_boxed_body()),
    }
}

async fn require(
    role: Role,
    request: dev::ServiceRequest,
    next: Next<impl actix_web::body::MessageBody + 'static>,
) -> Result<dev::ServiceResponse<impl actix_web::body::MessageBody>, actix_web::Error> {
    let enough = request.extensions().get::<Viewer>().is_some_and(|viewer| viewer.role >= role);
    if !enough {
        return Err(Problem::forbidden("area").with("role", role.as_str()).into());
    }
    next.call(request).await
}

/// What the gate must know about the routes before a request is routed.
#[derive(Clone)]
pub struct Paths {
    ungated: Arc<[ResourceDef]>,
    signed: Arc<[ResourceDef]>,
    acts: Arc<[(Method, ResourceDef)]>,
}

impl Paths {
    /// Collected from the routes themselves.
    pub fn of(endpoints: &[Endpoint]) -> Paths {
        let resource = |endpoint: &Endpoint| ResourceDef::new(endpoint.path);
        let open = |endpoint: &&Endpoint| matches!(endpoint.access, Access::Ungated | Access::Signed);
        let ungated = endpoints.iter().filter(open).map(resource);
        let signed = endpoints.iter().filter(|endpoint| endpoint.access == Access::Signed).map(resource);
        let acts = endpoints.iter().filter(|endpoint| endpoint.method != Method::GET);
        let acts = acts.map(|endpoint| (endpoint.method.clone(), resource(endpoint)));
        Paths { ungated: ungated.collect(), signed: signed.collect(), acts: acts.collect() }
    }

    /// Whether a visitor may reach `path`.
    pub fn is_ungated(&self, path: &str) -> bool {
        self.ungated.iter().any(|open| open.is_match(path))
    }

    /// Whether the address of `path` is a credential by itself.
    pub fn is_signed(&self, path: &str) -> bool {
        self.signed.iter().any(|signed| signed.is_match(path))
    }

    /// Whether there is something to be done by `method` at `path`.
    pub fn has_act(&self, method: &Method, path: &str) -> bool {
        self.acts.iter().any(|(verb, act)| verb == method && act.is_match(path))
    }
}
