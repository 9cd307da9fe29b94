//! The story's place and people: spaces, entitlements, members, a suspension.

use std::collections::HashMap;

use super::story::{Person, Story, Suspended};
use super::{SignIn, Wrong};
use crate::accounts::actor::Actor;
use crate::accounts::members::{self, NewMember, Profile};
use crate::accounts::{self, entitlements, organisations};
use crate::clock::{DAY, Micros, rfc3339};
use crate::config::site;
use crate::db::{Conn, Failure};
use crate::spaces;
use crate::web::{Role, Viewer};

/// The people by key, as they look at the place.
pub(super) type People = HashMap<String, Viewer>;

/// The people to sign in as, the highest role first.
pub(super) fn sign_ins(story: &Story) -> Vec<SignIn> {
    let mut offered: Vec<&Person> = story.community.people.iter().filter(|person| person.sign_in).collect();
    offered.sort_by_key(|person| std::cmp::Reverse(person.role));
    offered
        .into_iter()
        .map(|person| SignIn { role: person.role, name: person.name.clone(), email: person.email.clone() })
        .collect()
}

/// Opens the place: its administrator, settings, spaces and entitlements. Everybody else [`join`]s.
pub(super) fn open(
    c: &mut Conn,
    story: &Story,
    password_hash: &str,
    now: Micros,
) -> Result<People, Failure<Wrong>> {
    let community = &story.community;
    let admin = community.people.iter().find(|person| person.role == Role::Admin);
    let admin = admin.ok_or_else(|| Wrong::Unknown("an administrator".to_owned()))?;
    let opened = now - admin.joined.0;
    let viewer = join(c, admin, password_hash, opened)?;
    site::set(c, site::SITE_NAME, &community.site_name, Some(viewer.id), opened)?;
    site::set(c, site::CONTACT, &community.contact, Some(viewer.id), opened)?;
    furnish(c, story, &viewer, opened)?;
    Ok(People::from([(admin.key.clone(), viewer)]))
}

/// A member joins, with a profile.
pub(super) fn join(
    c: &mut Conn,
    person: &Person,
    password_hash: &str,
    joined: Micros,
) -> Result<Viewer, Failure<Wrong>> {
    let refused = |why: &dyn std::fmt::Debug| Wrong::refused(format!("{} joins", person.name), why);
    let organisation_id = match &person.organisation {
        Some(name) => Some(organisations::find_or_create(c, name, joined)?),
        None => None,
    };
    let new = NewMember {
        name: person.name.clone(),
        handle: Some(person.key.clone()),
        email: person.email.clone(),
        password_hash: Some(password_hash.to_owned()),
        role: person.role,
        organisation_id,
    };
    let id = members::add(c, &new, None, joined).map_err(|failure| failure.map(|why| refused(&why)))?;
    let profile = Profile {
        name: person.name.clone(),
        handle: None,
        about: person.about.clone(),
        locale: "en".to_owned(),
        time_zone: person.time_zone.clone(),
    };
    members::change_profile(c, id, &profile, joined).map_err(|failure| failure.map(|why| refused(&why)))?;
    Ok(Viewer {
        id,
        name: person.name.clone(),
        handle: person.key.clone(),
        role: person.role,
        organisation_id,
        reputation: 0,
        unread: 0,
        guru: false,
        locale: "en".to_owned(),
        now: joined,
    })
}

/// Spaces and entitlements, by the administrator.
fn furnish(c: &mut Conn, story: &Story, admin: &Viewer, now: Micros) -> Result<(), Failure<Wrong>> {
    spaces::ensure_general(c, now)?;
    for space in &story.community.spaces {
        let said = spaces::Said {
            key: space.key.clone(),
            name: Some(space.name.clone()),
            description: Some(space.description.clone()),
            product: space.product.clone(),
            fields: Some(space.fields.clone()),
        };
        spaces::put(c, Actor::Member(admin), &said, now)
            .map_err(|failure| failure.map(|why| Wrong::refused(format!("the space {}", space.key), why)))?;
    }
    for entitlement in &story.community.entitlements {
        let said = entitlements::Said {
            organisation: Some(entitlement.organisation.clone()),
            product: Some(entitlement.product.clone()),
            tier: Some(entitlement.tier.clone()),
            ..entitlements::Said::default()
        };
        entitlements::put(c, Actor::Member(admin), &said, now).map_err(|failure| {
            failure.map(|why| Wrong::refused(format!("the entitlement of {}", entitlement.organisation), why))
        })?;
    }
    Ok(())
}

/// A member is suspended, as the story says.
pub(super) fn suspend(
    c: &mut Conn,
    by: &Viewer,
    member: &Viewer,
    told: &Suspended,
    at: Micros,
) -> Result<(), Failure<Wrong>> {
    let until = rfc3339(at + told.days * DAY);
    let terms = (told.reason.as_str(), Some(until.as_str()));
    accounts::oversight::suspend(c, Actor::Member(by), member.id, terms, at)
        .map_err(|failure| failure.map(|why| Wrong::refused(format!("{} is suspended", member.name), why)))
}
