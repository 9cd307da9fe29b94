//! `./prove relevance`: how good similar questions are, beside plain BM25, on judgements that people made.
//!
//! Communities are imported as they are, answers included, and asked with their own questions; sets of pairs are asked
//! as they stand. Links are taken out of the queries. Nothing is asserted about how good it is.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use peerhall::db::{Db, Sizes};
use peerhall::search::evaluate::{
    Engine, Figure, Figures, Judgements, Over, Ranked, Text, difference, figures, texts_of,
};
use peerhall::search::find::Weights;

use crate::harness::{Folder, Place};
use crate::imports::unpacked;

#[test]
#[ignore = "takes minutes and the shared data: run by ./prove relevance"]
fn proof_of_relevance() {
    let data =
        std::env::var_os("PEERHALL_SHARED_DATA").expect("PEERHALL_SHARED_DATA names the data's folder");
    let data = Path::new(&data);
    println!("row: ");
    println!("row: set, queries | engine | recall@1 | recall@5 | recall@10 | MRR | nDCG@10");
    println!("row: --- | --- | ---: | ---: | ---: | ---: | ---:");
    let folder = Folder::new();
    let forum = |what: &str| data.join("support-forum").join(format!("thunderbird-2024-{what}.jsonl.gz"));
    let (questions, answers) = (shown(&forum("questions")), shown(&forum("answers")));
    let import = ["import", "kitsune", "--questions", &questions, "--answers", &answers];
    community(
        "Thunderbird 2024, related",
        "thunderbird-2024",
        &import,
        &judgements(data, "thunderbird-2024-related"),
    );
    for site in ["ai.stackexchange.com", "bicycles.meta.stackexchange.com", "iot.stackexchange.com"] {
        let dir = data.join("stackexchange").join(site);
        let dir =
            if dir.is_dir() { dir } else { unpacked(&dir.with_file_name(format!("{site}.7z")), &folder) };
        let import = ["import", "stackexchange", &shown(&dir)];
        community(site, site, &import, &judgements(data, &format!("{site}-postlinks")));
    }
    english(data);
    quora(data);
}

/// Imports a community and asks it its own questions.
fn community(name: &str, source: &str, import: &[&str], judgements: &Judgements) {
    let place = Place::new(&[]);
    place.said(import, "");
    place.said(&["reindex"], "");
    let db = Db::open(place.database().url(), Sizes { readers: 1, writers: 1, queue: 8 }).unwrap();
    let queries = asked(texts_of(&db, source).unwrap(), judgements);
    let search = place.folder().join("peerhall_search_dir");
    let over = |engine| Over::place(engine, &db, &search, Some(source), Weights::default()).unwrap();
    compare(name, &queries, judgements, &over(Engine::Bm25), &over(Engine::Peerhall));
}

fn english(data: &Path) {
    let text = unzipped(&data.join("search/english-se-questions.jsonl.gz"));
    let documents: Vec<Text> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let pairs = std::fs::read_to_string(data.join("search/english-se-duplicates.tsv")).unwrap();
    pairs_of(
        "English Stack Exchange, duplicates",
        &documents,
        &related(&pairs, "q1_id", "q2_id", "duplicate"),
    );
}

fn quora(data: &Path) {
    let text = unzipped(&data.join("search/quora-pairs.tsv.gz"));
    let documents: HashMap<String, String> = rows(&text)
        .into_iter()
        .flat_map(|row| {
            let text = |id: &str, title: &str| (row[id].to_owned(), row[title].to_owned());
            [text("qid1", "question1"), text("qid2", "question2")]
        })
        .collect();
    let mut documents: Vec<Text> =
        documents.into_iter().map(|(id, title)| Text { id, title, body: String::new() }).collect();
    documents.sort_by(|one, other| one.id.cmp(&other.id));
    pairs_of("Quora, duplicates", &documents, &related(&text, "qid1", "qid2", "is_duplicate"));
}

fn pairs_of(name: &str, documents: &[Text], judgements: &Judgements) {
    let over = |engine| Over::documents(engine, documents, Weights::default()).unwrap();
    let queries = asked(documents.to_vec(), judgements);
    compare(name, &queries, judgements, &over(Engine::Bm25), &over(Engine::Peerhall));
}

fn compare(name: &str, queries: &[Text], judgements: &Judgements, plain: &Over, ours: &Over) {
    let ranked = |over: &Over| -> Vec<Ranked> {
        queries.iter().map(|query| (query.id.clone(), over.rank(query).unwrap())).collect()
    };
    let (plain, ours) = (ranked(plain), ranked(ours));
    let before = figures(&plain, judgements);
    row(&format!("{name}, {}", before.queries), "BM25", &before, false);
    row("", "Peerhall", &figures(&ours, judgements), false);
    let gained = difference(&ours, &plain, judgements);
    row("", "difference", &gained, true);
    println!(
        "figure: {name}: recall@10 {}, MRR {} of plain BM25's",
        times(gained.recall_10, before.recall_10),
        times(gained.mrr, before.mrr)
    );
}

fn times(gained: Figure, before: Figure) -> String {
    format!("{:+.0} ± {:.0} %", 100.0 * gained.mean / before.mean, 100.0 * gained.error / before.mean)
}

fn row(name: &str, engine: &str, figures: &Figures, signed: bool) {
    let all = [figures.recall_1, figures.recall_5, figures.recall_10, figures.mrr, figures.ndcg_10];
    let cell = |figure: Figure| match signed {
        true => format!("{:+.3} ± {:.3}", figure.mean, figure.error),
        false => format!("{:.3} ± {:.3}", figure.mean, figure.error),
    };
    println!("row: {name} | {engine} | {}", all.map(cell).join(" | "));
}

fn asked(texts: Vec<Text>, judgements: &Judgements) -> Vec<Text> {
    let mut texts: Vec<Text> = texts.into_iter().filter(|text| judgements.contains_key(&text.id)).collect();
    texts.sort_by(|one, other| one.id.cmp(&other.id));
    texts
}

fn judgements(data: &Path, name: &str) -> Judgements {
    let text = std::fs::read_to_string(data.join("search").join(format!("{name}.qrels.tsv"))).unwrap();
    related(&text, "query_id", "doc_id", "relevance")
}

fn related(text: &str, query: &str, document: &str, relevance: &str) -> Judgements {
    let mut judgements = Judgements::new();
    for row in rows(text) {
        let relevance: f64 = row[relevance].trim().parse().unwrap();
        if relevance > 0.0 {
            judgements.entry(row[query].to_owned()).or_default().insert(row[document].to_owned(), relevance);
        }
    }
    judgements
}

/// Tab-separated rows by the names of the header.
fn rows(text: &str) -> Vec<HashMap<&str, &str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    lines.map(|line| header.iter().copied().zip(line.split('\t')).collect()).collect()
}

fn unzipped(path: &Path) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
