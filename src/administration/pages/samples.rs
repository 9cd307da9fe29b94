use super::{
    AuditPage, AuditRow, EffectiveSetting, EntitlementForm, EntitlementRow, FieldForm, FieldRow, GrantRow,
    InvitationForm, InvitationRow, InvitationState, InvitationsPage, MemberRow, MembersPage, ModeratorPage,
    OrganisationRow, OrganisationsPage, OverviewPage, ProductRow, ProductsPage, SiteSettingsPage, SpaceForm,
    SpacePage, SpaceRow, SpaceTick, SpacesPage,
};
use crate::spaces::FieldKind;
use crate::web::gallery::{DAY, HOUR, NOW, Sample, person};
use crate::web::pages::{FieldErrors, Pager};
use crate::web::shell::Role;

impl Sample for OverviewPage {
    const PATH: &'static str = "/admin";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![(
            "",
            Self {
                version: "0.1.0".into(),
                database: "SQLite 3.53.2".into(),
                public_url: "https://hall.fjordvarm.example".into(),
                members: 1_204,
                questions: 27_594,
                answers: 59_855,
                waiting: vec![("Two people ask to join".to_owned(), "/admin/requests".to_owned())],
                warnings: vec![
                    "PEERHALL_LIMITS is off: nobody is slowed down. This is meant for tests only.".into(),
                ],
            },
        )]
    }
}

impl Sample for MembersPage {
    const PATH: &'static str = "/admin/members";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id, name: &str, role, suspended, unclaimed: bool| MemberRow {
            person: person(id, name, role),
            email: (!unclaimed).then(|| format!("member{id}@example.org")),
            organisation: (id % 2 == 0).then(|| "Teplo Brno s.r.o.".to_owned()),
            role,
            joined_at: NOW - id * 31 * DAY,
            suspended,
            unclaimed,
            is_viewer: id == 7,
            moderates: if id == 2 { vec!["Heat pumps".into(), "Installers".into()] } else { Vec::new() },
        };
        let members = vec![
            row(7, "Ingrid Aas", Role::Admin, false, false),
            row(2, "Marek Dvořák", Role::Moderator, false, false),
            row(3, "Solveig Nygård", Role::Staff, false, false),
            row(9, "pip", Role::Customer, true, false),
            row(40, "petewalton", Role::Customer, false, true),
        ];
        let pager = Pager { newer: None, older: Some("/admin/members?after=x".into()) };
        vec![("", Self { query: String::new(), members, pager })]
    }
}

impl Sample for ModeratorPage {
    const PATH: &'static str = "/admin/members/2/spaces";

    fn samples() -> Vec<(&'static str, Self)> {
        let tick = |key: &str, name: &str, ticked| SpaceTick { key: key.into(), name: name.into(), ticked };
        let page = Self {
            member: person(2, "Marek Dvořák", Role::Moderator),
            moderator: true,
            limited: true,
            spaces: vec![tick("general", "General", false), tick("installers", "Installers", true)],
            errors: FieldErrors::default(),
        };
        let mut errors = FieldErrors::default();
        errors.add("space", "Tick at least one space, or choose every space.");
        let wrong = Self { errors, ..page.clone() };
        let waiting = Self {
            member: person(9, "pip", Role::Customer),
            moderator: false,
            limited: false,
            ..page.clone()
        };
        vec![("", page), ("wrong", wrong), ("waiting", waiting)]
    }
}

impl Sample for InvitationsPage {
    const PATH: &'static str = "/admin/invitations";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id, email: Option<&str>, state| InvitationRow {
            id,
            email: email.map(Into::into),
            claims: (id == 3).then(|| "petewalton".into()),
            space: (id == 1).then(|| "Installers".into()),
            by: Some(person(7, "Ingrid Aas", Role::Admin)),
            created_at: NOW - id * DAY,
            expires_at: (id != 2).then_some(NOW + 6 * DAY),
            uses: 20,
            used: id,
            state,
        };
        let page = Self {
            form: InvitationForm {
                uses: "1".into(),
                expires_days: "7".into(),
                spaces: vec![("installers".into(), "Installers".into())],
                ..InvitationForm::default()
            },
            made: Some("https://hall.fjordvarm.example/join/7Qk2mJ0xVb4sXr9fTzNcPw8hLd3yGa6u".into()),
            invitations: vec![
                row(1, Some("tomas@example.org"), InvitationState::Open),
                row(2, None, InvitationState::Revoked),
                row(3, None, InvitationState::Used),
            ],
            pager: Pager::default(),
        };
        let empty = Self { made: None, invitations: Vec::new(), ..page.clone() };
        vec![("", page), ("empty", empty)]
    }
}

impl Sample for OrganisationsPage {
    const PATH: &'static str = "/admin/organisations";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id, name: &str, external: Option<&str>, products: &[&str]| OrganisationRow {
            id,
            name: name.into(),
            external_id: external.map(Into::into),
            members: id * 7,
            products: products.iter().map(|p| (*p).to_owned()).collect(),
        };
        let organisations = vec![
            row(1, "Teplo Brno s.r.o.", Some("C-10442"), &["Fjord 8", "Installer tools"]),
            row(2, "北海道ヒート株式会社", None, &["Fjord 8"]),
            row(3, "Gemeindewerke Oberau", Some("C-20911"), &[]),
        ];
        vec![(
            "",
            Self {
                name: String::new(),
                external_id: String::new(),
                errors: FieldErrors::default(),
                organisations,
                pager: Pager::default(),
            },
        )]
    }
}

