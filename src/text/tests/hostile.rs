//! Inputs made to break, slow or trick.

use std::time::Duration;

use super::*;

/// As long as a body may be.
const LONGEST: usize = 60_000;
/// Long enough to pass every limit but the length, for what is looked at closely and unoptimised.
const LONG: usize = 8_000;

/// Named inputs of about so many characters.
fn inputs(chars: usize) -> Vec<(String, String)> {
    let fill = |unit: &str| unit.repeat(chars / unit.chars().count());
    // A beginning, then as much of the unit as still fits.
    let after = |head: &str, unit: &str| {
        format!("{head}{}", unit.repeat(chars.saturating_sub(head.chars().count()) / unit.chars().count()))
    };
    // Units that differ, by their number.
    let numbered = |write: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        for i in 0.. {
            let unit = write(i);
            if text.len() + unit.len() > chars {
                break;
            }
            text.push_str(&unit);
        }
        text
    };
    let mut inputs = Vec::new();
    for unit in [
        "[",
        "]",
        "*",
        "_",
        "**",
        "`",
        "~",
        "<",
        ">",
        "&",
        "!",
        "![",
        "\\",
        "#",
        "|",
        "-",
        "\n",
        "\t",
        " ",
        "\u{0}",
        "\u{202e}",
        "> ",
        "- ",
        "+ ",
        "* ",
        "1. ",
        ">- ",
        "* a **a ",
        "*a_",
        "_a*",
        "**a *b ",
        "[a](",
        "[a][",
        "[](<",
        "[]()",
        "![a](b",
        "[a]: b\n",
        "![[",
        "<a ",
        "<b>",
        "</b>",
        "<b></i>",
        "<i><b></i>",
        "<a><b></a>",
        "<b><p>",
        "<p><b>",
        "<p>",
        "<p>a",
        "<br>",
        "<hr>",
        "<ul>",
        "<li>",
        "<dl><dt>",
        "<table>",
        "<table><tr>",
        "<tr>",
        "<td>",
        "<table><b>",
        "<table>a",
        "<td><table>",
        "<details>",
        "<details><summary>",
        "<blockquote>",
        "<pre>",
        "<code>",
        "<h1>",
        "<h1><h2>",
        "<kbd>a</kbd>",
        "<!--",
        "<!-->",
        "<!---->",
        "<![CDATA[",
        "<?",
        "<!a>",
        "<script>",
        "</script>",
        "<style>",
        "<svg>",
        "<math>",
        "<math><mi>",
        "<svg><p>",
        "<template>",
        "<textarea>",
        "<noscript>",
        "<plaintext>",
        "<title>",
        "<select><option>",
        "<frameset>",
        "<iframe>",
        "<form>",
        "<input type=checkbox>",
        "<img src=x onerror=y>",
        "<img src=/attachments/1>",
        "<a href=/x>",
        "<x y=z>",
        "<a a a a",
        "<a href='",
        "&lt;",
        "&amp",
        "&#0;",
        "&#x110000;",
        "&AMP",
        "&NotEqualTilde;",
        "&a",
        "&#",
        "https://",
        "http://a",
        "http://a.example ",
        "://",
        "a://",
        "http://(",
        "http://a.b/(",
        "http:",
        "mailto:a@",
        "a@b.c ",
        "www.",
        "a.",
        "a:",
        "~~a",
        "~~a~",
        "|a",
        "|-",
        "|a\n",
        "a|b\n-|-\n",
        "|a|\n|-|\n|b|\n",
        "- [x] ",
        "- [x] a\n",
        "- a\n\n",
        "```\n",
        "~~~\n",
        "    a\n\n",
        "> [!NOTE]\n",
        ">! a\n",
        ">! *a*\n\n",
        "# a\n",
        "a\n=\n",
        "a\n-\n",
        "***\n",
        "a  \n",
        "a\\\n",
        "\u{301}",
        "👨‍👩‍👧",
        "é",
        "好",
        "<b>\n\n",
        "<div>\n",
        "<p>\n\n> ",
        "-\t",
        "1)\n",
        "> \n",
        ">\n\n",
        "<u><s>",
        "[x]: <",
        "[x](\"",
        "[a](/x '",
        "![](//x",
        "[![](a)](b)",
        "\r",
        "<a href=//x>",
    ] {
        inputs.push((format!("{unit:?} repeated"), fill(unit)));
    }
    let half = chars / 2;
    let mut add = |name: &str, text: String| inputs.push((name.to_owned(), text));
    add("openers then closers", format!("{}{}", "[".repeat(half), "]".repeat(half)));
    add("link openers then targets", format!("{}{}", "[a](".repeat(chars / 8), ")".repeat(half)));
    add("strong openers then closers", format!("{}a{}", "**".repeat(chars / 4), "**".repeat(chars / 4)));
    add("backtick runs, each longer", numbered(&|i| format!("{} ", "`".repeat(i + 1))));
    add(
        "backtick runs of every length then one",
        format!("{}a", numbered(&|i| format!("`{}", "`".repeat(i % 250)) + "x")),
    );
    add("quotes over lines, each deeper", numbered(&|i| format!("{}a\n", ">".repeat(i + 1))));
    add("lists over lines, each deeper", numbered(&|i| format!("{}- a\n", "  ".repeat(i))));
    add("deep list, then blank lines", format!("{}{}", "- ".repeat(half / 2), "\n".repeat(half)));
    add("deep list, then lines", format!("{}{}", "- ".repeat(half / 2), "a\n".repeat(half / 2)));
    add("deep list in steps, then lines", {
        let steps: String =
            (0..17).map(|i| format!("{}{}a\n", "  ".repeat(99 * i), "- ".repeat(99))).collect();
        after(&steps, "a\n")
    });
    add("deep quote in steps, then lines", {
        let steps: String = (0..24).map(|i| format!("{}a\n", ">".repeat(99 * i))).collect();
        after(&steps, "a\n")
    });
    add("deep quote, then blank lines", format!("{}{}", ">".repeat(half), "\n".repeat(half)));
    add("deep quote, then lines", format!("{}{}", ">".repeat(half), "\na".repeat(half / 2)));
    add("deep quote, then quoted lines", format!("{}{}", ">".repeat(half), "\n>".repeat(half / 2)));
    add("deep ordered list, then blanks", format!("{}{}", "1. ".repeat(half / 3), "\n \n".repeat(half / 3)));
    add(
        "wide table, short rows",
        format!("{}\n{}\n{}", "|a".repeat(chars / 8), "|-".repeat(chars / 8), "|\n".repeat(chars / 4)),
    );
    add("square table", {
        let row = "|a".repeat(170);
        format!("{row}\n{}\n{}", "|-".repeat(170), format!("{row}\n").repeat(170))
    });
    add("attributes, all different", format!("<a {}>", numbered(&|i| format!("a{i} "))));
    add("formatting with different attributes", numbered(&|i| format!("<b a={i}><p>")));
    add("formatting never closed, then blocks", numbered(&|i| format!("<b a={i}>")) + &"<p>a".repeat(9));
    add(
        "every formatting open, then blocks",
        after("<b><i><em><strong><kbd><samp><var><sub><sup><s><u><q>", "<p>a"),
    );
    add("formatting to the limit, then text", after(&"<b><i><u><s>".repeat(9), "a<br>"));
    add("quotes to the limit, then paragraphs", after(&"<blockquote>".repeat(39), "<p>a"));
    add("quotes to the limit, then lists", after(&"<blockquote>".repeat(37), "<ul><li>a</ul>"));
    add("quotes to the limit, then tables", after(&"<blockquote>".repeat(37), "<table><td>a</table>"));
    add("quotes to the limit, then formatting", after(&"<blockquote>".repeat(38), "<b>a</b>"));
    add("lists to the limit, then items", after(&"<ul><li>".repeat(39), "<li>a"));
    add("lists to the limit, then formatting", after(&"<ul><li>".repeat(38), "<b>a</b>"));
    add("tables to the limit, then cells", after(&"<table><td>".repeat(39), "<td>a"));
    add("tables to the limit, then rows", after(&"<table><td>".repeat(39), "<tr>a"));
    add("tables to the limit, then paragraphs", after(&"<table><td>".repeat(39), "<p>a"));
    add("tables to the limit, then formatting", after(&"<table><td>".repeat(38), "<b>a</b>"));
    add("tables to the limit, then links", after(&"<table><td>".repeat(38), "<a href=/>a</a>"));
    add("tables beside each other", after("", "<table><td></table>"));
    add("images from elsewhere", after("", "![](//a)"));
    add("images from elsewhere, long", after("", "![](//a.example/a)"));
    add("links of one letter", after("", "[a](/b)"));
    add("autolinks", after("", "<a:b>"));
    add("reference, defined once, used often", after(&format!("[a]: /{}\n\n", "x".repeat(8_000)), "[a]"));
    add("reference, long title, used often", after(&format!("[a]: /x '{}'\n\n", "&".repeat(4_000)), "[a]\n"));
    add("references all defined", numbered(&|i| format!("[{i}]: /\n")));
    add("references all used, none defined", numbered(&|i| format!("[{i}][{i}a]")));
    add("long reference labels", after("", &format!("[{}]", "a".repeat(1_000))));
    add("entities of two letters that expand", fill("&gg;"));
    add("quotation marks", fill("\"<"));
    add("parens in an address", format!("http://a.example/{}", "(".repeat(half)));
    add("addresses with parens", after("", "http://a.example/(("));
    add("schemes in a row", fill("httphttps:"));
    add("letters before colons", format!("{}{}", "a".repeat(half), ":".repeat(half)));
    add("letters before scheme marks", format!("{}{}", "a".repeat(half), "://".repeat(chars / 6)));
    add("one word", "a".repeat(chars));
    add("html block that never ends", after("<pre>\n", "<b>a\n"));
    add("comment that never ends", after("<!-- ", "a <b> "));
    add("comments opened in text", fill("a <!-- b "));
    add("processing instructions opened in text", fill("a <? b "));
    add("declarations opened in text", fill("a <!X b "));
    add("cdata opened in text", fill("a <![CDATA[ b "));
    add("tags opened in text with quotes", fill("a <a b=\" "));
    add("tags opened in text over lines", fill("<a b='\n"));
    add("emphasis of all kinds", fill("*_~`[<&"));
    add("nested emphasis by threes", format!("{}a{}", "*** a".repeat(4_000), "***b ".repeat(4_000)));
    add("strikes", format!("{}{}", "~a ".repeat(10_000), "a~ ".repeat(10_000)));
    add("definition after paragraph", fill("[a]: /b 'c\n"));
    add("fences in lists", fill("- ```\n"));
    add("alternating containers", fill("- > "));
    add("spoilers in one quote", fill(">!\n>\n"));
    add("tasks in one line", fill("* [ ] "));
    inputs
}

