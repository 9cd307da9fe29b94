//! An imported HTML post as Markdown, for its edit form.

use std::sync::LazyLock;

use htmd::options::{BrStyle, BulletListMarker, LinkStyle, Options};

use super::import::visible_text;
use super::nesting::{self, Rules, Target};

/// Converts an HTML body to Markdown that renders about alike; its plain text where that is not possible.
///
/// The converter recurses once per level, so the source is put in order and its depth limited first.
pub fn html_to_markdown(source: &str) -> String {
    let arranged =
        Rules::for_import(source, Target::Editor).and_then(|rules| nesting::arrange(source, &rules).ok());
    let converted = arranged.and_then(|arranged| convert(&arranged.html));
    // Deep quotes repeat their marks on each line; nobody could edit or save that.
    let max = 4 * source.len() + 1_000;
    converted
        .filter(|markdown| markdown.len() <= max)
        .unwrap_or_else(|| visible_text(source).trim().to_owned())
}

fn convert(html: &str) -> Option<String> {
    thread_local! {
        // Not Sync, and not cheap enough to make per call.
        static CONVERTER: LazyLock<htmd::HtmlToMarkdown> = LazyLock::new(|| {
            let options = Options {
                ul_bullet_spacing: 1,
                ol_number_spacing: 1,
                br_style: BrStyle::TwoSpaces,
                bullet_list_marker: BulletListMarker::Dash,
                link_style: LinkStyle::InlinedPreferAutolinks,
                ..Options::default()
            };
            htmd::HtmlToMarkdown::builder().options(options).build()
        });
    }
    CONVERTER.with(|converter| converter.convert(html)).ok()
}
