//! What readers get for what people write.

use super::*;

/// Each source with the HTML that readers get.
fn table(facts: &[(&str, &str)]) {
    for (source, expected) in facts {
        assert_eq!(shown(source), *expected, "for {source:?}");
    }
}

fn imported(source: &str) -> String {
    html(source).html.into_string()
}

#[test]
fn headings_stand_below_the_pages_own() {
    table(&[
        ("# a", "<h3>a</h3>"),
        ("## a", "<h4>a</h4>"),
        ("### a", "<h5>a</h5>"),
        ("#### a", "<h6>a</h6>"),
        ("###### a", "<h6>a</h6>"),
        ("<h1>a</h1>", "<h3>a</h3>"),
    ]);
}

#[test]
fn links_lead_to_web_mail_or_this_site() {
    let rel = "rel=\"nofollow ugc noopener\"";
    for href in ["https://a.example/x", "http://a.example", "mailto:a@b.example", "/questions/1", "#answer-2"]
    {
        assert_eq!(shown(&format!("[a]({href})")), format!("<p><a href=\"{href}\" {rel}>a</a></p>"));
    }
    table(&[
        ("[a](//a.example/x)", &format!("<p><a href=\"https://a.example/x\" {rel}>a</a></p>")),
        ("[a](www.a.example)", &format!("<p><a href=\"https://www.a.example\" {rel}>a</a></p>")),
    ]);
}

#[test]
fn a_link_elsewhere_loses_its_target_and_keeps_its_words() {
    for href in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "<java\tscript:alert(1)>",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript&colon;alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "&#1;javascript:alert(1)",
        "vbscript:a",
        "data:text/html,a",
        "file:///etc/passwd",
        "blob:https://a.example/x",
        "ftp://a.example",
        "\\\\a.example",
        "https:a.example",
        "relative/path",
        "?a=b",
    ] {
        assert_eq!(shown(&format!("[a]({href})")), "<p>a</p>", "for {href:?}");
    }
    for tag in [
        "<a href=javascript:alert(1)>",
        "<a href=' javascript:x'>",
        "<a href=\"java\nscript:x\">",
        "<a href=&#0;javascript:x>",
        "<a href=/\\a.example>",
        "<a href=\\\\a.example>",
        "<a href='/\t/a.example/\\'>",
    ] {
        assert!(!shown(&format!("x {tag}a</a>")).contains("href"), "for {tag:?}");
    }
}

#[test]
fn bare_addresses_become_links_outside_code_and_links() {
    let rel = "rel=\"nofollow ugc noopener\"";
    let link = format!(
        "<a href=\"https://a.example/b_c*d?e=1&amp;f=2\" {rel}>https://a.example/b_c*d?e=1&amp;f=2</a>"
    );
    table(&[
        ("see https://a.example/b_c*d?e=1&f=2.", &format!("<p>see {link}.</p>")),
        (
            "<https://a.example/>",
            &format!("<p><a href=\"https://a.example/\" {rel}>https://a.example/</a></p>"),
        ),
        ("`https://a.example/`", "<p><code>https://a.example/</code></p>"),
        ("[https://b.example/](/x)", &format!("<p><a href=\"/x\" {rel}>https://b.example/</a></p>")),
        ("ftp://a.example javascript://a.example", "<p>ftp://a.example javascript://a.example</p>"),
        // A host that cannot be one: nothing to follow, so nothing to click.
        ("https://a.example)@\u{fffc}", "<p>https://a.example)@\u{fffc}</p>"),
    ]);
}

#[test]
fn an_image_from_elsewhere_becomes_a_link_with_its_words_and_host() {
    let link = |text: &str| {
        format!(
            "<p><a class=\"external-image\" href=\"https://i.example/b/c.png\" rel=\"nofollow ugc noopener\">{text}</a></p>"
        )
    };
    table(&[
        ("![my screen](https://i.example/b/c.png)", &link("my screen (i.example)")),
        ("![](https://i.example/b/c.png)", &link("c.png (i.example)")),
        ("![enter image description here](https://i.example/b/c.png)", &link("c.png (i.example)")),
        (
            "<img src=https://i.example/b/c.png alt='my screen'>",
            link("my screen (i.example)").trim_start_matches("<p>").trim_end_matches("</p>"),
        ),
        ("![a](data:image/png;base64,AAAA)", "<p>a</p>"),
        (
            "[![a](https://i.example/b/c.png)](https://x.example)",
            "<p><a href=\"https://x.example\" rel=\"nofollow ugc noopener\">a (i.example)</a></p>",
        ),
    ]);
}

