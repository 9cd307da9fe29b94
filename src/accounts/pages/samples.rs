use super::{
    AddressForm, AppointForm, BadgeChip, BadgeElsewhere, Claim, ConfirmPage, DeadLinkPage, ForgottenPage,
    Graph, GraphStep, Helped, Imported, JoinPage, PasswordForm, PeoplePage, PersonCard, PersonPage,
    PersonPost, PostedKind, ProfileForm, RequestPage, ResetPage, SessionRow, SetUpPage, SettingsPage,
    SignInPage, SuspendForm, Suspension, TagStanding, TokenForm, TokenRow,
};
use crate::web::gallery::{DAY, HOUR, MINUTE, NOW, Sample, person};
use crate::web::pages::{FieldErrors, Link, Pager};
use crate::web::shell::Role;

fn errors(of: &[(&str, &str)]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    of.iter().for_each(|(field, message)| errors.add(field, *message));
    errors
}

impl Sample for SignInPage {
    const PATH: &'static str = "/sign-in";

    fn samples() -> Vec<(&'static str, Self)> {
        let refused = Self {
            email: "ingrid@example.org".into(),
            next: "/questions/12/lukewarm".into(),
            problem: Some(
                "This address and password do not belong together. Check both and try again.".into(),
            ),
        };
        vec![("", Self::default()), ("refused", refused)]
    }
}

impl Sample for ForgottenPage {
    const PATH: &'static str = "/reset/new";

    fn samples() -> Vec<(&'static str, Self)> {
        let asked = Self { email: "ingrid@example.org".into(), asked: true, ..Self::default() };
        vec![("", Self::default()), ("asked", asked)]
    }
}

impl Sample for ResetPage {
    const PATH: &'static str = "/reset/x";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            token: "x".into(),
            name: "Ingrid Aas".into(),
            password_min: 12,
            errors: FieldErrors::default(),
        };
        let wrong =
            Self { errors: errors(&[("password", "This password is too easy to guess.")]), ..page.clone() };
        vec![("", page), ("wrong", wrong)]
    }
}

impl Sample for ConfirmPage {
    const PATH: &'static str = "/confirm/x";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("", Self { token: "x".into(), email: "ingrid@new.example".into() })]
    }
}

impl Sample for RequestPage {
    const PATH: &'static str = "/request";

    fn samples() -> Vec<(&'static str, Self)> {
        let open = Self { open: true, ..Self::default() };
        let asked = Self { asked: true, email: "ingrid@example.org".into(), ..open.clone() };
        vec![("", open), ("asked", asked), ("closed", Self::default())]
    }
}

impl Sample for SetUpPage {
    const PATH: &'static str = "/setup";

    fn samples() -> Vec<(&'static str, Self)> {
        let fresh = Self { token: "s3cr3t".into(), password_min: 12, ..Self::default() };
        let wrong = Self {
            name: "Ingrid Aas".into(),
            email: "ingrid@example".into(),
            site_name: "Fjordvarm Commons".into(),
            errors: errors(&[
                ("email", "This does not look like an e-mail address: there is no dot after the @."),
                ("password", "This password is too easy to guess: it contains the name of this place."),
            ]),
            ..fresh.clone()
        };
        vec![("", fresh), ("wrong", wrong)]
    }
}

impl Sample for JoinPage {
    const PATH: &'static str = "/join";

    fn samples() -> Vec<(&'static str, Self)> {
        let open = Self {
            token: "s3cr3t".into(),
            claim: None,
            invited_by: Some("Ingrid Aas".into()),
            space: Some("Installers".into()),
            name: String::new(),
            email: "tomas@example.org".into(),
            email_fixed: true,
            handle: String::new(),
            password_min: 12,
            errors: FieldErrors::default(),
        };
        let claim = Claim { name: "petewalton".into(), source: Some("thunderbird-2023".into()) };
        let claimed = Self {
            claim: Some(claim),
            space: None,
            email_fixed: false,
            email: String::new(),
            ..open.clone()
        };
        vec![("", open), ("claim", claimed)]
    }
}

