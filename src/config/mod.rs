//! Settings: a file, overridden by the environment, overridden by flags; each remembers where it came from.
//!
//! An unknown or malformed setting stops the start with its name, because a setting that is silently ignored
//! is found out on the worst day.

pub mod site;
mod source;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use tracing_subscriber::EnvFilter;

use crate::db::{DatabaseUrl, UrlError};
use crate::mail::{Mailbox, SmtpUrl};

pub use source::{Given, Origin, Settings};

/// In the data directory: where the server is, while no public URL is set.
const ADDRESS_FILE: &str = "address";

/// The file read when no other is named.
pub const FILE: &str = "peerhall.toml";

/// What may be set: its name in the file; the environment writes it `PEERHALL_` and upper case, except for
/// `DATABASE_URL`.
pub const NAMES: &[&str] = &[
    "listen",
    "public_url",
    "data_dir",
    "search_dir",
    "database_url",
    "smtp_url",
    "secret",
    "mail_from",
    "trusted_proxies",
    "outbound_allow",
    "metrics_listen",
    "cache_mb",
    "log",
    "log_format",
    "limits",
    "test_clock",
];

/// Names in the environment that belong to the tests of the project, not to the program.
const NOT_OURS: &[&str] = &["PEERHALL_SHARED_DATA", "PEERHALL_TEST_DATABASE"];

/// How the program is set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// What people type, without a slash at the end; None: `http://` and the bound address.
    pub public_url: Option<String>,
    /// Database and attachments.
    pub data_dir: PathBuf,
    /// The search index.
    pub search_dir: PathBuf,
    /// The database.
    pub database: DatabaseUrl,
    /// Overrides the secret kept in the database.
    pub secret: Option<String>,
    /// Where e-mails are handed over; None: they wait in the outbox.
    pub smtp: Option<SmtpUrl>,
    /// The place's own address; None: made from the public URL.
    pub mail_from: Option<Mailbox>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Address to tell metrics on; None tells none.
    pub metrics_listen: Option<SocketAddr>,
    /// Megabytes of rendered pages that are kept; none with 0.
    pub cache_mb: u64,
    /// A `tracing` filter.
    pub log: String,
    /// Whether log lines are JSON.
    pub log_json: bool,
    /// Whether rates are limited; off only for tests.
    pub limits: bool,
    /// A file with an offset in microseconds; only for tests.
    pub test_clock: Option<PathBuf>,
    /// Every setting with its value (secrets masked) and where it came from.
    pub shown: Vec<Shown>,
}

/// One line of `peerhall config`.
#[derive(Clone, Debug, serde::Serialize, PartialEq, Eq)]
pub struct Shown {
    /// The setting's name.
    pub name: &'static str,
    /// Its value, secrets masked; None when unset.
    pub value: Option<String>,
    /// `default`, `file`, `environment` or `flag`; `demo` for what the demo decides itself.
    pub from: &'static str,
}

/// Why the start was stopped.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The settings file cannot be read.
    #[error("cannot read the settings file {path}: {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        why: String,
    },
    /// A name that is no setting.
    #[error("`{name}` ({from}) is no setting of Peerhall; `peerhall config` lists them all")]
    Unknown {
        /// As written.
        name: String,
        /// Where it stood.
        from: String,
    },
    /// A value that cannot be used.
    #[error("the setting `{name}` ({from}) is `{value}`: {why}")]
    Malformed {
        /// Which.
        name: &'static str,
        /// Where it stood.
        from: String,
        /// The value, masked when secret.
        value: String,
        /// What would be right.
        why: String,
    },
}

