//! The SMTP server's address, as `PEERHALL_SMTP_URL` writes it.
//!
//! `smtp://user:password@host:587` uses STARTTLS where the server offers it and a password is never sent without;
//! `?tls=required` refuses to go on without, `?tls=off` never asks for it. `smtps://host:465` speaks TLS from the first
//! byte. `timeout=SECONDS` bounds each answer (60), `ca=FILE` adds a certificate (PEM) to those that are trusted, and
//! `name=HOST` is what is said in `EHLO`.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;

/// When a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// From the first byte (RFC 8314).
    Implicit,
    /// By STARTTLS, or not at all.
    Required,
    /// By STARTTLS where it is offered.
    Offered,
    /// Never.
    Off,
}

/// Where and how e-mails are handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) credentials: Option<(String, String)>,
    pub(super) tls: Tls,
    pub(super) timeout: Duration,
    pub(super) ca: Option<PathBuf>,
    pub(super) hello: Option<String>,
}

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmtpUrl({}:{})", self.host, self.port)
    }
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    /// Not such a URL at all.
    #[error("write it as smtp://user:password@host:587 or smtps://…")]
    Form,
    /// A parameter there is none of, or with a value that makes no sense.
    #[error(
        "`{0}` is not understood; known are tls=required, tls=off, timeout=SECONDS, ca=FILE and name=HOST"
    )]
    Parameter(String),
}

impl SmtpUrl {
    /// Reads it.
    ///
    /// # Errors
    /// [`SmtpUrlError`].
    pub fn parse(text: &str) -> Result<SmtpUrl, SmtpUrlError> {
        let url = url::Url::parse(text).map_err(|_| SmtpUrlError::Form)?;
        let (mut tls, usual) = match url.scheme() {
            "smtp" => (Tls::Offered, 587),
            "smtps" => (Tls::Implicit, 465),
            _ => return Err(SmtpUrlError::Form),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpUrlError::Form)?;
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = url.password().map(|password| (plain(url.username()), plain(password)));
        if !matches!(url.path(), "" | "/") || (credentials.is_none() && !url.username().is_empty()) {
            return Err(SmtpUrlError::Form);
        }
        let (mut timeout, mut ca, mut hello) = (Duration::from_secs(60), None, None);
        for (name, value) in url.query_pairs() {
            let wrong = || SmtpUrlError::Parameter(format!("{name}={value}"));
            match (name.as_ref(), value.as_ref()) {
                ("tls", "required") if tls != Tls::Implicit => tls = Tls::Required,
                ("tls", "off") if tls != Tls::Implicit => tls = Tls::Off,
                ("tls", "required") => {}
                ("timeout", seconds) => {
                    let seconds: u64 = seconds.parse().map_err(|_| wrong())?;
                    timeout = Duration::from_secs(seconds.clamp(1, 600));
                }
                ("ca", file) if !file.is_empty() => ca = Some(PathBuf::from(file)),
                ("name", host) if !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    hello = Some(host.to_owned());
                }
                _ => return Err(wrong()),
            }
        }
        let host = host.trim_matches(['[', ']']).to_owned();
        Ok(SmtpUrl { host, port: url.port().unwrap_or(usual), credentials, tls, timeout, ca, hello })
    }
}

#[cfg(test)]
mod tests {
    use super::{SmtpUrl, Tls};

    #[test]
    fn a_url_says_where_and_how() {
        let url = SmtpUrl::parse("smtp://ann%40x:p%2Fw@mail.example.com?tls=required&timeout=5").unwrap();
        assert_eq!((url.host.as_str(), url.port, url.tls), ("mail.example.com", 587, Tls::Required));
        assert_eq!(url.credentials, Some(("ann@x".into(), "p/w".into())));
        assert_eq!(url.timeout.as_secs(), 5);
        let url = SmtpUrl::parse("smtps://[::1]:4650").unwrap();
        assert_eq!((url.host.as_str(), url.port, url.tls), ("::1", 4650, Tls::Implicit));
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        for wrong in [
            "mail.example.com",
            "http://x",
            "smtp://",
            "smtp://h?tls=maybe",
            "smtp://h?timeout=x",
            "smtp://u@h",
        ] {
            assert!(SmtpUrl::parse(wrong).is_err(), "{wrong}");
        }
        assert!(!format!("{:?}", SmtpUrl::parse("smtp://u:secret@h").unwrap()).contains("secret"));
    }
}
