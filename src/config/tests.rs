use super::*;

fn gathered(environment: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
    let environment = environment.iter().map(|(name, value)| (name.into(), value.into()));
    let flags: Vec<_> = flags.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Config::from_settings(&Settings::gather(None, environment, &flags)?)
}

fn shown<'a>(config: &'a Config, name: &str) -> &'a Shown {
    config.shown.iter().find(|shown| shown.name == name).unwrap()
}

#[test]
fn a_flag_overrides_the_environment() {
    let config = gathered(&[("PEERHALL_LISTEN", "127.0.0.1:1")], &[("listen", "127.0.0.1:2")]).unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(shown(&config, "listen").from, "flag");
}

#[test]
fn an_unknown_variable_stops_the_start_with_its_name() {
    let error = gathered(&[("PEERHALL_LISTN", "x")], &[]).unwrap_err().to_string();
    assert!(error.contains("PEERHALL_LISTN"), "{error}");
}

#[test]
fn a_malformed_value_stops_the_start_with_its_name() {
    let error = gathered(&[("PEERHALL_LISTEN", "eighty")], &[]).unwrap_err().to_string();
    assert!(error.contains("listen") && error.contains("eighty"), "{error}");
    let error = gathered(&[("DATABASE_URL", "postgress://x")], &[]).unwrap_err().to_string();
    assert!(error.contains("database_url") && error.contains("postgress"), "{error}");
}

#[test]
fn secrets_are_masked_wherever_settings_are_shown() {
    let secret = "0123456789abcdef0123456789abcdef";
    let config = gathered(
        &[
            ("PEERHALL_SECRET", secret),
            ("PEERHALL_SMTP_URL", "smtp://me:hidden@mail"),
            ("DATABASE_URL", "postgres://a:hidden@b/c"),
        ],
        &[],
    )
    .unwrap();
    let text = format!("{:?}", config.shown);
    assert!(!text.contains(secret) && !text.contains("hidden"), "{text}");
}

#[test]
fn a_short_secret_is_refused_without_being_repeated() {
    let error = gathered(&[("PEERHALL_SECRET", "tiny-word")], &[]).unwrap_err().to_string();
    assert!(error.contains("secret") && !error.contains("tiny-word"), "{error}");
}

#[test]
fn the_database_is_a_file_in_the_data_directory_unless_said_otherwise() {
    let config = gathered(&[("PEERHALL_DATA_DIR", "/tmp/hall")], &[]).unwrap();
    assert_eq!(config.database, DatabaseUrl::Sqlite("/tmp/hall/peerhall.db".into()));
}

#[test]
fn links_begin_with_what_the_server_noted_unless_a_public_url_is_set() {
    let folder = std::env::temp_dir().join(format!("peerhall-config-{}", std::process::id()));
    let folder_text = folder.display().to_string();
    let config = gathered(&[("PEERHALL_DATA_DIR", &folder_text)], &[]).unwrap();
    assert_eq!(config.base_url(), "http://127.0.0.1:8080");
    config.note_address("http://127.0.0.1:4711").unwrap();
    assert_eq!(config.base_url(), "http://127.0.0.1:4711");
    let named = [("PEERHALL_DATA_DIR", folder_text.as_str()), ("PEERHALL_PUBLIC_URL", "https://a.example")];
    assert_eq!(gathered(&named, &[]).unwrap().base_url(), "https://a.example");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_empty_or_odd_setting_stops_the_start() {
    let cases = [
        ("PEERHALL_DATA_DIR", ""),
        ("PEERHALL_LOG", "a=b=c,,!!"),
        ("PEERHALL_SMTP_URL", "nonsense"),
        ("PEERHALL_METRICS_LISTEN", "zzz"),
        ("PEERHALL_MAIL_FROM", "zzz"),
        ("PEERHALL_OUTBOUND_ALLOW", "!!!"),
        ("PEERHALL_TEST_CLOCK", "/nope/x"),
    ];
    for (name, value) in cases {
        let error = gathered(&[(name, value)], &[]).unwrap_err().to_string();
        assert!(error.contains(name), "{name}: {error}");
    }
}

#[test]
fn a_public_url_with_a_path_is_refused() {
    assert!(gathered(&[("PEERHALL_PUBLIC_URL", "https://a.example/x")], &[]).is_err());
    let config = gathered(&[("PEERHALL_PUBLIC_URL", "https://a.example/")], &[]).unwrap();
    assert_eq!(config.public_url.as_deref(), Some("https://a.example"));
}
