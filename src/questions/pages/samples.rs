use super::{
    AskPage, Conflict, DiffLine, DiffMark, DiffPiece, EditPage, FieldAsked, ListFilters, ListPage, PostKind,
    QuestionRow, Revision, RevisionsPage, SimilarQuestion, SpaceChoice, SpaceLink, SpaceName, State, TagCard,
    TagHeader, TagsPage, TextLimits,
};
use crate::text;
use crate::web::gallery::{DAY, HOUR, MINUTE, NOW, Sample, person, stranger};
use crate::web::pages::{FieldErrors, Pager};
use crate::web::shell::Role;

mod thread;

fn space(key: &str, name: &str) -> SpaceName {
    SpaceName { key: key.into(), name: name.into() }
}

fn tags(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn rows() -> Vec<QuestionRow> {
    let row = |id: i64, title: &str, excerpt: &str, state, answers, tag: &[&str]| QuestionRow {
        id,
        url: format!("/questions/{id}/a-slug"),
        title: title.into(),
        excerpt: excerpt.into(),
        language: None,
        state,
        answers,
        score: (id * 7) % 11 - 2,
        affected: (id * 5) % 14,
        tags: tags(tag),
        space: space("controller", "Controller and app"),
        author: person(id, "Tomáš Novák", Role::Customer),
        created_at: NOW - id * 37 * MINUTE,
        last_activity_at: NOW - id * 31 * MINUTE,
    };
    let mut rows = vec![
        row(
            1,
            "Hot water turns lukewarm after ten minutes since controller update 4.2",
            "Since the update the tap is warm, then lukewarm, then warm again. The tank itself shows 52 °C all the time, so I think the mixing valve is told the wrong thing. What I tried so far: the legionella programme, and a restart.",
            State::Solved,
            30,
            &["hot-water", "controller-4.2", "mixing-valve"],
        ),
        row(
            2,
            "Error E47 after a power cut, the pump does not start",
            "The display shows E47 and a little wrench. Nothing in the manual about 47. The breaker is fine.",
            State::Unanswered,
            0,
            &["error-codes", "power"],
        ),
        row(
            3,
            "Can the app show the price of electricity per hour?",
            "I have a tariff with hourly prices and would like to see them beside the heating plan.",
            State::Open,
            2,
            &["app", "tariff"],
        ),
        row(
            4,
            "هل يمكن تشغيل المضخة بدون اتصال بالإنترنت؟",
            "انقطع الإنترنت لمدة يومين وأريد أن أعرف ما إذا كان الجدول الزمني يستمر في العمل بشكل طبيعي.",
            State::Open,
            1,
            &["offline", "schedule"],
        ),
        row(
            5,
            "Is there a list of all Modbus registers?",
            "Looking for a complete one, with scaling factors.",
            State::Closed,
            4,
            &["modbus"],
        ),
        row(
            6,
            "リモコンの時刻がずれる",
            "停電のあと、リモコンの時刻が毎日五分ほど遅れます。設定で直す方法はありますか。",
            State::Unanswered,
            0,
            &["clock"],
        ),
        row(
            7,
            "https://hall.fjordvarm.example/firmware/4.2.1-rc3+build.20261119/controller_main_board_rev_D_signed_image.bin gives 403",
            "Downloading the firmware by hand is refused.",
            State::Solved,
            1,
            &["firmware", "a-very-long-tag-name-of-thirty-five"],
        ),
        row(
            8,
            "Quiet mode at night is not quiet",
            "It ramps up at two in the morning although quiet mode is on from ten to six. My neighbour has asked me about it twice now, kindly.",
            State::Open,
            5,
            &["noise", "schedule"],
        ),
    ];
    rows[1].last_activity_at = rows[1].created_at;
    (rows[3].language, rows[5].language) = (Some("ar".into()), Some("ja".into()));
    rows[4].author = stranger("petewalton");
    rows[5].author = person(5, "佐藤 美咲", Role::Customer);
    rows[3].author = person(6, "عمر الحسيني", Role::Customer);
    rows[7].author = person(3, "Solveig Nygård", Role::Staff);
    rows
}

impl Sample for ListPage {
    const PATH: &'static str = "/";

    fn samples() -> Vec<(&'static str, Self)> {
        let filters = ListFilters::default();
        let card = |name: &str, questions| TagCard { name: name.into(), questions };
        let link =
            |name: &str, current| SpaceLink { name: name.into(), href: "/questions?space=x".into(), current };
        let page = Self {
            tabs: filters.tabs(),
            filters,
            rows: rows(),
            pager: Pager {
                newer: Some("/questions?before=y".into()),
                older: Some("/questions?after=x".into()),
            },
            spaces: vec![
                link("General", false),
                link("Controller and app", false),
                link("Installers", false),
            ],
            tags: vec![
                card("hot-water", 1204),
                card("schedule", 873),
                card("modbus", 212),
                card("error-codes", 98),
            ],
            tag_header: None,
            nothing_yet: false,
        };
        let mut first = page.clone();
        (first.rows, first.nothing_yet, first.pager) = (Vec::new(), true, Pager::default());
        (first.tags, first.spaces) = (Vec::new(), Vec::new());
        let mut done = first.clone();
        done.nothing_yet = false;
        done.filters.state = Some(State::Unanswered);
        done.tabs = done.filters.tabs();
        let mut mine = done.clone();
        mine.filters = ListFilters { mine: true, ..ListFilters::default() };
        mine.tabs = mine.filters.tabs();
        let mut tag = page.clone();
        tag.filters.tag = Some("hot-water".into());
        tag.tabs = tag.filters.tabs();
        tag.rows.truncate(3);
        tag.tag_header = Some(TagHeader {
            name: "hot-water".into(),
            questions: 1204,
            about: "Tank, tap and everything between: temperatures, legionella programme, circulation."
                .into(),
        });
        let mut narrow = done.clone();
        narrow.filters = ListFilters { tag: Some("nothing".into()), ..ListFilters::default() };
        vec![
            ("", page.clone()),
            ("first", first),
            ("done", done),
            ("mine", mine),
            ("tag", tag),
            ("narrow", narrow),
            ("flashes", page),
        ]
    }
}

impl Sample for TagsPage {
    const PATH: &'static str = "/tags";

    fn samples() -> Vec<(&'static str, Self)> {
        let names = [
            "app",
            "hot-water",
            "schedule",
            "modbus",
            "c++",
            "خطأ",
            "noise",
            "tariff",
            "a-very-long-tag-name-of-thirty-five",
        ];
        let card =
            |(at, name): (usize, &&str)| TagCard { name: (*name).into(), questions: 2310 / (at as i64 + 1) };
        let page = Self {
            query: String::new(),
            tags: names.iter().enumerate().map(card).collect(),
            pager: Pager { newer: None, older: Some("/tags?after=x".into()) },
        };
        let none = Self { query: "zzz".into(), tags: Vec::new(), pager: Pager::default() };
        vec![("", page), ("none", none)]
    }
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
        vec![("", page), ("conflict", conflict), ("comment", comment)]
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
                pager: Pager::default(),
            },
        )]
    }
}
