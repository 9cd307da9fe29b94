//! Recall at 1, 5 and 10, the mean reciprocal rank, and nDCG at 10 (Järvelin and Kekäläinen, 2002), each with its standard
//! error; and by how much one ranking is better than another.

use std::collections::HashMap;

/// Figures over all queries, each with its standard error.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Figures {
    /// Queries that have a judgement.
    pub queries: usize,
    /// Of the relevant, so many are the first.
    pub recall_1: Figure,
    /// Are among the first five.
    pub recall_5: Figure,
    /// Are among the first ten.
    pub recall_10: Figure,
    /// One by the place of the first relevant one.
    pub mrr: Figure,
    /// Normalised discounted cumulative gain.
    pub ndcg_10: Figure,
}

/// A mean and its standard error.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Figure {
    /// The mean.
    pub mean: f64,
    /// The standard error of the mean.
    pub error: f64,
}

/// Relevances by query and document.
pub type Judgements = HashMap<String, HashMap<String, f64>>;

/// A query's id and what was ranked for it, best first.
pub type Ranked = (String, Vec<String>);

/// Figures from what was ranked for each query that has judgements.
pub fn figures(ranked: &[Ranked], judgements: &Judgements) -> Figures {
    means(&each(ranked, judgements))
}

/// By how much the first is better than the second, query by query: the mean difference of each figure, with the
/// standard error of that mean. Both have ranked the same queries in the same order.
pub fn difference(first: &[Ranked], second: &[Ranked], judgements: &Judgements) -> Figures {
    let (mut first, second) = (each(first, judgements), each(second, judgements));
    for (first, second) in first.iter_mut().zip(&second) {
        for (one, other) in first.iter_mut().zip(second) {
            *one -= other;
        }
    }
    means(&first)
}

/// Of each query with judgements: recall at 1, 5 and 10, reciprocal rank, nDCG at 10.
fn each(ranked: &[Ranked], judgements: &Judgements) -> [Vec<f64>; 5] {
    let mut each: [Vec<f64>; 5] = Default::default();
    for (query, ranked) in ranked {
        let Some(relevant) = judgements.get(query).filter(|relevant| !relevant.is_empty()) else { continue };
        let all = relevant.len() as f64;
        let recall = |most: usize| {
            ranked.iter().take(most).filter(|id| relevant.contains_key(*id)).count() as f64 / all
        };
        each[0].push(recall(1));
        each[1].push(recall(5));
        each[2].push(recall(10));
        let first = ranked.iter().position(|id| relevant.contains_key(id));
        each[3].push(first.map_or(0.0, |place| 1.0 / (place as f64 + 1.0)));
        each[4].push(ndcg(ranked, relevant));
    }
    each
}

fn means(each: &[Vec<f64>; 5]) -> Figures {
    let [recall_1, recall_5, recall_10, mrr, ndcg_10] = each.each_ref().map(|values| mean(values));
    Figures { queries: each[0].len(), recall_1, recall_5, recall_10, mrr, ndcg_10 }
}

fn ndcg(ranked: &[String], relevant: &HashMap<String, f64>) -> f64 {
    let gain = |relevance: f64, place: usize| (relevance.exp2() - 1.0) / (place as f64 + 2.0).log2();
    let found = ranked.iter().take(10).enumerate();
    let found: f64 =
        found.map(|(place, id)| relevant.get(id).map_or(0.0, |relevance| gain(*relevance, place))).sum();
    let mut best: Vec<f64> = relevant.values().copied().collect();
    best.sort_by(|one, other| other.total_cmp(one));
    let best: f64 = best.iter().take(10).enumerate().map(|(place, relevance)| gain(*relevance, place)).sum();
    if best > 0.0 { found / best } else { 0.0 }
}

fn mean(values: &[f64]) -> Figure {
    let n = values.len() as f64;
    if values.is_empty() {
        return Figure { mean: 0.0, error: 0.0 };
    }
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    Figure { mean, error: (variance / n).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relevant_document_in_first_place_is_all_there_is_to_gain() {
        let ranked = vec![("q".to_owned(), vec!["a".to_owned(), "b".to_owned()])];
        let judgements = HashMap::from([("q".to_owned(), HashMap::from([("a".to_owned(), 1.0)]))]);
        let figures = figures(&ranked, &judgements);
        assert_eq!((figures.mrr.mean, figures.ndcg_10.mean, figures.recall_1.mean), (1.0, 1.0, 1.0));
    }

    #[test]
    fn a_difference_is_that_of_the_same_queries() {
        let ranked = |first: &str, second: &str| -> Vec<Ranked> {
            let other = |id: &str| if id == "a" { "b" } else { "a" };
            let of = |query: &str, id: &str| (query.to_owned(), vec![id.to_owned(), other(id).to_owned()]);
            vec![of("q", first), of("p", second)]
        };
        let wanted = HashMap::from([("a".to_owned(), 1.0)]);
        let judgements = HashMap::from([("q".to_owned(), wanted.clone()), ("p".to_owned(), wanted)]);
        let found = difference(&ranked("a", "b"), &ranked("b", "b"), &judgements);
        assert_eq!((found.mrr.mean, found.recall_1.mean, found.recall_5.mean), (0.25, 0.5, 0.0));
        assert_eq!(found.mrr.error, 0.25);
    }
}
