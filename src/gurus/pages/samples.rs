//! The pages of gurus with believable content.

use super::{
    CandidateRow, CandidatesPage, DismissForm, GuruPage, GuruRow, HandOverPage, NeedRow, NeedsPage, OwnCard,
    Progress, TagGurusPage,
};
use crate::web::gallery::{DAY, HOUR, NOW, Sample, person};
use crate::web::pages::FieldErrors;
use crate::web::shell::Role;

fn card(tag: &str, state: &'static str) -> OwnCard {
    OwnCard {
        facts: Progress { tag: tag.into(), answers: 7, share: 86, url: "/search?q=x".into() },
        state,
        appointed: false,
        by: None,
        reason: None,
        since: Some(NOW - 90 * DAY),
        ending_at: None,
        ended_why: None,
        may_accept: false,
        days: vec![true, true, true, true, true, false, false],
        from: "09:00".into(),
        until: "17:30".into(),
        languages: "de, en".into(),
        daily_alerts: "5".into(),
        errors: FieldErrors::default(),
    }
}

impl Sample for GuruPage {
    const PATH: &'static str = "/guru";

    fn samples() -> Vec<(&'static str, Self)> {
        let whole = OwnCard {
            from: String::new(),
            until: String::new(),
            days: vec![true; 7],
            languages: String::new(),
            ..card("imap", "invited")
        };
        let invited = OwnCard { since: None, may_accept: true, ..whole.clone() };
        let mut errors = FieldErrors::default();
        errors.add("daily_alerts", "This has to be from 0 to 50.");
        let appointed = OwnCard {
            appointed: true,
            by: Some("Marek Dvořák".into()),
            reason: Some("Wrote most of what we know about valves.".into()),
            may_accept: true,
            since: None,
            errors,
            ..card("mixing-valve", "invited")
        };
        let ending = OwnCard {
            ending_at: Some(NOW + 20 * DAY),
            facts: Progress { tag: "hot-water".into(), answers: 3, share: 71, url: "/search?q=x".into() },
            ..card("hot-water", "active")
        };
        let declined = OwnCard { may_accept: true, ..card("pump", "declined") };
        let ended = OwnCard {
            ended_why: Some("dismissed".into()),
            by: Some("Marek Dvořák".into()),
            reason: Some("The answers of late were copied from elsewhere.".into()),
            ..card("e47", "ended")
        };
        let page = GuruPage {
            standings: vec![
                invited,
                appointed,
                card("controller-4.2", "active"),
                ending,
                card("display", "paused"),
                declined,
                ended,
            ],
            on_the_way: vec![
                Progress { tag: "radiator".into(), answers: 4, share: 83, url: "/search?q=x".into() },
                Progress { tag: "noise".into(), answers: 1, share: 60, url: "/search?q=x".into() },
            ],
            needed: 5,
            least: 75,
            time_zone: "Europe/Oslo".into(),
            in_force: true,
        };
        let none =
            GuruPage { standings: Vec::new(), on_the_way: Vec::new(), in_force: false, ..page.clone() };
        vec![("", page), ("none", none)]
    }
}

impl Sample for NeedsPage {
    const PATH: &'static str = "/needs-you";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: i64, title: &str, guru, others| NeedRow {
            id,
            url: format!("/questions/{id}/x"),
            title: title.into(),
            space: ("controller".into(), "Controller and app".into()),
            tag: "mixing-valve".into(),
            guru,
            solved: 6,
            created_at: NOW - 3 * HOUR,
            waited: ("hours", 3),
            others,
            answered: false,
            claimed_by: None,
            claimed_until: None,
            mine: false,
        };
        let claimed = NeedRow {
            claimed_by: Some("Ólafur Þór".into()),
            claimed_until: Some(NOW + HOUR),
            ..row(
                9,
                "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft: warm, cold, warm",
                true,
                2,
            )
        };
        let mine = NeedRow {
            mine: true,
            waited: ("days", 2),
            answered: true,
            claimed_by: Some("Ingrid Aas".into()),
            claimed_until: Some(NOW + HOUR),
            ..row(11, "Error E47 after a power cut, the pump does not start", false, 0)
        };
        let page = NeedsPage {
            needs: vec![row(7, "Shower goes cold after ten minutes", true, 1), claimed, mine],
            guru: true,
        };
        vec![
            ("", page.clone()),
            ("none", NeedsPage { needs: Vec::new(), ..page }),
            ("none-yet", NeedsPage { needs: Vec::new(), guru: false }),
        ]
    }
}

