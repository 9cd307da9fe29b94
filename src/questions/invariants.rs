//! What `peerhall check` recounts of questions.

use crate::db::invariants::Invariant;

/// What must hold of questions.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "a question's answers are those that are visible",
        statement: "SELECT questions.post_id AS subject, \
                    CAST(questions.answers AS TEXT) || '/' || CAST(questions.answers_by_others AS TEXT) || '/' || \
                    CAST(questions.endorsed AS TEXT) AS stored, \
                    CAST(coalesce(visible.n, 0) AS TEXT) || '/' || CAST(coalesce(visible.others, 0) AS TEXT) || '/' || \
                    CAST(coalesce(visible.endorsed, 0) AS TEXT) AS counted \
                    FROM questions LEFT JOIN (\
                      SELECT posts.thread_id, count(*) AS n, \
                             sum(CASE WHEN asked.author_id IS NOT NULL AND posts.author_id = asked.author_id \
                                      THEN 0 ELSE 1 END) AS others, \
                             sum(CASE WHEN posts.endorsed_at IS NULL THEN 0 ELSE 1 END) AS endorsed \
                      FROM posts JOIN questions AS asked ON asked.post_id = posts.thread_id \
                      WHERE posts.kind = 'answer' AND posts.visibility = 'open' AND posts.deleted_at IS NULL \
                        AND posts.merged_into IS NULL GROUP BY posts.thread_id\
                    ) AS visible ON visible.thread_id = questions.post_id \
                    WHERE questions.answers <> coalesce(visible.n, 0) \
                       OR questions.answers_by_others <> coalesce(visible.others, 0) \
                       OR questions.endorsed <> coalesce(visible.endorsed, 0)",
    },
    Invariant {
        name: "a question's score and listing are its post's",
        statement: "SELECT questions.post_id AS subject, CAST(questions.score AS TEXT) AS stored, \
                    CAST(posts.up - posts.down AS TEXT) || ' ' || posts.visibility AS counted \
                    FROM questions JOIN posts ON posts.id = questions.post_id \
                    WHERE questions.score <> posts.up - posts.down \
                       OR (CASE WHEN questions.listed THEN 1 ELSE 0 END) <> \
                          (CASE WHEN posts.visibility = 'open' AND posts.deleted_at IS NULL \
                                     AND posts.merged_into IS NULL THEN 1 ELSE 0 END)",
    },
    Invariant {
        name: "a question's state columns say what its facts say",
        statement: "SELECT post_id AS subject, 'state columns' AS stored, 'facts' AS counted FROM questions \
                    WHERE (CASE WHEN closed THEN 1 ELSE 0 END) <> (CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END) \
                       OR (CASE WHEN solved THEN 1 ELSE 0 END) <> \
                          (CASE WHEN accepted_id IS NOT NULL OR endorsed > 0 THEN 1 ELSE 0 END) \
                       OR (CASE WHEN unsolved THEN 1 ELSE 0 END) <> \
                          (CASE WHEN closed_at IS NULL AND accepted_id IS NULL AND endorsed = 0 THEN 1 ELSE 0 END) \
                       OR (CASE WHEN unanswered THEN 1 ELSE 0 END) <> \
                          (CASE WHEN closed_at IS NULL AND accepted_id IS NULL AND endorsed = 0 \
                                     AND answers_by_others = 0 THEN 1 ELSE 0 END)",
    },
    Invariant {
        name: "an accepted answer is a visible answer of its question",
        statement: "SELECT questions.post_id AS subject, CAST(questions.accepted_id AS TEXT) AS stored, \
                    'not visible there' AS counted FROM questions \
                    LEFT JOIN posts ON posts.id = questions.accepted_id AND posts.thread_id = questions.post_id \
                      AND posts.kind = 'answer' AND posts.deleted_at IS NULL \
                    WHERE questions.accepted_id IS NOT NULL AND posts.id IS NULL",
    },
    Invariant {
        name: "a question's followers are counted",
        statement: "SELECT questions.post_id AS subject, CAST(questions.followers AS TEXT) AS stored, \
                    CAST(coalesce(following.n, 0) AS TEXT) AS counted FROM questions \
                    LEFT JOIN (SELECT question_id, count(*) AS n FROM follows GROUP BY question_id) AS following \
                      ON following.question_id = questions.post_id \
                    WHERE questions.followers <> coalesce(following.n, 0)",
    },
    Invariant {
        name: "those who have it too are counted as people and as organisations",
        statement: "SELECT questions.post_id AS subject, \
                    CAST(questions.affected_people AS TEXT) || '/' || \
                    CAST(questions.affected_organisations AS TEXT) || '/' || \
                    CAST(questions.affected_imported AS TEXT) AS stored, \
                    CAST(coalesce(counted.n, 0) AS TEXT) || '/' || CAST(coalesce(counted.o, 0) AS TEXT) || '/' || \
                    CAST(coalesce(imported_affected.people, 0) AS TEXT) AS counted FROM questions \
                    LEFT JOIN (SELECT question_id, count(*) AS n, count(DISTINCT organisation_key) AS o \
                               FROM affected GROUP BY question_id) AS counted \
                      ON counted.question_id = questions.post_id \
                    LEFT JOIN imported_affected ON imported_affected.question_id = questions.post_id \
                    WHERE questions.affected_people <> coalesce(counted.n, 0) \
                       OR questions.affected_organisations <> coalesce(counted.o, 0) \
                       OR questions.affected_imported <> coalesce(imported_affected.people, 0)",
    },
    Invariant {
        name: "tags' counts are the listed questions with them",
        // Both summed together: a full join would compare each with each.
        statement: "SELECT tag_id AS subject, CAST(sum(stored) AS TEXT) || ': ' || CAST(sum(questions) AS TEXT) AS stored, \
                    CAST(max(counted) AS TEXT) || ': ' || CAST(sum(n) AS TEXT) AS counted FROM (\
                      SELECT tag_id, space_id, 1 AS stored, questions, 0 AS counted, 0 AS n FROM tag_counts \
                      UNION ALL \
                      SELECT question_tags.tag_id, questions.space_id, 0, 0, 1, 1 FROM question_tags \
                      JOIN questions ON questions.post_id = question_tags.question_id WHERE questions.listed\
                    ) AS compared GROUP BY tag_id, space_id \
                    HAVING sum(stored) <> max(counted) OR sum(questions) <> sum(n)",
    },
    Invariant {
        name: "the follower of thread counters found no difference",
        statement: "SELECT question_id AS subject, stored, recounted AS counted FROM counter_drifts",
    },
];
