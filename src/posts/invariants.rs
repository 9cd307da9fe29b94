//! What `peerhall check` recounts of posts.

use crate::db::invariants::Invariant;

/// What must hold of posts.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "a post's votes are its members' and its import's",
        statement: "SELECT posts.id AS subject, \
                    CAST(posts.up AS TEXT) || '/' || CAST(posts.down AS TEXT) AS stored, \
                    CAST(coalesce(cast_votes.up, 0) + coalesce(tallies.up, 0) AS TEXT) || '/' || \
                    CAST(coalesce(cast_votes.down, 0) + coalesce(tallies.down, 0) AS TEXT) AS counted \
                    FROM posts \
                    LEFT JOIN (SELECT post_id, sum(CASE WHEN value = 1 THEN 1 ELSE 0 END) AS up, \
                               sum(CASE WHEN value = -1 THEN 1 ELSE 0 END) AS down FROM votes WHERE annulled_by IS NULL GROUP BY post_id) \
                               AS cast_votes ON cast_votes.post_id = posts.id \
                    LEFT JOIN (SELECT post_id, sum(up) AS up, sum(down) AS down FROM imported_tallies GROUP BY post_id) \
                               AS tallies ON tallies.post_id = posts.id \
                    WHERE posts.up <> coalesce(cast_votes.up, 0) + coalesce(tallies.up, 0) \
                       OR posts.down <> coalesce(cast_votes.down, 0) + coalesce(tallies.down, 0)",
    },
    Invariant {
        name: "every post has its text",
        statement: "SELECT posts.id AS subject, kind AS stored, 'no text' AS counted FROM posts \
                    LEFT JOIN post_texts ON post_texts.post_id = posts.id WHERE post_texts.post_id IS NULL",
    },
    Invariant {
        name: "every post belongs to a question's thread and its space",
        statement: "SELECT posts.id AS subject, 'space ' || CAST(posts.space_id AS TEXT) AS stored, \
                    'space ' || coalesce(CAST(questions.space_id AS TEXT), 'none') AS counted FROM posts \
                    LEFT JOIN questions ON questions.post_id = posts.thread_id \
                    WHERE questions.post_id IS NULL OR questions.space_id <> posts.space_id",
    },
    Invariant {
        name: "a post's version is one more than its last revision's",
        statement: "SELECT posts.id AS subject, CAST(posts.version AS TEXT) AS stored, \
                    CAST(max(revisions.number) + 1 AS TEXT) AS counted \
                    FROM posts JOIN revisions ON revisions.post_id = posts.id \
                    GROUP BY posts.id, posts.version HAVING posts.version <> max(revisions.number) + 1",
    },
    Invariant {
        name: "members' counts are what they wrote that is listed",
        // Both summed together: a full join would compare each with each.
        statement: "SELECT member_id AS subject, \
                    CAST(sum(stored) AS TEXT) || ': ' || CAST(sum(questions) AS TEXT) || '/' || \
                    CAST(sum(answers) AS TEXT) || '/' || CAST(sum(accepted) AS TEXT) AS stored, \
                    CAST(max(counted) AS TEXT) || ': ' || CAST(sum(q) AS TEXT) || '/' || CAST(sum(a) AS TEXT) || '/' || \
                    CAST(sum(c) AS TEXT) AS counted FROM (\
                      SELECT member_id, space_id, 1 AS stored, questions, answers, accepted, \
                             0 AS counted, 0 AS q, 0 AS a, 0 AS c FROM member_counts \
                      UNION ALL \
                      SELECT author_id, space_id, 0, 0, 0, 0, 1, 1, 0, 0 \
                      FROM questions WHERE listed AND author_id IS NOT NULL \
                      UNION ALL \
                      SELECT posts.author_id, posts.space_id, 0, 0, 0, 0, 1, 0, 1, \
                             CASE WHEN questions.accepted_id = posts.id THEN 1 ELSE 0 END \
                      FROM posts JOIN questions ON questions.post_id = posts.thread_id \
                      WHERE posts.kind = 'answer' AND posts.visibility = 'open' AND posts.deleted_at IS NULL \
                        AND posts.merged_into IS NULL AND questions.listed AND posts.author_id IS NOT NULL\
                    ) AS compared GROUP BY member_id, space_id \
                    HAVING sum(stored) <> max(counted) OR sum(questions) <> sum(q) OR sum(answers) <> sum(a) \
                        OR sum(accepted) <> sum(c)",
    },
];
