//! What the administration pages show. All are for administrators alone.
//!
//! Times are UTC microseconds, texts are plain, URLs are paths of this site.

use serde::Serialize;

use crate::spaces::FieldKind;
use crate::web::pages::{Author, FieldErrors, Pager};
use crate::web::render::{Page, Title};
use crate::web::shell::Role;

mod figures;
mod mail;
#[cfg(test)]
mod mail_samples;
#[cfg(test)]
mod samples;

pub use figures::{Figure, FigureGroup, FiguresPage, FiguresVersion};
pub use mail::{MailPage, MailRow, OneMailPage, ReceivedPage, ReceivedRow, RequestRow, RequestsPage, mail};

/// `GET /admin`.
#[derive(Debug, Clone, Serialize)]
pub struct OverviewPage {
    /// Version of the program.
    pub version: String,
    /// Such as "SQLite 3.53.2" or "PostgreSQL 17".
    pub database: String,
    /// Address under which people reach this place.
    pub public_url: String,
    pub members: i64,
    pub questions: i64,
    pub answers: i64,
    /// Sentences about settings meant for tests only and other things that deserve a look.
    pub warnings: Vec<String>,
    /// What waits for somebody: words and where.
    pub waiting: Vec<(String, String)>,
}

/// `GET /admin/members?q=…`.
#[derive(Debug, Clone, Serialize)]
pub struct MembersPage {
    /// What was searched for, as typed.
    pub query: String,
    pub members: Vec<MemberRow>,
    pub pager: Pager,
}

/// One member. `POST /admin/members/{id}/role` with `role`; `POST /people/{id}/suspend` with `reason`, `until`;
/// `POST /people/{id}/unsuspend`.
#[derive(Debug, Clone, Serialize)]
pub struct MemberRow {
    pub person: Author,
    pub email: Option<String>,
    pub organisation: Option<String>,
    pub role: Role,
    pub joined_at: i64,
    pub suspended: bool,
    /// Imported and claimed by nobody yet.
    pub unclaimed: bool,
    /// True for the viewer, whose own role can't be changed here.
    pub is_viewer: bool,
    /// Of a moderator: the spaces they are limited to, by name; empty without a limit.
    pub moderates: Vec<String>,
}

/// `GET /admin/members/{id}/spaces`. Posts `where`, `everywhere` or `only`, and `space-KEY` for each ticked space to
/// the same path.
#[derive(Debug, Clone, Serialize)]
pub struct ModeratorPage {
    pub member: Author,
    /// False for another role: the limit then waits until they become a moderator.
    pub moderator: bool,
    /// Whether "only in these" is chosen.
    pub limited: bool,
    pub spaces: Vec<SpaceTick>,
    pub errors: FieldErrors,
}

/// A space with a box.
#[derive(Debug, Clone, Serialize)]
pub struct SpaceTick {
    pub key: String,
    pub name: String,
    pub ticked: bool,
}

/// `GET /admin/invitations`. The form posts `email`, `space`, `uses`, `expires_days`; a claim posts `claim` = a member's id.
#[derive(Debug, Clone, Serialize)]
pub struct InvitationsPage {
    pub form: InvitationForm,
    /// The link just made, shown this one time.
    pub made: Option<String>,
    pub invitations: Vec<InvitationRow>,
    pub pager: Pager,
}

/// The form that makes an invitation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InvitationForm {
    pub email: String,
    /// Key of a space; empty for none.
    pub space: String,
    /// Spaces with an access rule: key, name.
    pub spaces: Vec<(String, String)>,
    /// As typed.
    pub uses: String,
    /// As typed, in days.
    pub expires_days: String,
    pub errors: FieldErrors,
}

/// One invitation. `POST /admin/invitations/{id}/revoke`.
#[derive(Debug, Clone, Serialize)]
pub struct InvitationRow {
    pub id: i64,
    /// For this address only.
    pub email: Option<String>,
    /// The imported member it hands over, by name.
    pub claims: Option<String>,
    /// Name of the space it opens.
    pub space: Option<String>,
    pub by: Option<Author>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub uses: i64,
    pub used: i64,
    pub state: InvitationState,
}