#[test]
fn an_attachment_stays_an_image() {
    table(&[(
        "![a](/attachments/12/b.png)",
        "<p><img src=\"/attachments/12/b.png\" alt=\"a\" loading=\"lazy\"></p>",
    )]);
}

#[test]
fn a_path_that_only_begins_like_an_attachment_is_no_image() {
    for src in [
        "/attachments/../sign-out",
        "/attachments/%2e%2e/sign-out",
        "/attachments//a.example",
        "/attachments/",
        "/attachments/a?b",
        "/x/attachments/1",
    ] {
        assert!(!shown(&format!("![a]({src})")).contains("<img"), "for {src:?}");
    }
}

#[test]
fn tables_scroll_and_keep_their_alignment() {
    table(&[(
        "|a|b|c|\n|:-|:-:|-:|\n|1|2|3|",
        "<div class=\"table-scroll\" tabindex=\"0\"><table><thead><tr><th class=\"align-left\">a</th>\
         <th class=\"align-center\">b</th><th class=\"align-right\">c</th></tr></thead><tbody><tr>\
         <td class=\"align-left\">1</td><td class=\"align-center\">2</td><td class=\"align-right\">3</td></tr></tbody></table></div>",
    )]);
}

#[test]
fn alerts_keep_their_five_classes() {
    for kind in ["note", "tip", "important", "warning", "caution"] {
        let shown = shown(&format!("> [!{}]\n> a", kind.to_uppercase()));
        assert_eq!(shown, format!("<blockquote class=\"markdown-alert-{kind}\">\n<p>a</p>\n</blockquote>"));
    }
}

#[test]
fn code_keeps_its_language_and_its_blanks() {
    table(&[
        ("```rust\na\n  b\n```", "<pre tabindex=\"0\"><code class=\"language-rust\">a\n  b\n</code></pre>"),
        (
            "<!-- language: lang-py -->\n\n    a\n",
            "<pre tabindex=\"0\"><code class=\"language-py\">a\n</code></pre>",
        ),
        ("``` x\" onload=y\na\n```", "<pre tabindex=\"0\"><code>a\n</code></pre>"),
    ]);
    assert_eq!(
        imported("<pre class=\"lang-py prettyprint-override\"><code>a</code></pre>"),
        "<pre tabindex=\"0\"><code class=\"language-py\">a</code></pre>"
    );
}

#[test]
fn a_task_is_a_named_checkbox_nobody_can_use() {
    table(&[(
        "- [x] a\n- [ ] b",
        "<ul>\n<li><label><input type=\"checkbox\" disabled=\"\" checked=\"\">\na</label></li>\n\
         <li><label><input type=\"checkbox\" disabled=\"\">\nb</label></li>\n</ul>",
    )]);
}

#[test]
fn spoilers_of_stack_exchange_are_marked() {
    table(&[(
        ">! the *butler*\n>! did it",
        "<blockquote class=\"spoiler\">\n<p>the <em>butler</em>\ndid it</p>\n</blockquote>",
    )]);
}

#[test]
fn tags_that_are_none_of_ours_are_shown_as_typed() {
    table(&[
        ("Vec<String> a", "<p>Vec&lt;String&gt; a</p>"),
        ("a <script>alert(1)</script> b", "<p>a &lt;script&gt;alert(1)&lt;/script&gt; b</p>"),
        ("<svg onload=alert(1)>", "&lt;svg onload=alert(1)&gt;"),
        ("a <?php b ?> c", "<p>a &lt;?php b ?&gt; c</p>"),
        ("a <![CDATA[b]]> c", "<p>a &lt;![CDATA[b]]&gt; c</p>"),
        ("<textarea>\n\n# a", "&lt;textarea&gt;\n\n# a"),
    ]);
}

#[test]
fn comments_are_dropped() {
    table(&[("a <!-- b --> c", "<p>a  c</p>"), ("<!-- a -->", "")]);
}

#[test]
fn no_attribute_carries_script_style_id_or_name() {
    table(&[
        ("<a name=x id=y>a</a>", "<p>a</p>"),
        ("<b onclick=x style='a:b' id=c class=d>a</b>", "<p><b>a</b></p>"),
        ("<p style='text-align:center' id=x>a</p>", "<p>a</p>"),
    ]);
}

#[test]
fn formatting_closes_with_its_block_and_is_not_opened_again() {
    table(&[
        ("<b></i>a</b>", "<p><b>a</b></p>"),
        ("<p><b a=1><p><b a=2><p>c", "<p>c</p>"),
        ("<b><i>a</b>b</i>", "<p><b><i>a</i></b>b</p>"),
        (
            "<table><b>a",
            "<div class=\"table-scroll\" tabindex=\"0\"><table><tbody><tr><td><b>a</b></td></tr></tbody></table></div>",
        ),
    ]);
}

