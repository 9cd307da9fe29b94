//! The rows of a Stack Exchange data dump, as typed values.
//!
//! An absent attribute is `None`; an attribute that is there but cannot be what it should be is a [`Fault`], by
//! which the row is skipped and counted. Only attributes the hall uses are read. Source of the format: the
//! schema documentation of the data dump at <https://meta.stackexchange.com/questions/2677>.

use super::reader::{Fault, RowAttributes};
use crate::clock::Micros;

/// A kind of row: which file holds it and how its attributes become a value.
pub trait Row: Sized {
    /// Name of the file without `.xml`.
    const FILE: &'static str;
    /// The attribute that tells kinds of this row apart; its value is reported even of a faulty row.
    const TYPE_ATTRIBUTE: Option<&'static str> = None;

    /// Reads one row.
    ///
    /// # Errors
    /// The first attribute that is missing though needed, or malformed.
    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault>;
}

/// A row of Posts: question, answer, or one of the kinds the hall does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostRow {
    pub id: i64,
    /// `PostTypeId`; see [`super::kinds::PostKind`].
    pub kind: i64,
    pub parent_id: Option<i64>,
    pub accepted_answer_id: Option<i64>,
    pub created_at: Micros,
    pub score: Option<i64>,
    pub view_count: Option<i64>,
    /// HTML as rendered by the source.
    pub body: String,
    pub owner_id: Option<i64>,
    pub owner_name: Option<String>,
    pub editor_id: Option<i64>,
    pub editor_name: Option<String>,
    pub edited_at: Option<Micros>,
    pub last_activity_at: Option<Micros>,
    pub title: Option<String>,
    /// `<a><b>` in older dumps, `|a|b|` in newer ones; see [`super::kinds::tags`].
    pub tags: Option<String>,
    pub closed_at: Option<Micros>,
    /// Dumps hold no deleted posts; extracts of the data explorer do.
    pub deleted_at: Option<Micros>,
    pub community_owned_at: Option<Micros>,
    pub license: Option<String>,
}

impl Row for PostRow {
    const FILE: &'static str = "Posts";
    const TYPE_ATTRIBUTE: Option<&'static str> = Some("PostTypeId");

    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.needed_number("Id")?,
            kind: row.needed_number("PostTypeId")?,
            parent_id: row.number("ParentId")?,
            accepted_answer_id: row.number("AcceptedAnswerId")?,
            created_at: row.needed_time("CreationDate")?,
            score: row.number("Score")?,
            view_count: row.number("ViewCount")?,
            body: row.text("Body")?.unwrap_or_default(),
            owner_id: row.number("OwnerUserId")?,
            owner_name: row.text("OwnerDisplayName")?,
            editor_id: row.number("LastEditorUserId")?,
            editor_name: row.text("LastEditorDisplayName")?,
            edited_at: row.time("LastEditDate")?,
            last_activity_at: row.time("LastActivityDate")?,
            title: row.text("Title")?,
            tags: row.text("Tags")?,
            closed_at: row.time("ClosedDate")?,
            deleted_at: row.time("DeletionDate")?,
            community_owned_at: row.time("CommunityOwnedDate")?,
            license: row.text("ContentLicense")?,
        })
    }
}

/// A row of Users. Figures the hall counts itself (reputation, votes given) are not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// −1 is Community, the source's own voice.
    pub id: i64,
    pub name: Option<String>,
    pub created_at: Micros,
    pub last_access_at: Option<Micros>,
    /// HTML.
    pub about: Option<String>,
    pub website: Option<String>,
    pub location: Option<String>,
}

impl Row for UserRow {
    const FILE: &'static str = "Users";

    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.needed_number("Id")?,
            name: row.text("DisplayName")?,
            created_at: row.needed_time("CreationDate")?,
            last_access_at: row.time("LastAccessDate")?,
            about: row.text("AboutMe")?,
            website: row.text("WebsiteUrl")?,
            location: row.text("Location")?,
        })
    }
}

/// A row of Comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    pub id: i64,
    pub post_id: i64,
    /// The source's small Markdown.
    pub text: String,
    pub created_at: Micros,
    pub score: Option<i64>,
    pub user_id: Option<i64>,
    pub user_name: Option<String>,
    pub license: Option<String>,
}