impl Sample for DeadLinkPage {
    const PATH: &'static str = "/join";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("", Self { recovery: Link { href: "/sign-in".into(), text: "Sign in".into() } })]
    }
}

impl Sample for SettingsPage {
    const PATH: &'static str = "/settings";

    fn samples() -> Vec<(&'static str, Self)> {
        let session = |id, device: &str, current| SessionRow {
            id,
            device: device.into(),
            signed_in_at: NOW - id * 6 * DAY,
            seen_at: NOW - (id - 1) * 3 * HOUR,
            current,
        };
        let page = Self {
            profile: ProfileForm {
                name: "Ingrid Aas".into(),
                handle: "ingrid".into(),
                email: Some("ingrid@example.org".into()),
                about: "Two heat pumps, one stubborn radiator. Happy to help with schedules.".into(),
                locale: "en".into(),
                locales: vec![("en".into(), "English".into())],
                time_zone: "Europe/Oslo".into(),
                errors: FieldErrors::default(),
            },
            address: AddressForm::default(),
            password: PasswordForm { password_min: 12, errors: FieldErrors::default() },
            sessions: vec![session(1, "Firefox on Linux", true), session(2, "Safari on iPhone", false)],
            tokens: vec![TokenRow { id: 1, name: "nightly export".into(), created_at: NOW - 80 * DAY }],
            token_form: TokenForm {
                made: Some("ph_7Qk2mJ0xVb4sXr9fTzNcPw8hLd3yGa6u".into()),
                ..TokenForm::default()
            },
        };
        let mut wrong = page.clone();
        wrong.password.errors =
            errors(&[("current_password", "This is not your current password. Nothing was changed.")]);
        vec![("", page), ("wrong", wrong)]
    }
}

impl Sample for PeoplePage {
    const PATH: &'static str = "/people";

    fn samples() -> Vec<(&'static str, Self)> {
        let card = |id, name: &str, role, organisation: Option<&str>, reputation| PersonCard {
            person: person(id, name, role),
            handle: (id % 2 == 0).then(|| format!("member-{id}")),
            organisation: organisation.map(Into::into),
            reputation,
            questions: id % 9,
            answers: reputation / 12,
        };
        let people = vec![
            card(2, "Marek Dvořák", Role::Customer, Some("Teplo Brno s.r.o."), 2410),
            card(3, "Solveig Nygård", Role::Staff, Some("Fjordvarm"), 1893),
            card(4, "Ingrid Aas", Role::Customer, None, 1284),
            card(5, "佐藤 美咲", Role::Customer, Some("北海道ヒート株式会社"), 940),
            card(6, "عمر الحسيني", Role::Customer, None, 355),
            card(
                8,
                "Wolfeschlegelsteinhausenbergerdorff Hubertus",
                Role::Moderator,
                Some("Gemeindewerke"),
                131,
            ),
            card(9, "pip", Role::Customer, None, -4),
        ];
        let pager = Pager { newer: None, older: Some("/people?after=x".into()) };
        let none = Self { query: "zaphod".into(), people: Vec::new(), pager: Pager::default() };
        vec![("", Self { query: String::new(), people, pager }), ("none", none)]
    }
}

impl Sample for PersonPage {
    const PATH: &'static str = "/people/2";

