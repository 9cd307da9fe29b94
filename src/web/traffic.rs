//! What was answered since the start, for the metrics: counts by class of status, and how long answers took.

use std::time::Duration;

use actix_web::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper bounds of the buckets, in seconds: from a page out of memory to one that somebody gives up on.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Class {
    class: &'static str,
}

/// Answers since the start. Cloning shares.
#[derive(Clone, Debug)]
pub struct Traffic {
    answers: Family<Class, Counter>,
    seconds: Histogram,
}

impl Default for Traffic {
    fn default() -> Traffic {
        Traffic { answers: Family::default(), seconds: Histogram::new(BUCKETS) }
    }
}

impl Traffic {
    /// Counts one answer.
    pub fn count(&self, status: StatusCode, took: Duration) {
        let class = match status.as_u16() {
            0..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.answers.get_or_create(&Class { class }).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    /// Makes it known to whoever collects.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("http_answers", "Answers, by class of status", self.answers.clone());
        let help = "From the request's head to the answer's head";
        registry.register_with_unit("http_answer", help, Unit::Seconds, self.seconds.clone());
    }
}
