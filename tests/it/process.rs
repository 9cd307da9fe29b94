//! The program as a process: how it opens, and how it ends.

use crate::harness::{Place, Process};

#[test]
fn sigterm_ends_it_with_success() {
    let place = Place::new(&[]);
    let mut server = Process::start(&place);
    assert_eq!(server.visitor().get("/healthz").expect(200).text(), "ok");
    let ended = server.terminate();
    assert!(ended.success(), "{ended}");
}

#[test]
fn a_second_start_finds_everything_as_it_was() {
    let place = Place::new(&[]);
    place.add_member("Ann", &[]);
    let token = place.token("Ann");
    for _ in 0..2 {
        let mut server = Process::start(&place);
        server.api(&token).get("/me").expect(200);
        server.kill();
    }
}

#[test]
fn without_an_administrator_a_set_up_link_is_printed_and_kept_in_a_file_for_the_owner_only() {
    let place = Place::new(&[]);
    let mut server = Process::start(&place);
    let file = place.folder().join("peerhall_data_dir").join("setup-link");
    let link = crate::harness::eventually("the set-up link", || std::fs::read_to_string(&file).ok());
    let link = link.trim();
    let path = link.strip_prefix(&format!("http://{}", server.address)).expect("an address of this server");
    server.visitor().get(path).expect_page(200);
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    server.terminate();
    let words = server.words();
    assert!(words.contains(link), "{words}");
}

#[test]
fn with_an_administrator_there_is_no_set_up_link() {
    let place = Place::new(&[]);
    place.add_member("Ada", &["--role", "admin"]);
    let mut server = Process::start(&place);
    server.terminate();
    assert!(!server.words().contains("/setup/"));
    assert!(!place.folder().join("peerhall_data_dir").join("setup-link").exists());
}

#[test]
fn an_unknown_setting_stops_the_start_with_its_name() {
    let place = Place::new(&[("PEERHALL_LISTN", "127.0.0.1:0")]);
    let output = place.run(&["serve"], "");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("PEERHALL_LISTN"));
}

#[test]
fn an_unknown_database_scheme_stops_the_start_and_creates_nothing() {
    let place = Place::new(&[("DATABASE_URL", "postgress://typo/hall")]);
    let output = place.run(&["serve"], "");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("postgress"));
}