#[test]
fn a_hostile_body_is_refused_or_shown_safely() {
    for (name, text) in inputs(LONG) {
        if let Ok(rendered) = markdown(&text, &Limits::default()) {
            let found = dangers(rendered.html.as_str());
            assert!(found.is_empty(), "{name}: {:?}", &found[..found.len().min(3)]);
            assert!(rendered.html.as_str().len() <= 5 * Limits::default().html_bytes, "{name}");
        }
    }
}

#[test]
fn a_hostile_import_is_kept_and_shown_safely() {
    for (name, text) in inputs(LONG) {
        let rendered = html(&text);
        let found = dangers(rendered.html.as_str());
        assert!(found.is_empty(), "{name}: {:?}", &found[..found.len().min(3)]);
        let _ = html_to_markdown(&text);
        let _ = imported_markdown(&text);
    }
}

/// What this thread has used of a processor, so that other work on the machine does not count.
fn cpu_time() -> Duration {
    let used = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(used.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or_default())
}

#[test]
#[ignore = "prints what the dearest inputs cost; run by hand after a change of the renderer, optimised"]
fn timings() {
    type Act = fn(&str) -> usize;
    let acts: [(&str, Act); 5] = [
        ("parse", |t| super::super::markdown::to_html(t, 1_000_000).map_or(0, |h| h.len())),
        ("markdown", |t| markdown(t, &Limits::default()).map_or(0, |r| r.html.as_str().len())),
        ("html", |t| html(t).html.as_str().len()),
        ("imported_markdown", |t| imported_markdown(t).html.as_str().len()),
        ("html_to_markdown", |t| html_to_markdown(t).len()),
    ];
    for (act_name, act) in acts {
        let mut costs: Vec<_> = inputs(LONGEST)
            .into_iter()
            .map(|(name, text)| {
                let start = cpu_time();
                let bytes = act(&text);
                (cpu_time().saturating_sub(start), name, bytes)
            })
            .collect();
        costs.sort();
        for (time, name, bytes) in costs.iter().rev().take(16) {
            println!("{act_name:18} {time:>12.1?} {bytes:>9} {name}");
        }
    }
}
