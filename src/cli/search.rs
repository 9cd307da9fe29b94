//! `peerhall search eval`: how good suggestions are, on judgements that people made.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use flate2::read::MultiGzDecoder;

use super::{Place, Stop};
use crate::config::Config;
use crate::search::evaluate::{Engine, Figures, Judgements, Over, Text, figures};
use crate::search::find::Weights;

/// What can be asked of the search from here.
#[derive(Subcommand, Debug)]
pub(super) enum SearchCommand {
    /// Measure similar questions on judgements: recall@1/5/10, MRR, nDCG@10, each with its standard error
    Eval(EvalArgs),
}

/// Its flags.
#[derive(clap::Args, Debug)]
pub(super) struct EvalArgs {
    /// Queries: JSON lines {id, title, body}, plain or gzip
    #[arg(long)]
    queries: PathBuf,
    /// Judgements: tab-separated with the header `query_id doc_id relevance`
    #[arg(long)]
    qrels: PathBuf,
    /// Documents: JSON lines {id, title, body}; without it, the questions of --source in the index of this place
    #[arg(long)]
    docs: Option<PathBuf>,
    /// The source of an import, whose original ids the judgements name
    #[arg(long)]
    source: Option<String>,
    /// Which engine
    #[arg(long, value_enum, default_value = "peerhall")]
    engine: Engine,
    /// Try another weight than the one in use, such as `k1=2`, to tune: title, gist, replies, k1, b, rarity,
    /// asked-title, k3, cosine
    #[arg(long = "weight", value_name = "NAME=NUMBER")]
    weights: Vec<String>,
    /// Write what was ranked here, in TREC's run format
    #[arg(long)]
    run: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, command: &SearchCommand) -> Result<(), Stop> {
    match command {
        SearchCommand::Eval(args) => eval(config, args),
    }
}

fn eval(config: &Config, args: &EvalArgs) -> Result<(), Stop> {
    let judgements = judgements(&args.qrels)?;
    let queries: Vec<Text> =
        texts(&args.queries)?.into_iter().filter(|query| judgements.contains_key(&query.id)).collect();
    if queries.is_empty() {
        return Err(Stop::Refused("no query has a judgement: do the ids of both files agree?".to_owned()));
    }
    let weights = weights(&args.weights)?;
    let over = match &args.docs {
        Some(docs) => Over::documents(args.engine, &texts(docs)?, weights).map_err(index)?,
        None => {
            let place = Place::existing(config)?;
            Over::place(args.engine, &place.db, &config.search_dir, args.source.as_deref(), weights)
                .map_err(|why| Stop::Refused(why.to_string()))?
        }
    };
    let mut ranked = Vec::with_capacity(queries.len());
    for query in &queries {
        ranked.push((query.id.clone(), over.rank(query).map_err(index)?));
    }
    if let Some(file) = &args.run {
        write_run(file, &ranked, args.engine)?;
    }
    report(&figures(&ranked, &judgements), args.json)
}

fn weights(set: &[String]) -> Result<Weights, Stop> {
    let mut weights = Weights::default();
    for set in set {
        let (name, value) = set.split_once('=').unwrap_or((set, ""));
        let value = value.parse().ok().filter(|value: &f32| value.is_finite() && *value >= 0.0);
        if !value.is_some_and(|value| weights.set(name, value)) {
            return Err(Stop::Refused(format!(
                "`{set}` is no weight: say a name and a number, such as `k1=2`"
            )));
        }
    }
    Ok(weights)
}

fn index(error: tantivy::TantivyError) -> Stop {
    Stop::Refused(format!("the index failed: {error}"))
}

/// Reads a file of JSON lines, unpacking it where it is gzip.
fn texts(path: &Path) -> Result<Vec<Text>, Stop> {
    let mut texts = Vec::new();
    for (number, line) in lines(path)?.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let text = serde_json::from_str(&line)
            .map_err(|error| Stop::Refused(format!("{}, line {}: {error}", path.display(), number + 1)))?;
        texts.push(text);
    }
    Ok(texts)
}

fn judgements(path: &Path) -> Result<Judgements, Stop> {
    let mut lines = lines(path)?.lines();
    let header = lines.next().transpose()?.unwrap_or_default();
    let header: Vec<&str> = header.trim_start_matches('\u{feff}').split('\t').map(str::trim).collect();
    let column = |name: &str| {
        let missing = || Stop::Refused(format!("{} has no column `{name}`", path.display()));
        header.iter().position(|known| *known == name).ok_or_else(missing)
    };
    let (query, document, relevance) = (column("query_id")?, column("doc_id")?, column("relevance")?);
    let mut judgements: Judgements = HashMap::new();
    for line in lines {
        let line = line?;
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let (Some(query), Some(document)) = (cells.get(query), cells.get(document)) else { continue };
        let relevance: f64 = cells.get(relevance).and_then(|cell| cell.parse().ok()).unwrap_or(0.0);
        if relevance > 0.0 {
            judgements.entry((*query).to_owned()).or_default().insert((*document).to_owned(), relevance);
        }
    }
    Ok(judgements)
}

fn lines(path: &Path) -> Result<Box<dyn BufRead>, Stop> {
    let open =
        || File::open(path).map_err(|why| Stop::Refused(format!("cannot read {}: {why}", path.display())));
    let mut begin = [0; 2];
    let read = open()?.read(&mut begin)?;
    let file = open()?;
    Ok(if read == 2 && begin == [0x1f, 0x8b] {
        Box::new(BufReader::new(MultiGzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    })
}

/// TREC's format: query, a constant, document, rank, score, name of the run.
fn write_run(path: &Path, ranked: &[(String, Vec<String>)], engine: Engine) -> Result<(), Stop> {
    let mut out = std::io::BufWriter::new(File::create(path)?);
    let name = match engine {
        Engine::Peerhall => "peerhall",
        Engine::Bm25 => "bm25",
    };
    for (query, documents) in ranked {
        for (place, document) in documents.iter().enumerate() {
            writeln!(out, "{query} Q0 {document} {} {} {name}", place + 1, documents.len() - place)?;
        }
    }
    Ok(out.flush()?)
}

fn report(figures: &Figures, json: bool) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(figures).map_err(std::io::Error::other)?)?;
        return Ok(());
    }
    writeln!(out, "queries    {}", figures.queries)?;
    for (name, figure) in [
        ("recall@1", figures.recall_1),
        ("recall@5", figures.recall_5),
        ("recall@10", figures.recall_10),
        ("MRR", figures.mrr),
        ("nDCG@10", figures.ndcg_10),
    ] {
        writeln!(out, "{name:<10} {:.4} ± {:.4}", figure.mean, figure.error)?;
    }
    Ok(())
}
