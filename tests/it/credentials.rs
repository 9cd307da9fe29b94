//! Every credential, judged after what may end it: dead at the next request where it must be, alive where it may.

use diesel::prelude::*;
use peerhall::db::schema::{members, spaces};

use crate::harness::{Hall, Member, PASSWORD, SmtpServer, Visitor};
use crate::mail_out::mailing;
use crate::threads::{answer, ask};

/// What may end a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Nothing,
    SignOut,
    NewPassword,
    Reset,
    RoleLost,
    Suspended,
    Forgotten,
    SpaceLost,
}

/// A credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Credential {
    Session,
    Token,
    /// A session's way into an area of its role.
    Area,
    ResetLink,
    AddressLink,
    Unsubscribe,
    ReplyAddress,
    Invitation,
}

use After::{Forgotten, NewPassword, Nothing, Reset, RoleLost, SignOut, SpaceLost, Suspended};
use Credential::{AddressLink, Area, Invitation, ReplyAddress, ResetLink, Session, Token, Unsubscribe};

/// What of each is alive after each.
const TABLE: &[(Credential, &[(After, bool)])] = &[
    (
        Session,
        &[
            (Nothing, true),
            (SignOut, false),
            (NewPassword, true),
            (Reset, false),
            (RoleLost, true),
            (Suspended, false),
            (Forgotten, false),
            (SpaceLost, true),
        ],
    ),
    (
        Token,
        &[
            (Nothing, true),
            (SignOut, true),
            (NewPassword, true),
            (Reset, false),
            (RoleLost, true),
            (Suspended, false),
            (Forgotten, false),
            (SpaceLost, true),
        ],
    ),
    (
        Area,
        &[
            (Nothing, true),
            (SignOut, false),
            (Reset, false),
            (RoleLost, false),
            (Suspended, false),
            (Forgotten, false),
        ],
    ),
    (
        ResetLink,
        &[
            (Nothing, true),
            (SignOut, true),
            (NewPassword, false),
            (Reset, false),
            (RoleLost, true),
            (Suspended, false),
            (Forgotten, false),
        ],
    ),
    (
        AddressLink,
        &[
            (Nothing, true),
            (SignOut, true),
            (NewPassword, false),
            (Reset, false),
            (RoleLost, true),
            (Suspended, false),
            (Forgotten, false),
        ],
    ),
    // It can only make it quieter, so it lives as long as its member.
    (
        Unsubscribe,
        &[
            (Nothing, true),
            (SignOut, true),
            (NewPassword, true),
            (Reset, true),
            (RoleLost, true),
            (Suspended, true),
            (Forgotten, false),
        ],
    ),
    // Worth something only together with the member's own mailbox.
    (
        ReplyAddress,
        &[
            (Nothing, true),
            (SignOut, true),
            (NewPassword, true),
            (Reset, true),
            (RoleLost, true),
            (Suspended, false),
            (Forgotten, false),
            (SpaceLost, false),
        ],
    ),
    // Whoever made it: it is not theirs alone.
    (Invitation, &[(Nothing, true), (SignOut, true), (NewPassword, true), (Suspended, true)]),
];

/// Ann with everything she holds.
struct Holder {
    email: String,
    id: i64,
    browser: Visitor,
    token: String,
    reset: String,
    address: String,
    unsubscribe: String,
    reply: String,
    invitation: String,
}

fn holder(hall: &Hall, server: &SmtpServer, bo: &Member<'_>, name: &str) -> Holder {
    let ann = hall.member_as("moderator", name);
    let fresh = format!("{}@new.example", name.to_lowercase());
    let question = ask(&ann, "Why does the lantern flicker at night?", &["lamps"]);
    answer(bo, question, "Tighten the second screw, then wait a minute.");
    let told = server.wait_for(&ann.email, "lantern");
    let unsubscribe = told.link("/unsubscribe/");
    let reply = told.header("Reply-To").unwrap();
    ann.post("/settings/email", &[("email", &fresh), ("current_password", PASSWORD)]).expect(303);
    let address = server.wait_for(&fresh, "confirm").link("/confirm/");
    hall.visitor().post("/reset/new", &[("email", &ann.email)]).expect(200);
    let reset = server.wait_for(&ann.email, "new password").link("/reset/");
    let link = hall.said(&["invite", "create"], "");
    Holder {
        invitation: format!("/join/{}", link.rsplit('/').next().unwrap()),
        email: ann.email.clone(),
        id: ann.id,
        token: hall.token(name),
        browser: {
            let browser = hall.visitor();
            browser.post("/sign-in", &[("email", &ann.email), ("password", PASSWORD)]).expect(303);
            browser
        },
        reset,
        address,
        unsubscribe,
        reply,
    }
}

