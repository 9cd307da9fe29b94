use super::{
    AskPage, Conflict, DiffLine, DiffMark, DiffPiece, EditPage, FieldAsked, PostKind, Revision,
    RevisionsPage, SimilarQuestion, SpaceChoice, SpaceName, State, Suggesting, TextLimits,
};
use crate::text;
use crate::web::gallery::{DAY, HOUR, MINUTE, NOW, Sample, person};
use crate::web::pages::{FieldErrors, Pager};
use crate::web::shell::Role;

mod lists;
mod thread;

fn space(key: &str, name: &str) -> SpaceName {
    SpaceName { key: key.into(), name: name.into() }
}

fn tags(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn asked(space: &str) -> Vec<FieldAsked> {
    let field = |key: &str, label: &str, required| FieldAsked {
        name: format!("fields.{space}.{key}"),
        label: label.into(),
        required,
        ..FieldAsked::default()
    };
    let hint = "On the display under Info, such as 4.2.1.".into();
    vec![
        FieldAsked { hint, ..field("firmware", "Firmware", true) },
        FieldAsked {
            choices: vec!["B".into(), "C".into(), "D".into()],
            ..field("board", "Board revision", false)
        },
        FieldAsked { number: true, ..field("units", "Heat pumps in the system", false) },
    ]
}

/// Questions like one that is asked or read.
pub fn similar() -> Vec<SimilarQuestion> {
    let question = |title: &str, answer: Option<&str>, duplicate: &[&str]| SimilarQuestion {
        id: 9,
        url: "/questions/9/a-slug".into(),
        title: title.into(),
        excerpt: "It happens at three in the morning, and it is louder than the day before.".into(),
        state: if answer.is_some() { State::Solved } else { State::Unanswered },
        answers: i64::from(answer.is_some()),
        answer_html: answer.map(|answer| text::marked(answer, &[])),
        duplicate: tags(duplicate),
    };
    vec![
        question(
            "The pump is loud at night",
            Some("Move the hygiene cycle to the afternoon."),
            &["fw_4.2", "hygiene", "pump"],
        ),
        question("صوت المضخة مرتفع جدا في الليل", None, &[]),
    ]
}

impl Sample for AskPage {
    const PATH: &'static str = "/ask";

    fn samples() -> Vec<(&'static str, Self)> {
        let choice = |key: &str, name: &str, about: &str| SpaceChoice {
            key: key.into(),
            name: name.into(),
            about: about.into(),
            fields: if key == "controller" { asked(key) } else { Vec::new() },
        };
        let fresh = Self {
            spaces: vec![
                choice("general", "General", "Anything that has no better place."),
                choice("controller", "Controller and app", "The box on the wall and the app on the phone."),
                choice("installers", "Installers", "Commissioning, hydraulics, Modbus."),
            ],
            ..Self::default()
        };
        let mut errors = FieldErrors::default();
        errors.add("space", "Choose where the question belongs.");
        errors.add("title", "A title has at least 10 characters; this one has 5.");
        errors.add("tags", "“hot water!” can't be a tag: use letters, digits and + # . -");
        let wrong = Self {
            title: "Help!".into(),
            body: "It is cold.\n\nSince the update to 4.2 the hot water turns lukewarm after ten minutes."
                .into(),
            tags: "hot water!".into(),
            errors,
            ..fresh.clone()
        };
        let one = Self { spaces: vec![choice("general", "General", "")], ..Self::default() };
        let mut errors = FieldErrors::default();
        errors.add("fields.controller.firmware", "Firmware: This is needed.");
        let space = "controller".to_owned();
        let field = Self { space, errors, ..fresh.clone() };
        let one_field = Self { spaces: vec![choice("controller", "Controller", "")], ..Self::default() };
        let title = "Pump hums loudly every night".to_owned();
        let looked = Self { title, similar: similar(), looked: true, ..one.clone() };
        let nothing = Self { similar: Vec::new(), ..looked.clone() };
        vec![
            ("", fresh),
            ("wrong", wrong),
            ("one", one),
            ("field", field),
            ("one-field", one_field),
            ("looked", looked),
            ("nothing", nothing),
        ]
    }
}

impl Sample for EditPage {
    const PATH: &'static str = "/posts/1/edit";

    fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            id: 1,
            kind: PostKind::Question,
            post_url: "/questions/1/a-slug#question".into(),
            question_title: "Hot water turns lukewarm after ten minutes since controller update 4.2".into(),
            title: Some("Hot water turns lukewarm after ten minutes since controller update 4.2".into()),
            tags: Some("hot-water controller-4.2 mixing-valve".into()),
            body: "Since the update the tap is warm, then lukewarm, then warm again.\n\nThe tank itself shows 52 °C all the time.".into(),
            reason: String::new(),
            version: 3,
            conflict: None,
            converted: true,
            of_another: false,
            suggesting: None,
            tags_suggested: false,
            limits: TextLimits::default(),
            errors: FieldErrors::default(),
        };
        let mut conflict = page.clone();
        conflict.converted = false;
        conflict.conflict = Some(Conflict {
            by: person(2, "Marek Dvořák", Role::Moderator),
            at: NOW - 2 * MINUTE,
            reason: "Added the model from the comments".into(),
            title: page.title.clone(),
            tags: page.tags.clone(),
            body: "Since the update the tap is warm, then lukewarm, then warm again. **Model: Fjord 8, board rev. D.**\n\nThe tank itself shows 52 °C all the time.".into(),
        });
        let mut comment = page.clone();
        comment.kind = PostKind::Comment;
        (comment.title, comment.tags, comment.converted) = (None, None, false);
        let suggesting = Some(Suggesting { tags_at_once: true, waiting: Some(4) });
        let suggested = Self { of_another: true, suggesting, converted: false, ..page.clone() };
        let tags = Self { of_another: true, tags_suggested: true, converted: false, ..page.clone() };
        vec![
            ("", page),
            ("conflict", conflict),
            ("comment", comment),
            ("suggested", suggested),
            ("tags-suggested", tags),
        ]
    }
}