impl Config {
    /// Reads the file (when named, or [`FILE`] when present), the environment and the flags.
    pub fn load(file: Option<&Path>, flags: &[(&'static str, String)]) -> Result<Config, ConfigError> {
        let settings = Settings::gather(file, std::env::vars_os(), flags)?;
        Config::from_settings(&settings)
    }

    /// Makes sense of gathered settings.
    pub fn from_settings(settings: &Settings) -> Result<Config, ConfigError> {
        settings.none_empty()?;
        not_yet_used(settings)?;
        let data_dir = PathBuf::from(settings.text("data_dir").unwrap_or("./data"));
        let database = match settings.text("database_url") {
            None => DatabaseUrl::in_directory(&data_dir),
            Some(url) => DatabaseUrl::parse(url)
                .map_err(|error: UrlError| settings.malformed("database_url", error.to_string()))?,
        };
        Ok(Config {
            listen: settings
                .parsed("listen", "an address such as 127.0.0.1:8080")?
                .unwrap_or_else(default_listen),
            public_url: settings.text("public_url").map(|url| public_url(settings, url)).transpose()?,
            search_dir: PathBuf::from(settings.text("search_dir").unwrap_or("./search-index")),
            secret: settings.text("secret").map(|secret| strong(settings, secret)).transpose()?,
            smtp: settings
                .text("smtp_url")
                .map(SmtpUrl::parse)
                .transpose()
                .map_err(|error| settings.malformed("smtp_url", error.to_string()))?,
            mail_from: settings.text("mail_from").map(|from| mailbox(settings, from)).transpose()?,
            trusted_proxies: settings
                .text("trusted_proxies")
                .map_or(Ok(Vec::new()), |list| networks(settings, list))?,
            cache_mb: settings
                .parsed("cache_mb", "a whole number of megabytes, such as 32")?
                .unwrap_or(CACHE_MB),
            log: settings.text("log").map_or(Ok(QUIET.to_owned()), |filter| log_filter(settings, filter))?,
            metrics_listen: settings.parsed("metrics_listen", "an address such as 127.0.0.1:9100")?,
            log_json: settings.choice("log_format", &["text", "json"])? == Some("json"),
            limits: settings.choice("limits", &["on", "off"])? != Some("off"),
            test_clock: settings.text("test_clock").map(|file| readable(settings, file)).transpose()?,
            shown: shown(settings),
            data_dir,
            database,
        })
    }

    /// The address people type: as set; else what a server on this data directory is bound to, as it noted; else
    /// what it would be bound to. Without a slash at the end.
    pub fn base_url(&self) -> String {
        let noted = || std::fs::read_to_string(self.data_dir.join(ADDRESS_FILE)).ok();
        let noted = || noted().map(|url| url.trim().to_owned()).filter(|url| url.starts_with("http://"));
        self.public_url.clone().or_else(noted).unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Notes the address a server is bound to, for commands beside it that print links.
    ///
    /// # Errors
    /// The file system's.
    pub fn note_address(&self, url: &str) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.data_dir)?;
        std::fs::write(self.data_dir.join(ADDRESS_FILE), url)
    }

    /// Settings meant for tests only that are in force, by name; each is warned about loudly.
    pub fn test_only(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        if !self.limits {
            names.push("PEERHALL_LIMITS");
        }
        if self.test_clock.is_some() {
            names.push("PEERHALL_TEST_CLOCK");
        }
        names
    }
}

/// Some thousand pages; the whole program stays near a hundred megabytes.
const CACHE_MB: u64 = 32;

/// What is logged when nothing is said: our own words, and of the server's only its warnings.
const QUIET: &str = "info,actix_server=warn,actix_http=off";

fn log_filter(settings: &Settings, filter: &str) -> Result<String, ConfigError> {
    match EnvFilter::try_new(filter) {
        Ok(_) => Ok(filter.to_owned()),
        Err(error) => {
            Err(settings.malformed("log", format!("{error}; write something like info or peerhall=debug")))
        }
    }
}

fn readable(settings: &Settings, file: &str) -> Result<PathBuf, ConfigError> {
    match std::fs::metadata(file) {
        Ok(_) => Ok(PathBuf::from(file)),
        Err(error) => Err(settings.malformed("test_clock", error.to_string())),
    }
}

/// Settings that rooms to come will read: their form is judged from the start.
fn not_yet_used(settings: &Settings) -> Result<(), ConfigError> {
    let letters = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    let host = |part: &str| part.parse::<IpNet>().is_ok() || (!part.is_empty() && letters(part));
    let hosts = settings.text("outbound_allow");
    match hosts.and_then(|hosts| hosts.split(',').map(str::trim).find(|part| !host(part))) {
        Some(part) => {
            Err(settings.malformed("outbound_allow", format!("`{part}` is neither a host nor a network")))
        }
        None => Ok(()),
    }
}

fn mailbox(settings: &Settings, from: &str) -> Result<Mailbox, ConfigError> {
    let why = "write an e-mail address such as help@example.com, without a plus sign";
    Mailbox::parse(from).ok_or_else(|| settings.malformed("mail_from", why.into()))
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn public_url(settings: &Settings, url: &str) -> Result<String, ConfigError> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.trim_end_matches('/')).filter(|host| {
        !host.is_empty()
            && !host.contains(['/', '?', '#', '@', ' '])
            && host.chars().all(|c| c.is_ascii_graphic())
    });
    match host {
        Some(_) => {
            let url = url.trim_end_matches('/').to_ascii_lowercase();
            let usual = if url.starts_with("https://") { ":443" } else { ":80" };
            Ok(url.strip_suffix(usual).unwrap_or(&url).to_owned())
        }
        None => Err(settings
            .malformed("public_url", "write it as https://support.example.com, without a path".into())),
    }
}

fn strong(settings: &Settings, secret: &str) -> Result<String, ConfigError> {
    if secret.len() < 32 {
        return Err(settings.malformed("secret", "use at least 32 random characters".into()));
    }
    Ok(secret.to_owned())
}

fn networks(settings: &Settings, list: &str) -> Result<Vec<IpNet>, ConfigError> {
    list.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse::<IpNet>().or_else(|_| part.parse::<std::net::IpAddr>().map(IpNet::from)).map_err(
                |_| {
                    settings
                        .malformed("trusted_proxies", format!("`{part}` is neither an address nor a network"))
                },
            )
        })
        .collect()
}

fn shown(settings: &Settings) -> Vec<Shown> {
    let default = |name: &str| match name {
        "listen" => Some("127.0.0.1:8080"),
        "data_dir" => Some("./data"),
        "search_dir" => Some("./search-index"),
        "log" => Some("info"),
        "log_format" => Some("text"),
        "limits" => Some("on"),
        _ => None,
    };
    NAMES
        .iter()
        .map(|&name| match settings.given(name) {
            Some(given) => {
                Shown { name, value: Some(source::masked(name, &given.value)), from: given.origin.kind() }
            }
            None => Shown { name, value: default(name).map(str::to_owned), from: "default" },
        })
        .collect()
}

#[cfg(test)]
mod tests;
