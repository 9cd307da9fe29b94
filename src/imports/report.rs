//! The account of an import: what became of every input row.
//!
//! Promise: for each kind, read = kept + the skipped, which [`Report::check`] verifies against counts taken
//! independently (the reader counts what it read, the importer what it decided). What happened to rows that
//! were kept (a tag cut, a body kept as HTML) is noted beside it and adds nothing to the sum.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// A reason, or the name of something noted. Reasons are few: they never hold anything of a single row.
pub type Reason = Cow<'static, str>;

/// The account of one kind of row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Rows read.
    pub read: u64,
    /// Rows that are in the hall now, whether this run brought them or an earlier one.
    pub kept: u64,
    /// Rows that are not, by reason.
    pub skipped: BTreeMap<Reason, u64>,
    /// What happened to kept rows.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub noted: BTreeMap<Reason, u64>,
}

/// Accounts by kind. As JSON: `{kind: {read, kept, skipped: {reason: n}, noted?: {what: n}}}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Report {
    kinds: BTreeMap<&'static str, Account>,
}

/// A kind whose rows are not all accounted for: a defect of the importer, not of the data.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {read} rows were read, but {accounted} are accounted for")]
pub struct Unaccounted {
    pub kind: &'static str,
    pub read: u64,
    pub accounted: u64,
}

impl Report {
    /// Makes `kind` appear even if no row of it is met.
    pub fn expect(&mut self, kind: &'static str) {
        self.kinds.entry(kind).or_default();
    }

    /// Counts `n` rows read.
    pub fn read(&mut self, kind: &'static str, n: u64) {
        self.kinds.entry(kind).or_default().read += n;
    }

    /// Counts `n` rows kept.
    pub fn kept(&mut self, kind: &'static str, n: u64) {
        self.kinds.entry(kind).or_default().kept += n;
    }

    /// Counts `n` rows skipped for `reason`.
    pub fn skipped(&mut self, kind: &'static str, reason: impl Into<Reason>, n: u64) {
        if n > 0 {
            *self.kinds.entry(kind).or_default().skipped.entry(reason.into()).or_default() += n;
        }
    }

    /// Counts something that happened to kept rows.
    pub fn noted(&mut self, kind: &'static str, what: impl Into<Reason>, n: u64) {
        if n > 0 {
            *self.kinds.entry(kind).or_default().noted.entry(what.into()).or_default() += n;
        }
    }

    /// The account of `kind`, where there is one.
    pub fn of(&self, kind: &str) -> Option<&Account> {
        self.kinds.get(kind)
    }

    /// Adds the counts of `other`, as a batch does when it is committed.
    pub fn add(&mut self, other: &Report) {
        for (kind, account) in &other.kinds {
            self.read(kind, account.read);
            self.kept(kind, account.kept);
            for (reason, n) in &account.skipped {
                self.skipped(kind, reason.clone(), *n);
            }
            for (what, n) in &account.noted {
                self.noted(kind, what.clone(), *n);
            }
        }
    }

    /// Verifies that every row read was kept or skipped.
    ///
    /// # Errors
    /// The first kind of which that is not true.
    pub fn check(&self) -> Result<(), Unaccounted> {
        for (kind, account) in &self.kinds {
            let accounted = account.kept + account.skipped.values().sum::<u64>();
            if accounted != account.read {
                return Err(Unaccounted { kind, read: account.read, accounted });
            }
        }
        Ok(())
    }
}

/// A table for people: kinds, then the reasons and notes of each below it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.kinds.keys().map(|kind| kind.len()).max().unwrap_or(0).max("kind".len());
        writeln!(f, "{:width$}  {:>12}  {:>12}  {:>12}", "kind", "read", "kept", "skipped")?;
        for (kind, account) in &self.kinds {
            let skipped = grouped(account.skipped.values().sum());
            let (read, kept) = (grouped(account.read), grouped(account.kept));
            writeln!(f, "{kind:width$}  {read:>12}  {kept:>12}  {skipped:>12}")?;
            for (reason, n) in &account.skipped {
                writeln!(f, "  {:>12}  skipped: {reason}", grouped(*n))?;
            }
            for (what, n) in &account.noted {
                writeln!(f, "  {:>12}  {what}", grouped(*n))?;
            }
        }
        Ok(())
    }
}

/// A count with commas between groups of three digits.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Report {
        let mut report = Report::default();
        report.expect("links");
        report.read("votes", 12_347);
        report.kept("votes", 12_000);
        report.skipped("votes", "bounty start", 340);
        report.skipped("votes", "on a post that was not imported", 7);
        report.skipped("votes", "never", 0);
        report.noted("votes", "tags beyond five", 2);
        report
    }

    #[test]
    fn json_is_read_kept_and_skipped_by_reason_and_kind() {
        assert_eq!(
            serde_json::to_value(sample()).unwrap(),
            serde_json::json!({
                "links": {"read": 0, "kept": 0, "skipped": {}},
                "votes": {
                    "read": 12347, "kept": 12000,
                    "skipped": {"bounty start": 340, "on a post that was not imported": 7},
                    "noted": {"tags beyond five": 2},
                },
            })
        );
    }

    #[test]
    fn a_row_read_but_neither_kept_nor_skipped_is_found() {
        let mut report = sample();
        assert_eq!(report.check(), Ok(()));
        report.read("votes", 1);
        assert_eq!(report.check(), Err(Unaccounted { kind: "votes", read: 12_348, accounted: 12_347 }));
    }

    #[test]
    fn adding_reports_adds_every_count() {
        let mut twice = sample();
        twice.add(&sample());
        let votes = twice.of("votes").unwrap();
        assert_eq!((votes.read, votes.kept, votes.skipped["bounty start"]), (24_694, 24_000, 680));
        assert_eq!(votes.noted["tags beyond five"], 4);
        assert_eq!(twice.check(), Ok(()));
    }

    #[test]
    fn the_table_lines_up_and_shows_every_reason() {
        let expected = "\
kind           read          kept       skipped
links             0             0             0
votes        12,347        12,000           347
           340  skipped: bounty start
             7  skipped: on a post that was not imported
             2  tags beyond five
";
        assert_eq!(sample().to_string(), expected);
    }

    #[test]
    fn counts_are_grouped_by_three() {
        for (n, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(n), text);
        }
    }
}
