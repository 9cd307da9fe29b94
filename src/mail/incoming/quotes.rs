//! What its writer wrote in a message: quotes of earlier e-mails and signatures taken off.
//!
//! Where an answer stands above the quote, everything from the quote's head on is cut. Where it stands between or below
//! quoted lines, the quotes stay, for the answer makes no sense without them. What cannot be told stays as it is: a line too
//! many is better than a sentence lost.

/// Lines that are looked at.
const LINES: usize = 5_000;
/// Lines a quote's head may be broken into.
const HEAD_LINES: usize = 4;

/// The writer's own text.
pub(super) fn written(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{a0}', " ");
    let lines: Vec<&str> = text.lines().map(str::trim_end).take(LINES).collect();
    let own = without_signature(above_quote(without_signature(&lines)));
    let own = without_trailing_quote(own);
    let own = own.join("\n");
    let own = own.trim();
    // All of it was cut: the answer stands below or between.
    let whole = without_signature(&lines).join("\n");
    let kept = if own.is_empty() { whole.trim() } else { own };
    kept.to_owned()
}

/// The lines above the head of a quote.
fn above_quote<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let cut = (0..lines.len()).find(|&at| {
        let rest = lines.get(at..).unwrap_or_default();
        (is_divider(rest) || introduces_quote(rest)) && !is_answered_below(rest)
    });
    lines.get(..cut.unwrap_or(lines.len())).unwrap_or_default()
}

/// Whether something stands below a line that is marked as quoted: an answer to it.
fn is_answered_below(rest: &[&str]) -> bool {
    let quoted = |line: &&str| line.trim_start().starts_with('>');
    let Some(first) = rest.iter().position(quoted) else { return false };
    rest.iter().skip(first).any(|line| !quoted(line) && !line.trim().is_empty())
}

/// A line some program draws above what it quotes, or the header block it copies there.
fn is_divider(rest: &[&str]) -> bool {
    let Some(line) = rest.first().map(|line| line.trim()) else { return false };
    let bare = line.trim_matches(['-', '*', '_', ' ', '=']).to_lowercase();
    let drawn = line.starts_with("--") || line.starts_with("__") || line.starts_with("==");
    let named = [
        "original message",
        "original appointment",
        "forwarded message",
        "ursprüngliche nachricht",
        "weitergeleitete nachricht",
        "message d'origine",
        "message d’origine",
        "mensaje original",
        "messaggio originale",
        "mensagem original",
        "oorspronkelijk bericht",
    ];
    if drawn && named.contains(&bare.as_str()) {
        return true;
    }
    is_header_block(rest)
}

/// `From: …`, `Sent: …`, `To: …`, `Subject: …` on lines one after another, as Outlook copies them.
fn is_header_block(rest: &[&str]) -> bool {
    const FROM: &[&str] =
        &["from:", "von:", "de:", "da:", "van:", "*from:*", "**from:**", "**von:**", "**de:**"];
    const NEXT: &[&str] = &[
        "sent:",
        "date:",
        "to:",
        "subject:",
        "gesendet:",
        "datum:",
        "an:",
        "betreff:",
        "envoyé:",
        "envoyé :",
        "à:",
        "à :",
        "objet:",
        "objet :",
        "enviado:",
        "para:",
        "asunto:",
        "inviato:",
        "oggetto:",
        "verzonden:",
        "aan:",
        "onderwerp:",
    ];
    let mut lines = rest.iter().map(|line| line.trim().to_lowercase()).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    if !FROM.iter().any(|head| first.starts_with(head)) {
        return false;
    }
    let plain = |line: &str| line.trim_start_matches('*').replace(":**", ":").replace(":*", ":");
    lines.take(5).filter(|line| NEXT.iter().any(|head| plain(line).starts_with(head))).count() >= 2
}

/// "On … Ann wrote:" and its like, perhaps broken into lines, followed by a quote or by nothing else of ours.
fn introduces_quote(rest: &[&str]) -> bool {
    const BEGINS: &[&str] = &["on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "w dniu "];
    const ENDS: &[&str] = &[
        "wrote:",
        "writes:",
        "schrieb:",
        "geschrieben:",
        "a écrit :",
        "a écrit:",
        "a écrit\u{202f}:",
        "escribió:",
        "ha scritto:",
        "escreveu:",
        "schreef:",
        "skrev:",
        "napisał:",
        "napisał(a):",
    ];
    let Some(first) = rest.first().map(|line| line.trim().to_lowercase()) else { return false };
    if first.starts_with('>') || !BEGINS.iter().any(|begin| first.starts_with(begin)) {
        return false;
    }
    let mut head = String::new();
    for (n, line) in rest.iter().take(HEAD_LINES).enumerate() {
        head.push_str(&line.trim().to_lowercase());
        let ends = ENDS.iter().any(|end| head.ends_with(end)) || german(&head);
        let dated = head.chars().any(|c| c.is_ascii_digit()) || head.contains('@');
        if ends && dated {
            let after = rest.get(n + 1..).unwrap_or_default();
            let next = after.iter().find(|line| !line.trim().is_empty());
            return next.is_none_or(|line| line.trim_start().starts_with('>')) || all_above(after);
        }
        head.push(' ');
    }
    false
}

/// "Am … schrieb Ann <ann@example.com>:"
fn german(head: &str) -> bool {
    head.starts_with("am ") && head.contains(" schrieb ") && head.ends_with(':')
}

/// Programs that mark no quoted line put everything quoted below the head; then no line after it is marked.
fn all_above(after: &[&str]) -> bool {
    !after.iter().any(|line| line.trim_start().starts_with('>'))
}

/// Without a quote at the end that has no answer below it.
fn without_trailing_quote<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let quoted = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('>');
    let end = lines.iter().rposition(|line| !quoted(line)).map_or(0, |last| last + 1);
    let tail = lines.get(end..).unwrap_or_default();
    if tail.iter().any(|line| line.trim_start().starts_with('>')) {
        lines.get(..end).unwrap_or_default()
    } else {
        lines
    }
}

/// Without a signature: from the line `-- ` (RFC 3676, 4.3) on, or what telephones and apps put at the end.
fn without_signature<'a, 'b>(lines: &'b [&'a str]) -> &'b [&'a str] {
    let drawn = lines.iter().rposition(|line| matches!(line.trim(), "--" | "—"));
    // A table or a rule of Markdown in the middle of a long answer is none.
    let drawn = drawn.filter(|at| lines.len() - at <= 15 && *at > 0);
    let lines = lines.get(..drawn.unwrap_or(lines.len())).unwrap_or_default();
    let last = lines.iter().rposition(|line| !line.trim().is_empty());
    let Some(last) = last else { return lines };
    let line = lines.get(last).map(|line| line.trim().to_lowercase()).unwrap_or_default();
    const DEVICES: &[&str] = &[
        "sent from my ",
        "sent from outlook",
        "sent from mail for ",
        "sent from yahoo",
        "get outlook for ",
        "von meinem ",
        "gesendet von ",
        "diese nachricht wurde von meinem ",
        "envoyé de mon ",
        "envoyé depuis ",
        "enviado desde mi ",
        "enviado do meu ",
        "inviato da ",
        "verzonden vanaf ",
        "sent via ",
    ];
    let device = last > 0
        && line.len() < 100
        && DEVICES.iter().any(|begin| line.trim_matches(['[', '*', '_']).starts_with(begin));
    if device { lines.get(..last).unwrap_or_default() } else { lines }
}
