//! A page of a thread that is kept, and the slots in it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::Serialize;
use tera::Context;

use super::Glance;
use crate::posts::Outlined;
use crate::questions::pages::{AnswerForm, Mine, MyComment, MyPost, PostKind, ThreadPage};
use crate::threads::{compose, relation, view};
use crate::web::Problem;
use crate::web::holes::{Hole, Piece, weight};
use crate::web::pieces::{kept, kept_part};

/// A page without what is its viewer's own.
pub struct KeptPage {
    /// Where it is.
    pub url: String,
    pieces: Vec<Piece>,
    sites: Vec<Site>,
    /// Bytes of all kept variants of its slots.
    variants: AtomicUsize,
}

/// Bytes that the variants of a page's slots may take. They count from the start, so that the bound holds.
pub(super) const VARIANTS: usize = 16_000;

/// A slot of a page.
struct Site {
    what: What,
    variants: RwLock<Vec<(i64, Arc<[Piece]>)>>,
}

/// What a slot under a post shows of it.
#[derive(Clone, Copy, Serialize)]
struct ShownPost {
    id: i64,
    kind: PostKind,
    score: i64,
    accepted: bool,
    /// The question it belongs to.
    question: i64,
    /// Of a question: people who have it too.
    affected: i64,
    edited: bool,
}

/// What a slot shows, as far as it is the same for everybody.
enum What {
    /// Under a question or an answer.
    Post { shown: ShownPost, outlined: Outlined },
    /// Behind a comment.
    Comment(Outlined),
    /// For moderators.
    Moderation,
    /// The form for an answer.
    Reply,
    /// Where answers would be.
    NoAnswers,
    /// How often it was seen.
    Views,
}

impl KeptPage {
    /// Renders it with holes where the viewer's own belongs.
    pub(super) fn render(
        site_name: &str,
        locale: &str,
        mut page: ThreadPage,
        view: &view::View,
    ) -> Result<KeptPage, Problem> {
        let mut sites = Vec::new();
        let mut site = |what: What| {
            sites.push(Site { what, variants: RwLock::default() });
            Some(Hole::slot(sites.len() - 1).mark())
        };
        let (affected, id) = (page.thread.affected.people, page.thread.id);
        let thread = &mut page.thread;
        let posts = std::iter::once((&thread.question.post, &mut thread.question.mine, &view.question))
            .chain(
                thread
                    .answers
                    .iter_mut()
                    .zip(&view.answers)
                    .map(|(answer, row)| (&answer.post, &mut answer.mine, row)),
            );
        for (post, mine, row) in posts {
            let shown = ShownPost {
                id: post.id,
                kind: post.kind,
                score: post.score,
                accepted: post.accepted.is_some(),
                question: id,
                affected: if post.kind == PostKind::Question { affected } else { 0 },
                edited: post.edited.is_some(),
            };
            mine.hole = site(What::Post { shown, outlined: compose::outlined(&row.post) });
            let comments = view.comments_of(post.id).iter();
            mine.comments = comments
                .map(|comment| MyComment {
                    hole: site(What::Comment(compose::outlined(&comment.post))),
                    ..MyComment::default()
                })
                .collect();
        }
        page.mine.hole = site(What::Moderation);
        page.answer_form.hole = site(What::Reply);
        page.answer_form.none_hole = site(What::NoAnswers);
        page.thread.views_hole = site(What::Views);
        Ok(KeptPage {
            url: page.thread.url.clone(),
            pieces: kept(site_name, locale, &page)?,
            sites,
            variants: AtomicUsize::new(0),
        })
    }

    /// What fills a slot for this viewer.
    ///
    /// # Errors
    /// When it cannot be rendered, which is our mistake.
    pub fn slot(&self, glance: &Glance, number: usize) -> Result<Arc<[Piece]>, Problem> {
        let Some(site) = self.sites.get(number) else { return Ok(Arc::from([])) };
        let filling = site.filling(glance);
        let variant = filling.code(glance);
        let kept = site.variants.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pieces)) = kept.iter().find(|(code, _)| *code == variant) {
            return Ok(pieces.clone());
        }
        drop(kept);
        let pieces = filling.render(&site.what, glance)?;
        if matches!(filling, Filling::Views) {
            // Only ever grows: what it was is of no more use.
            *site.variants.write().unwrap_or_else(PoisonError::into_inner) = vec![(variant, pieces.clone())];
            return Ok(pieces);
        }
        let bytes = weight(&pieces) + size_of::<(i64, Arc<[Piece]>)>();
        if self.variants.fetch_add(bytes, Ordering::Relaxed) + bytes <= VARIANTS {
            let mut kept = site.variants.write().unwrap_or_else(PoisonError::into_inner);
            if kept.iter().all(|(code, _)| *code != variant) {
                kept.push((variant, pieces.clone()));
            } else {
                self.variants.fetch_sub(bytes, Ordering::Relaxed);
            }
        } else {
            self.variants.fetch_sub(bytes, Ordering::Relaxed);
        }
        Ok(pieces)
    }

    /// Bytes its slots take by themselves, what they hold of the thread included.
    pub(super) fn weight_of_sites(&self) -> usize {
        self.sites.len() * size_of::<Site>()
    }

    /// Its pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

