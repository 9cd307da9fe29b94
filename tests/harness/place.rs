//! Where a hall lives: a folder, a database, and the settings that name them. Commands run here, with or without
//! a server beside them.

use std::process::{Command, Output, Stdio};

use super::database::TestDatabase;
use super::folder::Folder;
use super::people::{PASSWORD, address};

/// Folder, database and settings of one test; removed when dropped.
pub struct Place {
    settings: Vec<(String, String)>,
    database: TestDatabase,
    folder: Folder,
}

impl Place {
    /// A place with a migrated, empty database and further settings, as the environment names them.
    pub fn new(further: &[(&str, &str)]) -> Place {
        let folder = Folder::new();
        let database = TestDatabase::fresh(&folder);
        // An empty file of settings keeps a peerhall.toml of the working directory out of the test.
        std::fs::write(folder.join("peerhall.toml"), "").unwrap();
        let own = |name: &str| (name.to_owned(), folder.join(&name.to_lowercase()).display().to_string());
        let mut settings = vec![
            ("PEERHALL_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("DATABASE_URL".to_owned(), database.setting()),
            ("PEERHALL_LIMITS".to_owned(), "off".to_owned()),
            ("PEERHALL_LOG".to_owned(), "warn".to_owned()),
            own("PEERHALL_DATA_DIR"),
            own("PEERHALL_SEARCH_DIR"),
        ];
        for (name, value) in further {
            settings.retain(|(known, _)| known != name);
            settings.push(((*name).to_owned(), (*value).to_owned()));
        }
        Place { settings, database, folder }
    }

    /// The settings, as the environment names them.
    pub fn settings(&self) -> &[(String, String)] {
        &self.settings
    }

    /// The test's folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The database.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// The program with this place's settings and no others from the environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peerhall"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PEERHALL_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    /// Runs a command of the program to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        use std::io::Write;
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        // A command that reads no input may be gone before it is written.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// What a command that must succeed prints, without the line's end.
    #[track_caller]
    pub fn said(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "peerhall {}: {words}", arguments.join(" "));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Makes a member with further flags of `peerhall member add` and answers the id.
    #[track_caller]
    pub fn add_member(&self, name: &str, flags: &[&str]) -> i64 {
        let email = address(name);
        let mut arguments = vec!["member", "add", "--email", &email, "--name", name, "--password-stdin"];
        arguments.extend_from_slice(flags);
        let id = self.said(&arguments, PASSWORD);
        id.parse().unwrap_or_else(|_| panic!("member add printed `{id}`, which is no id"))
    }

    /// Makes a token of this member.
    #[track_caller]
    pub fn token(&self, name: &str) -> String {
        self.said(&["token", "create", "--email", &address(name)], "")
    }
}
