use super::{AboutPage, ConfirmPage, ErrorPage, Link, TypedField, TypedTextPage};
use crate::web::gallery::Sample;

impl Sample for ErrorPage {
    const PATH: &'static str = "/nowhere";

    fn samples() -> Vec<(&'static str, Self)> {
        let missing = Self {
            status: 404,
            heading: "Nothing here".into(),
            what: "This address leads to nothing, or to something you may not read.".into(),
            kept: None,
            next: "If you followed a link, tell whoever gave it to you. If you typed the address, check it."
                .into(),
            recovery: Some(Link { href: "/".into(), text: "All questions".into() }),
            request_id: "0197f3c2-6a4e-7b1d".into(),
        };
        let busy = Self {
            status: 503,
            heading: "Too busy for a moment".into(),
            what: "The answer could not be saved because the database did not respond in time.".into(),
            kept: Some("Your text is kept as a draft.".into()),
            next: "Wait half a minute, then go back and post it again. Posting twice makes one answer."
                .into(),
            recovery: Some(Link {
                href: "/questions/12/lukewarm".into(),
                text: "Back to the question".into(),
            }),
            ..missing.clone()
        };
        vec![("", missing), ("503", busy)]
    }
}

impl Sample for TypedTextPage {
    const PATH: &'static str = "/ask";

    fn samples() -> Vec<(&'static str, Self)> {
        let field = |name: &str, label: &str, value: &str| TypedField {
            name: name.into(),
            label: label.into(),
            value: value.into(),
        };
        let body = "Since the update to 4.2 the hot water turns lukewarm after ten minutes.\n\nI already tried:\n\n- setting the legionella programme to Sunday\n- taking the controller off the mains for a minute";
        vec![(
            "",
            Self {
                status: 403,
                heading: "Your session ended while you were writing".into(),
                what: "The form was made for a session that is over, so the question was not posted.".into(),
                next: "Sign in again in another tab, then press “Try again”.".into(),
                fields: vec![
                    field("title", "Your question in one line", "Hot water turns lukewarm after ten minutes"),
                    field("body", "What happens, and what did you try?", body),
                    field("tags", "Tags", "hot-water controller-4.2"),
                ],
                action: Some("/ask".into()),
                recovery: Some(Link { href: "/sign-in".into(), text: "Sign in".into() }),
                request_id: "0197f3c2-6a4e-7b1d".into(),
            },
        )]
    }
}

impl Sample for ConfirmPage {
    const PATH: &'static str = "/admin/invitations";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "",
            Self {
                heading: "Revoke this invitation?".into(),
                what: "The link sent to tomas@example.org will stop working. You can make a new one.".into(),
                action: "/admin/invitations/3/revoke".into(),
                fields: vec![TypedField { name: "sure".into(), label: String::new(), value: "1".into() }],
                yes: "Revoke".into(),
                back: Link { href: "/admin/invitations".into(), text: "Keep it".into() },
            },
        )]
    }
}

impl Sample for AboutPage {
    const PATH: &'static str = "/about";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("", Self { version: "0.1.0".into(), contact: Some("hall@fjordvarm.example".into()) })]
    }
}
