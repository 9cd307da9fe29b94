//! Hashing passwords: argon2id (RFC 9106) on threads of its own, so that no async worker waits for it.
//!
//! The queue is bounded: when it is full the caller is told to come back. Checking an address that has no
//! password costs the same as checking one that has. Passwords are never logged, and never leave this file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use crossbeam_channel::Sender;
use tokio::sync::oneshot;

use super::password_rules::{Fault, LONGEST, judge, normalised};
use crate::web::secret::random_token;
use crate::web::{FieldProblem, Problem};

/// 19 MiB, two passes, one lane: the first choice of OWASP's Password Storage Cheat Sheet.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Waiting at most, some two seconds of work for two threads.
const QUEUE: usize = 128;

/// The threads that hash; cheap to share.
pub struct Passwords {
    work: Sender<Box<dyn FnOnce() + Send>>,
    nobody: Arc<str>,
}

/// What checking a password found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Another one, or there is none.
    Wrong,
    /// The one; when it was hashed with parameters of former times, the hash that should replace it.
    Right {
        /// The same password hashed as we do now.
        rehashed: Option<String>,
    },
}

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The rules do not take this password.
    #[error(transparent)]
    Refused(#[from] Fault),
    /// Too many wait already.
    #[error("too many passwords are being checked")]
    Busy,
    /// Our mistake, or the system's.
    #[error("a password could not be hashed: {0}")]
    Broken(String),
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Problem {
        match error {
            PasswordError::Refused(fault) => Problem::invalid_field(FieldProblem::from(fault)),
            PasswordError::Busy => Problem::busy(),
            PasswordError::Broken(why) => Problem::broken(why),
        }
    }
}

impl Passwords {
    /// Starts the threads, one per core.
    ///
    /// # Errors
    /// When the system gives no thread or no randomness.
    pub fn start() -> Result<Passwords, PasswordError> {
        let broken = |error: std::io::Error| PasswordError::Broken(error.to_string());
        let (work, queue) = crossbeam_channel::bounded::<Box<dyn FnOnce() + Send>>(QUEUE);
        for number in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            let queue = queue.clone();
            let work = move || {
                for job in queue {
                    // The asker of a job that broke off is told by its answer never coming.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            };
            std::thread::Builder::new().name(format!("password-{number}")).spawn(work).map_err(broken)?;
        }
        let nobody = random_token().map_err(|error| PasswordError::Broken(error.to_string()))?;
        Ok(Passwords { work, nobody: hash(&nobody)?.into() })
    }

    /// The hash of a new password that the rules take; `least` and `known` as in [`judge`].
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn take(
        &self,
        password: &str,
        least: usize,
        known: Vec<String>,
    ) -> Result<String, PasswordError> {
        // So long a text is not even normalised, let alone hashed.
        let password = bounded(password).ok_or(Fault::Long)?.to_owned();
        self.run(move || take_now(&password, least, &known)).await?
    }

    /// [`Passwords::take`] for a form: None when the rules refuse it, noted among what is `wrong`.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] or [`PasswordError::Broken`].
    pub async fn take_typed(
        &self,
        typed: &str,
        least: usize,
        known: Vec<String>,
        wrong: &mut Vec<FieldProblem>,
    ) -> Result<Option<String>, PasswordError> {
        match self.take(typed, least, known).await {
            Ok(hash) => Ok(Some(hash)),
            Err(PasswordError::Refused(fault)) => {
                wrong.push(fault.into());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Checks a password against a member's hash, or against nobody's where there is none.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] or [`PasswordError::Broken`].
    pub async fn check(&self, password: &str, kept: Option<String>) -> Result<Checked, PasswordError> {
        let password = bounded(password).unwrap_or_default().to_owned();
        let nobody = self.nobody.clone();
        self.run(move || {
            let right = verify(&password, kept.as_deref().unwrap_or(&nobody))?;
            match kept {
                Some(kept) if right => {
                    let rehashed = if is_current(&kept) { None } else { Some(hash(&password)?) };
                    Ok(Checked::Right { rehashed })
                }
                _ => Ok(Checked::Wrong),
            }
        })
        .await?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move || {
            // Who asked may have gone away while this waited.
            if !answer.is_closed() {
                drop(answer.send(work()));
            }
        });
        self.work.try_send(job).map_err(|_| PasswordError::Busy)?;
        answered.await.map_err(|_| PasswordError::Broken("the work broke off".to_owned()))
    }
}

/// [`Passwords::take`] on the calling thread, for commands.
///
/// # Errors
/// [`PasswordError::Refused`] or [`PasswordError::Broken`].
pub fn take_now(password: &str, least: usize, known: &[String]) -> Result<String, PasswordError> {
    let password = normalised(password);
    judge(&password, least, known)?;
    hash(&password)
}

/// None for a text far too long to be worth normalising; the rules count what is left afterwards.
fn bounded(password: &str) -> Option<&str> {
    (password.len() <= LONGEST * 16).then_some(password)
}

fn hash(password: &str) -> Result<String, PasswordError> {
    let broken = |error: String| PasswordError::Broken(error);
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| broken(error.to_string()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash =
        argon2.hash_password(normalised(password).as_bytes()).map_err(|error| broken(error.to_string()))?;
    Ok(hash.to_string())
}

fn verify(password: &str, kept: &str) -> Result<bool, PasswordError> {
    let kept = PasswordHash::new(kept).map_err(|error| PasswordError::Broken(error.to_string()))?;
    Ok(Argon2::default().verify_password(normalised(password).as_bytes(), &kept).is_ok())
}

fn is_current(kept: &str) -> bool {
    kept.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_a_phc_string_of_the_current_parameters() {
        let hash = hash("correct horse battery staple").unwrap();
        assert!(is_current(&hash), "{hash}");
        assert!(verify("correct horse battery staple", &hash).unwrap());
        assert!(!verify("correct horse battery stapler", &hash).unwrap());
    }

    #[tokio::test]
    async fn a_member_without_a_password_is_answered_like_a_wrong_password() {
        let passwords = Passwords::start().unwrap();
        assert_eq!(passwords.check("whatever it is", None).await.unwrap(), Checked::Wrong);
        let kept = hash("correct horse battery staple").unwrap();
        assert_eq!(passwords.check("whatever it is", Some(kept)).await.unwrap(), Checked::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_former_parameters_is_replaced_when_its_password_is_right() {
        let passwords = Passwords::start().unwrap();
        let params = Params::new(64, 1, 1, None).unwrap();
        let old: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password(b"correct horse battery staple")
            .unwrap();
        let checked = passwords.check("correct horse battery staple", Some(old.to_string())).await.unwrap();
        let Checked::Right { rehashed: Some(fresh) } = checked else { panic!("{checked:?}") };
        assert!(is_current(&fresh));
    }
}