impl Sample for ProductsPage {
    const PATH: &'static str = "/admin/products";

    fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = FieldErrors::default();
        wrong.add("until", "This is not a date. Write it as 2027-03-31.");
        let page = Self {
            products: vec![ProductRow {
                id: 1,
                name: "Installer tools".into(),
                organisations: 12,
                spaces: vec!["Installers".into()],
            }],
            name: String::new(),
            errors: FieldErrors::default(),
            entitlements: vec![
                EntitlementRow {
                    organisation: "Teplo Brno s.r.o.".into(),
                    product: "Installer tools".into(),
                    tier: Some("gold".into()),
                    until: Some(NOW + 130 * DAY),
                    over: false,
                },
                EntitlementRow {
                    organisation: "Gemeindewerke Oberau".into(),
                    product: "Installer tools".into(),
                    tier: None,
                    until: Some(NOW - 3 * DAY),
                    over: true,
                },
            ],
            entitlement_form: EntitlementForm { errors: wrong, ..EntitlementForm::default() },
            pager: Pager::default(),
        };
        vec![("", page)]
    }
}

impl Sample for SpacesPage {
    const PATH: &'static str = "/admin/spaces";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id, key: &str, name: &str, product: Option<&str>| SpaceRow {
            id,
            key: key.into(),
            name: name.into(),
            product: product.map(Into::into),
            questions: 9_000 / id,
            grants: id - 1,
        };
        let spaces = vec![
            row(1, "general", "General", None),
            row(2, "controller", "Controller and app", None),
            row(3, "installers", "Installers", Some("Installer tools")),
        ];
        let form = SpaceForm { products: vec!["Installer tools".into()], ..SpaceForm::default() };
        vec![("", Self { spaces, form })]
    }
}

impl Sample for SpacePage {
    const PATH: &'static str = "/admin/spaces/3";

    fn samples() -> Vec<(&'static str, Self)> {
        let grant = GrantRow {
            person: person(9, "Tomáš Novák", Role::Customer),
            by: Some(person(7, "Ingrid Aas", Role::Admin)),
            reason: "Helps us test the new gateway.".into(),
            since: NOW - 3 * DAY,
            until: Some(NOW + 30 * DAY),
        };
        let mut grant_errors = FieldErrors::default();
        let mut field_errors = FieldErrors::default();
        field_errors.add("choices", "2 to 50 choices are needed, each on a line of its own.");
        grant_errors.add("email", "No member has this address. Invite the person first.");
        let page = Self {
            id: 3,
            form: SpaceForm {
                key: "installers".into(),
                name: "Installers".into(),
                about: "Commissioning, hydraulics, Modbus.".into(),
                product: "Installer tools".into(),
                products: vec!["Installer tools".into()],
                errors: FieldErrors::default(),
            },
            grants: vec![grant],
            grant_email: "nobody@example.org".into(),
            grant_reason: String::new(),
            grant_until: String::new(),
            grant_errors,
            fields: vec![
                FieldRow {
                    key: "firmware".into(),
                    label: "Firmware".into(),
                    kind: FieldKind::Text,
                    required: true,
                    hint: "On the display under Info.".into(),
                    choices: Vec::new(),
                },
                FieldRow {
                    key: "board".into(),
                    label: "Board revision".into(),
                    kind: FieldKind::Choice,
                    required: false,
                    hint: String::new(),
                    choices: vec!["B".into(), "C".into(), "D".into()],
                },
            ],
            field_form: FieldForm { kind: "choice".into(), errors: field_errors, ..FieldForm::default() },
        };
        vec![("", page)]
    }
}

impl Sample for AuditPage {
    const PATH: &'static str = "/admin/audit";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |hours, by: Option<&str>, what: &str, reason: &str| AuditRow {
            at: NOW - hours * HOUR,
            by: by.map(|name| person(7, name, Role::Admin)),
            what: what.into(),
            reason: reason.into(),
        };
        let rows = vec![
            row(1, Some("Ingrid Aas"), "Suspended pip until 28 Nov 2026", "Advertising after two warnings"),
            row(5, Some("Ingrid Aas"), "Made Marek Dvořák a moderator", ""),
            row(30, None, "Imported thunderbird-2023: 27,594 questions", ""),
        ];
        let pager = Pager { newer: None, older: Some("/admin/audit?after=x".into()) };
        vec![("", Self { rows, pager })]
    }
}

impl Sample for SiteSettingsPage {
    const PATH: &'static str = "/admin/settings";

    fn samples() -> Vec<(&'static str, Self)> {
        let setting = |name: &str, value: &str, source: &str| EffectiveSetting {
            name: name.into(),
            value: value.into(),
            source: source.into(),
        };
        let page = Self {
            site_name: "Fjordvarm Commons".into(),
            contact: "hall@fjordvarm.example".into(),
            password_least: "12".into(),
            synonyms: "boiler, tank, cylinder\nblock, pellet".into(),
            errors: FieldErrors::default(),
            joining: super::JoiningForm {
                requests: true,
                domains: "fjordvarm.example".into(),
                vouches: "mx.example.com".into(),
                rate: "300".into(),
                verdict: "3 7 2".into(),
                unanswered: "2 7 2".into(),
                errors: FieldErrors::default(),
            },
            effective: vec![
                setting("PEERHALL_LISTEN", "127.0.0.1:8080", "default"),
                setting("PEERHALL_PUBLIC_URL", "https://hall.fjordvarm.example", "environment"),
                setting("PEERHALL_SECRET", "••••••••", "database"),
            ],
        };
        vec![("", page)]
    }
}