    fn samples() -> Vec<(&'static str, Self)> {
        let post = |kind, title: &str, score, ago, solved| PersonPost {
            kind,
            title: title.into(),
            url: "/questions/12/lukewarm#answer-14".into(),
            score,
            at: NOW - ago,
            solved,
        };
        let chip = |key: &str, times| BadgeChip { key: key.into(), times };
        let page = Self {
            person: person(2, "Marek Dvořák", Role::Customer),
            handle: Some("marek".into()),
            organisation: Some("Teplo Brno s.r.o.".into()),
            about: "Installer since 2009. Mostly ground source, sometimes whatever the cellar holds.\n\nI answer in Czech, German and English.".into(),
            joined_at: NOW - 712 * DAY,
            reputation: 2410,
            questions: 6,
            answers: 187,
            accepted: 92,
            endorsed: 7,
            edits: 3,
            helped: 61,
            graph: Some(graph()),
            tags: vec![tag("heat-pump", 1_840), tag("c++ & <more>", -4)],
            show: "all".into(),
            narrowed: false,
            helped_people: None,
            posts: vec![
                post(PostedKind::Answer, "Hot water turns lukewarm after ten minutes since 4.2", 14, 3 * HOUR, true),
                post(PostedKind::Answer, "Error E47 after power cut", 3, 2 * DAY, false),
                post(PostedKind::Question, "Is there a Modbus register for the brine pump speed?", 9, 9 * DAY, true),
            ],
            older_posts: Some("/people/2?after=x".into()),
            imported: None,
            suspension: None,
            suspend_form: Some(SuspendForm::default()),
            may_unsuspend: false,
            is_viewer: false,
            guru_in: vec!["mixing-valve".into(), "controller-4.2".into()],
            badges: vec![chip("first-accepted", 1), chip("worth-the-wait", 3), chip("kept-current", 2)],
            badges_elsewhere: Vec::new(),
            source: None,
            appoint_form: Some(AppointForm::default()),
            sees_privileges: true,
        };
        let mut suspended = page.clone();
        suspended.suspend_form = None;
        suspended.may_unsuspend = true;
        suspended.appoint_form = Some(AppointForm {
            tag: "mixing-valve".into(),
            reason: String::new(),
            errors: errors(&[("", "They may not enter now."), ("reason", "This is needed.")]),
        });
        suspended.suspension = Some(Suspension {
            reason: "Advertised a shop in eleven threads after two warnings.".into(),
            by: "Solveig Nygård".into(),
            since: NOW - 20 * MINUTE,
            until: Some(NOW + 7 * DAY),
        });
        let mut imported = page.clone();
        imported.person = person(40, "petewalton", Role::Customer);
        imported.badges_elsewhere = vec![
            BadgeElsewhere { name: "Teacher".into(), times: 1 },
            BadgeElsewhere { name: "Nice Answer <b>".into(), times: 14 },
        ];
        imported.source = Some("thunderbird-2023".into());
        imported.imported = Some(Imported { source: "thunderbird-2023".into(), may_invite: true });
        imported.posts = Vec::new();
        imported.about = String::new();
        imported.older_posts = None;
        imported.graph = None;
        imported.tags = Vec::new();
        let mut helped = page.clone();
        (helped.show, helped.narrowed) = ("helped".into(), true);
        helped.helped_people = Some(Helped {
            people: vec![person(5, "Jonas <Berg>", Role::Customer)],
            next: Some("/people/2?show=helped&after=x".into()),
        });
        let mut accepted = page.clone();
        (accepted.show, accepted.narrowed) = ("accepted".into(), true);
        vec![
            ("", page),
            ("suspended", suspended),
            ("imported", imported),
            ("helped", helped),
            ("accepted", accepted),
        ]
    }
}

fn tag(name: &str, points: i64) -> TagStanding {
    TagStanding { name: name.into(), answers: 120, accepted: 64, endorsed: 0, points }
}

fn graph() -> Graph {
    let step = |n: i64| GraphStep {
        begin: NOW - n * 7 * DAY,
        points: 40 - n,
        changes: 3,
        total: 2_410 - n * 40,
        href: "/people/2/reputation?counted=1&from=2026-11-02&until=2026-11-08".into(),
    };
    Graph {
        weekly: true,
        begin: NOW - 300 * DAY,
        end: NOW,
        most: 2_410,
        least: 0,
        area: "M0 120L0 118L200 90L400 40L600 0L600 120Z".into(),
        line: "M0 118L200 90L400 40L600 0".into(),
        without_day: 30,
        total: 2_410,
        steps: (0..12).map(step).collect(),
    }
}
