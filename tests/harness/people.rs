//! Members, made the way an administrator makes them.

use std::ops::Deref;
use std::sync::OnceLock;

use super::hall::Hall;
use super::visitor::{Api, Visitor};

/// The password of everybody in these tests.
pub const PASSWORD: &str = "quiet-harbour-lantern-42";

/// The e-mail address of somebody with this name.
pub fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase().replace(' ', "."))
}

/// A member. Used as a [`Visitor`], it signs in first; [`Member::api`] makes its token.
pub struct Member<'h> {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its address.
    pub email: String,
    hall: &'h Hall,
    browser: OnceLock<Visitor>,
    api: OnceLock<Api>,
}

impl Hall {
    /// A customer.
    pub fn member(&self, name: &str) -> Member<'_> {
        self.member_with(name, &[])
    }

    /// A member with this role.
    pub fn member_as(&self, role: &str, name: &str) -> Member<'_> {
        self.member_with(name, &["--role", role])
    }

    /// A member made with further flags of `peerhall member add`.
    #[track_caller]
    pub fn member_with(&self, name: &str, flags: &[&str]) -> Member<'_> {
        let id = self.add_member(name, flags);
        let (name, email) = (name.to_owned(), address(name));
        Member { id, name, email, hall: self, browser: OnceLock::new(), api: OnceLock::new() }
    }
}

impl Member<'_> {
    /// A program that speaks for this member.
    pub fn api(&self) -> &Api {
        self.api.get_or_init(|| Api::new(self.hall.address, Some(self.hall.token(&self.name))))
    }

    /// A browser in which this member has signed in.
    pub fn browser(&self) -> &Visitor {
        self.browser.get_or_init(|| {
            let browser = self.hall.visitor();
            let fields = [("email", self.email.as_str()), ("password", PASSWORD)];
            let answer = browser.post("/sign-in", &fields);
            assert_eq!(answer.status, 303, "{} cannot sign in: {}", self.name, answer.shown());
            browser
        })
    }
}

impl Deref for Member<'_> {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        self.browser()
    }
}
