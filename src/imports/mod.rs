//! Imports.
pub mod input;
pub mod instant;
pub mod kitsune;
pub mod progress;
pub mod report;
#[cfg(test)]
mod scratch;
pub mod stackexchange;
pub mod tags;

/// Text that both databases can hold: PostgreSQL has no U+0000 in text, so it becomes U+FFFD.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}