impl Sample for RevisionsPage {
    const PATH: &'static str = "/posts/1/revisions";

    fn samples() -> Vec<(&'static str, Self)> {
        let line = |mark, pieces: &[(&str, bool)]| DiffLine {
            mark,
            pieces: pieces
                .iter()
                .map(|(text, changed)| DiffPiece { text: (*text).into(), changed: *changed })
                .collect(),
        };
        let second = Revision {
            number: 2,
            by: person(2, "Marek Dvořák", Role::Moderator),
            at: NOW - 2 * HOUR,
            reason: "Added the model from the comments".into(),
            title: Some((
                "Hot water problem".into(),
                "Hot water turns lukewarm after ten minutes since controller update 4.2".into(),
            )),
            tags: Some((tags(&["help"]), tags(&["hot-water", "controller-4.2"]))),
            space: Some((space("general", "General"), space("controller", "Controller and app"))),
            diff: vec![
                line(DiffMark::Gap, &[]),
                line(DiffMark::Same, &[("The tank itself shows 52 °C all the time.", false)]),
                line(DiffMark::Same, &[]),
                line(
                    DiffMark::Removed,
                    &[("The ", false), ("box", true), (" was updated last week.", false)],
                ),
                line(
                    DiffMark::Added,
                    &[
                        ("The ", false),
                        ("controller (Fjord 8, board rev. D)", true),
                        (" was updated last week.", false),
                    ],
                ),
                line(
                    DiffMark::Added,
                    &[(
                        "https://hall.fjordvarm.example/firmware/4.2.1-rc3+build.20261119/controller_main_board_rev_D_signed_image.bin",
                        true,
                    )],
                ),
            ],
        };
        let first = Revision {
            number: 1,
            by: person(12, "Tomáš Novák", Role::Customer),
            at: NOW - 3 * DAY,
            reason: String::new(),
            title: None,
            tags: None,
            space: None,
            diff: vec![
                line(
                    DiffMark::Added,
                    &[("Since the update the tap is warm, then lukewarm, then warm again.", false)],
                ),
                line(DiffMark::Added, &[("The tank itself shows 52 °C all the time.", false)]),
                line(DiffMark::Added, &[("The box was updated last week.", false)]),
            ],
        };
        vec![(
            "",
            Self {
                kind: PostKind::Question,
                post_url: "/questions/1/a-slug#question".into(),
                question_title: "Hot water turns lukewarm after ten minutes since controller update 4.2"
                    .into(),
                revisions: vec![second, first],
                may_roll_back: true,
                id: 1,
                version: 2,
                pager: Pager::default(),
            },
        )]
    }
}
