use super::*;

fn message(headers: &str, body: &str) -> Received {
    let raw = format!("From: Ann <ann@example.com>\r\nTo: hall+r1@example.com\r\n{headers}\r\n\r\n{body}");
    read(raw.as_bytes()).unwrap()
}

fn plain(body: &str) -> String {
    message("Subject: Re: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8", body).text
}

#[test]
fn a_quote_below_the_answer_is_cut() {
    for quote in [
        "On Tue, 3 Nov 2026 at 10:00, Peerhall <hall@example.com> wrote:\n> Old\n> words",
        "On Tue, 3 Nov 2026 at 10:00, Peerhall\n<hall+r123@example.com>\nwrote:\n\n> Old",
        "Am 03.11.26 um 10:00 schrieb Peerhall:\n> Alt",
        "Am Di., 3. Nov. 2026 schrieb Peerhall <\nhall@example.com>:\n> Alt",
        "Le 3 nov. 2026 à 10:00, Peerhall <hall@example.com> a écrit :\n> Vieux",
        "-----Original Message-----\nFrom: Peerhall\nOld words",
        "________________________________\nFrom: Peerhall <hall@example.com>\nSent: Tuesday\nTo: Ann\nSubject: x\n\nOld",
        "From: Peerhall <hall@example.com>\nDate: Tuesday\nTo: Ann\nSubject: x\n\nOld",
        "> Old\n> words\n",
        "On Nov 3, 2026, at 10:00, Peerhall <hall@example.com> wrote:\n\nOld words that are not marked",
    ] {
        let text = plain(&format!("Turn it on.\n\nThen off.\n\n{quote}\n"));
        assert_eq!(text.trim_end_matches(['_', '\n']), "Turn it on.\n\nThen off.", "after {quote}");
    }
}

#[test]
fn an_answer_between_or_below_keeps_what_it_answers() {
    let between = "> Is it on?\n\nYes.\n\n> And off?\n\nNo.";
    assert_eq!(plain(between), between);
    let below = "On Tue, 3 Nov 2026, Bo wrote:\n> Is it on?\n\nYes.";
    assert!(plain(below).contains("Yes."), "{}", plain(below));
}

#[test]
fn a_sentence_that_looks_like_a_head_is_none() {
    let text = "On 3 November it broke.\nThe log wrote: nothing.\nWhat now?";
    assert_eq!(plain(text), text);
    let colon = "Am Ende hilft nur eins:\n\nneu starten.";
    assert_eq!(plain(colon), colon);
}

#[test]
fn signatures_are_taken_off() {
    assert_eq!(plain("Turn it on.\n\n-- \nAnn\n+43 1 234"), "Turn it on.");
    assert_eq!(plain("Turn it on.\n\nSent from my iPhone"), "Turn it on.");
    assert_eq!(plain("Turn it on.\n\nVon meinem iPhone gesendet"), "Turn it on.");
}

#[test]
fn html_alone_becomes_markdown_without_scripts() {
    let received = message(
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8",
        "<p>Turn <b>it</b> on.</p><script>evil()</script><div class=\"gmail_quote\">On 3 Nov 2026, Peerhall \
         &lt;hall@example.com&gt; wrote:<br><blockquote>Old</blockquote></div>",
    );
    assert_eq!(received.text, "Turn **it** on.");
}

#[test]
fn charsets_and_encodings_are_read() {
    let received = message(
        "Subject: =?iso-8859-1?Q?Gr=F6=DFe?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; \
         charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable",
        "Gr=F6=DFe =80",
    );
    assert_eq!((received.subject.as_str(), received.text.as_str()), ("Größe", "Größe €"));
}

#[test]
fn automatic_and_unanswerable_are_two_verdicts() {
    let verdicts = |headers: &str| {
        let verdicts = message(headers, "x").verdicts;
        (verdicts.automatic.is_some(), verdicts.unanswerable.is_some())
    };
    assert_eq!(verdicts("Subject: Re: x"), (false, false));
    assert_eq!(verdicts("Auto-Submitted: no"), (false, false));
    for automatic in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rejected)",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Return-Path: <>",
        "Subject: Automatic reply: your question",
        "Subject: Abwesenheitsnotiz: Urlaub",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ] {
        assert_eq!(verdicts(automatic), (true, true), "{automatic}");
    }
    for list in ["List-Id: <a.example.com>", "Precedence: list", "X-Auto-Response-Suppress: OOF, AutoReply"] {
        assert_eq!(verdicts(list), (false, true), "{list}");
    }
}

#[test]
fn a_bounce_says_whether_it_is_for_good() {
    let report = |action: &str, status: &str| {
        message(
            "Return-Path: <>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; \
             boundary=b",
            &format!(
                "--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
                 Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; bo@example.com\r\nAction: {action}\r\nStatus: \
                 {status}\r\nDiagnostic-Code: smtp; 550 No such user\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
                 Subject: old\r\n\r\nold\r\n--b--\r\n"
            ),
        )
        .bounce
        .unwrap()
    };
    let bounce = report("failed", "5.1.1");
    assert!(bounce.permanent);
    assert!(bounce.nobody_at("Bo@example.com"));
    assert!(!bounce.nobody_at("forwards-to-bo@example.com"));
    assert!(!report("failed", "5.3.4").nobody_at("bo@example.com"));
    assert_eq!(bounce.words, "550 No such user");
    assert!(!report("delayed", "4.4.1").permanent);
}