/// Whether an invitation still opens the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InvitationState {
    Open,
    Used,
    Expired,
    Revoked,
}

/// `GET /admin/organisations`. The form posts `name`, `external_id`.
#[derive(Debug, Clone, Serialize)]
pub struct OrganisationsPage {
    pub name: String,
    pub external_id: String,
    pub errors: FieldErrors,
    pub organisations: Vec<OrganisationRow>,
    pub pager: Pager,
}

/// One organisation.
#[derive(Debug, Clone, Serialize)]
pub struct OrganisationRow {
    pub id: i64,
    pub name: String,
    pub external_id: Option<String>,
    pub members: i64,
    /// Products it is entitled to today, by name.
    pub products: Vec<String>,
}

/// `GET /admin/products`: products, and the entitlements to them. Forms: `name` to `/admin/products`;
/// `organisation`, `product`, `tier`, `until` (a date) to `/admin/entitlements`.
#[derive(Debug, Clone, Serialize)]
pub struct ProductsPage {
    pub products: Vec<ProductRow>,
    /// The product's name as typed.
    pub name: String,
    pub errors: FieldErrors,
    pub entitlements: Vec<EntitlementRow>,
    pub entitlement_form: EntitlementForm,
    pub pager: Pager,
}

/// One product.
#[derive(Debug, Clone, Serialize)]
pub struct ProductRow {
    pub id: i64,
    pub name: String,
    /// Organisations entitled today.
    pub organisations: i64,
    /// Spaces that ask for it, by name.
    pub spaces: Vec<String>,
}

/// One entitlement.
#[derive(Debug, Clone, Serialize)]
pub struct EntitlementRow {
    pub organisation: String,
    pub product: String,
    pub tier: Option<String>,
    /// `None` without an end.
    pub until: Option<i64>,
    /// The end is past.
    pub over: bool,
}

/// The form that entitles an organisation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EntitlementForm {
    pub organisation: String,
    pub product: String,
    pub tier: String,
    /// `YYYY-MM-DD`; empty for no end.
    pub until: String,
    pub errors: FieldErrors,
}

/// `GET /admin/spaces`. The form posts `key`, `name`, `product` (a name, may be empty), `about`.
#[derive(Debug, Clone, Serialize)]
pub struct SpacesPage {
    pub spaces: Vec<SpaceRow>,
    pub form: SpaceForm,
}

/// One space.
#[derive(Debug, Clone, Serialize)]
pub struct SpaceRow {
    pub id: i64,
    pub key: String,
    pub name: String,
    /// The product one must be entitled to; `None` lets every member in.
    pub product: Option<String>,
    pub questions: i64,
    /// Members who may enter by a personal grant.
    pub grants: i64,
}

/// Name and access rule of a space.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SpaceForm {
    pub key: String,
    pub name: String,
    pub about: String,
    /// Product's name; empty for every member.
    pub product: String,
    /// Products to choose from, by name.
    pub products: Vec<String>,
    pub errors: FieldErrors,
}

/// `GET /admin/spaces/{id}`. Posts `name`, `about`, `product` to the same path, `email`, `reason`, `until` to `…/grants`;
/// and `…/grants` with `revoke` = a member's id takes a grant back. Its own fields: [`FieldForm`], [`FieldRow`].
#[derive(Debug, Clone, Serialize)]
pub struct SpacePage {
    pub id: i64,
    pub form: SpaceForm,
    pub grants: Vec<GrantRow>,
    /// The address as typed.
    pub grant_email: String,
    /// Why, as typed.
    pub grant_reason: String,
    /// `YYYY-MM-DD`; empty for no end.
    pub grant_until: String,
    pub grant_errors: FieldErrors,
    /// What the ask form asks besides, in its order.
    pub fields: Vec<FieldRow>,
    pub field_form: FieldForm,
}

