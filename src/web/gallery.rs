//! The gallery: every page with believable content, rendered by a test, and looked at by people.
//!
//! `PEERHALL_GALLERY=/some/folder cargo test --lib gallery` writes the pages with their static files there; any
//! static file server then shows them. Rules about templates as a whole are tested here too.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::render::{self, Page};
use super::shell::{Flash, FlashAct, FlashKind, Place, Role, Shell, ShellViewer, initials};
use super::{assets, pages};
use crate::{accounts, administration, gurus, notifications, questions, search, suggestions};

/// A page that can show itself.
pub trait Sample: Page + Sized {
    /// Path the sample pretends to be at.
    const PATH: &'static str;

    /// Named variants; the name is part of a file's name.
    fn samples() -> Vec<(&'static str, Self)>;
}

/// 21 November 2026, 20:00 UTC.
pub const NOW: i64 = 1_795_291_200_000_000;
pub const MINUTE: i64 = 60_000_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// Somebody by name.
pub fn person(id: i64, name: &str, role: Role) -> pages::Author {
    pages::Author { id: Some(id), name: name.to_owned(), initials: initials(name), role }
}

/// A name without an account.
pub fn stranger(name: &str) -> pages::Author {
    pages::Author { id: None, name: name.to_owned(), initials: initials(name), role: Role::Customer }
}

pub fn shell(path: &str, viewer: Option<Role>) -> Shell {
    let member = |role| ShellViewer {
        id: 7,
        name: "Ingrid Aas".to_owned(),
        role,
        initials: "IA".to_owned(),
        reputation: 1284,
        unread: 3,
        guru: true,
    };
    Shell {
        holes: None,
        site_name: "Fjordvarm Commons".to_owned(),
        viewer: viewer.map(member),
        csrf: "sample-token".to_owned(),
        path: path.to_owned(),
        place: Place::of(path),
        flashes: Vec::new(),
        locale: "en".to_owned(),
        now: NOW,
    }
}

struct Shown {
    file: String,
    template: &'static str,
    html: String,
}

fn show<P: Sample>() -> Vec<Shown> {
    let stem = P::TEMPLATE.trim_end_matches(".html").replace('/', "-");
    let viewer = match P::PATH {
        "/sign-in" | "/setup" | "/join" | "/request" => None,
        path if path.starts_with("/reset")
            || path.starts_with("/confirm/")
            || path.starts_with("/unsubscribe/") =>
        {
            None
        }
        "/mail/received" => Some(Role::Staff),
        path if path.starts_with("/admin") => Some(Role::Admin),
        _ => Some(Role::Customer),
    };
    let page = |(name, page): (&'static str, P)| {
        let mut shell = shell(P::PATH, viewer);
        if name == "flashes" {
            shell.flashes = flashes();
        }
        let html = render::render(&shell, &page).unwrap_or_else(|e| panic!("{stem} {name}: {e}"));
        let file = if name.is_empty() { format!("{stem}.html") } else { format!("{stem}-{name}.html") };
        Shown { file, template: P::TEMPLATE, html }
    };
    P::samples().into_iter().map(page).collect()
}

fn flashes() -> Vec<Flash> {
    let undo = FlashAct { label: "Bring back".to_owned(), action: "/posts/12/undelete".to_owned() };
    vec![
        Flash { kind: FlashKind::Done, text: "Answer deleted.".to_owned(), act: Some(undo) },
        Flash { kind: FlashKind::Note, text: "You follow this question now.".to_owned(), act: None },
        Flash {
            kind: FlashKind::Problem,
            text: "Your vote was not counted: this is your own answer.".to_owned(),
            act: None,
        },
    ]
}

macro_rules! gallery {
    ($($page:ty),* $(,)?) => {
        fn gallery() -> Vec<Shown> {
            let mut shown = Vec::new();
            $(shown.extend(show::<$page>());)*
            shown
        }
    };
}

gallery!(
    pages::ErrorPage,
    pages::TypedTextPage,
    pages::ConfirmPage,
    pages::AboutPage,
    accounts::pages::SignInPage,
    accounts::pages::SetUpPage,
    accounts::pages::JoinPage,
    accounts::pages::ForgottenPage,
    accounts::pages::ResetPage,
    accounts::pages::ConfirmPage,
    accounts::pages::RequestPage,
    notifications::pages::InboxPage,
    notifications::pages::NotificationsPage,
    notifications::pages::UnsubscribePage,
    administration::pages::MailPage,
    administration::pages::OneMailPage,
    administration::pages::ReceivedPage,
    administration::pages::RequestsPage,
    accounts::pages::DeadLinkPage,
    accounts::pages::SettingsPage,
    accounts::pages::PeoplePage,
    accounts::pages::PersonPage,
    questions::pages::ListPage,
    questions::pages::ThreadPage,
    questions::pages::AskPage,
    questions::pages::EditPage,
    suggestions::pages::SuggestionsPage,
    suggestions::pages::SuggestionPage,
    questions::pages::RevisionsPage,
    questions::pages::TagsPage,
    gurus::pages::GuruPage,
    gurus::pages::NeedsPage,
    gurus::pages::TagGurusPage,
    gurus::pages::HandOverPage,
    gurus::pages::CandidatesPage,
    search::pages::SearchPage,
    search::pages::RelatedPage,
    search::pages::MissedPage,
    administration::pages::OverviewPage,
    administration::pages::MembersPage,
    administration::pages::ModeratorPage,
    administration::pages::InvitationsPage,
    administration::pages::OrganisationsPage,
    administration::pages::ProductsPage,
    administration::pages::SpacesPage,
    administration::pages::SpacePage,
    administration::pages::AuditPage,
    crate::badges::pages::BadgesPage,
    crate::badges::pages::BadgePage,
    crate::people::pages::PrivilegesPage,
    crate::people::recognition_pages::LeadersPage,
    crate::people::recognition_pages::LedgerPage,
    crate::votes::pages::PatternsPage,
    administration::pages::FiguresPage,
    administration::pages::SiteSettingsPage,
);

fn template_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "html") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn every_page_renders_its_samples() {
    let shown = gallery();
    assert!(shown.iter().all(|s| s.html.contains("</html>")));
    let Ok(folder) = std::env::var("PEERHALL_GALLERY") else { return };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("static")).unwrap();
    for asset in assets::all() {
        fs::write(folder.join(asset.url.trim_start_matches('/')), &asset.bytes).unwrap();
    }
    for page in &shown {
        fs::write(folder.join(&page.file), &page.html).unwrap();
    }
}