impl Row for CommentRow {
    const FILE: &'static str = "Comments";

    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.needed_number("Id")?,
            post_id: row.needed_number("PostId")?,
            text: row.text("Text")?.unwrap_or_default(),
            created_at: row.needed_time("CreationDate")?,
            score: row.number("Score")?,
            user_id: row.number("UserId")?,
            user_name: row.text("UserDisplayName")?,
            license: row.text("ContentLicense")?,
        })
    }
}

/// A row of Votes. The dump gives the day, and the person only of favourites and bounties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteRow {
    pub id: i64,
    pub post_id: i64,
    /// `VoteTypeId`; see [`super::kinds::VoteKind`].
    pub kind: i64,
    pub created_at: Micros,
    pub user_id: Option<i64>,
}

impl Row for VoteRow {
    const FILE: &'static str = "Votes";
    const TYPE_ATTRIBUTE: Option<&'static str> = Some("VoteTypeId");

    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.needed_number("Id")?,
            post_id: row.needed_number("PostId")?,
            kind: row.needed_number("VoteTypeId")?,
            created_at: row.needed_time("CreationDate")?,
            user_id: row.number("UserId")?,
        })
    }
}

/// A row of Tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRow {
    pub id: i64,
    pub name: String,
    /// Questions with it, as the source counted.
    pub count: Option<i64>,
}

impl Row for TagRow {
    const FILE: &'static str = "Tags";

    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.needed_number("Id")?,
            name: row.needed_text("TagName")?,
            count: row.number("Count")?,
        })
    }
}

/// A row of PostHistory: one event of one part of a post. Events of one act share their `revision`.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct HistoryRow {
    pub id: i64,
    pub post_id: i64,
    /// `PostHistoryTypeId`; see [`super::kinds::HistoryKind`].
    pub kind: i64,
    /// `RevisionGUID`.
    pub revision: String,
    pub created_at: Micros,
    pub user_id: Option<i64>,
    pub user_name: Option<String>,
    /// The editor's reason; of a closing, the number of its reason.
    pub comment: Option<String>,
    /// Markdown, a title, tags, or JSON, by `kind`.
    pub text: Option<String>,
}

impl Row for HistoryRow {
    const FILE: &'static str = "PostHistory";
    const TYPE_ATTRIBUTE: Option<&'static str> = Some("PostHistoryTypeId");

    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.needed_number("Id")?,
            post_id: row.needed_number("PostId")?,
            kind: row.needed_number("PostHistoryTypeId")?,
            revision: row.needed_text("RevisionGUID")?,
            created_at: row.needed_time("CreationDate")?,
            user_id: row.number("UserId")?,
            user_name: row.text("UserDisplayName")?,
            comment: row.text("Comment")?,
            text: row.text("Text")?,
        })
    }
}

/// A row of PostLinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    pub id: i64,
    pub created_at: Micros,
    pub post_id: i64,
    pub related_post_id: i64,
    /// `LinkTypeId`; see [`super::kinds::LinkKind`].
    pub kind: i64,
}

impl Row for LinkRow {
    const FILE: &'static str = "PostLinks";
    const TYPE_ATTRIBUTE: Option<&'static str> = Some("LinkTypeId");

    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.needed_number("Id")?,
            created_at: row.needed_time("CreationDate")?,
            post_id: row.needed_number("PostId")?,
            related_post_id: row.needed_number("RelatedPostId")?,
            kind: row.needed_number("LinkTypeId")?,
        })
    }
}

/// A row of Badges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadgeRow {
    pub id: i64,
    pub user_id: i64,
    pub name: String,
    pub awarded_at: Micros,
    /// 1 gold, 2 silver, 3 bronze.
    pub class: Option<i64>,
}

impl Row for BadgeRow {
    const FILE: &'static str = "Badges";

    fn from_attributes(row: &RowAttributes<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: row.needed_number("Id")?,
            user_id: row.needed_number("UserId")?,
            name: row.needed_text("Name")?,
            awarded_at: row.needed_time("Date")?,
            class: row.number("Class")?,
        })
    }
}