impl Sample for TagGurusPage {
    const PATH: &'static str = "/tags/mixing-valve/gurus";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: i64, name: &str, state| GuruRow {
            person: person(id, name, Role::Customer),
            state,
            since: Some(NOW - id * 30 * DAY),
            solved: 5 + id,
            by: None,
            appointed: false,
            reason: None,
            ending_at: None,
            may_dismiss: false,
            dismiss_form: DismissForm::default(),
        };
        let plain = TagGurusPage {
            tag: "mixing-valve".into(),
            gurus: vec![row(2, "Ólafur Þór", "active"), row(5, "佐藤 美咲", "paused")],
            may_appoint: false,
            who: String::new(),
            reason: String::new(),
            errors: FieldErrors::default(),
        };
        let mut errors = FieldErrors::default();
        errors.add("reason", "This is needed.");
        let given = GuruRow {
            appointed: true,
            by: Some(person(3, "Solveig Nygård", Role::Staff)),
            reason: Some("Wrote most of what we know about valves.".into()),
            may_dismiss: true,
            ..row(6, "Nguyễn Thị Minh Khai", "active")
        };
        let moderator = TagGurusPage {
            gurus: vec![
                given,
                GuruRow {
                    ending_at: Some(NOW + 9 * DAY),
                    may_dismiss: true,
                    dismiss_form: DismissForm { reason: String::new(), errors: errors.clone() },
                    ..row(2, "Ólafur Þór", "active")
                },
                GuruRow { may_dismiss: true, since: None, ..row(8, "pip", "invited") },
            ],
            may_appoint: true,
            who: "olafur".into(),
            errors,
            ..plain.clone()
        };
        let none = TagGurusPage { gurus: Vec::new(), ..plain.clone() };
        vec![("", plain), ("moderator", moderator), ("none", none)]
    }
}

impl Sample for HandOverPage {
    const PATH: &'static str = "/questions/7/hand-over";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = HandOverPage {
            id: 7,
            url: "/questions/7/x".into(),
            title: "Error E47 after a power cut, the pump does not start".into(),
            reason: String::new(),
            errors: FieldErrors::default(),
        };
        let mut errors = FieldErrors::default();
        errors.add("reason", "This is needed.");
        vec![("", page.clone()), ("refused", HandOverPage { errors, ..page })]
    }
}

impl Sample for CandidatesPage {
    const PATH: &'static str = "/questions/7/candidates";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: i64, name: &str, reasons: Vec<&'static str>| CandidateRow {
            id,
            name: name.into(),
            guru_in: vec!["mixing-valve".into()],
            solved: 7,
            points: 140,
            claims: 0,
            alerts: 1,
            daily_alerts: 5,
            free: true,
            reasons,
        };
        let page = CandidatesPage {
            id: 7,
            url: "/questions/7/x".into(),
            title: "Error E47 after a power cut, the pump does not start".into(),
            candidates: vec![
                row(2, "Ólafur Þór", vec!["guru", "solved"]),
                CandidateRow {
                    free: false,
                    ..row(3, "佐藤 美咲", vec!["guru", "off-hours", "language", "enough-alerts"])
                },
                CandidateRow {
                    guru_in: Vec::new(),
                    ..row(4, "pip", vec!["solved", "not-opted-in", "busy", "mixed"])
                },
            ],
            handed_over_for: Some("It needs a look at the board's log, which only you can read.".into()),
        };
        let none = CandidatesPage { candidates: Vec::new(), handed_over_for: None, ..page.clone() };
        vec![("", page), ("none", none)]
    }
}
