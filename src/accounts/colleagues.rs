//! Which members belong together: those of one organisation, or of one company's e-mail domain. Affected organisations are
//! counted by it. Pure.

/// With whom somebody is counted as one organisation: their organisation; else their company's e-mail domain,
/// where it is no public mail service; else they alone.
pub fn organisation_key(member_id: i64, organisation_id: Option<i64>, email: Option<&str>) -> String {
    if let Some(organisation) = organisation_id {
        return format!("o:{organisation}");
    }
    match company_domain(email) {
        Some(domain) => format!("d:{domain}"),
        None => format!("m:{member_id}"),
    }
}

/// Whether two addresses are of one company.
pub fn share_a_company(one: Option<&str>, other: Option<&str>) -> bool {
    company_domain(one).is_some_and(|domain| company_domain(other) == Some(domain))
}

/// The domain of an address, where it is no public mail service.
fn company_domain(email: Option<&str>) -> Option<String> {
    let domain = email.and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain.to_lowercase());
    domain.filter(|domain| !is_public_mail(domain))
}

/// Mail services anybody can have an address at: sharing one says nothing.
fn is_public_mail(domain: &str) -> bool {
    const SERVICES: &[&str] = &[
        "126.com",
        "163.com",
        "aol.com",
        "att.net",
        "bluewin.ch",
        "bol.com.br",
        "btinternet.com",
        "comcast.net",
        "duck.com",
        "fastmail.com",
        "free.fr",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hey.com",
        "hotmail.co.uk",
        "hotmail.com",
        "hotmail.de",
        "hotmail.fr",
        "hotmail.it",
        "icloud.com",
        "laposte.net",
        "libero.it",
        "live.co.uk",
        "live.com",
        "mac.com",
        "mail.com",
        "mail.ru",
        "mailbox.org",
        "me.com",
        "msn.com",
        "naver.com",
        "orange.fr",
        "outlook.com",
        "outlook.de",
        "outlook.fr",
        "pm.me",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rambler.ru",
        "sbcglobal.net",
        "sfr.fr",
        "t-online.de",
        "tuta.com",
        "tutanota.com",
        "uol.com.br",
        "verizon.net",
        "virgilio.it",
        "wanadoo.fr",
        "web.de",
        "yahoo.co.jp",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.de",
        "yahoo.fr",
        "yandex.com",
        "yandex.ru",
        "ymail.com",
        "zoho.com",
    ];
    SERVICES.binary_search(&domain).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_one_company_count_as_one_and_people_of_a_mail_service_do_not() {
        assert_eq!(organisation_key(1, Some(7), Some("a@acme.example")), "o:7");
        assert_eq!(organisation_key(1, None, Some("a@Acme.example")), "d:acme.example");
        assert_eq!(organisation_key(1, None, Some("a@gmail.com")), "m:1");
        assert_eq!(organisation_key(1, None, None), "m:1");
    }

    #[test]
    fn colleagues_share_their_companys_domain() {
        assert!(share_a_company(Some("a@acme.example"), Some("b@ACME.example")));
        assert!(!share_a_company(Some("a@gmail.com"), Some("b@gmail.com")));
        assert!(!share_a_company(None, None));
    }
}
