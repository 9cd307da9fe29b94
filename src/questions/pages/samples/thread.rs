use super::{space, tags};
use crate::questions::pages::{
    Affected, Answer, AnswerForm, Closing, Comment, Deleted, Edited, LinkedQuestion, Mark, Mine, MyComment,
    MyPost, NextStep, Notice, Origin, Post, PostKind, Question, State, Thread, ThreadPage, WaitingFor,
};
use crate::text::SafeHtml;
use crate::web::gallery::{DAY, HOUR, MINUTE, NOW, Sample, person, stranger};
use crate::web::pages::{Author, FieldErrors, Link};
use crate::web::shell::Role;

const QUESTION: &str = "<p>Since the update to <strong>4.2</strong> the tap is warm, then lukewarm, then warm again. The tank itself shows 52&nbsp;°C all the time, so I think the mixing valve is told the wrong thing.</p>
<p>What I tried so far:</p>
<ul><li>the legionella programme, set to Sunday</li><li>the controller off the mains for a minute</li><li>the <em>comfort</em> curve back to its default</li></ul>
<p>The log says this every ten minutes:</p>
<pre><code>2026-11-18T06:10:02 mix: set=48.0 is=41.2 valve=100% WARN target unreachable, falling back to eco_profile_2 (reason=sensor_mismatch, sensors=[t_tank_top,t_tank_mid])
2026-11-18T06:10:04 mix: set=41.0 is=41.2 valve=63%
</code></pre>
<p>Model is a Fjord 8 with board revision D. Does anybody else see that?</p>";

const ACCEPTED: &str = "<p>Yes, and it can be undone. Version 4.2 reads the <em>middle</em> sensor for the mixing valve, and on board revision D the middle and the bottom sensor are swapped.</p>
<ol><li>Open <strong>Settings → Service → Sensors</strong> (the code is <code>0808</code>).</li><li>Tap <em>t_tank_mid</em>, choose <strong>input 3</strong>.</li><li>Leave with <em>Store</em>, not with the back arrow.</li></ol>
<p>You know that it worked when the log shows <code>sensor_mismatch</code> no more. These are the inputs by revision:</p>
<table><thead><tr><th>Board</th><th>t_tank_top</th><th>t_tank_mid</th><th>t_tank_bottom</th><th>Mixing valve feedback</th><th>Circulation pump</th><th>Firmware that reads it right</th></tr></thead><tbody><tr><td>B, C</td><td>input 1</td><td>input 2</td><td>input 3</td><td>0–10 V</td><td>relay 4</td><td>all</td></tr><tr><td>D</td><td>input 1</td><td>input 3</td><td>input 2</td><td>2–10 V</td><td>relay 5</td><td>4.2.1 and later</td></tr></tbody></table>";

const ENDORSED: &str = "<p>Confirmed from our side: revision D boards shipped from June 2026 have inputs 2 and 3 swapped. <a href=\"https://example.org\" rel=\"nofollow noopener\">4.2.1</a> reads the revision and does the right thing by itself; until then do what Marek wrote.</p>
<blockquote><p>Does it harm the compressor to leave it as it is?</p></blockquote><p>No. It only wastes a little energy.</p>";

const REST: [&str; 5] = [
    "<p>Same here, also a Fjord 8. Swapping the sensor inputs helped at once, thank you.</p>",
    "<p>Before you open anything: look at the sticker inside the left door. It says the revision. Mine was C and the cause was a clogged strainer in the cold water inlet, which looks exactly the same from the tap.</p><p>https://hall.fjordvarm.example/files/service/fjord-8/hydraulics/strainer_cleaning_and_replacement_instructions_2026-06_revision_D_en_GB.pdf</p>",
    "<p dir=\"auto\">نعم، حدثت نفس المشكلة معي بعد التحديث إلى الإصدار 4.2. بعد تبديل المدخلين عادت المياه ساخنة كما كانت.</p>",
    "<p>うちも同じでした。設定メニューから入力を切り替えたら直りました。</p>",
    "<h2>A way around without the service code</h2><p>Set the hot water target to 55&nbsp;°C for a week. It costs a little more but nobody showers cold.</p><pre><code>target: 55\nprofile: comfort\n</code></pre>",
];

fn comment(id: i64, author: Author, ago: i64, html: &str) -> Comment {
    Comment {
        id,
        author,
        guru: false,
        created_at: NOW - ago,
        html: SafeHtml::from_stored(html.to_owned()),
        edited: None,
        deleted: None,
    }
}

