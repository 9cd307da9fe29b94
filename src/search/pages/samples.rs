//! The search page with believable content.

use super::{
    Better, FacetGroup, FacetLink, FoundPost, FoundThread, MissedPage, MissedRow, OrderLink, RelatedPage,
    SavedRow, SearchPage,
};
use crate::questions::State;
use crate::questions::pages::{SpaceName, similar};
use crate::text;
use crate::web::Role;
use crate::web::gallery::{DAY, NOW, Sample, person, stranger};
use crate::web::pages::Pager;

impl Sample for SearchPage {
    const PATH: &'static str = "/search";

    fn samples() -> Vec<(&'static str, SearchPage)> {
        let found = found();
        let narrow = SearchPage { tags: Vec::new(), people: Vec::new(), facets: Vec::new(), ..found.clone() };
        let none = SearchPage {
            query: "thermostta calibrate score:many".to_owned(),
            asked: true,
            better: Some(Better { text: "thermostat calibrate".to_owned(), href: "/search?q=x".to_owned() }),
            not_understood: vec!["score:many".to_owned()],
            ask: "/ask?title=x".to_owned(),
            ..SearchPage::default()
        };
        let some = SearchPage { some_words_only: true, repairing: true, cut: true, ..narrow };
        let saved = |id, query: &str| SavedRow {
            id,
            query: query.to_owned(),
            href: "/search?q=x".to_owned(),
            notify: "inbox".to_owned(),
        };
        let fresh = SearchPage {
            saved: vec![saved(3, "[noise] is:unanswered"), saved(2, "E47")],
            moderates: true,
            ..SearchPage::default()
        };
        vec![("", found), ("none", none), ("some", some), ("fresh", fresh)]
    }
}

impl Sample for RelatedPage {
    const PATH: &'static str = "/related/7";

    fn samples() -> Vec<(&'static str, RelatedPage)> {
        let page = RelatedPage {
            title: "Pump hums loudly every night at three".to_owned(),
            url: "/questions/7/x".to_owned(),
            found: similar(),
        };
        let none = RelatedPage { found: Vec::new(), ..page.clone() };
        vec![("", page), ("none", none)]
    }
}

impl Sample for MissedPage {
    const PATH: &'static str = "/search/missed";

    fn samples() -> Vec<(&'static str, MissedPage)> {
        let row = |id, query: &str, people| MissedRow {
            id,
            query: query.to_owned(),
            people,
            last_at: NOW - id * DAY,
            ask: "/ask?title=x".to_owned(),
        };
        let rows = vec![row(1, "heat pump subsidy 2027", 14), row(2, "modbus register 40017", 1)];
        vec![("", MissedPage { rows }), ("none", MissedPage { rows: Vec::new() })]
    }
}

fn found() -> SearchPage {
    let order = |key, current| OrderLink { key, href: "/search?q=x".to_owned(), current };
    let named = |name: &str, count, current| FacetLink {
        name: name.to_owned(),
        count,
        href: "/search?q=x".to_owned(),
        current,
    };
    SearchPage {
        query: "pump noise at night".to_owned(),
        asked: true,
        total: 43,
        threads: vec![
            thread("Pump hums loudly every night at three", State::Solved, true),
            thread("صوت المضخة مرتفع جدا في الليل", State::Unanswered, false),
            thread(
                "AVeryLongTitleWithoutAnySpacesThatMustBeBrokenSomewhereOrItPushesThePageWiderThanThePhoneIs",
                State::Closed,
                false,
            ),
        ],
        orders: vec![order("relevance", true), order("newest", false), order("score", false)],
        facets: vec![
            FacetGroup { key: "state", links: vec![named("solved", 20, false), named("open", 23, false)] },
            FacetGroup { key: "kind", links: vec![named("question", 12, false), named("answer", 31, false)] },
            FacetGroup {
                key: "space",
                links: vec![named("Controller and app", 40, true), named("Installers", 3, false)],
            },
            FacetGroup { key: "tag", links: vec![named("noise", 30, false), named("خطأ", 2, false)] },
        ],
        tags: vec!["noise".to_owned(), "night-mode".to_owned()],
        people: vec![person(4, "Nils Night", Role::Customer)],
        ask: "/ask?title=x".to_owned(),
        pager: Pager { newer: None, older: Some("/search?q=x&after=y".to_owned()) },
        ..SearchPage::default()
    }
}

fn thread(title: &str, state: State, several: bool) -> FoundThread {
    let marked = |words: &str| text::marked(words, &[4..8, 9..9]);
    let post = |kind, snippet: &str| FoundPost {
        kind,
        url: "/questions/7/x#answer-9".to_owned(),
        snippet_html: marked(snippet),
        language: None,
        author: if several { person(4, "Nils Night", Role::Staff) } else { stranger("old-forum-user") },
        created_at: NOW - 40 * DAY,
        score: 4,
    };
    let mut posts = vec![post(
        "question",
        "The pump runs fine by day. At three in the morning it hums so loudly that … <b>nobody</b> sleeps.",
    )];
    if several {
        posts.push(post(
            "answer",
            "The pump does a legionella cycle then. Move it to the afternoon under Schedule → Hygiene.",
        ));
    }
    FoundThread {
        url: "/questions/7/x".to_owned(),
        title_html: marked(title),
        state,
        answers: if several { 3 } else { 0 },
        tags: vec!["noise".to_owned()],
        space: SpaceName { key: "controller".to_owned(), name: "Controller and app".to_owned() },
        posts,
    }
}
