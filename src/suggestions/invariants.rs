//! What `peerhall check` recounts of suggested edits.

use crate::db::invariants::Invariant;

/// What must hold of suggested edits.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "a post's waiting suggestions are counted",
        statement: "SELECT posts.id AS subject, CAST(posts.suggestions AS TEXT) AS stored, \
                    CAST(coalesce(waiting.n, 0) AS TEXT) AS counted FROM posts \
                    LEFT JOIN (SELECT post_id, count(*) AS n FROM suggestions WHERE decided_at IS NULL \
                               GROUP BY post_id) AS waiting ON waiting.post_id = posts.id \
                    WHERE posts.suggestions <> coalesce(waiting.n, 0)",
    },
    Invariant {
        name: "the version that an approved suggestion made is there, and its suggester's or its decider's",
        statement: "SELECT suggestions.id AS subject, CAST(suggestions.version AS TEXT) AS stored, \
                    'no such version of either' AS counted FROM suggestions \
                    JOIN posts ON posts.id = suggestions.post_id \
                    LEFT JOIN revisions ON revisions.post_id = suggestions.post_id \
                      AND revisions.number = suggestions.version \
                      AND revisions.editor_id IN (suggestions.suggester_id, suggestions.decided_by) \
                    WHERE suggestions.version IS NOT NULL AND revisions.number IS NULL \
                      AND NOT (posts.version = suggestions.version \
                               AND posts.edited_by IN (suggestions.suggester_id, suggestions.decided_by))",
    },
    Invariant {
        name: "a suggestion that was undone had been approved",
        statement: "SELECT id AS subject, state AS stored, 'approved' AS counted FROM suggestions \
                    WHERE undone_at IS NOT NULL AND state <> 'approved'",
    },
];