fn change(hall: &Hall, holder: &Holder, after: After) {
    let id = holder.id;
    let set = |state: &'static str, role: &'static str| {
        hall.db()
            .write_now(peerhall::db::On::Nothing, move |c| {
                diesel::update(members::table.find(id))
                    .set((members::state.eq(state), members::role.eq(role)))
                    .execute(c)?;
                Ok::<_, peerhall::db::Error>(())
            })
            .unwrap();
    };
    let fresh = "another-quiet-harbour-7";
    match after {
        Nothing => {}
        SignOut => drop(holder.browser.post("/sign-out", &[]).expect(303)),
        NewPassword => {
            let fields = [("current_password", PASSWORD), ("new_password", fresh)];
            holder.browser.post("/settings/password", &fields).expect(303);
        }
        Reset => drop(hall.visitor().post(&holder.reset, &[("password", fresh)]).expect(303)),
        RoleLost => set("active", "customer"),
        Suspended => set("suspended", "moderator"),
        Forgotten => set("forgotten", "moderator"),
        SpaceLost => {
            hall.said(&["organisation", "add", "--name", "Inside"], "");
            hall.db()
                .write_now(peerhall::db::On::Nothing, |c| {
                    let product: i64 = diesel::insert_into(peerhall::db::schema::products::table)
                        .values((
                            peerhall::db::schema::products::name.eq("Safe"),
                            peerhall::db::schema::products::name_key.eq("safe"),
                            peerhall::db::schema::products::created_at.eq(0),
                        ))
                        .returning(peerhall::db::schema::products::id)
                        .get_result(c)?;
                    diesel::update(spaces::table.filter(spaces::key.eq("general")))
                        .set(spaces::product_id.eq(product))
                        .execute(c)?;
                    Ok::<_, peerhall::db::Error>(())
                })
                .unwrap();
        }
    }
}

fn is_alive(hall: &Hall, holder: &Holder, credential: Credential) -> bool {
    let visitor = hall.visitor();
    match credential {
        Session => holder.browser.get("/settings").status == 200,
        Token => {
            let headers = [("authorization", format!("Bearer {}", holder.token))];
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            visitor.request("GET", "/api/v1/me", &headers, Vec::new()).status == 200
        }
        Area => holder.browser.get("/search/missed").status == 200,
        ResetLink => visitor.get(&holder.reset).status == 200,
        AddressLink => visitor.get(&holder.address).status == 200,
        Unsubscribe => {
            let headers = [("content-type", "application/x-www-form-urlencoded")];
            let body = b"List-Unsubscribe=One-Click".to_vec();
            visitor.request("POST", &holder.unsubscribe, &headers, body).status == 200
        }
        ReplyAddress => {
            let message = format!(
                "From: <{}>\r\nTo: {}\r\nSubject: x\r\nMessage-ID: <{}@x>\r\n\r\nThank you, that helped me at once.\r\n",
                holder.email, holder.reply, holder.id
            );
            hall.said(&["receive-mail"], &message).starts_with("posted")
        }
        Invitation => visitor.get(&holder.invitation).status == 200,
    }
}

#[test]
fn every_credential_is_dead_where_it_must_be() {
    let mut wrong = Vec::new();
    let server = SmtpServer::start();
    let hall = mailing(&server);
    let bo = hall.member("Bo");
    // What changes the space for everybody comes last.
    for (n, after) in [Nothing, SignOut, NewPassword, Reset, RoleLost, Suspended, Forgotten, SpaceLost]
        .into_iter()
        .enumerate()
    {
        let holder = holder(&hall, &server, &bo, &format!("Ann{n}"));
        change(&hall, &holder, after);
        for (credential, fates) in TABLE {
            let Some((_, alive)) = fates.iter().find(|(when, _)| *when == after) else { continue };
            if is_alive(&hall, &holder, *credential) != *alive {
                wrong.push(format!(
                    "{credential:?} after {after:?} should be {}",
                    if *alive { "alive" } else { "dead" }
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
