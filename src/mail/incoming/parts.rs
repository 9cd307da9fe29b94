//! The parts of a message (RFC 2046), split at their boundaries, with bounds on how deep and how many.
//!
//! Promises: work is proportional to the size of the message, whatever it holds; a message within a message is one part and
//! not looked into; what is beyond the bounds is left out. Charsets and transfer encodings are `mail_parser`'s, which is given
//! one part at a time, with a header we wrote: it looks into nested parts without a bound of their depth.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

/// Multiparts within multiparts.
const DEEPEST: usize = 20;
/// Parts of a message.
const MOST: usize = 500;
/// Bytes of a text that are decoded.
const TEXT_BYTES: usize = 1_000_000;

/// The header of a part that has none.
const PLAIN: &[u8] = b"Content-Type: text/plain\r\n\r\n";

/// A part that holds no others.
pub(super) struct Leaf<'a> {
    /// Its header fields.
    head: Message<'a>,
    /// What follows them, as it came.
    body: &'a [u8],
}

/// A message's parts that hold no others, in their order.
pub(super) fn leaves(raw: &[u8]) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    split(raw, 0, &mut found);
    found
}

fn split<'a>(raw: &'a [u8], depth: usize, found: &mut Vec<Leaf<'a>>) {
    if found.len() >= MOST {
        return;
    }
    let body = body_of(raw);
    // Only the header is handed on: what follows is none of the parser's business.
    let head = raw.get(..raw.len() - body.len()).unwrap_or_default();
    // A part may begin with the empty line: it is plain text then (RFC 2046, section 5.1).
    let head = if head.trim_ascii().is_empty() { PLAIN } else { head };
    let Some(head) = MessageParser::default().parse_headers(head) else { return };
    let boundary = head
        .content_type()
        .filter(|kind| kind.ctype().eq_ignore_ascii_case("multipart"))
        .and_then(|kind| kind.attribute("boundary"))
        .map(|boundary| format!("--{boundary}"));
    match boundary {
        Some(boundary) if depth < DEEPEST => {
            for part in between(body, boundary.as_bytes()) {
                split(part, depth + 1, found);
            }
        }
        _ => found.push(Leaf { head, body }),
    }
}

/// What follows the first empty line.
fn body_of(raw: &[u8]) -> &[u8] {
    let mut at = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return raw.get(at..).unwrap_or_default();
        }
    }
    &[]
}

/// The pieces between lines that begin with `boundary`, until one that ends them.
fn between<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let (mut at, mut begun) = (0, None);
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let here = at;
        at += line.len();
        let Some(rest) = line.strip_prefix(boundary) else { continue };
        let rest = rest.trim_ascii();
        if !matches!(rest, b"" | b"--") {
            continue;
        }
        if let Some(begun) = begun {
            pieces.push(without_break(body.get(begun..here).unwrap_or_default()));
        }
        if rest == b"--" || pieces.len() >= MOST {
            return pieces;
        }
        begun = Some(at);
    }
    // The end is missing: what came is kept.
    if let Some(begun) = begun {
        pieces.push(body.get(begun..).unwrap_or_default());
    }
    pieces
}

/// The line break before a boundary belongs to the boundary.
fn without_break(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

impl<'a> Leaf<'a> {
    /// Its type, in lower case; text/plain where it says none.
    pub(super) fn kind(&self) -> String {
        let kind = self.head.content_type();
        let kind = kind.map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
        kind.unwrap_or_else(|| "text/plain".to_owned()).to_lowercase()
    }

    /// Whether it is something to read: text or HTML that is not attached.
    pub(super) fn is_words(&self) -> bool {
        let attached = self.head.content_disposition().is_some_and(|how| how.is_attachment());
        matches!(self.kind().as_str(), "text/plain" | "text/html")
            && !attached
            && self.head.attachment_name().is_none()
    }

    /// The name of a file it is, or what it is.
    pub(super) fn name(&self) -> String {
        let name = self.head.attachment_name().map(|name| super::one_line(name, 120));
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("({})", super::one_line(&self.kind(), 80)))
    }

    /// What follows its header, as it came.
    pub(super) fn raw(&self) -> &'a [u8] {
        self.body
    }

    /// Its text.
    pub(super) fn text(&self) -> String {
        let plain = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:+".contains(&byte))
                && text.len() < 60
        };
        let charset = self.head.content_type().and_then(|kind| kind.attribute("charset"));
        let charset = charset.filter(|charset| plain(charset)).unwrap_or("utf-8");
        let encoding = self.head.content_transfer_encoding().map(str::trim).filter(|how| plain(how));
        let head = format!(
            "Content-Type: text/plain; charset=\"{charset}\"\r\nContent-Transfer-Encoding: {}\r\n\r\n",
            encoding.unwrap_or("8bit")
        );
        let mut one = head.into_bytes();
        one.extend_from_slice(self.body.get(..self.body.len().min(TEXT_BYTES)).unwrap_or_default());
        let Some(read) = MessageParser::default().parse(&one) else { return String::new() };
        match read.parts.first().map(|part| &part.body) {
            Some(PartType::Text(text)) => text.clone().into_owned(),
            _ => String::new(),
        }
    }
}
