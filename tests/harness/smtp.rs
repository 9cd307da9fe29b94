//! A real SMTP server that keeps what it takes, and misbehaves as a test says.
//!
//! It listens on a free port of this machine and speaks RFC 5321 as far as the sender does, with STARTTLS and TLS from the
//! first byte where a certificate was made. What it took is read with mail-parser, as any recipient's program would.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::folder::Folder;
use super::patience::eventually;

/// How the server behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manners {
    /// Takes everything.
    Takes,
    /// Has no such recipient: 550 5.1.1.
    NoSuchUser,
    /// Puts each recipient off once: 451 4.7.1.
    Greylists,
    /// Puts each recipient off, always: 451 4.7.1.
    PutsOff,
    /// Never answers after the greeting.
    Hangs,
    /// Takes the text and goes away without a word, having kept nothing.
    DropsText,
    /// Takes and keeps the text, and goes away without a word.
    KeepsAndDrops,
    /// Ends every conversation at once: 421.
    Closed,
    /// Refuses the password: 535.
    WrongPassword,
    /// Refuses the text: 554 5.6.0.
    RefusesText,
}

/// An e-mail that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipient.
    pub to: String,
    /// The message as it came.
    pub raw: Vec<u8>,
    /// Whether it came encrypted.
    pub encrypted: bool,
}

impl Taken {
    /// A header's text, one line.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.raw).into_owned();
        let head =
            text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
        let line = head
            .lines()
            .find(|line| line.split_once(':').is_some_and(|(field, _)| field.eq_ignore_ascii_case(name)));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    }

    /// `Message-ID`.
    pub fn id(&self) -> String {
        self.header("message-id").expect("every e-mail has a Message-ID")
    }

    /// The subject, decoded.
    pub fn subject(&self) -> String {
        let message = mail_parser::MessageParser::default().parse(&self.raw).expect("a message");
        message.subject().unwrap_or_default().to_owned()
    }

    /// The text part.
    pub fn text(&self) -> String {
        let message = mail_parser::MessageParser::default().parse(&self.raw).expect("a message");
        message.body_text(0).map(|text| text.replace("\r\n", "\n")).unwrap_or_default()
    }

    /// The HTML part.
    pub fn html(&self) -> String {
        let message = mail_parser::MessageParser::default().parse(&self.raw).expect("a message");
        message.body_html(0).map(|html| html.into_owned()).unwrap_or_default()
    }

    /// The first address of this site in the text that begins with `path`, as a path.
    #[track_caller]
    pub fn link(&self, path: &str) -> String {
        let text = self.text();
        let at = text.find(path).unwrap_or_else(|| panic!("no {path} in:\n{text}"));
        text[at..].split_whitespace().next().unwrap().to_owned()
    }
}

#[derive(Default)]
struct Kept {
    manners: Option<Manners>,
    taken: Vec<Taken>,
    seen: HashSet<String>,
    conversations: usize,
    by_recipient: HashMap<String, Manners>,
}

/// The server. Its thread ends with the test's process.
pub struct SmtpServer {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    certificate: Option<Folder>,
    _thread: JoinHandle<()>,
}

type Tls = Option<Arc<rustls::ServerConfig>>;

impl SmtpServer {
    /// A server that takes everything.
    pub fn start() -> SmtpServer {
        SmtpServer::begin(None, None, false)
    }

    /// One with a certificate for `localhost`: STARTTLS, or TLS from the first byte.
    pub fn encrypted(implicit: bool) -> SmtpServer {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let folder = Folder::new();
        std::fs::write(folder.join("ca.pem"), made.cert.pem()).unwrap();
        let key =
            rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let config =
            rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![made.cert.der().clone()], key)
                .expect("a configuration");
        SmtpServer::begin(Some(Arc::new(config)), Some(folder), implicit)
    }

    fn begin(tls: Tls, certificate: Option<Folder>, implicit: bool) -> SmtpServer {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().unwrap();
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let shared = kept.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, tls) = (shared.clone(), tls.clone());
                std::thread::spawn(move || drop(converse(stream, &kept, tls, implicit)));
            }
        });
        SmtpServer { address, kept, certificate, _thread: thread }
    }

    /// As `PEERHALL_SMTP_URL` names it, with further parameters.
    pub fn url(&self, scheme: &str, parameters: &str) -> String {
        let ca = self.certificate.as_ref().map(|folder| format!("ca={}&", folder.join("ca.pem").display()));
        let host = if ca.is_some() { "localhost" } else { "127.0.0.1" };
        format!("{scheme}://{host}:{}?{}timeout=20{parameters}", self.address.port(), ca.unwrap_or_default())
    }

    /// From now on it behaves like this.
    pub fn set(&self, manners: Manners) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).manners = Some(manners);
    }

    /// Towards this recipient it behaves like this.
    pub fn set_for(&self, recipient: &str, manners: Manners) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_recipient.insert(recipient.to_owned(), manners);
    }

    /// What it has kept.
    pub fn taken(&self) -> Vec<Taken> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).taken.clone()
    }

    /// How many conversations were begun.
    pub fn conversations(&self) -> usize {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).conversations
    }

    /// E-mails to this address.
    pub fn to(&self, address: &str) -> Vec<Taken> {
        self.taken().into_iter().filter(|taken| taken.to.eq_ignore_ascii_case(address)).collect()
    }

    /// Waits until there is an e-mail to `address` whose subject has `words`.
    #[track_caller]
    pub fn wait_for(&self, address: &str, words: &str) -> Taken {
        eventually(&format!("an e-mail to {address} with {words:?} in its subject"), || {
            self.to(address).into_iter().find(|taken| taken.subject().contains(words))
        })
    }

    /// Every e-mail is there once, by its `Message-ID`.
    #[track_caller]
    pub fn assert_each_once(&self) {
        let ids: Vec<String> = self.taken().iter().map(Taken::id).collect();
        let unique: HashSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "an e-mail came twice: {ids:?}");
    }
}