/// One of a space's own fields. `…/fields` with `remove` = its key takes it away; `?field=` its key fills the form.
#[derive(Debug, Clone, Serialize)]
pub struct FieldRow {
    pub key: String,
    pub label: String,
    /// `text`, `number` or `choice`.
    pub kind: FieldKind,
    pub required: bool,
    pub hint: String,
    pub choices: Vec<String>,
}

/// The form that adds a field or changes the one of this key: posts `key`, `label`, `kind`, `required` (a box),
/// `hint`, `choices` (one a line) to `/admin/spaces/{id}/fields`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FieldForm {
    pub key: String,
    pub label: String,
    /// As typed.
    pub kind: String,
    pub required: bool,
    pub hint: String,
    pub choices: String,
    pub errors: FieldErrors,
}

/// A person who may enter though no entitlement says so.
#[derive(Debug, Clone, Serialize)]
pub struct GrantRow {
    pub person: Author,
    pub by: Option<Author>,
    /// Why; may be empty.
    pub reason: String,
    pub since: i64,
    pub until: Option<i64>,
}

/// `GET /admin/audit?q=…`.
#[derive(Debug, Clone, Serialize)]
pub struct AuditPage {
    pub rows: Vec<AuditRow>,
    pub pager: Pager,
}

/// One administrative act.
#[derive(Debug, Clone, Serialize)]
pub struct AuditRow {
    pub at: i64,
    /// `None` when done on the command line.
    pub by: Option<Author>,
    /// A sentence: what was done to what.
    pub what: String,
    /// May be empty.
    pub reason: String,
}

/// `GET /admin/settings`. Posts `site_name`, `contact`, `password_least` to the same path.
#[derive(Debug, Clone, Serialize)]
pub struct SiteSettingsPage {
    pub site_name: String,
    /// E-mail address shown on `/about`; may be empty.
    pub contact: String,
    /// Fewest characters of a new password, as typed.
    pub password_least: String,
    /// Groups of words that mean the same, one a line.
    pub synonyms: String,
    pub errors: FieldErrors,
    /// The second form.
    pub joining: JoiningForm,
    /// What is set by file, environment or flags, secrets masked.
    pub effective: Vec<EffectiveSetting>,
}

/// Posts `join_requests`, `join_domains`, `mail_per_minute`, `mail_vouches`, `remind_verdict`, `remind_unanswered` to
/// `/admin/settings/people`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct JoiningForm {
    /// Whether visitors may ask to join.
    pub requests: bool,
    /// Domains that are let in, one a line.
    pub domains: String,
    /// E-mails a minute, as typed.
    pub rate: String,
    /// The mail server whose word on senders counts; may be empty.
    pub vouches: String,
    /// Reminders: delay, interval, most.
    pub verdict: String,
    pub unanswered: String,
    pub errors: FieldErrors,
}

/// One setting and where it comes from.
#[derive(Debug, Clone, Serialize)]
pub struct EffectiveSetting {
    pub name: String,
    pub value: String,
    /// "default", "file", "environment" or "flag", in words.
    pub source: String,
}

macro_rules! page {
    ($page:ty, $template:literal, $title:literal) => {
        impl Page for $page {
            const TEMPLATE: &'static str = $template;

            fn title(&self) -> Title<'_> {
                Title::words($title)
            }
        }
    };
}

page!(OverviewPage, "administration/overview.html", "admin-title");
page!(MembersPage, "administration/members.html", "admin-members");
page!(ModeratorPage, "administration/moderator.html", "admin-moderator");
page!(InvitationsPage, "administration/invitations.html", "admin-invitations");
page!(OrganisationsPage, "administration/organisations.html", "admin-organisations");
page!(ProductsPage, "administration/products.html", "admin-products");
page!(SpacesPage, "administration/spaces.html", "admin-spaces");
page!(SpacePage, "administration/space.html", "admin-space");
page!(AuditPage, "administration/audit.html", "admin-audit");
page!(SiteSettingsPage, "administration/settings.html", "admin-settings");
