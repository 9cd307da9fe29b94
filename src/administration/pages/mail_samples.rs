//! The pages about e-mail with believable content.

use super::mail::{MailPage, MailRow, OneMailPage, ReceivedPage, ReceivedRow, RequestRow, RequestsPage};
use crate::web::gallery::{DAY, NOW, Sample};
use crate::web::pages::Pager;

fn row(id: i64, state: &str, problem: Option<&str>) -> MailRow {
    MailRow {
        id,
        to: "mara@lamps.example".to_owned(),
        subject: "Re: Pump hums loudly every night at three".to_owned(),
        state: state.to_owned(),
        attempts: i64::from(state != "waiting"),
        created_at: NOW - id * DAY / 5,
        due_at: (state == "waiting").then_some(NOW + DAY / 24),
        problem: problem.map(str::to_owned),
        readable: true,
    }
}

impl Sample for MailPage {
    const PATH: &'static str = "/admin/mail";

    fn samples() -> Vec<(&'static str, MailPage)> {
        let page = MailPage {
            sends: true,
            address: "hall@lamps.example".to_owned(),
            state: String::new(),
            counts: [("waiting", 2), ("sent", 1_204), ("failed", 1), ("suppressed", 1), ("withdrawn", 3)]
                .map(|(state, count)| (state.to_owned(), count))
                .to_vec(),
            mails: vec![
                row(1, "waiting", Some("transient error (451): Greylisted, please try again")),
                row(2, "sent", None),
                row(3, "failed", Some("permanent error (550): No such user here")),
                row(4, "suppressed", Some("the address refused before")),
                row(5, "withdrawn", Some("its reader has read it in the inbox")),
            ],
            suppressed: vec![(
                "gone@lamps.example".to_owned(),
                "550 5.1.1 No such user".to_owned(),
                NOW - DAY,
            )],
            pager: Pager { newer: None, older: Some("/admin/mail?after=1".to_owned()) },
        };
        let none = MailPage {
            sends: false,
            mails: Vec::new(),
            suppressed: Vec::new(),
            pager: Pager::default(),
            ..page.clone()
        };
        vec![("", page), ("none", none)]
    }
}

impl Sample for OneMailPage {
    const PATH: &'static str = "/admin/mail/1";

    fn samples() -> Vec<(&'static str, OneMailPage)> {
        let page = OneMailPage {
            mail: row(1, "waiting", None),
            text:
                "Hello Mara,\n\nsomebody, probably you, asked to set a new password.\n\nhttps://x/reset/abc\n"
                    .to_owned(),
        };
        let wiped = OneMailPage { mail: row(2, "sent", None), text: String::new() };
        vec![("", page), ("wiped", wiped)]
    }
}

impl Sample for ReceivedPage {
    const PATH: &'static str = "/mail/received";

    fn samples() -> Vec<(&'static str, ReceivedPage)> {
        let mail = |id, reason: &str| ReceivedRow {
            id,
            sender: "somebody@else.example".to_owned(),
            recipient: "hall+r7-9-4e20-abc@lamps.example".to_owned(),
            subject: "Re: Pump hums loudly".to_owned(),
            reason: reason.to_owned(),
            text: "I have it too.\n\nIt began last week.".to_owned(),
            received_at: NOW - DAY,
        };
        let page = ReceivedPage {
            mails: vec![
                mail(2, "its sender is not whom its reply address was made for"),
                mail(1, "its sender is no member"),
            ],
        };
        vec![("", page), ("none", ReceivedPage { mails: Vec::new() })]
    }
}

impl Sample for RequestsPage {
    const PATH: &'static str = "/admin/requests";

    fn samples() -> Vec<(&'static str, RequestsPage)> {
        let request = RequestRow {
            id: 1,
            name: "Ines Calder".to_owned(),
            email: "ines@harbour.example".to_owned(),
            organisation: "Harbour Works".to_owned(),
            message: "We run forty of your pumps.".to_owned(),
            asked_at: NOW - DAY,
        };
        let page = RequestsPage { open: true, requests: vec![request] };
        vec![("", page), ("none", RequestsPage { open: false, requests: Vec::new() })]
    }
}
