//! `/metrics` on an address of its own: what an operator watches, as OpenMetrics text
//! (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).
//!
//! Nobody signs in there: the address is for those who run the place, and it is off unless it is set. It tells numbers
//! of the machinery, no names and no words.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::dev::Server;
use actix_web::web::{Data, get};
use actix_web::{App, HttpResponse, HttpServer};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::search::index::SearchIndex;
use crate::web::traffic::Traffic;

/// Gathers what there is to tell.
pub fn registry(traffic: &Traffic, index: Arc<SearchIndex>) -> Registry {
    let mut registry = Registry::with_prefix("peerhall");
    let version = vec![("version", env!("CARGO_PKG_VERSION"))];
    registry.register("build", "The program that runs", Info::new(version));
    traffic.register(&mut registry);
    registry.register_collector(Box::new(SearchFigures(index)));
    registry
}

/// Serves them. The server is to be run by the caller; the address may have had port 0.
///
/// # Errors
/// The address cannot be listened on.
pub fn serve(address: SocketAddr, registry: Registry) -> std::io::Result<(SocketAddr, Server)> {
    let listener = TcpListener::bind(address)?;
    let address = listener.local_addr()?;
    let registry = Data::new(registry);
    let app = move || App::new().app_data(registry.clone()).route("/metrics", get().to(tell));
    let server = HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(1).listen(listener)?;
    Ok((address, server.run()))
}

async fn tell(registry: Data<Registry>) -> HttpResponse {
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(text),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

/// How far the index is, read at the moment of telling.
struct SearchFigures(Arc<SearchIndex>);

impl fmt::Debug for SearchFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SearchFigures").field(self.0.figures()).finish()
    }
}

impl Collector for SearchFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let figures = self.0.figures();
        let (end, cursor) = (figures.end.load(Ordering::Relaxed), figures.cursor.load(Ordering::Relaxed));
        let seconds = figures.behind.load(Ordering::Relaxed) as f64 / 1_000_000.0;
        let gauges: [(&str, &str, f64); 6] = [
            ("search_lag_events", "Events that are not in the index yet", (end - cursor).max(0) as f64),
            ("search_lag_seconds", "Age of the oldest event that is not in the index yet", seconds),
            (
                "search_whole",
                "1 while the index is whole, 0 while it is built or repaired",
                self.0.is_whole().into(),
            ),
            ("search_bytes", "Bytes of the index on disk", figures.bytes.load(Ordering::Relaxed) as f64),
            (
                "search_built_threads",
                "Threads that a build under way has read",
                figures.built.load(Ordering::Relaxed) as f64,
            ),
            (
                "search_to_build_threads",
                "Threads there are for it to read",
                figures.to_build.load(Ordering::Relaxed) as f64,
            ),
        ];
        for (name, help, value) in gauges {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            ConstGauge::new(value).encode(metric)?;
        }
        let rebuilt = ConstCounter::new(figures.rebuilt.load(Ordering::Relaxed));
        let help = "Times the index was built anew since the start";
        rebuilt.encode(encoder.encode_descriptor("search_rebuilds", help, None, MetricType::Counter)?)
    }
}
