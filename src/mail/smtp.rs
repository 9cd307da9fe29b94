//! One conversation with an SMTP server (RFC 5321), step by step, so that it is known who refused what.
//!
//! A refusal at `RCPT TO` is about the address, one of the data about the e-mail, everything else about the server or how
//! we are set: then nothing is held against the e-mail. No answer may take longer than the timeout.

use std::future::Future;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::address::Mailbox;
use super::smtp_url::{SmtpUrl, Tls};

/// How handing an e-mail over went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The server cannot be talked to now, or does not take anything from us.
    Server(String),
    /// This e-mail was put off.
    Later(String),
    /// This address is none.
    Address(String),
    /// This e-mail is not taken.
    Mail(String),
}

/// An open conversation.
pub(super) struct Conversation {
    connection: AsyncSmtpConnection,
    url: SmtpUrl,
}

type Lettre = lettre::transport::smtp::Error;

impl Conversation {
    /// Connects, encrypts and signs in, as the URL says.
    pub(super) async fn open(url: &SmtpUrl, mailbox: &Mailbox) -> Result<Conversation, Fault> {
        let hello = ClientId::Domain(url.hello.clone().unwrap_or_else(|| mailbox.domain().to_owned()));
        let tls = match url.tls {
            Tls::Off => None,
            _ => Some(parameters(url)?),
        };
        let implicit = tls.clone().filter(|_| url.tls == Tls::Implicit);
        let address = (url.host.as_str(), url.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(address, Some(url.timeout), &hello, implicit, None);
        let mut connection = within(url, connecting).await?.map_err(|error| server(&error))?;
        if let Some(tls) = tls.filter(|_| connection.can_starttls()) {
            within(url, connection.starttls(tls, &hello)).await?.map_err(|error| server(&error))?;
        }
        let encrypted = connection.is_encrypted();
        if url.tls == Tls::Required && !encrypted {
            return Err(Fault::Server("the server offers no STARTTLS, which is required".to_owned()));
        }
        if let Some((user, password)) = &url.credentials {
            if !encrypted && url.tls != Tls::Off {
                let why =
                    "the server offers no STARTTLS, and a password is not sent without it (tls=off would)";
                return Err(Fault::Server(why.to_owned()));
            }
            let credentials = Credentials::new(user.clone(), password.clone());
            let signing_in = connection.auth(DEFAULT_MECHANISMS, &credentials);
            within(url, signing_in).await?.map_err(|error| server(&error))?;
        }
        Ok(Conversation { connection, url: url.clone() })
    }

    /// Hands one e-mail over. After a fault the conversation is over.
    pub(super) async fn hand_over(&mut self, from: &str, to: &str, bytes: &[u8]) -> Result<(), Fault> {
        let parsed = |text: &str| text.parse::<Address>().ok();
        let Some(to) = parsed(to) else { return Err(Fault::Address("this is no e-mail address".to_owned())) };
        let (url, connection) = (&self.url, &mut self.connection);
        let mail = Mail::new(parsed(from), Vec::new());
        within(url, connection.command(mail)).await?.map_err(|error| server(&error))?;
        let recipient = Rcpt::new(to, Vec::new());
        within(url, connection.command(recipient)).await?.map_err(|error| at_recipient(&error))?;
        within(url, connection.command(Data)).await?.map_err(|error| of_mail(&error))?;
        within(url, connection.message(bytes)).await?.map_err(|error| of_mail(&error))?;
        Ok(())
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        let url = self.url.clone();
        drop(within(&url, self.connection.quit()).await);
    }
}

fn parameters(url: &SmtpUrl) -> Result<TlsParameters, Fault> {
    let unfit = |why: String| Fault::Server(why);
    let mut builder = TlsParameters::builder(url.host.clone());
    if let Some(file) = &url.ca {
        let shown = file.display();
        let pem = std::fs::read(file).map_err(|error| unfit(format!("cannot read {shown}: {error}")))?;
        let certificate = Certificate::from_pem(&pem)
            .map_err(|error| unfit(format!("{shown} is no certificate: {error}")))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|error| unfit(error.to_string()))
}

async fn within<T>(url: &SmtpUrl, step: impl Future<Output = T>) -> Result<T, Fault> {
    let silent = |_| Fault::Server(format!("no answer within {} seconds", url.timeout.as_secs()));
    tokio::time::timeout(url.timeout, step).await.map_err(silent)
}

fn server(error: &Lettre) -> Fault {
    Fault::Server(error.to_string())
}

/// 421 and what is no answer at all are about the server; all else is about this e-mail.
fn of_mail(error: &Lettre) -> Fault {
    let code: Option<u16> = error.status().map(u16::from);
    match code {
        Some(421) | None => server(error),
        Some(_) if error.is_permanent() => Fault::Mail(error.to_string()),
        Some(_) => Fault::Later(error.to_string()),
    }
}

/// The answers that say that there is no such mailbox: RFC 5321 4.2.3 and the enhanced codes of RFC 3463, 3.2.
fn at_recipient(error: &Lettre) -> Fault {
    let code: Option<u16> = error.status().map(u16::from);
    let words = error.to_string();
    let enhanced = words.split(|c: char| !c.is_ascii_digit() && c != '.').find(|part| {
        let mut numbers = part.split('.');
        part.len() >= 5 && numbers.clone().count() == 3 && numbers.all(|number| !number.is_empty())
    });
    let nobody = match (code, enhanced) {
        (_, Some(enhanced)) => enhanced.starts_with("5.1.") || enhanced == "5.2.1",
        // Without such a number 550 is also said of whole senders ("relaying denied"): only its words tell.
        (Some(550 | 551 | 553), None) => {
            let said = words.to_lowercase();
            ["user", "mailbox", "recipient", "unknown", "no such", "not exist", "address"]
                .iter()
                .any(|word| said.contains(word))
                && !["relay", "policy", "spam", "block", "sender", "denied"]
                    .iter()
                    .any(|word| said.contains(word))
        }
        _ => false,
    };
    if error.is_permanent() && nobody { Fault::Address(words) } else { of_mail(error) }
}