#[test]
fn any_bytes_give_an_answer() {
    let deep = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(100_000);
    // As deep as the largest message can be: nobody follows it down.
    let nested = "Content-Type:message/rfc822\n\n".repeat(1_000_000);
    // Each part promises parts of its own that never come.
    let many = format!(
        "Content-Type: multipart/mixed; boundary=A\n\n--A\n{}",
        "Content-Type:multipart/x;boundary=Z\n\nx\n--A\n".repeat(200_000)
    );
    let long = format!("Subject: {}\r\n\r\n{}", "x".repeat(1_000_000), "> ".repeat(500_000));
    let heads = format!("Subject: x\r\n\r\n{}", "On 1 a\n".repeat(20_000));
    for raw in [
        b"".to_vec(),
        b"\r\n\r\n".to_vec(),
        b"\xff\xfe\x00".to_vec(),
        b"From: \r\nTo: ,,,<>\r\n\r\n".to_vec(),
        deep.into_bytes(),
        nested.into_bytes(),
        many.into_bytes(),
        long.into_bytes(),
        heads.into_bytes(),
    ] {
        if let Ok(received) = read(&raw) {
            assert!(!received.subject.contains('\n'));
        }
    }
    assert_eq!(read(b"").unwrap_err(), Unreadable::NoMessage);
}

#[test]
fn the_same_message_has_the_same_fingerprint() {
    let one = message("Message-ID: <1@example.com>\r\nReceived: by a", "x");
    let other = message("Message-ID: <1@example.com>\r\nReceived: by b", "x");
    assert_eq!(one.fingerprint, other.fingerprint);
    assert_ne!(one.fingerprint, message("Message-ID: <2@example.com>", "x").fingerprint);
}

#[test]
fn attachments_are_named_and_two_senders_are_none() {
    let received = message(
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b",
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the picture.\r\n--b\r\nContent-Type: image/png; \
         name=\"lamp.png\"\r\nContent-Disposition: attachment\r\n\r\nxx\r\n--b--\r\n",
    );
    assert_eq!(received.attachments, ["lamp.png"]);
    assert_eq!(received.text, "See the picture.");
    let two = read(b"From: a@example.com, b@example.com\r\n\r\nx").unwrap();
    assert_eq!(two.from, None);
    let twice = read(b"From: a@example.com\r\nFrom: b@example.com\r\n\r\nx").unwrap();
    assert_eq!(twice.from, None);
}

#[test]
fn the_server_that_took_it_says_who_sent_it() {
    let with = |results: &str| message(&format!("{results}Subject: x"), "x");
    let fails = format!(
        "Authentication-Results: mx.example.com; {} dmarc=fail\r\n",
        "dkim=fail header.d=a.example; ".repeat(40)
    );
    assert!(!with(&fails).is_vouched_for(None));
    let second = "Authentication-Results: a; spf=pass\r\nAuthentication-Results: b; dmarc=fail\r\n";
    assert!(!with(second).is_vouched_for(None));
    assert!(with("").is_vouched_for(None));
    let server = Some("mx.example.com");
    assert!(!with("").is_vouched_for(server));
    assert!(with("Authentication-Results: mx.example.com; spf=pass; dmarc=pass\r\n").is_vouched_for(server));
    assert!(!with("Authentication-Results: elsewhere; dmarc=pass\r\n").is_vouched_for(server));
    // Below its own, one that came with the message and bears its name.
    let below = "Authentication-Results: mx.example.com; dmarc=none\r\nAuthentication-Results: mx.example.com; \
                 dmarc=pass\r\n";
    assert!(!with(below).is_vouched_for(server));
    let path = with("Return-Path: <>\r\nReturn-Path: <ann@example.com>\r\n").return_path;
    assert_eq!(path.as_deref(), Some(""));
}

#[test]
fn plain_pieces_around_a_picture_are_one_text() {
    let received = message(
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b",
        "--b\r\nContent-Type: text/plain\r\n\r\nAbove.\r\n--b\r\nContent-Type: image/png\r\n\r\nxx\r\n--b\r\n\r\n\
         Below.\r\n--b--\r\n",
    );
    assert_eq!(received.text, "Above.\n\nBelow.");
    assert_eq!(received.attachments, ["(image/png)"]);
}

#[test]
fn answers_between_quotes_below_a_head_are_kept() {
    let text = plain(
        "Hi Bo, see below.\n\nOn Tue, 3 Nov 2026, Bo wrote:\n> Is it on?\n\nYes, it is.\n\n> And off?\n\nNo.",
    );
    assert!(text.contains("Yes, it is.") && text.contains("No."), "{text}");
}
