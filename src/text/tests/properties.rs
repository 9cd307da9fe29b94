//! What holds for every input.

use proptest::prelude::*;

use super::*;

/// Pieces that mean something to a parser, and some words.
fn piece() -> impl Strategy<Value = String> {
    let fixed = proptest::sample::select(vec![
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href=/x>",
        "<a href=javascript:x>",
        "</a>",
        "<p>",
        "</p>",
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<th align=right>",
        "<caption>",
        "<thead>",
        "<tbody>",
        "<ul>",
        "</ul>",
        "<ol start=3>",
        "<li>",
        "</li>",
        "<dl>",
        "<dt>",
        "<dd>",
        "</dl>",
        "<details>",
        "<summary>",
        "</details>",
        "<pre>",
        "</pre>",
        "<code>",
        "</code>",
        "<h1>",
        "</h2>",
        "<blockquote>",
        "</blockquote>",
        "<svg>",
        "</svg>",
        "<math>",
        "<mi>",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<template>",
        "<textarea>",
        "<title>",
        "<noscript>",
        "<plaintext>",
        "<select>",
        "<form id=x>",
        "<input type=checkbox>",
        "<img src=x onerror=y>",
        "<img src=/attachments/1/a.png>",
        "<hr>",
        "<br>",
        "<div>",
        "</div>",
        "<span>",
        "<label>",
        "<a name=x>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x",
        "\"",
        "'",
        "`",
        "*",
        "_",
        "**",
        "~~",
        "[",
        "](",
        ")",
        "](https://a.example)",
        "![a](//b.example/c)",
        "|",
        "\n|-|-|\n",
        "\n",
        "\n\n",
        "\n> ",
        "\n- ",
        "\n1. ",
        "\n- [ ] ",
        "\n>! ",
        "\n> [!NOTE]\n",
        "\n```x\n",
        "\n    ",
        "\n# ",
        "&lt;",
        "&#106;",
        "&",
        "<",
        ">",
        "\\",
        "https://a.example/b",
        "javascript:",
        " ",
        "a",
        "\u{0}",
        "é",
    ]);
    prop_oneof![8 => fixed.prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

fn source() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdown_is_shown_safely(source in source()) {
        if let Ok(rendered) = markdown(&source, &Limits::default()) {
            prop_assert_eq!(dangers(rendered.html.as_str()), Vec::<String>::new());
        }
    }

    #[test]
    fn imported_html_is_shown_safely(source in source()) {
        prop_assert_eq!(dangers(html(&source).html.as_str()), Vec::<String>::new());
    }

    #[test]
    fn sanitising_again_changes_nothing(source in source()) {
        for rendered in [markdown(&source, &Limits::default()).unwrap_or_default(), html(&source)] {
            let again = sanitise::sanitise(rendered.html.as_str());
            prop_assert_eq!(again.as_str(), rendered.html.as_str());
        }
    }

    /// The tree builder behind the sanitiser finds nothing to repair, so it cannot multiply anything either.
    #[test]
    fn sanitising_adds_at_most_a_table_body_and_rel(source in source()) {
        let rules = nesting::Rules { depth: 40, html_bytes: 1_000_000, strange: nesting::Strange::Drop, target: nesting::Target::Page };
        if let Ok(arranged) = nesting::arrange(&source, &rules) {
            let plain = |html: &str| html.replace(" rel=\"nofollow ugc noopener\"", "").replace("<tbody>", "").replace("</tbody>", "").replace("&nbsp;", "\u{a0}");
            let unquoted = plain(&arranged.html).replace("&quot;", "\"");
            prop_assert_eq!(plain(sanitise::sanitise(&arranged.html).as_str()).replace("&quot;", "\""), unquoted);
        }
    }

    #[test]
    fn conversion_to_markdown_takes_anything(source in source()) {
        let converted = html_to_markdown(&source);
        prop_assert!(converted.len() <= 4 * source.len() + 1_000);
    }

    #[test]
    fn an_excerpt_keeps_to_its_size(text in "\\PC{0,60}", max in 0_usize..40) {
        let excerpt = excerpt(&text, max);
        prop_assert!(excerpt.chars().count() <= max.max(usize::from(max > 0)));
    }

    #[test]
    fn a_comparison_holds_both_texts(old in "[ab \\n]{0,60}", new in "[ab \\n]{0,60}") {
        let lines = diff(&old, &new);
        let side = |other: Change| -> Vec<String> {
            let mine = lines.iter().filter(|line| line.change != other);
            mine.map(|line| line.parts.iter().map(|part| part.text.as_str()).collect()).collect()
        };
        prop_assert_eq!(side(Change::Added), old.lines().map(str::to_owned).collect::<Vec<_>>());
        prop_assert_eq!(side(Change::Removed), new.lines().map(str::to_owned).collect::<Vec<_>>());
    }
}
