//! Random tokens, their hashes, and what the site's secret vouches for.
//!
//! Tokens carry 256 random bits and are stored as SHA-256: they need no slow hash. What the secret vouches
//! for is bound to a purpose, so that a token for one thing is no token for another.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The site's secret; never shown.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A secret from configuration or the database.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Secret {
        Secret(bytes.into())
    }

    /// HMAC-SHA-256 over `purpose` and `subject`, base64url.
    pub fn vouch(&self, purpose: &str, subject: &str) -> String {
        // HMAC takes keys of any length (RFC 2104), so this cannot fail; an empty answer vouches for nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(subject.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Whether `given` is what [`Secret::vouch`] answers; takes the same time wherever they differ.
    pub fn vouches(&self, purpose: &str, subject: &str, given: &str) -> bool {
        let right = self.vouch(purpose, subject);
        !right.is_empty() && bool::from(right.as_bytes().ct_eq(given.as_bytes()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// A new token of 256 random bits, base64url.
///
/// # Errors
/// When the system has no randomness to give.
pub fn random_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// SHA-256, hexadecimal: how tokens are stored and request bodies compared.
pub fn digest(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
