//! `./prove order`: the points that imported facts give here, beside the reputation in the dump.
//!
//! The dump tells votes by post and day, and choices; it does not tell bounties, suggested edits, or votes on what was
//! deleted since. Everybody there begins with 1, and who has an account on another site of the network gets 100.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

use diesel::prelude::*;
use flate2::read::MultiGzDecoder;
use peerhall::db::schema::members;
use peerhall::db::{Db, Error, Sizes};

use crate::harness::{Folder, Place};
use crate::imports::unpacked;

#[test]
#[ignore = "needs the shared data: run by ./prove order"]
fn proof_of_the_order_of_contributors() {
    let data =
        std::env::var_os("PEERHALL_SHARED_DATA").expect("PEERHALL_SHARED_DATA names the data's folder");
    let folder = Folder::new();
    println!("row: ");
    println!(
        "row: site, contributors | rank correlation, top 100 | all | top 10 in common | \
         differ by 0 or 100 | points here | there"
    );
    println!("row: --- | ---: | ---: | ---: | ---: | ---: | ---:");
    for site in ["ai.stackexchange.com", "iot.stackexchange.com", "bicycles.meta.stackexchange.com"] {
        let dir = Path::new(&data).join("stackexchange").join(site);
        let dir =
            if dir.is_dir() { dir } else { unpacked(&dir.with_file_name(format!("{site}.7z")), &folder) };
        let (ours, theirs) = (imported(&dir), dumped(&dir));
        // Who has points here, or more there than everybody is given.
        let mut both: Vec<(i64, i64)> = theirs
            .iter()
            .map(|(id, there)| (ours.get(id).copied().unwrap_or_default(), *there))
            .filter(|(here, there)| *here != 0 || !matches!(there, 1 | 101))
            .collect();
        both.sort_by_key(|(here, there)| (-there, -here));
        let top: Vec<(i64, i64)> = both.iter().take(100).copied().collect();
        let mut by_ours = both.clone();
        by_ours.sort_by_key(|(here, there)| (-here, -there));
        let tenth = by_ours.get(9).map_or(0, |(here, _)| *here);
        let common = both.iter().take(10).filter(|(here, _)| *here >= tenth).count();
        let plain = both.iter().filter(|(here, there)| matches!(there - 1 - here, 0 | 100)).count();
        let sums = both.iter().fold((0, 0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
        println!(
            "row: {site}, {} | {:.3} | {:.3} | {common} | {:.0} % | {} | {}",
            both.len(),
            spearman(&top),
            spearman(&both),
            100.0 * plain as f64 / both.len() as f64,
            sums.0,
            sums.1,
        );
        for (here, there) in both.iter().take(5) {
            println!("figure: {site}: {there} there, {here} here");
        }
    }
    println!(
        "figure: what differs: 1 to begin with and 100 for an account on another site explain most; the rest is bounties, \
         suggested edits, and votes on posts deleted since, which a dump does not tell"
    );
    println!(
        "figure: bicycles.meta is a meta site: there people carry the reputation of its main site, which is not in the dump"
    );
}

/// Points of the members of an imported dump, by their ids there.
fn imported(dir: &Path) -> HashMap<i64, i64> {
    let place = Place::new(&[]);
    place.said(&["import", "stackexchange", &dir.display().to_string()], "");
    place.said(&["check"], "");
    let db = Db::open(place.database().url(), Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
    let rows: Vec<(Option<String>, i64)> = db
        .read_now(|c| {
            let imported = members::table.filter(members::origin.eq("import"));
            Ok::<_, Error>(imported.select((members::original_id, members::reputation)).load(c)?)
        })
        .unwrap();
    rows.into_iter().filter_map(|(id, points)| Some((id?.parse().ok()?, points))).collect()
}

/// Reputation in the dump, by member.
fn dumped(dir: &Path) -> Vec<(i64, i64)> {
    let plain = dir.join("Users.xml");
    let lines: Box<dyn BufRead> = match std::fs::File::open(&plain) {
        Ok(file) => Box::new(BufReader::new(file)),
        Err(_) => {
            let file = std::fs::File::open(dir.join("Users.xml.gz")).unwrap();
            Box::new(BufReader::new(MultiGzDecoder::new(file)))
        }
    };
    let number = |line: &str, name: &str| -> Option<i64> {
        line.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.parse().ok()
    };
    let rows = lines.lines().map(Result::unwrap);
    // −1 is the site itself.
    rows.filter_map(|line| Some((number(&line, "Id")?, number(&line, "Reputation")?)))
        .filter(|(id, _)| *id > 0)
        .collect()
}

/// Spearman's rank correlation (1904), ties sharing their mean rank: Pearson's of the ranks.
fn spearman(pairs: &[(i64, i64)]) -> f64 {
    let ranks = |of: fn(&(i64, i64)) -> i64| -> Vec<f64> {
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by_key(|place| of(&pairs[*place]));
        let mut ranks = vec![0.0; pairs.len()];
        let mut first = 0;
        while first < order.len() {
            let value = of(&pairs[order[first]]);
            let last = (first..order.len()).take_while(|at| of(&pairs[order[*at]]) == value).last().unwrap();
            for place in &order[first..=last] {
                ranks[*place] = (first + last) as f64 / 2.0;
            }
            first = last + 1;
        }
        ranks
    };
    let (a, b) = (ranks(|pair| pair.0), ranks(|pair| pair.1));
    let mean = (pairs.len() as f64 - 1.0) / 2.0;
    let product =
        |x: &[f64], y: &[f64]| -> f64 { x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum() };
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

#[test]
fn the_rank_correlation_agrees_with_a_published_example() {
    // Ten pairs of intelligence and hours of television: −29/165 (Wikipedia, "Spearman's rank correlation coefficient").
    let pairs = [
        (106, 7),
        (100, 27),
        (86, 2),
        (101, 50),
        (99, 28),
        (103, 29),
        (97, 20),
        (113, 12),
        (112, 6),
        (110, 17),
    ];
    assert!((spearman(&pairs) + 29.0 / 165.0).abs() < 1e-9);
}