fn post(id: i64, kind: PostKind, author: Author, ago: i64, html: &str, score: i64) -> Post {
    Post {
        id,
        kind,
        author,
        guru: false,
        created_at: NOW - ago,
        html: SafeHtml::from_stored(html.to_owned()),
        language: None,
        score,
        edited: None,
        accepted: None,
        endorsed: None,
        origin: None,
        deleted: None,
        comments: Vec::new(),
    }
}

fn reader() -> MyPost {
    MyPost { may_vote: true, may_comment: true, ..MyPost::default() }
}

fn question() -> Question {
    let tomas = person(12, "Tomáš Novák", Role::Customer);
    let mut post = post(1, PostKind::Question, tomas.clone(), 3 * DAY, QUESTION, 23);
    post.edited = Some(Edited { at: NOW - 2 * DAY, by: Some(person(2, "Marek Dvořák", Role::Moderator)) });
    post.comments = vec![
        comment(
            101,
            person(5, "佐藤 美咲", Role::Customer),
            3 * DAY - HOUR,
            "<p>Which board revision? It is on the sticker inside the left door.</p>",
        ),
        comment(
            102,
            tomas,
            3 * DAY - 2 * HOUR,
            "<p>Revision <code>D</code>, made in July. I added it to the question.</p>",
        ),
    ];
    let comments =
        vec![MyComment::default(), MyComment { may_edit: true, may_delete: true, ..MyComment::default() }];
    Question { post, mine: MyPost { vote: 1, comments, ..reader() } }
}

fn answers() -> Vec<Answer> {
    let tomas = person(12, "Tomáš Novák", Role::Customer);
    let mut accepted =
        post(14, PostKind::Answer, person(2, "Marek Dvořák", Role::Moderator), 2 * DAY, ACCEPTED, 31);
    accepted.accepted = Some(Mark { by: tomas, at: NOW - DAY });
    accepted.endorsed = Some(Mark { by: person(3, "Solveig Nygård", Role::Staff), at: NOW - 20 * HOUR });
    accepted.comments =
        vec![comment(103, stranger("petewalton"), DAY, "<p>The code is different for installers.</p>")];
    let mut endorsed =
        post(15, PostKind::Answer, person(3, "Solveig Nygård", Role::Staff), DAY, ENDORSED, 12);
    endorsed.endorsed = Some(Mark { by: person(21, "Jonas Berg", Role::Staff), at: NOW - 3 * HOUR });
    let mut all = vec![
        Answer { post: accepted, mine: MyPost { vote: 1, ..reader() } },
        Answer { post: endorsed, mine: reader() },
    ];
    let people = [
        "عمر الحسيني",
        "pip",
        "Wolfeschlegelsteinhausenbergerdorff Hubertus",
        "Ólafur Þór",
        "Nguyễn Thị Minh Khai",
    ];
    for (at, html) in REST.iter().cycle().take(28).enumerate() {
        let id = 20 + at as i64;
        let author = person(id, people[at % people.len()], Role::Customer);
        let post = post(id, PostKind::Answer, author, 20 * HOUR - id * 10 * MINUTE, html, 6 - id % 8);
        all.push(Answer { post, mine: MyPost { vote: if at == 3 { -1 } else { 0 }, ..reader() } });
    }
    all[4].post.language = Some("ar".into());
    all[3].mine =
        MyPost { own: true, may_edit: true, may_delete: true, may_comment: true, ..MyPost::default() };
    all[4].post.deleted =
        Some(Deleted { at: NOW - HOUR, by: person(3, "Solveig Nygård", Role::Staff), marked: true });
    all[4].mine = MyPost { may_undelete: true, ..MyPost::default() };
    all[6].mine = MyPost { may_remove: true, removal_cost: 50, ..reader() };
    all[3].post.guru = true;
    all[5].post.origin = Some(Origin { source: "thunderbird-2023".into() });
    all
}

fn page() -> ThreadPage {
    let link = |title: &str, state, duplicate| LinkedQuestion {
        url: "/questions/9/a-slug".into(),
        title: title.into(),
        state,
        duplicate,
    };
    ThreadPage {
        thread: Thread {
            id: 1,
            url: "/questions/1/hot-water-turns-lukewarm".into(),
            title: "Hot water turns lukewarm after ten minutes since controller update 4.2".into(),
            space: space("controller", "Controller and app"),
            tags: tags(&["hot-water", "controller-4.2", "mixing-valve"]),
            fields: vec![
                ("Firmware".into(), "4.2.0 (build 1187)".into()),
                ("Board revision".into(), "D".into()),
            ],
            state: State::Solved,
            closing: None,
            next_step: None,
            notice: None,
            affected: Affected { people: 23, organisations: 9, imported: 4 },
            followers: 31,
            views: 1_840,
            views_hole: None,
            created_at: NOW - 3 * DAY,
            last_activity_at: NOW - HOUR,
            question: question(),
            solution_id: Some(14),
            answers: answers(),
            links: vec![
                link("Shower goes cold, then warm, then cold", State::Closed, true),
                link("Where is the mixing valve on a Fjord 8?", State::Solved, false),
                link("Legionella programme runs twice", State::Unanswered, false),
            ],
        },
        mine: Mine { following: true, affected: false, may_be_affected: true, ..Mine::default() },
        answer_form: AnswerForm::default(),
    }
}

