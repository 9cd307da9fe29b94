//! Invented lists of questions and tags.

use super::{space, tags};
use crate::questions::pages::{
    ListFilters, ListPage, QuestionRow, SpaceLink, SpaceName, State, TagCard, TagHeader, TagsPage,
};
use crate::web::gallery::{MINUTE, NOW, Sample, person, stranger};
use crate::web::pages::Pager;
use crate::web::shell::Role;

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
            following: None,
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
        tag.following = Some(true);
        let mut space = page.clone();
        space.filters.space = Some(SpaceName { key: "installers".into(), name: "Installers".into() });
        space.tabs = space.filters.tabs();
        space.rows.truncate(3);
        space.following = Some(false);
        let mut narrow = done.clone();
        narrow.filters = ListFilters { tag: Some("nothing".into()), ..ListFilters::default() };
        vec![
            ("", page.clone()),
            ("first", first),
            ("done", done),
            ("mine", mine),
            ("tag", tag),
            ("space", space),
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