/// What one viewer has in one slot.
enum Filling {
    Post(MyPost, Option<Mine>),
    Comment(MyComment),
    Moderation(Mine),
    Form,
    Views,
}

impl Site {
    fn filling(&self, glance: &Glance) -> Filling {
        let (me, facts) = (glance.me, &glance.facts);
        let head = || relation::to_question(me, facts, glance.following, glance.affected, glance.knows);
        match &self.what {
            What::Post { outlined, shown } => {
                let is_question = shown.kind == PostKind::Question;
                let vote = glance.votes.get(&outlined.id).copied().unwrap_or(0);
                Filling::Post(relation::to_post(me, facts, outlined, vote), is_question.then(head))
            }
            What::Comment(outlined) => Filling::Comment(relation::to_text(me, facts, outlined)),
            What::Moderation => Filling::Moderation(head()),
            What::Reply | What::NoAnswers => Filling::Form,
            What::Views => Filling::Views,
        }
    }
}

impl Filling {
    /// A number for it: equal where it looks the same.
    fn code(&self, glance: &Glance) -> i64 {
        let bits = |flags: &[bool]| flags.iter().fold(0_i64, |code, flag| code << 1 | i64::from(*flag));
        match self {
            Filling::Post(mine, head) => {
                let head = head.as_ref().map_or(0, |head| {
                    bits(&[
                        true,
                        head.following,
                        head.affected,
                        head.may_be_affected,
                        head.may_claim,
                        head.may_release,
                        head.may_hand_over,
                    ])
                });
                let rights = bits(&[
                    mine.may_vote,
                    mine.may_accept,
                    mine.may_unaccept,
                    mine.may_edit,
                    mine.may_suggest,
                    mine.may_delete,
                    mine.may_undelete,
                    mine.may_endorse,
                    mine.may_unendorse,
                    mine.may_remove,
                ]);
                let cost = if mine.may_remove { mine.removal_cost } else { 0 };
                // Head and rights take 19 bits.
                (cost << 32) | ((head << 12 | rights) << 2) | (mine.vote + 1)
            }
            Filling::Comment(mine) => bits(&[mine.may_edit, mine.may_delete, mine.may_undelete]),
            Filling::Moderation(mine) => bits(&[mine.may_close, mine.may_reopen, mine.may_see_candidates]),
            Filling::Form => i64::from(glance.facts.asker == Some(glance.me.id)),
            Filling::Views => glance.views,
        }
    }

    fn render(&self, what: &What, glance: &Glance) -> Result<Arc<[Piece]>, Problem> {
        let mut args = Context::new();
        let locale = &glance.key.locale;
        match self {
            Filling::Post(mine, head) => {
                if let What::Post { shown, .. } = what {
                    args = Context::from_serialize(shown).map_err(Problem::broken)?;
                }
                args.insert("mine", mine);
                match head {
                    Some(head) => args.insert("head", head),
                    None => args.insert("head", &serde_json::Map::new()),
                }
                kept_part(locale, "slot_post", &args)
            }
            Filling::Comment(mine) => {
                if let What::Comment(outlined) = what {
                    args.insert("id", &outlined.id);
                }
                args.insert("mine", mine);
                kept_part(locale, "slot_comment", &args)
            }
            Filling::Moderation(mine) => {
                args.insert("id", &glance.key.id);
                args.insert("mine", mine);
                kept_part(locale, "slot_moderation", &args)
            }
            Filling::Form => {
                let form = AnswerForm {
                    refused: relation::answers_refused(&glance.facts),
                    own_question: glance.facts.asker == Some(glance.me.id),
                    ..Default::default()
                };
                args.insert("form", &form);
                if matches!(what, What::Reply) {
                    args.insert("id", &glance.key.id);
                    return kept_part(locale, "slot_reply", &args);
                }
                kept_part(locale, "slot_no_answers", &args)
            }
            Filling::Views => {
                args.insert("n", &glance.views);
                kept_part(locale, "slot_views", &args)
            }
        }
    }
}