/// The asker looks at the first answers of an open question.
fn asker() -> ThreadPage {
    let mut page = page();
    page.thread.state = State::Open;
    page.thread.next_step =
        Some(NextStep { who: WaitingFor::Peers, by: None, since: Some(NOW - 3 * DAY), due_at: None });
    page.thread.links.clear();
    page.thread.answers.truncate(4);
    for answer in &mut page.thread.answers {
        answer.post.accepted = None;
        answer.mine.may_accept = true;
    }
    page.thread.question.mine = MyPost {
        own: true,
        may_edit: true,
        may_delete: true,
        may_comment: true,
        comments: vec![
            MyComment::default(),
            MyComment { may_edit: true, may_delete: true, ..MyComment::default() },
        ],
        ..MyPost::default()
    };
    page.mine = Mine { following: true, ..Mine::default() };
    page.answer_form = AnswerForm { own_question: true, ..AnswerForm::default() };
    page
}

/// Nobody has answered; a notice stands on top.
fn waiting() -> ThreadPage {
    let mut page = page();
    page.thread.state = State::Unanswered;
    page.thread.title = "Error E47 after a power cut, the pump does not start".into();
    page.thread.answers.clear();
    page.thread.links.clear();
    page.thread.next_step = Some(NextStep { who: WaitingFor::None, by: None, since: None, due_at: None });
    page.thread.notice = Some(Notice {
        html: SafeHtml::from_stored("<p>We can reproduce E47 on firmware 4.2.0 and are testing a fix. Your pump is safe; switching it off at the breaker for five minutes clears the error.</p>".into()),
        by: person(3, "Solveig Nygård", Role::Staff),
        at: NOW - 4 * HOUR,
        next_update_at: Some(NOW + 20 * HOUR),
    });
    page.thread.affected = Affected { people: 1, organisations: 1, imported: 0 };
    let mut errors = FieldErrors::default();
    errors.add("body", "An answer has at least 20 characters; this one has 8.");
    page.answer_form = AnswerForm { body: "Same :-(".into(), errors, ..AnswerForm::default() };
    page
}

/// A guru is on it, and looks.
fn claimed() -> ThreadPage {
    let mut page = asker();
    page.thread.next_step = Some(NextStep {
        who: WaitingFor::Gurus,
        by: Some(person(22, "Ólafur Þór", Role::Customer)),
        since: Some(NOW - HOUR),
        due_at: Some(NOW + HOUR),
    });
    page.thread.answers.truncate(0);
    page.thread.question.post.comments[0].guru = true;
    page.thread.question.mine = reader();
    page.mine = Mine { may_release: true, may_hand_over: true, may_be_affected: true, ..Mine::default() };
    page.answer_form = AnswerForm::default();
    page
}

/// Closed as a duplicate, seen by a moderator.
fn duplicate() -> ThreadPage {
    let mut page = page();
    page.thread.state = State::Closed;
    page.thread.title = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft: warm, cold, warm, cold, warm — what on earth is going on with this shower, and why does it only ever happen at six in the morning?".into();
    page.thread.answers.truncate(1);
    page.thread.answers[0].post.accepted = None;
    page.thread.answers[0].mine = MyPost { may_unaccept: true, may_edit: true, may_delete: true, ..reader() };
    page.thread.closing = Some(Closing {
        reason: "The same valve, the same log line, one board revision.".into(),
        duplicate_of: Some(Link {
            href: "/questions/1/hot-water-turns-lukewarm".into(),
            text: "Hot water turns lukewarm after ten minutes since controller update 4.2".into(),
        }),
        by: Some(person(2, "Marek Dvořák", Role::Moderator)),
        at: Some(NOW - 5 * HOUR),
    });
    page.mine = Mine { may_reopen: true, may_close: true, ..page.mine };
    page.answer_form.refused = Some("closed");
    page
}

impl Sample for ThreadPage {
    const PATH: &'static str = "/questions/1/hot-water-turns-lukewarm";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("", page()),
            ("asker", asker()),
            ("waiting", waiting()),
            ("duplicate", duplicate()),
            ("claimed", claimed()),
        ]
    }
}