/// Plain or encrypted.
trait Line: Read + Write + Send {}
impl<T: Read + Write + Send> Line for T {}

struct Talk {
    line: BufReader<Box<dyn Line>>,
    encrypted: bool,
}

impl Talk {
    fn say(&mut self, words: &str) -> std::io::Result<()> {
        let line = self.line.get_mut();
        line.write_all(words.as_bytes())?;
        line.write_all(b"\r\n")?;
        line.flush()
    }

    fn hear(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        if self.line.read_line(&mut line)? == 0 { Ok(None) } else { Ok(Some(line.trim_end().to_owned())) }
    }
}

fn encrypted(stream: TcpStream, tls: &Tls) -> Option<Talk> {
    let connection = rustls::ServerConnection::new(tls.clone()?).ok()?;
    let line: Box<dyn Line> = Box::new(rustls::StreamOwned::new(connection, stream));
    Some(Talk { line: BufReader::new(line), encrypted: true })
}

fn converse(stream: TcpStream, kept: &Mutex<Kept>, tls: Tls, implicit: bool) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut talk = if implicit {
        let Some(talk) = encrypted(stream.try_clone()?, &tls) else { return Ok(()) };
        talk
    } else {
        let line: Box<dyn Line> = Box::new(stream.try_clone()?);
        Talk { line: BufReader::new(line), encrypted: false }
    };
    let manners =
        || kept.lock().unwrap_or_else(PoisonError::into_inner).manners.clone().unwrap_or(Manners::Takes);
    kept.lock().unwrap_or_else(PoisonError::into_inner).conversations += 1;
    if manners() == Manners::Closed {
        return talk.say("421 4.3.2 Not now");
    }
    talk.say("220 sink ESMTP")?;
    let (mut from, mut to) = (String::new(), String::new());
    while let Some(line) = talk.hear()? {
        if manners() == Manners::Hangs {
            std::thread::sleep(Duration::from_secs(30));
            return Ok(());
        }
        let upper = line.to_uppercase();
        let address = |line: &str| line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        if upper.starts_with("EHLO") {
            let starttls = if tls.is_some() && !talk.encrypted { "250-STARTTLS\r\n" } else { "" };
            talk.say(&format!("250-sink\r\n{starttls}250-8BITMIME\r\n250 AUTH PLAIN LOGIN"))?;
        } else if upper.starts_with("STARTTLS") {
            talk.say("220 go ahead")?;
            match encrypted(stream.try_clone()?, &tls) {
                Some(encrypted) => talk = encrypted,
                None => return Ok(()),
            }
        } else if upper.starts_with("AUTH") {
            let wrong = manners() == Manners::WrongPassword;
            talk.say(if wrong { "535 5.7.8 Wrong" } else { "235 2.7.0 Welcome" })?;
        } else if upper.starts_with("MAIL FROM") {
            from = address(&line);
            talk.say("250 2.1.0 fine")?;
        } else if upper.starts_with("RCPT TO") {
            to = address(&line);
            talk.say(&at_recipient(kept, &to, &manners()))?;
        } else if upper == "DATA" {
            talk.say("354 go ahead")?;
            let Some(raw) = text(&mut talk)? else { return Ok(()) };
            let taken = Taken { from: from.clone(), to: to.clone(), raw, encrypted: talk.encrypted };
            match manners_for(kept, &to, &manners()) {
                Manners::DropsText => return Ok(()),
                Manners::RefusesText => talk.say("554 5.6.0 Not this")?,
                Manners::KeepsAndDrops => {
                    kept.lock().unwrap_or_else(PoisonError::into_inner).taken.push(taken);
                    return Ok(());
                }
                _ => {
                    kept.lock().unwrap_or_else(PoisonError::into_inner).taken.push(taken);
                    talk.say("250 2.0.0 taken")?;
                }
            }
        } else if upper == "QUIT" {
            return talk.say("221 bye");
        } else {
            talk.say("250 fine")?;
        }
    }
    Ok(())
}

fn manners_for(kept: &Mutex<Kept>, to: &str, usual: &Manners) -> Manners {
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.by_recipient.get(to).cloned().unwrap_or_else(|| usual.clone())
}

fn at_recipient(kept: &Mutex<Kept>, to: &str, manners: &Manners) -> String {
    match manners_for(kept, to, manners) {
        Manners::NoSuchUser => "550 5.1.1 No such user here".to_owned(),
        Manners::PutsOff => "451 4.7.1 Not now".to_owned(),
        Manners::Greylists => {
            let new = kept.lock().unwrap_or_else(PoisonError::into_inner).seen.insert(to.to_owned());
            if new { "451 4.7.1 Greylisted, try again".to_owned() } else { "250 2.1.5 fine".to_owned() }
        }
        _ => "250 2.1.5 fine".to_owned(),
    }
}

/// The text up to the dot, doubled dots made single again.
fn text(talk: &mut Talk) -> std::io::Result<Option<Vec<u8>>> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        if talk.line.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line == b".\r\n" {
            return Ok(Some(raw));
        }
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