#[test]
fn every_page_template_belongs_to_a_page_in_the_gallery() {
    let shown: BTreeSet<_> = gallery().iter().map(|s| s.template.to_owned()).collect();
    let pages: BTreeSet<_> = template_sources()
        .into_iter()
        .filter(|(_, source)| source.starts_with("{% extends"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(shown, pages);
}

/// Where `| safe` may stand: HTML that the sanitiser made, by the name of its field.
const SAFE: &[&str] = &[
    "post.html | safe",
    "comment.html | safe",
    "notice.html | safe",
    "thread.title_html | safe",
    "post.snippet_html | safe",
    "question.answer_html | safe",
    "block.html | safe",
];

#[test]
fn only_sanitised_html_is_printed_unescaped() {
    for (name, source) in template_sources() {
        for (at, _) in source.match_indices("safe }}") {
            let before = &source[..at + 4];
            assert!(
                SAFE.iter().any(|allowed| before.ends_with(allowed)),
                "{name}: …{}",
                &before[before.len() - 40..]
            );
        }
        let filters = source.replace("|safe", "| safe").matches("| safe").count();
        let allowed: usize = SAFE.iter().map(|expression| source.matches(expression).count()).sum();
        assert_eq!(filters, allowed, "{name} marks something else as safe");
        assert!(!source.contains("autoescape"), "{name} switches escaping off");
    }
}

#[test]
fn pages_hold_no_inline_script_or_style() {
    for page in gallery() {
        for forbidden in [" style=\"", "<style", "javascript:", " onclick=", " onload="] {
            assert!(!page.html.contains(forbidden), "{} has {forbidden}", page.file);
        }
        let scripts = page.html.matches("<script").count();
        assert_eq!(scripts, page.html.matches("<script src=\"/static/").count(), "{}", page.file);
        assert!((1..=4).contains(&scripts), "{}", page.file);
    }
}

#[test]
fn fragments_are_the_same_for_everybody() {
    for (name, source) in template_sources().iter().filter(|(name, _)| name.contains("fragment_")) {
        for forbidden in ["shell", "<token", "mine", "viewer", "csrf", "<form", "<script"] {
            let code = source.split("#}").last().unwrap();
            assert!(!code.contains(forbidden), "{name} mentions {forbidden}");
        }
    }
}

#[test]
fn no_id_stands_twice_on_a_page() {
    for page in gallery() {
        let mut seen = BTreeSet::new();
        for id in page.html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(seen.insert(id), "{}: #{id}", page.file);
        }
    }
}

#[test]
fn a_field_with_a_label_exists_for_every_label() {
    for page in gallery() {
        for id in page.html.split(" for=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.html.contains(&format!(" id=\"{id}\"")), "{}: label for #{id}", page.file);
        }
    }
}

#[test]
fn links_of_an_error_list_lead_to_their_fields() {
    for page in gallery() {
        let list =
            page.html.split("class=\"problems\"").skip(1).filter_map(|rest| rest.split("</div>").next());
        for target in list.flat_map(|list| list.split("href=\"#").skip(1)) {
            let id = target.split('"').next().unwrap();
            assert!(page.html.contains(&format!(" id=\"{id}\"")), "{}: #{id}", page.file);
        }
    }
}

#[test]
fn text_that_people_typed_is_escaped() {
    let mut page = questions::pages::ThreadPage::samples().remove(0).1;
    page.thread.title = "<script>alert(1)</script>".to_owned();
    page.thread.question.post.author.name = "\"><img src=x>".to_owned();
    page.thread.tags = vec!["\"><b>".to_owned()];
    page.answer_form.body = "</textarea><script>".to_owned();
    let html = render::render(&shell("/", Some(Role::Customer)), &page).unwrap();
    for raw in ["<script>alert", "\"><img", "\"><b>", "</textarea><script>"] {
        assert!(!html.contains(raw), "{raw}");
    }
}
