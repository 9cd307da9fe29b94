//! Where settings come from: gathers them with their origin, and judges names but not values.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::str::FromStr;

use super::{ConfigError, FILE, NAMES, NOT_OURS};

/// Where a value stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In this file.
    File(String),
    /// In this variable.
    Environment(String),
    /// On the command line.
    Flag(String),
}

impl Origin {
    /// One word for it.
    pub fn kind(&self) -> &'static str {
        match self {
            Origin::File(_) => "file",
            Origin::Environment(_) => "environment",
            Origin::Flag(_) => "flag",
        }
    }

    fn words(&self) -> String {
        match self {
            Origin::File(path) => format!("in {path}"),
            Origin::Environment(name) => format!("from the environment, {name}"),
            Origin::Flag(name) => format!("from the command line, --{}", name.replace('_', "-")),
        }
    }
}

/// A value and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// As written.
    pub value: String,
    /// Where.
    pub origin: Origin,
}

/// All that was set, by name.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<&'static str, Given>);

impl Settings {
    /// Gathers file, environment and flags; later ones win.
    pub fn gather(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        flags: &[(&'static str, String)],
    ) -> Result<Settings, ConfigError> {
        let mut settings = Settings::default();
        let named = file.map(Path::to_owned);
        let path = named.clone().unwrap_or_else(|| FILE.into());
        if named.is_some() || path.exists() {
            settings.read_file(&path)?;
        }
        for (name, value) in environment {
            settings.read_variable(&name, &value)?;
        }
        for (name, value) in flags {
            settings.0.insert(name, Given { value: value.clone(), origin: Origin::Flag((*name).to_owned()) });
        }
        Ok(settings)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let shown = path.display().to_string();
        let unreadable = |why: String| ConfigError::Unreadable { path: shown.clone(), why };
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        let table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| unreadable(error.to_string()))?;
        for (name, value) in table {
            let origin = Origin::File(shown.clone());
            let known = known(&name)
                .ok_or_else(|| ConfigError::Unknown { name: name.clone(), from: origin.words() })?;
            let value = match value {
                toml::Value::String(text) => text,
                toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => {
                    items.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(",")
                }
                other => {
                    return Err(ConfigError::Malformed {
                        name: known,
                        from: origin.words(),
                        value: other.to_string(),
                        why: "write it in quotes, or as a list of quoted words".into(),
                    });
                }
            };
            self.0.insert(known, Given { value, origin });
        }
        Ok(())
    }

    fn read_variable(&mut self, name: &OsString, value: &OsString) -> Result<(), ConfigError> {
        let Some(name) = name.to_str() else { return Ok(()) };
        let ours = match name.strip_prefix("PEERHALL_") {
            _ if name == "DATABASE_URL" => "database_url".to_owned(),
            Some(rest) if !NOT_OURS.contains(&name) => rest.to_lowercase(),
            _ => return Ok(()),
        };
        let origin = Origin::Environment(name.to_owned());
        let unknown = || ConfigError::Unknown { name: name.to_owned(), from: "from the environment".into() };
        let known = known(&ours).filter(|&known| known != "database_url" || name == "DATABASE_URL");
        let known = known.ok_or_else(unknown)?;
        let Some(value) = value.to_str() else {
            return Err(ConfigError::Malformed {
                name: known,
                from: origin.words(),
                value: "…".into(),
                why: "it is not UTF-8".into(),
            });
        };
        self.0.insert(known, Given { value: value.to_owned(), origin });
        Ok(())
    }

    /// What was given for `name`.
    pub fn given(&self, name: &str) -> Option<&Given> {
        self.0.get(name)
    }

    /// A setting that is set to nothing is a mistake, not a wish.
    pub(super) fn none_empty(&self) -> Result<(), ConfigError> {
        match self.0.iter().find(|(_, given)| given.value.trim().is_empty()) {
            Some((name, _)) => Err(self.malformed(name, "it is empty; leave it out for the default".into())),
            None => Ok(()),
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.given(name).map(|given| given.value.as_str())
    }

    pub(super) fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        wanted: &str,
    ) -> Result<Option<T>, ConfigError> {
        self.text(name)
            .map(|text| text.parse().map_err(|_| self.malformed(name, format!("write {wanted}"))))
            .transpose()
    }

    pub(super) fn choice(
        &self,
        name: &'static str,
        choices: &[&'static str],
    ) -> Result<Option<&'static str>, ConfigError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match choices.iter().find(|choice| **choice == text) {
            Some(choice) => Ok(Some(choice)),
            None => Err(self.malformed(name, format!("write one of: {}", choices.join(", ")))),
        }
    }

    pub(super) fn malformed(&self, name: &'static str, why: String) -> ConfigError {
        let (value, from) = self
            .given(name)
            .map_or_else(Default::default, |given| (masked(name, &given.value), given.origin.words()));
        ConfigError::Malformed { name, from, value, why }
    }
}

fn known(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|known| **known == name).copied()
}

/// A value as it may be shown.
pub(super) fn masked(name: &str, value: &str) -> String {
    match name {
        "secret" => "***".into(),
        "database_url" => {
            crate::db::DatabaseUrl::parse(value).map_or_else(|_| mask_userinfo(value), |url| url.to_string())
        }
        "smtp_url" => mask_userinfo(value),
        _ => value.to_owned(),
    }
}

fn mask_userinfo(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(start), Some(at)) if at > start => format!("{}***{}", &url[..start + 3], &url[at..]),
        _ => url.to_owned(),
    }
}