#[test]
fn nesting_up_to_the_limit_is_shown_and_one_more_refused() {
    let limits = Limits { chars: usize::MAX, ..Limits::default() };
    for (open, per_level) in
        [("> ", 1), ("- ", 1), ("<b>", 1), ("<blockquote>", 1), ("<table><td>", 1), ("<b><i>", 2)]
    {
        let deep = |levels: usize| format!("{}a", open.repeat(levels / per_level));
        assert!(markdown(&deep(40), &limits).is_ok(), "40 of {open:?}");
        assert_eq!(markdown(&deep(42), &limits).err(), Some(Refusal::TooDeep { max: 40 }), "42 of {open:?}");
        assert_eq!(
            markdown(&deep(10_000), &limits).err(),
            Some(Refusal::TooDeep { max: 40 }),
            "10,000 of {open:?}"
        );
    }
}

#[test]
fn a_long_rule_and_a_line_of_marks_in_code_are_not_nesting() {
    assert_eq!(shown(&"- ".repeat(300)), "<hr>");
    assert!(shown(&format!("```\n{}\n```", "> ".repeat(99))).starts_with("<pre"));
}

#[test]
fn too_long_and_too_large_say_their_figures() {
    let limits = Limits { chars: 5, ..Limits::default() };
    assert_eq!(markdown(" 123456 ", &limits).err(), Some(Refusal::TooLong { max: 5, found: 6 }));
    let limits = Limits { html_bytes: 20, ..Limits::default() };
    assert_eq!(markdown("a\n\nb\n\nc\n\nd", &limits).err(), Some(Refusal::TooLarge { max: 20 }));
}

#[test]
fn the_plain_text_is_what_a_reader_sees() {
    let rendered = markdown(
        "# a\n\nb *c*  d\n\n|e|f|\n|-|-|\n|g|h|\n\nhttps://a.example <!-- x --> `i`",
        &Limits::default(),
    );
    let rendered = rendered.unwrap_or_default();
    assert_eq!(rendered.text, "a b c d e f g h https://a.example i");
    assert_eq!(rendered.outside_links, 1);
}

#[test]
fn an_imported_body_drops_strange_tags_and_hidden_content() {
    for (source, expected) in [
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<span style=x>a</span> <o:p>b</o:p>", "a b"),
        ("a<script>b</script>c<style>d</style>e", "ace"),
        ("a<script>b", "ab"),
        ("a<svg><b>c</b></svg>d", "ad"),
        ("a<svg>b", "ab"),
        ("<h1>a</h1>", "<h3>a</h3>"),
        (
            "<blockquote class=\"spoiler\"><p>a</p></blockquote>",
            "<blockquote class=\"spoiler\"><p>a</p></blockquote>",
        ),
    ] {
        assert_eq!(imported(source), expected, "for {source:?}");
    }
}

#[test]
fn an_import_nested_too_deep_is_kept_as_paragraphs() {
    let deep = format!("{}<p>first &amp; second</p><p>third</p>", "<blockquote>".repeat(10_000));
    assert_eq!(imported(&deep), "<p>first &amp; second</p>\n<p>third</p>\n");
}

#[test]
fn imported_markdown_may_lack_the_space_of_a_heading() {
    let shown = |source: &str| imported_markdown(source).html.into_string();
    assert_eq!(shown("##Why\n\n#1 and #!x"), "<h4>Why</h4>\n<p>#1 and #!x</p>\n");
    assert_eq!(shown("```\n#include\n```"), "<pre tabindex=\"0\"><code>#include\n</code></pre>\n");
}

#[test]
fn imported_html_becomes_markdown_that_renders_alike() {
    for source in [
        "<p>a <strong>b</strong> <em>c</em> <code>d*e</code></p>\n",
        "<h3>a</h3>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n",
        "<blockquote>\n<p>a</p>\n</blockquote>\n<pre tabindex=\"0\"><code class=\"language-py\">x\n</code></pre>\n",
        "<p>1 &lt; 2 &amp; *not* _emphasis_</p>\n",
    ] {
        let again =
            markdown(&html_to_markdown(source).replace("### ", "# "), &Limits::default()).unwrap_or_default();
        assert_eq!(again.html.as_str(), source);
    }
}

#[test]
fn html_nested_too_deep_becomes_its_words_in_the_editor() {
    assert_eq!(html_to_markdown(&format!("{}a<p>b", "<b>".repeat(100_000))), "a\n\nb");
}
