//! One e-mail as bytes: RFC 5322 with a text and an HTML part.
//!
//! The same row gives the same `Message-ID` and `Date`, however often it is sent. Nothing that people wrote reaches a header
//! field but the subject and names, which are encoded (RFC 2047) and of one line.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox as Named, MultiPart, SinglePart};

use super::address::Mailbox;
use super::outbox::{Headers, Waiting};

/// What was handed to us cannot be written as an e-mail.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the e-mail cannot be written: {0}")]
pub(super) struct Unwritable(String);

/// The e-mail of a row, from `mailbox`.
pub(super) fn written(mail: &Waiting, mailbox: &Mailbox) -> Result<Vec<u8>, Unwritable> {
    let unwritable = |what: &str| Unwritable(what.to_owned());
    let headers: Headers = serde_json::from_str(&mail.headers).map_err(|e| Unwritable(e.to_string()))?;
    let address = |text: &str| text.parse().map_err(|_| unwritable("an address is none"));
    let name: String =
        headers.from_name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect();
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    let micros = u64::try_from(mail.created_at).unwrap_or(0);
    let mut builder = Message::builder()
        .from(Named::new(name, address(&mailbox.address())?))
        .to(Named::new(None, address(&mail.recipient)?))
        .subject(mail.subject.clone())
        .date(UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(format!("<{}>", mail.message_id)));
    if let Some(reply_to) = &headers.reply_to {
        builder = builder.reply_to(Named::new(None, address(reply_to)?));
    }
    if let Some(last) = headers.references.last() {
        let all: Vec<String> = headers.references.iter().map(|id| format!("<{id}>")).collect();
        builder = builder.in_reply_to(format!("<{last}>")).references(all.join(" "));
    }
    let submitted = if headers.replies { "auto-replied" } else { "auto-generated" };
    let mut further = vec![
        ("Auto-Submitted", submitted.to_owned()),
        // What Exchange asks before it sends an out-of-office note. Reports of what was not delivered are wanted.
        ("X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN".to_owned()),
    ];
    if let Some((words, id)) = &headers.list {
        let words: String =
            words.chars().filter(|c| !matches!(c, '<' | '>' | '"') && !c.is_control()).collect();
        further.push(("List-Id", format!("{words} <{id}>")));
    }
    if let Some(url) = &headers.unsubscribe {
        further.push(("List-Unsubscribe", format!("<{url}>")));
        further.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    for (name, value) in further {
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| unwritable(name))?;
        builder = builder.raw_header(HeaderValue::new(name, value));
    }
    let text = SinglePart::plain(mail.body_text.clone());
    let message = if mail.body_html.is_empty() {
        builder.singlepart(text)
    } else {
        builder.multipart(
            MultiPart::alternative().singlepart(text).singlepart(SinglePart::html(mail.body_html.clone())),
        )
    };
    message.map(|message| message.formatted()).map_err(|error| Unwritable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(headers: &Headers) -> Waiting {
        Waiting {
            id: 1,
            message_id: "abc@example.com".into(),
            urgent: false,
            first_put_off_at: None,
            shown: None,
            kind: "answer".into(),
            member_id: None,
            post_id: None,
            notice_id: None,
            recipient: "ann@example.com".into(),
            subject: "Größe of \u{202e}things".into(),
            body_text: "Hello Ann\n.\nEnd".into(),
            body_html: "<p>Hello Ann</p>".into(),
            headers: serde_json::to_string(headers).unwrap(),
            attempts: 0,
            ends_at: None,
            created_at: 1_795_292_939_000_000,
        }
    }

    #[test]
    fn an_e_mail_has_what_programs_go_by() {
        let headers = Headers {
            from_name: "Ann's <hall>\r\nBcc: evil@example.com".into(),
            reply_to: Some("hall+r1@example.com".into()),
            references: vec!["q4@example.com".into()],
            list: Some(("Lamps".into(), "lamps.example.com".into())),
            unsubscribe: Some("https://example.com/unsubscribe/x".into()),
            replies: false,
        };
        let hall = Mailbox::parse("hall@example.com").unwrap();
        let bytes = written(&waiting(&headers), &hall).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.is_ascii());
        for line in [
            "Message-ID: <abc@example.com>\r\n",
            "In-Reply-To: <q4@example.com>\r\n",
            "References: <q4@example.com>\r\n",
            "Reply-To: hall+r1@example.com\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "List-Id: Lamps <lamps.example.com>\r\n",
            "List-Unsubscribe: <https://example.com/unsubscribe/x>\r\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        ] {
            assert!(text.contains(line), "no {line} in {text}");
        }
        assert!(!text.contains("\nBcc:"), "{text}");
    }
}
