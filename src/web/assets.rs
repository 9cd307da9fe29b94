//! Static files: embedded, named by their content, compressed once.
//!
//! A file `app.css` is served as `/static/app.3f2a9c1b.css`, where the eight digits are the start of the SHA-256
//! of its bytes; so it may be cached for ever. Does not speak HTTP: a route turns an [`Asset`] into an answer.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{LazyLock, OnceLock};

use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static/"]
struct StaticFiles;

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::embedded);

/// One static file.
pub struct Asset {
    /// Path under which it is served, fingerprint included.
    pub url: String,
    /// Value of the `Content-Type` header.
    pub content_type: &'static str,
    /// The file as it is.
    pub bytes: Vec<u8>,
    gzip: OnceLock<Option<Vec<u8>>>,
}

impl Asset {
    /// The file compressed with gzip, made at the first call; `None` when compressing gains nothing.
    pub fn gzip(&self) -> Option<&[u8]> {
        let compress = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&self.bytes).and_then(|()| encoder.finish()).ok()
        };
        let small = |zipped: &Vec<u8>| zipped.len() < self.bytes.len();
        self.gzip.get_or_init(|| compress().filter(small)).as_deref()
    }
}

struct Assets {
    by_url: BTreeMap<String, Asset>,
    url_by_path: BTreeMap<String, String>,
}

/// The address of a static file, such as `/static/app.3f2a9c1b.css` for `app.css`; `None` when there is no such file.
#[must_use]
pub fn url(path: &str) -> Option<&'static str> {
    ASSETS.url_by_path.get(path).map(String::as_str)
}

/// The file served under a fingerprinted address, such as `/static/app.3f2a9c1b.css`. An address with another
/// fingerprint (of an older or newer version) finds nothing.
#[must_use]
pub fn by_url(url: &str) -> Option<&'static Asset> {
    ASSETS.by_url.get(url)
}

/// A file by its plain name, for addresses that are fixed from outside such as `/favicon.ico`.
#[must_use]
pub fn by_path(path: &str) -> Option<&'static Asset> {
    url(path).and_then(by_url)
}

/// All static files.
pub fn all() -> impl Iterator<Item = &'static Asset> {
    ASSETS.by_url.values()
}

impl Assets {
    fn embedded() -> Self {
        let mut assets = Self { by_url: BTreeMap::new(), url_by_path: BTreeMap::new() };
        for path in StaticFiles::iter() {
            let Some(file) = StaticFiles::get(&path) else { continue };
            let fingerprint: String =
                file.metadata.sha256_hash().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let url = match path.rsplit_once('.') {
                Some((stem, extension)) => format!("/static/{stem}.{fingerprint}.{extension}"),
                None => format!("/static/{path}.{fingerprint}"),
            };
            let asset = Asset {
                url: url.clone(),
                content_type: content_type(&path),
                bytes: file.data.into_owned(),
                gzip: OnceLock::new(),
            };
            assets.by_url.insert(url.clone(), asset);
            assets.url_by_path.insert(path.into_owned(), url);
        }
        assets
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ico") => "image/x-icon",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{Asset, all, by_path, by_url, url};

    #[test]
    fn a_static_file_is_found_by_its_fingerprinted_address_only() {
        let address = url("app.css").unwrap();
        assert!(address.starts_with("/static/app.") && address.ends_with(".css"));
        assert_eq!(by_url(address).unwrap().content_type, "text/css; charset=utf-8");
        assert!(by_url("/static/app.css").is_none());
        assert!(by_url("/static/app.00000000.css").is_none());
        assert!(by_url("/static/../Cargo.toml").is_none());
    }

    #[test]
    fn a_compressed_file_is_smaller_and_unpacks_to_itself() {
        let file = by_path("app.css").unwrap();
        let zipped = file.gzip().unwrap();
        let mut back = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(zipped), &mut back).unwrap();
        assert_eq!(back, file.bytes);
    }

    #[test]
    fn what_a_page_waits_for_fits_into_the_first_packets_of_a_connection() {
        // Ten packets are sent before the first is acknowledged (RFC 6928): some 14,600 bytes.
        let as_sent = |asset: &Asset| asset.gzip().map_or(asset.bytes.len(), <[u8]>::len);
        let later = ["favicon", "drafts", "live", "ask"];
        let waited = |a: &&Asset| later.iter().all(|name| !a.url.contains(name));
        let sum: usize = all().filter(waited).map(as_sent).sum();
        assert!(sum < 12_500, "{sum} bytes as sent");
        // The scripts that come after the first paint are few, too.
        let whole: usize = all().map(as_sent).sum();
        assert!(whole < 17_000, "{whole} bytes as sent");
    }

    #[test]
    fn nothing_static_is_served_as_an_unknown_type() {
        assert!(all().all(|a| a.content_type != "application/octet-stream"));
    }
}
