//! The pages of notifications with believable content.

use super::{InboxItem, InboxPage, InboxThread, LevelRow, NotificationsPage, UnsubscribePage};
use crate::web::gallery::{DAY, NOW, Sample};
use crate::web::pages::Pager;

impl Sample for InboxPage {
    const PATH: &'static str = "/inbox";

    fn samples() -> Vec<(&'static str, InboxPage)> {
        let item = |id: i64, by: &str, what: &str, reason: &str, read: bool| InboxItem {
            id,
            by: Some(by.to_owned()).filter(|by| !by.is_empty()),
            what: what.to_owned(),
            reason: reason.to_owned(),
            subject: if reason == "tag" { "noise".to_owned() } else { String::new() },
            text: "Tighten the second screw until the ring sits flat, then wait a minute.".to_owned(),
            url: "/questions/7/x#a9".to_owned(),
            read,
            at: NOW - id * DAY / 3,
        };
        let thread = |title: &str, items: Vec<InboxItem>| InboxThread {
            question_id: Some(7),
            title: title.to_owned(),
            url: "/questions/7/x".to_owned(),
            unread: items.iter().any(|item| !item.read),
            items,
        };
        let page = InboxPage {
            threads: vec![
                thread(
                    "Pump hums loudly every night at three",
                    vec![
                        item(1, "Mara del Valle", "answered", "your-question", false),
                        item(2, "Bo Lind", "commented", "mentioned", false),
                        item(3, "Ines", "commented", "your-comment", true),
                    ],
                ),
                thread("Valve E47 after the update", vec![item(4, "Teo", "asked", "tag", false)]),
                thread(
                    "Which ring fits the old socket?",
                    vec![item(5, "Ines", "accepted", "your-answer", true)],
                ),
                thread("Lantern flickers", vec![item(6, "", "waiting-verdict", "your-question", true)]),
            ],
            unread_only: false,
            unread: 3,
            suggestions: 2,
            pager: Pager { newer: None, older: Some("/inbox?after=12".to_owned()) },
        };
        let none = InboxPage { unread_only: true, ..InboxPage::default() };
        vec![("", page), ("none", InboxPage::default()), ("none-unread", none)]
    }
}

impl Sample for NotificationsPage {
    const PATH: &'static str = "/settings/notifications";

    fn samples() -> Vec<(&'static str, NotificationsPage)> {
        let kind = |kind: &str, level: &str| LevelRow {
            field: format!("kind-{kind}"),
            kind: kind.to_owned(),
            name: String::new(),
            url: String::new(),
            level: level.to_owned(),
        };
        let named = |field: &str, name: &str, level: &str| LevelRow {
            field: field.to_owned(),
            kind: String::new(),
            name: name.to_owned(),
            url: "/questions/7/x".to_owned(),
            level: level.to_owned(),
        };
        let page = NotificationsPage {
            kinds: crate::notifications::Kind::ALL
                .iter()
                .map(|of| kind(of.as_str(), of.usual().as_str()))
                .collect(),
            tags: vec![named("tag-noise", "noise", "now"), named("tag-e47", "e47", "daily")],
            spaces: vec![named("space-general", "General", "inbox")],
            threads: vec![named("thread-7", "Pump hums loudly every night at three", "")],
            other_spaces: vec![("pumps".to_owned(), "Pumps".to_owned())],
            digest: "weekly".to_owned(),
            quiet: true,
            quiet_from: "22:00".to_owned(),
            quiet_until: "07:00".to_owned(),
            time_zone: "Europe/Vienna".to_owned(),
            has_email: true,
            problem: None,
        };
        let bare = NotificationsPage {
            tags: Vec::new(),
            spaces: Vec::new(),
            threads: Vec::new(),
            quiet: false,
            has_email: false,
            problem: Some("Write a time such as 22:00.".to_owned()),
            ..page.clone()
        };
        vec![("", page), ("bare", bare)]
    }
}

impl Sample for UnsubscribePage {
    const PATH: &'static str = "/unsubscribe/x";

    fn samples() -> Vec<(&'static str, UnsubscribePage)> {
        let page = UnsubscribePage {
            token: "x".to_owned(),
            what: "thread".to_owned(),
            name: "Pump hums loudly every night at three".to_owned(),
            done: false,
        };
        let done = UnsubscribePage { done: true, ..page.clone() };
        vec![("", page), ("done", done)]
    }
}
