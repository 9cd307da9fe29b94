//! The link by which the first administrator comes in.

use super::*;

fn first(email: &str) -> First {
    First {
        site_name: "Boiler Friends".to_owned(),
        name: "Mara".to_owned(),
        email: email.to_owned(),
        password_hash: "hash".to_owned(),
    }
}

fn offered(place: &Place) -> Option<String> {
    let link = wait(setup::offer(&place.db, "http://here", &place.folder, NOW)).unwrap()?;
    Some(crate::web::secret::digest(link.strip_prefix("http://here/setup/").unwrap()))
}

fn complete(place: &Place, hash: &str, email: &str) -> Result<i64, SetUpRefusal> {
    let (hash, first) = (hash.to_owned(), first(email));
    refused(place.db.write_now(setup::ON, move |c| setup::complete(c, &hash, &first, NOW)))
}

#[test]
fn a_set_up_link_works_once_and_only_the_latest_does() {
    let place = Place::new();
    let former = offered(&place).unwrap();
    let latest = offered(&place).unwrap();
    assert_eq!(complete(&place, &former, "a@example.com"), Err(SetUpRefusal::Dead));
    assert!(complete(&place, &latest, "a@example.com").is_ok());
    assert_eq!(complete(&place, &latest, "b@example.com"), Err(SetUpRefusal::Dead));
    assert_eq!(offered(&place), None);
    assert!(!place.folder.join("setup-link").exists());
}

#[test]
fn of_two_who_set_up_at_once_one_wins() {
    let place = Place::new();
    let hash = offered(&place).unwrap();
    let outcomes = std::thread::scope(|scope| {
        ["a@example.com", "b@example.com"]
            .map(|email| scope.spawn(|| complete(&place, &hash, email)))
            .map(|race| race.join().unwrap())
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
}

#[test]
fn a_set_up_link_dies_when_an_administrator_comes_another_way() {
    let place = Place::new();
    let hash = offered(&place).unwrap();
    place.act(|c| add(c, &NewMember { role: Role::Admin, ..person("admin@example.com") }));
    assert_eq!(complete(&place, &hash, "a@example.com"), Err(SetUpRefusal::Dead));
}

#[cfg(unix)]
#[test]
fn only_the_servers_user_can_read_the_set_up_link() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    offered(&place).unwrap();
    let mode = std::fs::metadata(place.folder.join("setup-link")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
