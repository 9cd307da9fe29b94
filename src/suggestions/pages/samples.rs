use super::{Decided, SuggestionForm, SuggestionPage, SuggestionRow, SuggestionsPage};
use crate::questions::pages::{DiffLine, PostKind, TextLimits};
use crate::suggestions::Verdict;
use crate::web::gallery::{DAY, HOUR, MINUTE, NOW, Sample, person};
use crate::web::pages::{FieldErrors, Pager};
use crate::web::shell::Role;

const TITLE: &str = "Hot water turns lukewarm after ten minutes since controller update 4.2";

impl Sample for SuggestionsPage {
    const PATH: &'static str = "/suggestions";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |id: i64, kind, state: &str| SuggestionRow {
            id,
            title: TITLE.into(),
            kind,
            by: person(12, "Tomáš Novák", Role::Customer),
            reason: "The model from the comments, and a link that works".into(),
            at: NOW - id * DAY,
            state: state.into(),
            undone: false,
        };
        let short = SuggestionRow {
            title: "صوت المضخة مرتفع جدا في الليل".into(),
            reason: String::new(),
            ..row(3, PostKind::Answer, "waiting")
        };
        let page = Self {
            mine: false,
            yours: vec![row(4, PostKind::Question, "waiting")],
            rows: vec![short, row(2, PostKind::Answer, "waiting")],
            pager: Pager { newer: None, older: Some("/suggestions?after=2".into()) },
        };
        let mine = Self {
            mine: true,
            yours: Vec::new(),
            rows: vec![
                row(9, PostKind::Answer, "waiting"),
                row(8, PostKind::Question, "approved"),
                SuggestionRow { undone: true, ..row(7, PostKind::Question, "approved") },
                row(6, PostKind::Question, "rejected"),
                row(5, PostKind::Question, "withdrawn"),
            ],
            pager: Pager::default(),
        };
        let none = Self { mine: false, yours: Vec::new(), rows: Vec::new(), pager: Pager::default() };
        vec![("", page), ("mine", mine), ("none", none.clone()), ("none-mine", Self { mine: true, ..none })]
    }
}

impl Sample for SuggestionPage {
    const PATH: &'static str = "/suggestions/4";

    fn samples() -> Vec<(&'static str, Self)> {
        let (old, new) = (
            "Since the update the tap is warm, then lukewarm, then warm again.\n\nThe tank itself shows 52 °C all the time.\nThe box was updated last week.",
            "Since the update the tap is warm, then lukewarm, then warm again.\n\nThe tank itself shows 52 °C all the time.\nThe controller (Fjord 8, board rev. D) was updated last week.",
        );
        let form = SuggestionForm {
            title: Some(TITLE.into()),
            tags: Some("hot-water controller-4.2".into()),
            body: new.into(),
            verdicts: Verdict::ALL.iter().map(|verdict| verdict.as_str().to_owned()).collect(),
            ..SuggestionForm::default()
        };
        let page = Self {
            id: 4,
            kind: PostKind::Question,
            post_url: "/questions/1/a-slug#question".into(),
            question_title: TITLE.into(),
            by: person(12, "Tomáš Novák", Role::Customer),
            at: NOW - 2 * HOUR,
            reason: "The model from the comments".into(),
            state: "waiting".into(),
            decides: true,
            own: false,
            outdated: false,
            version: 3,
            title: Some(("Hot water problem".into(), TITLE.into())),
            tags: Some((vec!["help".into()], vec!["hot-water".into(), "controller-4.2".into()])),
            diff: DiffLine::between(old, new),
            clashes: Vec::new(),
            title_clash: None,
            tags_clash: false,
            form,
            decided: None,
            stale: false,
            errors: FieldErrors::default(),
            limits: TextLimits::default(),
        };
        let torn = Self {
            outdated: true,
            clashes: vec![
                (
                    "The box, updated on Monday, is new.".into(),
                    "The controller (Fjord 8, board rev. D) was updated last week.".into(),
                ),
                ("It is loud.".into(), String::new()),
            ],
            title_clash: Some("Lukewarm water since 4.2".into()),
            tags_clash: true,
            title: None,
            form: SuggestionForm { open: true, ..page.form.clone() },
            ..page.clone()
        };
        let mut errors = FieldErrors::default();
        errors.add("verdict", "This is needed.");
        let wrong = Self { errors, stale: true, outdated: true, ..page.clone() };
        let own = Self { decides: false, own: true, ..page.clone() };
        let rejected = Self {
            decided: Some(Decided {
                by: person(2, "Marek Dvořák", Role::Moderator),
                at: NOW - 5 * MINUTE,
                verdict: "changes-meaning".into(),
                words: "The asker has the older board.".into(),
                history: None,
                undone: false,
            }),
            state: "rejected".into(),
            ..own.clone()
        };
        let approved = Self {
            decided: Some(Decided {
                by: person(2, "Marek Dvořák", Role::Moderator),
                at: NOW - 5 * MINUTE,
                verdict: String::new(),
                words: String::new(),
                history: Some("/posts/1/revisions".into()),
                undone: true,
            }),
            state: "approved".into(),
            ..own.clone()
        };
        let withdrawn =
            Self { decided: None, state: "withdrawn".into(), title: None, tags: None, ..own.clone() };
        vec![
            ("", page),
            ("torn", torn),
            ("wrong", wrong),
            ("own", own),
            ("rejected", rejected),
            ("approved", approved),
            ("withdrawn", withdrawn),
        ]
    }
}
