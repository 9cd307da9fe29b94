# Every word of the interface, in English. Plain, short, kind, specific.
# An error says what happened, what was kept, what to do next.

## Frame

skip-to-content = Skip to the content
nav-label = Places
nav-questions = Questions
nav-tags = Tags
nav-people = People
nav-admin = Administration
nav-ask = Ask a question
nav-ask-short = Ask
nav-me = Your menu
nav-profile = Your profile
nav-mine = Your questions
nav-settings = Settings
nav-sign-out = Sign out
foot-promise = Peers answer first, and nobody is left without an answer.
foot-about = About this place
title-text = { $text }

## Times

time-day = { $day } { $month } { $year }
time-utc = { $day }, { $clock } UTC
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
until = until
never = never
never-ends = no end

## Search

nav-search = Search
search-title = Search
search-title-for = { $text } · Search
search-label = Search everything that was written
search-button = Search
search-help = How to search more precisely
search-help-phrase = these words, one after the other
search-help-without = without this word
search-help-tag = with this tag
search-help-user = written by this person (handle or name)
search-help-state = of solved threads; also unanswered, open, closed
search-help-kind = answers only; also question, comment
search-help-score = with at least this score
search-help-created = written since then; also 2025, 2026-03-01, 2025..2026-01
search-help-space = in this space
search-repairing = The search index is being made anew. Until it is ready, something may be missing here. Nothing that was written is lost.
search-cut = That was a lot. What stands at its end was left out.
search-not-understood = This looks like an operator and is none we know. It was searched as words:
search-did-you-mean = Did you mean
search-tags = Tags:
search-people = People:
search-total = { $n ->
    [one] One post
   *[other] { $n } posts
}
search-some-words = No post has all of these words. { $n ->
    [one] One has some of them.
   *[other] { $n } have some of them.
}
search-orders = Order
search-order-relevance = Best first
search-order-newest = Newest first
search-order-score = Highest score first
search-kind-question = Question
search-kind-answer = Answer
search-kind-comment = Comment
search-narrow = Narrow down
search-facet-state = State
search-facet-kind = Kind
search-facet-space = Space
search-facet-tag = Tags
search-facet-chosen = (chosen; leave it out)
search-none = Nobody has written about this yet
search-none-next = Try fewer or other words. Or ask: somebody here may know.
search-not-there = Not what you were looking for?

search-save = Save this search
search-saved-heading = Your saved searches
search-forget = Forget
similar-heading = This may be answered already
similar-hint = Open one to read what helped. If none fits, go on writing.
similar-answer = The answer that helped:
similar-solved = This solved it
similar-open = Open in a new tab
similar-none = None of these
similar-look = Look for questions like this one
similar-nothing = Nobody has asked this yet. Go on writing.
similar-count = # similar questions are shown below the title
related-heading = Related questions
related-title = Related: { $text }
related-none = Nothing here is like it yet
related-back = Back to the question
related-duplicate = May be the same question, for both say:
missed-title = Questions nobody has written yet
missed-hint = People searched for these in vain. A question with a good answer helps all who come after them. Each person counts once.
missed-people = { $n ->
    [one] one person
   *[other] { $n } people
}
missed-write = Write it
missed-dismiss = Take off the list
missed-none = Nobody has searched in vain
missed-none-next = What people look for and do not find will stand here.
field-too-many-saved = At most { $max } searches can be saved. Forget one first.
flash-solved-it = Good. It is noted that this thread helped.
flash-search-saved = The search is saved.
flash-search-forgotten = The saved search is forgotten.
flash-missed-dismissed = It is off the list.
typed-q = Search

## Small words

save = Save
cancel = Cancel
change = Change
revoke = Revoke
edit = Edit
edit-improve = Improve
delete = Delete
undelete = Bring back
history = History
optional = (optional)
find-button = Find
email = E-mail
password = Password
password-hint = At least { $n } characters. A few unrelated words are easy to remember and hard to guess.
your-name = Your name
your-name-hint = As others will see it. Any script is fine.
handle = Handle
handle-hint = A short name for links, without @. Letters, digits and hyphens. Left empty, one is made from your name.
shown-once = It is shown this one time. Copy it now.
pager-label = More of this list
pager-newer = Newer
pager-older = Older
pager-back = Back
pager-next = Next
problems-heading = Not saved yet.
problems-kept = Everything you typed is still here.
problems-kept-secret = Everything you typed is still here, except passwords.

## Roles, states, kinds

role-customer = Member
role-moderator = Moderator
role-staff = Staff
role-admin = Administrator
state-closed = Closed
state-solved = Solved
state-unanswered = Unanswered
state-open = Open
kind-question = Question
kind-answer = Answer
points = { $n ->
    [one] { $n } point
   *[other] { $n } points
}
score = score { $n }
questions-count = { $n ->
    [one] { $n } question
   *[other] { $n } questions
}
answers-count = { $n ->
    [one] { $n } answer
   *[other] { $n } answers
}
views-count = { $n ->
    [one] { $n } view
   *[other] { $n } views
}
followers-count = { $n ->
    [one] { $n } follower
   *[other] { $n } followers
}

## Lists of questions

list-title = Questions
list-title-tag = Questions about { $text }
list-title-space = Questions in { $text }
list-heading = Questions
list-side = Narrow the list
list-spaces = Spaces
list-tags = Tags here
list-all-tags = All tags
tabs-label = Which questions
tab-newest = Newest
tab-active = Active
tab-unanswered = Unanswered
tab-solved = Solved
tab-mine = Mine
row-active = active
row-affected = { $n } affected
tag-over = Tag
tag-leave = Show all questions
empty-heading = Nothing here
empty-next = No question fits this choice. There may be some if you look wider.
empty-all = Show all questions
empty-first-heading = The hall is open
empty-first-next = Nobody has asked anything yet. The first question sets the tone: say what you tried and what happened.
empty-mine-heading = You have not asked anything yet
empty-mine-next = When you do, you will find your questions and who acts next here.
empty-unanswered-heading = Everyone has an answer
empty-unanswered-next = No question is without one right now. Thank you.
tags-title = Tags
tags-find = Find a tag
tags-none = No such tag
tags-none-next = Try fewer letters. New tags come into being when a question uses them.

## The question page

standing-solved = An answer was confirmed.
standing-read = Read it
next-step-peers = Waiting for peers
next-step-gurus = Gurus have been asked
next-step-asker = Waiting for the asker
next-step-staff = With staff
next-step-moderator = Waiting for a moderator
next-step-none = Nothing is planned. If you know something, answer. If you need it too, press “I have this too”, or ask anew.
next-step-since = since
next-step-due = next step by
closing-label = This question is closed
closing-closed = This question is closed.
closing-duplicate = This has been asked before:
notice-label = Official notice
notice-next = next update by
facts-label = About this question
facts-affected = Have it too
facts-asked = Asked
facts-active = Last activity
facts-seen = Seen
answer-jump = Write an answer
facts-links = Related
affected-count = { $n ->
    [one] { $n } person
   *[other] { $n } people
} in { $organisations ->
    [one] { $organisations } organisation
   *[other] { $organisations } organisations
}
affected-nobody = Nobody said so yet
affected-imported = { $n } counted where this was imported from
affected-do = I have this too
affected-undo = You have this too
follow-do = Follow
follow-undo = Following
link-duplicate = asked again
asked = asked
answered = answered
edited = edited
edited-by = by
imported-from = imported from { $source }
post-by-question = Question by { $name }
post-by-answer = Answer by { $name }
mark-accepted = Accepted answer
mark-endorsed = Endorsed by staff
endorse = Endorse
unendorse = Withdraw endorsement
remove-as = Remove as …
remove-spam = Spam
remove-abuse = Abuse
remove-sure = { $n ->
    [0] Remove this and take its votes’ points from its author? It can be brought back, and those points with it. That it was accepted or endorsed ends, and would have to be said again.
   *[other] Remove this and take its votes’ points and { $n } more from its author? It can be brought back, and those points with it. That it was accepted or endorsed ends, and would have to be said again.
}
mark-by = by
deleted-question = Question deleted by
deleted-answer = Answer deleted by
deleted-comment = Comment deleted by
deleted-seen-by = Only its author and moderators see it.
deleted-marked = It was removed as spam or abuse. If it is brought back, its votes count again and its author has the points again. If it was accepted or endorsed, its asker or staff have to say so again.
vote-label-question = Vote on this question
vote-label-answer = Vote on this answer
vote-up = Useful
vote-down = Not useful
vote-score = Score
accept = This solved it
unaccept = Take back “solved”
delete-sure-question = Delete this question? Others will no longer see it or its answers. You can bring it back.
delete-sure-answer = Delete this answer? Others will no longer see it. You can bring it back.
delete-sure-accepted = Delete the accepted answer? The question will count as unsolved again. You can bring it back.
delete-sure-comment = Delete this comment? You can bring it back.
comments-label = Comments
comment-add = Add a comment
comment-label = Your comment
comment-hint = To ask for details or to add a fact. A solution belongs into an answer.
comment-button = Post comment
no-answers-next = If you know even a part of it, that helps: write what worked for you.
no-answers-wait = Details you add by editing the question make an answer more likely.
no-answers = No answers yet
answer-heading = Your answer
answer-own-heading = Found it yourself?
answer-label = Answer
answer-hint = What to do, and how to tell that it worked. Markdown is understood.
answer-own-hint = Write the solution here, for the next person. For details of the problem, edit the question instead.
answer-button = Post answer
answer-refused-closed = This question takes no more answers. The reason stands at its top. If yours is a different case, ask anew.
answer-refused-deleted = This question is deleted, so it takes no answers.
reopen = Reopen the question
close-summary = Close this question
close-reason = Reason
close-reason-hint = The asker reads it.
close-duplicate = Duplicate of
close-duplicate-hint = The number or address of the older question.
close-button = Close

## Asking and editing

ask-title = Ask a question
ask-heading = Ask a question
ask-space = Where does it belong?
ask-question = Your question in one line
ask-question-hint = What goes wrong, with what. “Hot water turns lukewarm after ten minutes” finds its answer; “Help!” does not.
ask-body = What happens, and what did you try?
ask-body-hint = What you did, what you expected, what happened instead. Exact messages help most. Markdown is understood.
ask-fields = What “{ $space }” asks besides
ask-field-choose = Choose
ask-tags = Tags
ask-tags-hint = One to { $n } words that say what it is about, separated by spaces or commas.
ask-button = Ask
ask-help-label = Help with asking
ask-help-heading = What happens next
ask-help-1 = Peers see your question at once. It stays marked as unanswered until somebody helps.
ask-help-2 = You can edit it at any time. Every version is kept.
ask-help-3 = When an answer solved it, say so: the next person finds it.
markdown-heading = Writing
markdown-bold = bold
markdown-code = code
markdown-item = an item
markdown-quote = a quotation
markdown-block = three backticks, before and after lines of code
preview = Preview
preview-write = Write
preview-failed = No preview right now. Your text is untouched.
edit-title = Edit: { $text }
edit-heading-question = Edit the question
edit-heading-answer = Edit the answer
edit-heading-comment = Edit the comment
edit-body = Text
edit-reason = Why
edit-reason-hint = A few words for the history.
edit-save = Save changes
edit-save-over = Save mine
edit-converted = This text came here as HTML and was turned into Markdown for you. The original stays in the history.
edit-improve-heading-question = Suggest an edit of the question
edit-improve-heading-answer = Suggest an edit of the answer
edit-suggest-what = Somebody else wrote this. What you send goes to its author and to reviewers, and is shown here once one of them approves it. You hear what was decided.
edit-suggest-tags = Tags you may change at once: a change of tags alone is saved without asking.
edit-tags-suggested = Changing the tags of others’ questions was taken from you. With a change of tags, what you send goes to the author and to reviewers; anything else is saved at once.
edit-suggest-waiting = You have a suggestion that waits here.
edit-suggest-waiting-link = Look at it
edit-suggest-waiting-next = A new one takes its place.
edit-suggest = Send the suggestion
edit-suggest-reason-hint = A few words for those who decide, and for the history.
conflict-heading = Somebody saved a newer version while you were writing.
conflict-next = Nothing of yours is lost. Take over from theirs what should stay, then save yours.
conflict-theirs = The text as it stands now
conflict-yours = Yours
revisions-title = History: { $text }
revisions-heading-question = History of the question
revisions-heading-answer = History of the answer
revisions-heading-comment = History of the comment
revision-first = First version
revision-number = Version { $n }
revision-title = Title
revision-tags = Tags
revision-space = Space
revision-back = Roll back to this version
revision-back-what = The title, tags and text of this version become the newest. Nothing is lost: all versions stay here. Points for suggested edits that were approved since go back.
revision-back-word = A word about why
revision-back-button = Roll back to version { $n }
flash-rolled-back = Rolled back. All versions are in the history.
flash-suggested = Sent. Its author and reviewers see it, and you hear what they decide.

## Suggested edits

suggestions-waiting = { $n ->
    [one] 1 suggested edit waiting
   *[other] { $n } suggested edits waiting
  }
suggestions-title = Suggested edits
suggestions-which = Which suggested edits
suggestions-decide = To decide
suggestions-mine = Yours
suggestions-yours = On what you wrote
suggestions-others = On what others wrote
suggestions-none = Nothing waits for you
suggestions-none-next = When somebody suggests an edit of what you wrote, it stands here and in your inbox.
suggestions-none-mine = You have suggested nothing yet
suggestions-none-mine-next = Under every question and answer you may not edit stands “Improve”.
suggestions-of-question = of the question
suggestions-of-answer = of an answer
suggestion-state-waiting = waiting
suggestion-state-approved = approved
suggestion-state-rejected = not taken
suggestion-state-withdrawn = withdrawn
suggestion-undone = rolled back since
suggestion-title = Suggested edit: { $text }
suggestion-heading-question = Suggested edit of the question
suggestion-heading-answer = Suggested edit of the answer
suggestion-heading-comment = Suggested edit of the comment
suggestion-own-waiting = Your suggestion waits for the author, an editor or a moderator.
suggestion-withdraw = Withdraw it
suggestion-outdated = The text changed since this was suggested. Both changes were put together; below is what would change now.
suggestion-torn = Both sides changed the same places
suggestion-torn-what = Somebody changed the text since this was suggested, in the same places. There, the text below has what stands now: take over from the suggestion what should stand, then approve.
suggestion-now = Stands now
suggestion-instead = Suggested instead
suggestion-nothing = (taken away)
suggestion-title-clash = Suggested title:
suggestion-tags-clash = Together the tags are too many, or none. Choose which should stand.
suggestion-stale = Somebody saved a newer version while you were deciding. Below is what would change now; what you typed is still in the fields.
suggestion-no-text = The text itself does not change.
suggestion-nothing-left = Nothing would change any more: the text says so by now.
suggestion-approve = Approve
suggestion-approve-improved = Save this and approve
suggestion-improve = Improve it first
suggestion-improve-hint = The history gets two versions: the suggestion as it is, and on top of it what you change, as yours. The suggester is told. If something of it should not be kept, don’t take it, and edit the text yourself.
suggestion-reject = Don’t take it
suggestion-reject-hint = The suggester is told why. Be kind and specific.
suggestion-verdict = Why not?
suggestion-words = In your words
suggestion-reject-button = Don’t take it
suggestion-decided-approved = Approved by
suggestion-decided-rejected = Not taken, by
suggestion-decided-withdrawn = Withdrawn by its suggester.
suggestion-history = In the history
verdict-no-improvement = It makes the text no better
verdict-changes-meaning = It makes the author say something else
verdict-wrong = What it adds is not right
verdict-elsewhere = It belongs in an answer or a comment of its own
verdict-done = The text already says so
verdict-other = Something else (say it below)
flash-suggestion-approved = Approved. The text is changed, and the suggester is told.
flash-suggestion-rejected = Not taken. The suggester is told why.
flash-suggestion-withdrawn = Withdrawn. Nobody decides about it any more.
diff-label = What changed
diff-added = Added:
diff-removed = Removed:

## Coming in

sign-in-title = Sign in
sign-in-heading = Sign in
sign-in-lead = This is a closed community. Members help each other here.
sign-in-button = Sign in
sign-in-no-account = No account? Members join by invitation: ask the company you are a customer of.
set-up-title = Set up
set-up-over = First start
set-up-heading = Open your hall
set-up-lead = You become its first administrator. Everybody else joins by your invitation.
set-up-button = Open the hall
site-name = Name of this place
site-name-hint = Shown on top of every page.
site-contact = Contact address
site-contact-hint = Shown on the page about this place, which everybody can read.
site-synonyms = Words that mean the same
site-synonyms-hint = For the search: one group a line, its words separated by commas, such as “mail, e-mail, inbox”.
site-password-least = Shortest password
site-password-least-hint = Characters of a new password at least, 8 to 64. Passwords set before stay as they are.
join-title = Join
join-invited = You are invited
join-invited-by = { $name } invites you
join-heading = Join { $site }
join-lead = Customers help each other here. Choose how others will see you.
join-lead-space = Customers help each other here. This invitation opens the space “{ $space }” for you.
join-claim-heading = Take over your posts
join-claim-lead = The posts of { $name } came here from { $source }. Choose an address and a password, and they are yours again.
join-own-heading = Your account is ready
join-own-lead = It was made for { $name }. Choose a password, and it is yours.
join-button = Join
join-claim-button = Take over
email-fixed-hint = The invitation is for this address.
dead-link-title = This link does not work
dead-link-heading = This link does not work
dead-link-what = It was used already, has expired, was taken back, or was not copied whole.
dead-link-next = Ask the person who sent it for a new one. Nothing is lost by trying again.

sign-in-incomplete = Type your e-mail address and your password.
sign-in-wrong = Address and password do not fit together. Look for a typing mistake, then try again.
sign-in-too-often = There were too many attempts. Wait { $n ->
    [one] a minute
   *[other] { $n } minutes
}, then try again. Your account is untouched.
sign-in-suspended = Your account is suspended until a moderator ends it. The reason given: { $reason }
sign-in-suspended-until = Your account is suspended until { $until }. The reason given: { $reason } You can sign in again after that; nothing of yours is lost.
flash-signed-out = You are signed out.
flash-joined = Welcome. You are a member now.
flash-set-up = The hall is open, and you run it.
flash-profile-saved = Your profile is saved.
flash-password-changed = Your password is changed, and you are signed out everywhere else.
flash-session-ended = That session has ended.
flash-token-revoked = The token is revoked.
field-name-missing = A name is needed.
field-name-long = At most { $n } characters, please.
field-email-form = This is no e-mail address. It should look like name@example.com.
field-email-taken = Somebody signs in with this address already.
field-email-other = The invitation is for another address.
field-handle-form = A handle has 2 to { $n } letters from a to z, digits, hyphens or underscores, and starts with a letter or digit.
field-handle-taken = Somebody else has this handle. Try another one.
field-password-short = A password needs at least { $n } characters. Yours was shorter.
field-password-long = A password may have at most { $n } characters.
field-password-common = This password is among the first that somebody would try. A few unrelated words are better.
field-password-derived = This password is little more than a name or address that others know. A few unrelated words are better.
field-password-wrong = This is not your current password.
field-about-long = At most { $n } characters, please.
field-locale-unknown = There are no words in this language yet.
field-time-zone-unknown = No such time zone. It should look like Europe/Vienna.
field-token-name-missing = Say what the token is for, so that you know it again.
field-invitation-uses = A link can be used 1 to { $n } times; one that hands over an account only once.
field-invitation-days = A link lasts 1 to { $n } days.
field-not-claimable = This member has a password already, or is gone.

## Settings

settings-title = Settings
settings-profile = Profile
settings-about = About you
settings-locale = Language
settings-time-zone = Time zone
settings-time-zone-hint = Such as Europe/Vienna. Left empty, times in mails are in UTC.
settings-profile-save = Save profile
settings-password = Password
settings-password-note = A new password signs you out everywhere else.
settings-password-current = Current password
settings-password-new = New password
settings-password-save = Change password
settings-sessions = Where you are signed in
settings-session-current = this one
settings-session-since = since
settings-session-seen = last seen
settings-session-end = Sign out
settings-sessions-end-others = Sign out everywhere else
settings-tokens = API tokens
settings-tokens-note = A token lets a program act as you. Give each program its own.
settings-token-name = Name of a new token
settings-token-name-hint = What it is for.
settings-token-make = Make a token
settings-token-made = Your new token
settings-token-since = made
settings-token-revoke-sure = Revoke this token? The program that uses it will stop working.

## People

people-title = People
people-find = Find by name
people-none = Nobody by that name
people-none-next = Try a part of the name, or another spelling.
person-joined = here since
person-edit = Edit profile
person-facts = In figures
person-reputation = Reputation
person-questions = Questions
person-answers = Answers
person-accepted = Accepted
person-list = { $show ->
    [questions] Questions
    [answers] Answers
    [accepted] Accepted answers
    [helping] Answers that others accepted
    [endorsed] Answers endorsed by staff
    [helped] People who accepted an answer
   *[other] Latest posts
}
person-whole = Everything they wrote
person-more = More people
person-endorsed = Endorsed
person-edits = Edits approved
person-helped = People helped
standing-title = Reputation over time
standing-tags = By tag
standing-tag = Tag
standing-accepted = Accepted
graph-name = Reputation over time, { $total } points today; the table below says the same
graph-most = highest: { $n }
graph-least = at least { $n }
graph-table = As a table
graph-week = Week from
graph-month = Month from
graph-earned = Earned
graph-total = Then
graph-without-day = Without a day: votes cast, removals, and posts that not everybody may open
ledger-title = Where the points come from
ledger-lead = { $points ->
    [one] { $points } point in all.
   *[other] { $points } points in all.
}
ledger-own = Only you see on whose posts you voted down.
ledger-what = { $reason ->
    [answer-up] Answer voted up
    [answer-down] Answer voted down
    [question-up] Question voted up
    [question-down] Question voted down
    [down-cast] Voted an answer down
    [accepted] Answer accepted
    [accepting] Accepted an answer
    [endorsed] Answer endorsed by staff
    [assist] Cited in a resolution
    [edit] Edit approved
    [removed] Post removed as spam or abuse
   *[elsewhere] For posts that you may not open, and for voting others down
}
ledger-changed = – taken back, or given again
ledger-from = from
ledger-until = until
ledger-whole = Everything
ledger-none = No points here
ledger-none-next = Points come when others vote an answer up, accept it, or staff endorse it.
leaders-title = Who helped most
leaders-period = Period
leaders-over = { $period ->
    [week] This week
    [month] This month
    [year] This year
   *[all] All time
}
leaders-tag = Tag
leaders-space = Space
leaders-all-spaces = All spaces
leaders-show = Show
leaders-place = Place
leaders-who = Who
leaders-points = Points
leaders-accepted = Accepted answers
leaders-helped = People helped
leaders-you = you
leaders-none = Nobody earned points here yet
leaders-none-next = Try a longer period, or another tag.
leaders-counted = Counted
leaders-who-counts = Points of posts that all readers of your spaces see. Staff are not ranked. Weeks, months and years begin at midnight UTC.
people-leaders = Who helped most
person-older = Older posts
person-no-posts = Nothing yet that you could read.
person-imported = Imported from { $source }. Nobody signs in as this person yet.
person-imported-claim = Are you this person? Ask an administrator for an invitation that gives you this profile and its posts.
person-invite-claim = Make the invitation
person-suspended = Suspended
person-suspended-until = until
person-suspended-open = until a moderator ends it.
person-suspended-by = By
suspend-summary = Suspend
suspend-note = The person can't come in while it lasts; their posts stay. When they try to sign in they are told that they are suspended, why and until when.
suspend-reason = Reason
suspend-until = Until
suspend-until-hint = The end of that day, UTC. Left empty, until a moderator ends it.
suspend-button = Suspend
unsuspend = End the suspension

## Administration

admin-title = Administration
admin-nav = Administration
admin-overview = Overview
admin-members = Members
admin-invitations = Invitations
admin-organisations = Organisations
admin-products = Products
admin-spaces = Spaces
admin-space = Space
admin-audit = Audit
person-privileges = What reputation opens
privileges-title = What reputation opens
privileges-level = { $level ->
    [contributor] Level: contributor.
    [helper] Level: helper.
    [editor] Level: editor.
   *[curator] Level: curator.
}
privileges-no-level = No level yet.
privileges-points = { $points } points. What others said of the posts: good { $good }, bad { $bad }. With two of each that everybody begins with, that is { $share } % good.
privileges-all = Moderators and staff hold every privilege.
privileges-asks = From { $minimum } points, and a share of at least { $least } %.
privileges-missing = { $n ->
    [one] { $n } point is missing.
   *[other] { $n } points are missing.
}
privileges-share-missing = The share is too low.
privileges-held = open
privileges-way = { $points } of { $minimum } points
privileges-how = Others give points, by what helped them: an accepted answer brings { $n }. Posting by itself brings none.
privileges-taken-until = was taken until
privileges-taken-open = was taken until a moderator gives it back.
privileges-give-back = Give it back
privileges-take = Take one privilege for a while
privileges-take-note = All others stay. The person reads your reason, your name, and until when.
privileges-which = Which
privileges-take-button = Take it
flash-privilege-taken = The privilege is taken. It can be given back at any time.
flash-privilege-back = The privilege is given back.
patterns-title = Votes that look arranged
patterns-hint = Many votes by one person on another are no proof of anything. Look at what was voted on before you decide. Annulled votes count neither in scores nor in points until that is undone; who voted is told.
patterns-none = Nothing looks arranged
patterns-none-next = Votes that do are shown here, one by one.
patterns-none-annulled = No votes are annulled
patterns-none-annulled-next = What is annulled stands here, with who did it and why, and can be brought back.
patterns-none-here = None of these are yours to decide about
patterns-none-here-next = There may be some further on.
patterns-which = Which votes
patterns-waiting = To decide
patterns-annulled = Annulled
patterns-grown = More such votes were found since you looked, so nothing was decided. All are listed below, and your reason is kept.
patterns-reason = Why they are annulled (whoever voted reads it)
patterns-annul = Annul these votes
patterns-dismiss = Leave them
patterns-undo-reason = Why they are to count again
patterns-undo = Undo
patterns-evidence = Each vote
patterns-counts = { $up ->
    [one] { $up } vote up
   *[other] { $up } votes up
}, { $down } down.
patterns-up = up, on
patterns-down = down, on
patterns-answer = the answer to
patterns-question = the question
pattern-burst = Many votes within an hour
pattern-circle = Votes up in both directions
pattern-organisation = Votes among colleagues
flash-votes-annulled = The votes are annulled. They can be brought back.
flash-votes-none-annulled = Nothing was annulled: by now, every one of these votes had been changed or taken back.
flash-votes-left = The votes stay as they are.
flash-votes-reinstated = The votes count again.
admin-reputation = Reputation
figures-note = What outcomes bring, what limits them, and what reputation opens. A change is a new version: points that were given stay, and undoing takes back exactly what was given. What other figures would have given, this command tells:
figures-outcomes = Points
figures-limits = Limits
figures-levels = Levels
figures-gurus = Gurus
figures-patterns = Votes shown to moderators
figures-badges = What badges take (0: the badge is not awarded)
figures-versions = Versions
figures-untouched = These are the figures Peerhall came with. Nobody has changed any.
figure-answer_up = To the author of an answer that is voted up
figure-answer_down = From the author of an answer that is voted down
figure-question_up = To the author of a question that is voted up
figure-question_down = From the author of a question that is voted down
figure-down_cast = From whoever votes an answer down
figure-accepted = To the author of an accepted answer
figure-accepting = To the asker who accepts
figure-endorsed = To the author of an answer that staff endorse
figure-assist = To the author of a post that a staff resolution cites
figure-edit = To whoever suggested an edit that was approved
figure-removed = From the author of a post removed as spam or abuse
figure-votes_a_day = Points by votes up that one person gets in a day (UTC) at most
figure-pair_up = Votes up by one person on another that count in a day
figure-pair_down = Votes down by one person on another that count in a day
figure-edits_most = Points by approved edits that one person gets altogether
figure-levels_0 = Contributor from, points
figure-levels_1 = Helper from, points
figure-levels_2 = Editor from, points
figure-levels_3 = Curator from, points
figure-ratios_0 = Contributor: good outcomes, per cent
figure-ratios_1 = Helper: good outcomes, per cent
figure-ratios_2 = Editor: good outcomes, per cent
figure-ratios_3 = Curator: good outcomes, per cent
figure-guru_answers = Accepted or endorsed answers in a tag within a year
figure-guru_ratio = Good outcomes in the tag, per cent
figure-burst_votes = Votes by one person on another within an hour
figure-circle_votes = Votes in each direction between two people within 30 days
figure-badge_first_accepted = First solution: answers accepted
figure-badge_solver = Solver: answers accepted
figure-badge_mainstay = Mainstay: answers accepted
figure-badge_helped_many = Helped many: different people who accepted an answer
figure-badge_confirmed = Confirmed: answers endorsed by staff
figure-badge_worth_the_wait = Worth the wait: days the question had no answer
figure-badge_solved_for_many = Solved for many: other people who have the question too
figure-badge_read_by_many = Read by many: members who read the answer
figure-badge_kept_current = Kept current: days since the version before
figure-badge_careful_editor = Careful editor: suggested edits approved
figure-badge_verdict_given = Verdict given: answers accepted as the asker
field-levels-fall = Each level needs at least as many points as the one before.
admin-settings = Settings
admin-questions = Questions
admin-answers = Answers
admin-first-heading = Often needed
admin-first-invite = Invite people
admin-first-space = Make a space for a product area
admin-first-product = Say which organisations may enter which space
admin-running = What is running
admin-version = Version
admin-database = Database
admin-search-building = The search index is being built: { $read } of { $all } threads are in it. Search goes on with what there is.
admin-public-url = Address
admin-test-only = { $name } is set. This is for tests only and not safe for real people.
admin-members-find = Find by name or e-mail
col-name = Name
col-organisation = Organisation
col-joined = Joined
col-role = Role
col-acts = Acts
col-for = For
col-state = State
col-used = Used
col-made = Made
col-expires = Expires
col-entitled = Entitled to
col-product = Product
col-tier = Tier
col-until = Until
col-when = When
col-who = Who
col-what = What
col-why = Why
col-value = Value
col-version = Version
col-source = Comes from
member-role-of = Role of { $name }
member-suspended = suspended
member-unclaimed = imported
member-moderates = Only in
member-moderates-all = In every space
admin-moderator = Where they moderate
moderator-heading = Where { $name } moderates
moderator-waits = They are no moderator today. What you choose here counts when they become one.
moderator-where = They moderate
moderator-everywhere = Every space they may enter
moderator-everywhere-hint = Spaces made later, too.
moderator-only = Only the spaces ticked below
moderator-only-hint = Elsewhere they are a member like others. They still moderate only what they may enter.
moderator-spaces = Spaces
member-organisation-hint = Name or external id. Left empty, none. A new name makes a new organisation.
invitation-new = Invite somebody
invitation-email-hint = The link then works for this address only.
invitation-space = Opens a space
invitation-space-hint = A personal grant, besides the spaces open to every member.
invitation-space-none = None
invitation-uses = How often it can be used
invitation-uses-hint = One for a person, more for a team.
invitation-days = Days until it expires
invitation-days-hint = 7 is usual.
invitation-make = Make the link
invitation-made = The invitation link. Send it to whom it is for.
invitation-none = No invitations yet.
invitation-anyone = Whoever has the link
invitation-claims = Takes over { $name }
invitation-used-of = { $used } of { $uses }
invitation-open = open
invitation-used = used up
invitation-expired = expired
invitation-revoked = revoked
organisation-new = Add an organisation
organisation-external = External id
organisation-external-hint = Its id in your customer system, so that the API can find it.
organisation-make = Add
organisation-none = No organisations yet.
product-heading = Products
product-organisations = Entitled organisations
product-none = No products yet. Without one, every member may enter every space.
product-new = Name of a new product
product-make = Add product
entitlement-heading = Entitlements
entitlement-note = An organisation entitled to a product may enter the spaces that ask for it.
entitlement-make = Entitle
entitlement-over = over
space-fields = What the ask form asks in addition
space-fields-note = Such as a version or a platform. The answers stand under the question. Questions keep what they were asked with.
space-no-fields = Nothing but title, text and tags.
space-field-new = Add a field, or change one
space-field-label = What people read
space-field-key-hint = For the API. With the key of a field that is there, that field is changed.
space-field-kind = Kind of answer
field-kind-text = One line of text
field-kind-number = A whole number
field-kind-choice = One of several choices
space-field-choices = Choices
space-field-choices-hint = One a line, for the kind “one of several choices”.
space-field-hint = Hint
space-field-required = A question can't be asked without it
space-field-required-mark = needed
space-field-remove = Remove
space-new = Make a space
space-key = Key
space-key-hint = For addresses and the API; it stays. Lower-case letters, digits and hyphens.
space-about = What belongs there
space-about-hint = One sentence for people who ask.
space-who = Who may enter
space-everyone = Every member
space-entitled = Members entitled to { $product }
space-make = Make the space
space-rule = Name and access
space-grants = Personal grants
space-grants-note = These people may enter whatever their organisation is entitled to.
space-grant = Let in
space-no-grants = Nobody has one.
audit-note = Every administrative act, newest first. Nothing here can be changed.
audit-none = Nothing has been done yet.
audit-command-line = Command line
audit-act-set-up = Opened the hall: { $subject } is its first administrator
audit-act-member-added = Added { $subject }
audit-act-token-made = Made an API token for { $subject }
audit-act-invitation-made = Made { $subject }
audit-act-invitation-revoked = Revoked { $subject }
audit-act-role-changed = Changed the role of { $subject } from { $from } to { $to }
audit-act-organisation-changed = Changed the organisation of { $subject }
audit-act-member-suspended = Suspended { $subject }
audit-act-suspension-ended = Ended the suspension of { $subject }
audit-act-organisation-put = Wrote down the organisation { $subject }
audit-act-product-put = Wrote down the product { $subject }
audit-act-entitlement-put = Wrote down the entitlement { $subject }
audit-act-space-put = Made or changed the space { $subject }
audit-act-space-fields-set = Said what the ask form of { $subject } asks: { $fields }
audit-act-space-fields-cleared = Took all fields of its own out of the ask form of { $subject }
audit-act-space-granted = Let { $subject } into a space
audit-act-space-grant-ended = Took back the grant of { $subject }
audit-act-moderator-limited = Limited { $subject } to moderating these spaces: { $spaces }
audit-act-moderator-unlimited = Let { $subject } moderate every space they may enter
audit-act-setting-changed = Set { $name } to “{ $value }”
effective-heading = Settings of the program
effective-note = Set by file, environment or flags. Changed there, read at the start.

## When something goes wrong: what it is called, what happened, what to do

error-over = Error { $status }
error-request = For the log, this request is called
draft-here = This is what you wrote before. It was not sent.
draft-elsewhere = Something you wrote was not sent. It is kept.
draft-back = Back to it
draft-discard = Discard it
typed-kept = Every word you typed is below. Nothing is lost.
typed-again = Try again
problem-go-home = All questions
problem-go-sign-in = Sign in

problem-not-found = Nothing here
problem-not-found-what = This address leads to nothing, or to something you may not read.
problem-not-found-next = If you followed a link, tell whoever gave it to you. If you typed the address, check it.
problem-sign-in = Please sign in
problem-sign-in-what = This is for members, and you are not signed in.
problem-sign-in-next = Sign in, then try again.
problem-token = This token is not valid
problem-token-what = The request came without an API token, or with one that is unknown or revoked.
problem-token-next = Make a token in your settings and send it as “Authorization: Bearer TOKEN”.
problem-area = Not your area
problem-area-what = This part of the place is for people with another role.
problem-area-next = If you need it, ask an administrator.
problem-foreign-form = This form came from elsewhere
problem-foreign-form-what = The request was sent from another site, so it was not carried out.
problem-foreign-form-next = Open the page here and send it from there.
problem-stale-form = Your session ended while you were writing
problem-stale-form-what = The form was made for a session that is over, so nothing was saved.
problem-stale-form-next = Sign in again in another tab if you have to, then press “Try again”.
problem-not-yours = Not yours to change
problem-not-yours-what = Only its author and moderators can do this.
problem-not-yours-next = Suggest the change in a comment.
problem-privilege-points = { privilege-what } opens later
problem-privilege-points-what = { privilege-what } opens at { level-name }: { $minimum } points, and at least { $least } % of what others say of your posts good. You have { $points } points and { $share } %; { $missing } points are missing. Nothing was changed.
problem-privilege-points-next = Answers that are accepted bring the most. What each level opens is on your profile.
problem-privilege-ratio = { privilege-what } needs better received posts
problem-privilege-ratio-what = { privilege-what } opens at { level-name }: { $minimum } points, and at least { $least } % of what others say of your posts good. You have { $points } points, which is enough, but { $share } %. Nothing was changed.
problem-privilege-ratio-next = Votes up and accepted answers raise the share.
problem-privilege-taken = { privilege-what } was taken from you
problem-privilege-taken-what = { privilege-what } was taken from you until a moderator gives it back. Nothing was changed.
problem-privilege-taken-next = The reason, and who decided it, are on your profile. If it is wrong, ask a moderator.
problem-privilege-taken-until = { privilege-what } was taken from you for a while
problem-privilege-taken-until-what = { privilege-what } was taken from you until { $until }. Nothing was changed.
problem-privilege-taken-until-next = The reason, and who decided it, are on your profile. It comes back by itself.
problem-suggestion-hidden = Nothing can be suggested here
problem-suggestion-hidden-what = The post or its question is hidden by moderation, so no edit was suggested.
problem-suggestion-hidden-next = Try again when it is shown again.
problem-suggestions-full = Many of your suggestions wait
problem-suggestions-full-what = You have 20 suggested edits that nobody has decided about yet, so this one was not taken.
problem-suggestions-full-next = Wait until some are decided, or withdraw one.
problem-suggestion-decider = Others decide about this
problem-suggestion-decider-what = The post’s author, editors and moderators decide about a suggested edit, and nobody about their own. Nothing was changed.
problem-suggestion-decider-next = You hear of it when it is decided.
problem-suggestion-not-own = Not your suggestion
problem-suggestion-not-own-what = Only who suggested an edit can withdraw it, so nothing was changed.
problem-suggestion-not-own-next = If you decide about it, don’t take it, and say why.
problem-suggestion-torn = Both sides changed the same places
problem-suggestion-torn-what = The post was changed in the same places since this was suggested, so it was not saved. It still waits.
problem-suggestion-torn-next = Say what the title, the tags and the text should be, then approve.
privilege-what = { $privilege ->
    [vote-down] Voting down
    [flag-with-weight] Flags that count for more
    [edit-tags] Changing the tags of others’ questions
    [suggest-duplicates] Saying that a question repeats another
    [edit] Editing what others wrote
    [vote-to-close] Voting to close
   *[review] The review queue
}
level-name = { $level ->
    [contributor] contributor
    [helper] helper
    [editor] editor
    [curator] curator
   *[member] member
}
problem-votes-concern-you = Others decide about these votes
problem-votes-concern-you-what = They are votes of yours, or votes on what you wrote. Nobody decides about those themselves, so nothing was changed.
problem-votes-concern-you-next = Another moderator sees them too.
problem-votes-more-found = More such votes were found
problem-votes-more-found-what = Since you looked, more votes of this kind were found, so nothing was decided.
problem-votes-more-found-next = Look at all of them, then decide.
problem-votes-annulled-before = These votes are annulled
problem-votes-annulled-before-what = A moderator annulled them before you decided. They count no longer, and nothing was changed now.
problem-votes-annulled-before-next = Under “Annulled” stands who did it and why; there it can be undone.
problem-votes-left-before = These votes count
problem-votes-left-before-what = A moderator decided before you that they count. Nothing was changed now.
problem-votes-left-before-next = Should more such votes be cast, they are shown again.
problem-annulled = This vote was annulled
problem-annulled-what = A moderator annulled your vote here, because votes between the two of you looked arranged. It counts for nothing and cannot be changed meanwhile.
problem-annulled-next = If that is wrong, ask a moderator: it can be undone.
problem-not-staff = Only staff endorse
problem-not-staff-what = An endorsement is the company’s word that an answer is right. Nothing was changed.
problem-not-staff-next = Vote it up, or say in a comment that it helped.
problem-own-removed = Others decide about this
problem-own-removed-what = This was removed as spam or abuse, and you wrote it, so somebody else has to bring it back. Nothing was changed.
problem-own-removed-next = If it was wrong, ask another moderator.
problem-own-post = This is your own
problem-own-post-what = Nobody votes on their own posts or removes them as spam, and the asker has the problem anyway.
problem-own-post-next = There is nothing more to do.
problem-no-votes = Comments have no votes
problem-no-votes-what = Questions and answers can be voted on, comments can't.
problem-no-votes-next = If a comment holds the solution, ask its author to write it as an answer.
problem-not-asker = The asker decides
problem-not-asker-what = Only the person who asked can say which answer solved it.
problem-not-asker-next = If it helped you too, mark it as useful.
problem-not-moderator = For moderators
problem-not-moderator-what = Only moderators can do this.
problem-not-moderator-next = Leave a comment that says why it should be done.
problem-has-answers = Others have answered
problem-has-answers-what = Deleting the question would take their work away too, so it was not deleted.
problem-has-answers-next = Edit the question, or ask a moderator.
problem-closed = This question is closed
problem-closed-what = It takes no more answers, so yours was not posted.
problem-closed-next = Look at the top of the question for the reason. A new question is welcome if yours is different.
problem-stale = Somebody saved a newer version
problem-stale-what = The text changed while you were writing, so yours was not saved over it.
problem-stale-next = Look at the newer version, then save yours again.
problem-deleted = This was deleted
problem-deleted-what = The post was deleted in the meantime, so nothing was changed.
problem-deleted-next = If it was a mistake, its author or a moderator can bring it back.
problem-not-deleted = This is not deleted
problem-not-deleted-what = Somebody brought it back already.
problem-not-deleted-next = There is nothing more to do.
problem-already = Done already
problem-already-what = It is as you wanted it; somebody was faster.
problem-already-next = There is nothing more to do.
problem-invalid = Something is missing or does not fit
problem-invalid-what = Nothing was saved.
problem-invalid-next = Change what is named, then send it again.
problem-invalid-address = This address does not fit
problem-invalid-address-what = A part of it can't be used.
problem-invalid-address-next = Start from the list, and choose there.
problem-too-often = A little too fast
problem-too-often-what = There were many requests in a short time, so this one was not carried out.
problem-too-often-next = { $seconds ->
    [one] Wait a second, then try again.
   *[other] Wait { $seconds } seconds, then try again.
}
problem-search-not-ready = Search is getting ready
problem-search-not-ready-what = The search index is being built or repaired. Everything that was written is safe and can be opened from the lists.
problem-search-not-ready-next = Try again in a moment.
problem-busy = Too busy for a moment
problem-busy-what = So many people are writing that this could not be saved in time.
problem-busy-next = Wait a few seconds, then try again.
problem-storage = It can't be saved right now
problem-storage-what = The place where things are kept does not take anything, so nothing was saved.
problem-storage-next = Try again in a minute. If it lasts, tell whoever runs this place.
problem-broken = Our mistake
problem-broken-what = Something went wrong on our side. What was saved before is safe.
problem-broken-next = Try again. If it happens again, tell whoever runs this place and name the request below.
problem-too-large = Too much at once
problem-too-large-what = A request may have { $max } kilobytes; this one had more, so nothing was saved.
problem-too-large-next = Leave something out, or send it in parts.
problem-too-slow = It took too long to arrive
problem-too-slow-what = The request did not arrive completely, so nothing was saved.
problem-too-slow-next = Check your connection and try again.
problem-method = Not done this way
problem-method-what = This address does not take this kind of request.
problem-method-next = Go back and use the page's own buttons.
problem-bad-request = This can't be read
problem-bad-request-what = The request was not well formed, so nothing was done.
problem-bad-request-next = Go back, load the page anew, and try again.
problem-not-a-form = This is not a form
problem-not-a-form-what = What was sent is not the kind of data a form sends, so nothing was saved.
problem-not-a-form-next = Send it as application/x-www-form-urlencoded.
problem-not-json = This is not JSON
problem-not-json-what = The content type says that this is not JSON, so nothing was saved.
problem-not-json-next = Send JSON, with “Content-Type: application/json”.
problem-bad-json = This JSON can't be read
problem-bad-json-what = It stops making sense at line { $line }, column { $column }.
problem-bad-json-next = Correct it there and send it again.
problem-empty-body = Nothing was sent
problem-empty-body-what = The request has no body.
problem-empty-body-next = Send the fields as JSON.
problem-broken-body = It did not arrive completely
problem-broken-body-what = The connection ended early, so nothing was saved.
problem-broken-body-next = Send it again.
problem-not-utf8 = These letters can't be read
problem-not-utf8-what = The text is not UTF-8, so nothing was saved.
problem-not-utf8-next = Send it as UTF-8.
problem-not-text = This can't be kept
problem-not-text-what = The text holds a character that is not text (NUL), so nothing was saved.
problem-not-text-next = Remove it and send the text again.
problem-bad-escape = This can't be read
problem-bad-escape-what = An escape with % is not complete, so nothing was done.
problem-bad-escape-next = Go back and use the page's own form.
problem-said-twice = Said twice
problem-said-twice-what = The field “{ $field }” was sent more than once, so it is not clear what is meant.
problem-said-twice-next = Send it once.
problem-too-many-fields = Too many fields
problem-too-many-fields-what = A form may have { $max } fields.
problem-too-many-fields-next = Leave some out.
problem-bad-cursor = This page of the list can't be found
problem-bad-cursor-what = The link belongs to another list, or was not copied whole.
problem-bad-cursor-next = Start at the beginning of the list.
problem-bad-idempotency-key = This Idempotency-Key can't be used
problem-bad-idempotency-key-what = A key has 1 to 255 printable characters.
problem-bad-idempotency-key-next = Use a random one, such as a UUID.
problem-key-reused = This Idempotency-Key was used for something else
problem-key-reused-what = The same key came with another request before, so nothing was done.
problem-key-reused-next = Use a new key for a new request.
problem-still-running = The first request is still running
problem-still-running-what = A request with the same Idempotency-Key is not finished yet.
problem-still-running-next = Ask again in a moment.
problem-not-administrator = For administrators
problem-not-administrator-what = Only administrators can do this.
problem-not-administrator-next = Ask one of them, and say what you need.
problem-rank = Not with this person
problem-rank-what = Their role is as high as yours or higher, so nothing was done.
problem-rank-next = Ask somebody whose role is above theirs.
problem-oneself = Not with yourself
problem-oneself-what = Nobody does this to themselves, so nothing was done.
problem-oneself-next = Ask another administrator.
problem-last-administrator = Nobody would be left
problem-last-administrator-what = This is the last administrator who can come in, so nothing was done.
problem-last-administrator-next = Make somebody else an administrator first.
problem-nobody-there = Nobody signs in as this person
problem-nobody-there-what = They were imported, and nobody has claimed them yet, so there is nobody this could be done to.
problem-nobody-there-next = Invite them first.
problem-not-suspended = Not suspended
problem-not-suspended-what = This person is not suspended, or not any more.
problem-not-suspended-next = There is nothing more to do.
problem-name-taken = This name is taken
problem-name-taken-what = Another one with an external id of its own has this name, so nothing was saved.
problem-name-taken-next = Use that external id, or another name.
problem-entitlement-taken = There is one already
problem-entitlement-taken-what = Another entitlement, with an external id of its own, is about this organisation and product, so nothing was saved.
problem-entitlement-taken-next = Change that one.

## What is wrong with a field

field-missing = This is needed.
field-nothing-suggested = Nothing is changed yet, so there is nothing to suggest.
field-nothing-to-approve = Nothing would change any more: the text says so by now.
field-number = This has to be a whole number.
field-out-of-range = This has to be from { $min } to { $max }.
field-too-short = At least { $min } characters are needed; there are { $found }.
field-too-long = At most { $max } characters are possible; there are { $found }.
field-too-deep = Lists and quotations can stand at most { $max } deep inside each other.
field-too-heavy = This text becomes too large. Post a part of it.
field-wrong-type = This has to be { $expected }.
field-not-here = This can't be changed here.
field-no-such-space = There is no such space, or you may not ask there.
field-no-such-question = There is no such question.
field-not-an-answer = This is not an answer to this question.
field-no-tags = At least one tag is needed.
field-too-many-tags = At most { $max } tags are possible.
field-bad-tag = “{ $tag }” can't be a tag: use up to 35 letters, digits and + # . -
field-not-a-time = This has to be a date such as 2026-12-31, or a time such as 2026-12-31T18:00:00Z.
field-past = This has to be a time to come.
field-no-spaces = Tick at least one space, or choose every space.
field-unknown-space = There is no space with the key “{ $key }”.
field-unknown-field = This space asks for nothing of this name.
field-bad-choices = 2 to { $max } choices are needed, each on a line of its own.
field-too-many-ask-fields = A space asks for at most { $max } fields.
field-key-twice = The key “{ $key }” stands there twice.
field-bad-key = Only lower-case letters a–z, digits and hyphens are possible.
field-no-such-member = Nobody here signs in with this address.
field-unknown-choice = This is not one of the choices.

## Names of fields, where a form is shown again by itself

typed-title = Title
typed-body = Text
typed-tags = Tags
typed-reason = Reason
typed-space = Space
typed-name = Name
typed-email = E-mail
typed-about = About

## Said after an act

flash-saved = Saved.
flash-asked = Your question is posted. Peers see it now.
flash-answered = Your answer is posted. Thank you.
flash-commented = Your comment is posted.
flash-edited = Your changes are saved. The version before is in the history.
flash-deleted = Deleted. You can bring it back.
flash-undeleted = It is back.
flash-undeleted-marked = It is back, with its votes and their points. If it was accepted or endorsed, its asker or staff have to say so again.
flash-accepted = Marked as solved. Thank you for saying so.
flash-endorsed = Endorsed. The question counts as solved.
flash-unendorsed = The endorsement is withdrawn.
flash-removed = Removed. Its votes count no longer.
flash-unaccepted = The question is unsolved again.
flash-closed = The question is closed.
flash-reopened = The question is open again.
flash-affected = You are counted. This helps more than a repeat.
flash-unaffected = You are not counted any more.
flash-followed = You follow this question now.
flash-unfollowed = You don't follow this question any more.
flash-welcome = Welcome. Look around, or ask your first question.
flash-sessions-ended = Signed out there.
flash-revoked = Revoked.
flash-suspended = Suspended. The person is told why and until when.
flash-unsuspended = The suspension is over.

## About

about-title = About
about-over = About
about-lead = A place where customers help each other.
about-how = Members ask, other members answer, and the best answer is kept where the next person finds it. What peers cannot finish goes to staff, and what staff find out comes back to the question.
about-who-heading = Who can read it
about-who = Members only. They join by invitation. Nothing that is written here can be read, searched or counted from outside.
about-keeps-heading = What is kept
about-keeps = What you write, under the name you choose, with every version of it. One cookie keeps you signed in. Nobody else is told what you read.
about-contact = Questions about this place:
about-version = Runs on Peerhall { $version }

## At the door: a forgotten password, a new address, asking to join

sign-in-forgotten = Forgotten your password?
sign-in-request = Ask to join
forgotten-title = Forgotten password
forgotten-heading = Set a new password
forgotten-lead = Type the address you sign in with. A link to set a new password is sent there.
forgotten-button = Send the link
forgotten-back = Back to signing in
forgotten-asked = Look into your mailbox.
forgotten-asked-next = If somebody here signs in with this address, a link is on its way. It works for two hours, once. Nothing came? Look among the unwanted mail, or ask with another address of yours.
reset-title = New password
reset-heading = Choose a new password
reset-lead = For the account of { $name }.
reset-button = Set the password
reset-ends = You will be signed out everywhere, and API tokens end. That keeps out whoever knew the old password.
confirm-title = New address
confirm-heading = Is this your address?
confirm-lead = You will sign in with { $email } from now on.
confirm-button = Yes, use this address
confirm-ends = You will be signed out everywhere. Until you press the button nothing changes.
request-title = Ask to join
request-heading = Ask to join
request-lead = This place is for invited people. Say who you are, and an invitation may be sent to you.
request-closed = Only invited people can join. Ask somebody you know in here for an invitation.
request-email-hint = An address of your company, if you have one.
request-organisation = Your company
request-message = Anything we should know
request-button = Ask to join
request-sign-in = You have an account? Sign in
request-asked = Thank you. That was noted.
request-asked-next = What happens next comes by e-mail to { $email }: an invitation, or a word from those who run this place.
flash-password-set = Your new password is set. Sign in with it.
flash-address-asked = A link was sent to the new address. Open it to confirm; until then nothing changes.
flash-address-changed = Your address is changed. Sign in with it.
settings-address = Address
settings-address-note = You sign in with { $email }. What is sent to you goes there.
settings-address-none = There is no address yet.
settings-address-new = New address
settings-address-save = Send a link to the new address
typed-organisation = Company
typed-message = Message

## E-mails about accounts

mail-hello = Hello { $name },
mail-hello-nobody = Hello,
mail-why-account = You get this because of your account here.
mail-why-security = You get this whenever something changes at your account. It cannot be switched off.
mail-why-invited = You get this because somebody invited this address.
mail-why-asked = You get this because somebody asked to join with this address.
mail-reset-subject = { $site }: set a new password
mail-reset-what = somebody, probably you, asked to set a new password. Open this page and choose one:
mail-reset-button = Choose a new password
mail-reset-ends = The link works for two hours, once. A newer one replaces it.
mail-reset-not-you = It was not you? Then do nothing. Your password stays as it is.
mail-confirm-subject = { $site }: confirm your new address
mail-confirm-what = you asked to use this address from now on. Open this page and confirm it:
mail-confirm-button = Confirm this address
mail-confirm-ends = The link works for one day, once. It was not you? Then do nothing, and nothing changes.
mail-invitation-subject = You are invited to { $site }
mail-invitation-what = you are invited to { $site }.
mail-invitation-by = { $by } invites you to { $site }.
mail-invitation-place = Here the customers of one company help each other, and what they cannot solve goes to its staff. What is written stays among members.
mail-invitation-button = Accept the invitation
mail-invitation-ends = The link works until { $until }.
mail-already-subject = { $site }: you are a member already
mail-already-what = somebody, probably you, asked to join with this address. You are a member already: sign in with it.
mail-already-button = Sign in
mail-already-forgotten = You do not know your password any more? The page of signing in has a link for that.
mail-declined-subject = { $site }: your request to join
mail-declined-what = thank you for asking to join. Those who run this place cannot let you in at the moment.
mail-happened-you = It was you? Then there is nothing to do.
mail-happened-not-you = It was not you? Then set a new password now. That signs out everybody else.
mail-happened-not-you-person = It was not you? Then write to those who run this place at once: only they can give the account back to you.
mail-happened-button = Set a new password
mail-subject-signed-in = { $site }: a new sign-in
mail-happened-signed-in = somebody signed in to your account from a browser that was not seen before: { $device }, from { $from }, on { $at }.
mail-subject-password-changed = { $site }: your password was changed
mail-happened-password-changed = the password of your account was changed on { $at }.
mail-subject-token-made = { $site }: an API token was made
mail-happened-token-made = an API token with the name “{ $name }” was made for your account on { $at }. Whoever has it can act as you.
mail-subject-address-changed = { $site }: your address was changed
mail-happened-address-changed = from { $at } on you sign in with { $new }. This is the last e-mail to the former address.
mail-subject-address-asked = { $site }: a new address was asked for
mail-happened-address-asked = on { $at } somebody asked for { $new } to become the address of your account. It changes when that address is confirmed.

## Inbox and notifications

nav-inbox = Inbox
inbox-title = Inbox
inbox-label = { $n ->
    [0] Inbox, nothing new
    [one] Inbox, one new notice
   *[other] Inbox, { $n } new notices
}
inbox-label-many = Inbox, # new notices
inbox-which = Which notices
inbox-all = All
inbox-unread = Not read
inbox-read = Mark as read
inbox-read-all = Mark all as read
inbox-settings = What you hear of, and how
inbox-is-new = New:
inbox-none = Nothing has come yet
inbox-none-unread = You have read it all
inbox-none-next = Answers to your questions, comments, your name, and what you follow will stand here.
flash-all-read = All notices are marked as read.

notice-asked = { $by } asked
notice-answered = { $by } answered
notice-commented = { $by } commented
notice-mentioned = { $by } mentioned you
notice-accepted = { $by } accepted an answer
notice-endorsed = { $by } endorsed an answer
notice-privilege-taken = { $by } took a privilege from you
notice-privilege-back = { $by } gave a privilege back to you
notice-votes-annulled = { $by } annulled votes of yours
notice-votes-annulled-on = { $by } annulled votes on posts of yours, and took the points back
notice-votes-reinstated-on = { $by } let votes on posts of yours count again
notice-removed-spam = { $by } removed a post of yours as spam
notice-removed-abuse = { $by } removed a post of yours as abuse
notice-votes-reinstated = { $by } let votes of yours count again
notice-edited = { $by } edited what you wrote
notice-removed = { $by } removed what you wrote
notice-closed = { $by } closed the question
notice-reopened = { $by } opened the question again
notice-suggested = { $by } suggested an edit of what you wrote
notice-approved = { $by } approved the edit you suggested
notice-improved = { $by } approved the edit you suggested, and changed it
notice-rejected = { $by } did not take the edit you suggested
notice-found = There is something new for your search
notice-waiting-verdict = Did one of the answers solve it?
notice-still-unanswered = Nobody has answered yet. A detail more may help.

reason-mentioned = you were mentioned
reason-your-question = your question
reason-your-answer = your answer
reason-your-comment = you commented
reason-your-suggestion = you suggested an edit
reason-follow = you follow this thread
reason-tag = you follow [{ $subject }]
reason-space = you follow the space { $subject }
reason-saved = you saved the search “{ $subject }”

notifications-title = What you hear of, and how
notifications-no-email = There is no e-mail address at your account, so everything stays in the inbox.
notifications-kinds = What happens
notifications-kinds-hint = Everything but “not at all” is also in your inbox.
notifications-followed = Tags and spaces you follow
notifications-followed-hint = New questions there.
notifications-threads = Threads you follow
notifications-threads-hint = The latest fifty. Threads you asked or answered in are followed by themselves.
notifications-digest = Digest
notifications-digest-hint = What waits for an answer in your tags, what came to the threads you follow, and the best of what was solved. When there is nothing, nothing comes.
notifications-digest-label = Send it
notifications-quiet = Quiet hours
notifications-quiet-hint = No e-mails are sent in between; they come when it is over. Your time zone is { $zone }; it is set on the page of settings.
notifications-quiet-label = Leave me alone between these hours
notifications-quiet-from = From
notifications-quiet-until = Until
notifications-save = Save
notifications-more-spaces = Follow a whole space
notifications-level-wrong = One of the choices is none of those offered. Nothing was changed; choose again.
notifications-time-wrong = Write quiet hours as times such as 22:00. Nothing was changed.
flash-notifications-saved = Saved. From now on you hear of it this way.
flash-subscribed = You follow it now. What is new comes into your inbox.
flash-unsubscribed = You follow it no longer.
follow-space = Follow
follow-how = How you hear of it
hear-mention = Somebody writes @ and your handle
hear-answer = An answer to your question
hear-comment = A comment on what you wrote
hear-accepted = Your answer is accepted
hear-changed = Somebody edits, closes or removes what is yours
hear-followed = Something new in a thread you follow
hear-question = A new question in a tag or space you follow
hear-search = Something new for a saved search
hear-reminder = Your question waits for you
level-usual = As for all threads
level-now = E-mail at once
level-daily = Daily e-mail
level-weekly = Weekly e-mail
level-inbox = Inbox only
level-off = Not at all
level-none = Stop following
digest-daily = Every day
digest-weekly = Every Monday
digest-off = Never
field-no-such-level = Choose one of off, inbox, now, daily or weekly.
field-no-such-time = Write from and until as times such as 22:00.
field-too-many-followed = You follow very many tags and spaces already. Stop following one first.

unsubscribe-title = Fewer e-mails
unsubscribe-heading = Fewer e-mails?
unsubscribe-lead = You will get no more e-mails about this:
unsubscribe-button = Stop these e-mails
unsubscribe-keeps = What happens stays in your inbox here.
unsubscribe-done = Done
unsubscribe-done-next = No more e-mails about it. It stays in your inbox here, and can be switched on again.
quieter-mention = Somebody mentions you.
quieter-answer = Answers to your questions.
quieter-comment = Comments on what you wrote.
quieter-accepted = Your answers are accepted.
quieter-changed = Somebody changes what is yours.
quieter-followed = News in threads you follow.
quieter-question = New questions in what you follow.
quieter-search = The saved search “{ $name }”.
quieter-followed-unnamed = A tag or space you follow.
quieter-search-unnamed = A saved search.
quieter-reminder = Reminders of your questions.
quieter-thread = The thread “{ $name }”.
quieter-thread-unnamed = One thread you follow.
quieter-tag = New questions with the tag { $name }.
quieter-space = New questions in the space { $name }.
quieter-digest = The digest.

## E-mails about what happened

mail-somebody = Somebody
mail-stop = Stop e-mails like this
mail-settings = All settings
mail-subject-privilege-taken = A privilege was taken from you for a while
mail-subject-privilege-back = You have a privilege back
mail-subject-votes-annulled = Votes of yours were annulled
mail-subject-votes-reinstated = Votes of yours count again
mail-subject-votes-annulled-on = Votes on posts of yours were annulled
mail-subject-votes-reinstated-on = Votes on posts of yours count again
mail-subject-removed-spam = A post of yours was removed as spam
mail-subject-removed-abuse = A post of yours was removed as abuse
mail-power-privilege-taken = { $by } took a privilege from you: { $title }. Everything else stays as it was.
mail-power-privilege-back = { $by } gave a privilege back to you: { $title }.
mail-power-votes-annulled = { $by } annulled votes of yours, because those between you and somebody else looked arranged. They count neither in scores nor in points.
mail-power-votes-annulled-on = { $by } annulled votes on posts of yours, because they looked arranged. They count neither in scores nor in points; what they brought you is taken back.
mail-power-votes-reinstated = { $by } undid the annulment of votes of yours. They count again.
mail-power-votes-reinstated-on = { $by } undid the annulment of votes on posts of yours. They count again, and the points are yours again.
mail-power-removed-spam = { $by } removed a post of yours as spam. That costs { $cost ->
    [one] one point
   *[other] { $cost } points
    }, and its votes count no longer. If it is brought back, you get back what it cost.
mail-power-removed-abuse = { $by } removed a post of yours as abuse. That costs { $cost ->
    [one] one point
   *[other] { $cost } points
    }, and its votes count no longer. If it is brought back, you get back what it cost.
mail-power-among = It is about “{ $title }”.
mail-power-reason = The reason:
mail-power-until = It lasts until { $until } and ends by itself.
mail-power-object = If this is wrong, write to a moderator or to the administrators of this place: it can be undone.
mail-power-look = Look at it
mail-subject-new = { $title }
mail-subject-re = Re: { $title }
mail-notice-open = Read it
mail-notice-answer = Read and answer
mail-notice-decide = Look at it and decide
mail-notice-reply-question = You can answer by replying to this e-mail.
mail-notice-reply-answer = You can reply to this e-mail: what you write is posted below.
mail-notice-mentioned = { $by } mentioned you:
mail-notice-asked = { $by } asked:
mail-notice-answered-yours = { $by } answered your question:
mail-notice-answered = { $by } answered a question you follow:
mail-notice-commented-question = { $by } commented on your question:
mail-notice-commented-answer = { $by } commented on your answer:
mail-notice-commented = { $by } commented:
mail-notice-accepted-yours = { $by } accepted your answer. That solved it:
mail-notice-accepted = { $by } accepted an answer to a question you follow:
mail-notice-endorsed = { $by } endorsed your answer: staff say that it is right.
mail-notice-edited = { $by } edited what you wrote. The former version is kept:
mail-notice-removed = { $by } removed what you wrote in this thread:
mail-notice-closed = { $by } closed the question:
mail-notice-suggested = { $by } suggested an edit of what you wrote. It waits for you:
mail-notice-approved = { $by } approved the edit you suggested:
mail-notice-improved = { $by } approved the edit you suggested, and changed something of it. Both are in the history:
mail-notice-rejected = { $by } did not take the edit you suggested:
mail-notice-reopened = { $by } opened the question again:
mail-why-mentioned = You get this because you were mentioned.
mail-why-your-question = You get this because you asked this question.
mail-why-your-answer = You get this because you wrote what this is about.
mail-why-your-comment = You get this because you commented there.
mail-why-your-suggestion = You get this because you suggested an edit there.
mail-why-follow = You get this because you follow this thread.
mail-why-tag = You get this because you follow the tag { $subject }.
mail-why-space = You get this because you follow the space { $subject }.
mail-why-saved = You get this because you saved the search “{ $subject }”.
mail-why-sent = You get this because you sent an e-mail.
mail-search-subject = New for your search “{ $query }”
mail-search-what = Something new fits your saved search “{ $query }”:
mail-search-button = See all of it
mail-remind-verdict = { $n ->
    [one] Your question has an answer. Did it help?
   *[other] Your question has { $n } answers. Did one of them help?
}
mail-remind-verdict-next = If one solved it, accept it: whoever has the same problem finds it then, and whoever helped is thanked. If none did, say what is still missing.
mail-remind-verdict-button = Look at the answers
mail-remind-unanswered = Nobody has answered your question yet.
mail-remind-unanswered-next = A detail more often helps: what you have tried, the exact words of an error, your version. Is it solved meanwhile? Then write how, as an answer of your own.
mail-remind-unanswered-button = Look at the question
mail-attached = *(Attached to the e-mail and not kept: { $names })*
mail-asked = Your question is asked:
mail-asked-not-you = It was not you who wrote it? Tell those who run this place.
mail-not-posted-subject = Your e-mail was not posted
mail-not-posted = Your e-mail could not be posted:
mail-not-posted-many = Many e-mails of yours came in a short time, or the very same text came before. Please write it on the thread's page instead.
mail-not-posted-title = The subject: { $what }
mail-not-posted-tags = The tags: { $what }
mail-not-posted-body = The text: { $what }
mail-not-posted-gone = What it was written to is not there any more, or not open to you.
mail-not-posted-kept = It is kept, and those who run this place can read it. This is what you wrote:

## Digest

digest-subject = { $site }: what is new for you
digest-what = This is what came together at { $site }.
digest-notices = For you
digest-waiting = Waiting for an answer in your tags
digest-solved = Best of what was solved
digest-why = You get this because you are a member here. Once a week is usual; you choose how often, or never.
digest-more = { $n ->
    [one] And one more in your inbox.
   *[other] And { $n } more in your inbox.
}
digest-inbox = Open the inbox

## Administration of e-mail and of requests to join

admin-mail = E-mail
admin-requests = Requests
admin-wait-requests = { $n ->
    [one] One person asks to join
   *[other] { $n } people ask to join
}
admin-wait-received = { $n ->
    [one] One e-mail that came in waits for a look
   *[other] { $n } e-mails that came in wait for a look
}
admin-wait-failed = { $n ->
    [one] One e-mail could not be sent
   *[other] { $n } e-mails could not be sent
}
mail-not-set = No mail server is set (PEERHALL_SMTP_URL). E-mails wait here; what is urgent, such as a link for a new password, can be read here and handed over.
mail-from = E-mails come from { $address }.
mail-states = States
mail-state-all = All
mail-state-waiting = Waiting
mail-state-sent = Sent
mail-state-failed = Failed
mail-state-suppressed = Held back
mail-state-withdrawn = Withdrawn
mail-to = To
mail-due = next at
mail-attempts = Attempts
mail-retry = Try again
mail-none = No e-mails here
mail-wiped = Its text had a link that opens something, and was wiped when it was over.
mail-suppressed = Addresses that are not written to
mail-suppressed-what = They refused, or what was sent there came back. Write to one again when its owner says that it works.
mail-lift = Write to it again
flash-mail-retried = It is tried again. An e-mail to an address that is not written to stays here until you lift that first.
flash-suppression-lifted = That address is written to again.
received-title = E-mails that wait for a look
received-what = These came in and were not posted. Nobody was answered in your name.
received-none = Nothing waits. What comes in and cannot be posted will stand here.
received-no-subject = (no subject)
received-from = From { $sender }
received-why = Not posted, because { $reason }.
received-read = Read it
received-dismiss = Done
received-dismiss-sure = Take it off the list? Its text is dropped.
flash-dismissed = Taken off the list.
requests-open = Visitors may ask to join. Whoever you let in gets an invitation by e-mail.
requests-closed = Visitors are told that only invited people can join.
requests-none = Nobody waits
requests-approve = Let in
requests-decline = Decline
requests-decline-sure = Decline? They are told so by e-mail.
flash-let-in = An invitation is on its way to them.
flash-declined = They are told so by e-mail.
settings-joining = Joining
settings-join-requests = Visitors may ask to join
settings-join-domains = E-mail domains that are let in
settings-join-domains-hint = One a line, such as example.com. Whoever asks with an address of exactly such a domain gets an invitation at once; the others wait for you.
settings-mail = E-mail
settings-mail-rate = E-mails a minute at most
settings-mail-vouches = Mail server that says whether senders are who they say
settings-mail-vouches-hint = The name at the beginning of the “Authentication-Results” that your mail server writes, such as mx.example.com. With it, questions are taken by e-mail only from senders that pass its DMARC check. Without it, anybody who knows a member's address can ask in their name by e-mail, unless a server on the way warns of it.
settings-remind-verdict = Remind askers that answers wait for a verdict
settings-remind-unanswered = Remind askers of questions that nobody has answered
settings-remind-hint = Three numbers: days until the first reminder, days between two, how many at most (0 for none).
field-remind-form = Write three numbers, such as 3 7 2: 1 to 365 days, 1 to 365 days, 0 to 20 times.
field-domain-form = { $value } is no domain. Write domains such as example.com, one a line.
search-hear = How to hear of what is new
search-hear-save = Save

## Gurus

nav-needs-you = Needs you
nav-guru = Guru
guru-chip = guru
guru-title = Your standing as a guru
guru-lead = A guru is somebody people can rely on in a tag: at least { $needed } answers there accepted or endorsed within a year, and at least { $least } % of what others said there good. What colleagues of one organisation accept from each other does not count. It opens nothing that others may not open. It helps questions find you.
guru-state-invited = Invited
guru-state-active = Guru
guru-state-paused = Guru, paused
guru-state-declined = You said no
guru-state-ended = Ended
guru-state-ending = Ends on
guru-since = since
guru-facts = { $n ->
    [one] One answer accepted or endorsed
   *[other] { $n } answers accepted or endorsed
 } within a year, { $share } % good.
guru-appointed-by = Appointed by { $by }.
guru-by = By { $by }.
guru-command-line = whoever runs this place
guru-ended-stepped-down = You gave it up.
guru-ended-lapsed = What it takes was no longer there. Thank you for all you did.
guru-ended-dismissed = A moderator ended it.
guru-ended-withdrawn = The invitation was taken back.
guru-missing = It takes { $needed } answers and { $least } %. If that is met again before the date, nothing ends.
guru-means = What it means: your name carries the word guru in threads with this tag, what needs you is put together for you, and you may be asked about a question now and then: as often, at the hours and in the languages you say here. You can pause or stop at any time.
guru-accept = Yes, I am in
guru-decline = No, thank you
guru-decline-hint = You are not asked about this tag again for half a year.
guru-terms = When you can be asked
guru-save = Save
guru-pause = Pause
guru-resume = Be asked again
guru-pause-hint = While it is paused you stay a guru, but nobody is sent to you.
guru-step-down = Give it up
guru-step-down-sure = Give it up? You are not asked about this tag again for half a year.
guru-after-all = I would like to, after all
guru-days = Days
guru-from = From
guru-until = Until
guru-hours-hint = Both empty: the whole day. Times are those of { $zone }; a time zone is changed in your settings.
guru-languages = Languages
guru-languages-hint = Two letters each, such as de, en. Empty: whatever comes.
guru-alerts = Questions a day that you may be asked about
guru-alerts-hint = 0 to 50.
guru-way = On the way
guru-way-facts = { $n } of { $needed } answers, { $share } % good ({ $least } % are needed)
guru-none = Nothing here yet
guru-none-next = Answers that are accepted or endorsed count towards it, tag by tag. What colleagues accept from each other does not.
guru-none-go = Questions without an answer
weekday-0 = Mon
weekday-1 = Tue
weekday-2 = Wed
weekday-3 = Thu
weekday-4 = Fri
weekday-5 = Sat
weekday-6 = Sun
flash-guru-accept = You are a guru there now.
flash-guru-save = It is saved when you can be asked.
flash-guru-pause = It is paused.
flash-guru-resume = You can be asked again.
flash-guru-step-down = You gave it up. Thank you for all you did.
flash-guru-decline = Noted. You are not asked about this tag again for half a year.
flash-guru-appointed = They are told, and decide themselves.
flash-guru-dismissed = It is ended, and they are told why.
flash-claimed = You are on it for two hours. Others can still answer.
flash-released = You are no longer on it.
flash-not-for-me = It is not shown to you again. That counts for nothing.
flash-handed-over = Staff have it now. Thank you for saying why.

needs-title = Needs you
needs-lead = Questions that wait in tags you know, those first that need you most.
needs-standing = Your standing
needs-how = In order of what you showed you know, how long it waits, and how few others could answer. Votes, comments and “I have this too” move nothing here.
needs-none = Nothing needs you now
needs-none-next = Every question in your tags is solved, with staff, or somebody else's.
needs-none-yet = Nothing here yet
needs-none-yet-next = Once an answer of yours is accepted or endorsed, questions in its tags come here.
need-guru-in = in your tag { $tag }
need-solved-in = { $n ->
    [one] you solved one in { $tag }
   *[other] you solved { $n } in { $tag }
 }
need-waiting-minutes = { $n ->
    [one] waiting for a minute
   *[other] waiting for { $n } minutes
 }
need-waiting-hours = { $n ->
    [one] waiting for an hour
   *[other] waiting for { $n } hours
 }
need-waiting-days = waiting for { $n } days
need-answered = has answers, none accepted
need-others = { $n ->
    [0] no other guru
    [one] 1 other guru
   *[other] { $n } other gurus
 }
need-mine = You are on it until
need-decline = Not for me
claim-do = I am on it
claim-release = No longer on it
next-step-claimed = { $name } is on it until
next-step-handed-over = With staff, handed over by { $name }
hand-over-link = Hand over to staff
hand-over-title = Hand over to staff
hand-over-lead = For what peers cannot finish. Staff and moderators are told, and the question says that it is with them until one of them answers it, or it is solved.
hand-over-reason = Why
hand-over-hint = What was tried, and what only staff can do. They read it.
hand-over-button = Hand over
hand-over-back = Back to the question
candidates-link = Who could answer
candidates-title = Who could answer this, and why
candidates-lead = In the order in which they would be asked. Left out: whoever asked it, whoever said “Not for me”, and whoever may not open it.
candidates-none = Nobody has shown yet that they know one of its tags.
candidate-not-now = not now
candidate-guru = Guru in
candidate-solved = { $n ->
    [one] One answer
   *[other] { $n } answers
 } accepted or endorsed in its tags within a year, { $points } points
candidate-busy = { $n ->
    [one] On one question already
   *[other] On { $n } questions already
 }
candidate-enough-alerts = Was asked { $n } of { $most } times today
candidate-not-opted-in = Has not said that they can be asked
candidate-off-hours = Outside the hours they chose
candidate-language = Not among the languages they chose
candidate-mixed = Moved up, so that not all who are asked first are of the asker's own organisation

tag-gurus-title = Gurus in { $text }
tag-gurus-link = Gurus
tag-gurus-lead = People who showed that they can be relied on here.
tag-gurus-none = There are none yet.
tag-guru-solved = { $n ->
    [0] nothing accepted or endorsed here lately
    [one] one answer accepted or endorsed within a year
   *[other] { $n } answers accepted or endorsed within a year
 }
person-guru-in = Guru in
appoint-summary = Appoint a guru
appoint-note = They are told who appoints them and why, and say yes or no themselves.
appoint-who = Who
appoint-who-hint = Their handle, such as @ada.
appoint-tag = Tag
appoint-reason = Why
appoint-reason-hint = They read it.
appoint-button = Appoint
dismiss-summary = End this standing
dismiss-button = End it

problem-not-hall-moderator = For moderators of all spaces
problem-not-hall-moderator-what = Gurus are appointed and dismissed by moderators who moderate everywhere, and by staff.
problem-not-hall-moderator-next = Tell one of them whom you have in mind.
problem-own-standing = Not for yourself
problem-own-standing-what = Nobody appoints or dismisses themselves as a guru.
problem-own-standing-next = Your own standing is on its page: there you can say yes, pause it or give it up.
problem-not-invited = There is no invitation
problem-not-invited-what = There is nothing here to say yes or no to; it may have been taken back.
problem-not-invited-next = Your standing as a guru has a page that says how it is now.
problem-not-guru = Not a guru there
problem-not-guru-what = There is no standing in this tag that could be changed.
problem-not-guru-next = Look at the page again; it may have changed meanwhile.
problem-guru-not-met = Something is missing
problem-guru-not-met-what = It takes { $needed } answers accepted or endorsed within a year, and { $least } % good. Now it is { $answers }, and { $share } %.
problem-guru-not-met-next = Answers that are accepted raise both. You are asked when it is met.
problem-not-waiting = This question does not wait for peers
problem-not-waiting-what = It is solved, closed, removed or with staff, so nothing was changed.
problem-not-waiting-next = You can still read it, and answer it unless it is closed.
problem-own-question = This is your own question
problem-own-question-what = Others take it on. Nothing was changed.
problem-own-question-next = If an answer helped, accept it. If you know more, edit the question.
problem-not-expert = Not yours to take on yet
problem-not-expert-what = This is for gurus in one of its tags, and for those who had an answer accepted or endorsed there within a year. What colleagues accept from each other does not count.
problem-not-expert-next = You can simply answer it.
problem-claimed = Somebody is on it
problem-claimed-what = Another helper is on this question until { $until }. Nothing was changed.
problem-claimed-next = You can still answer it.
problem-too-many-claims = Enough for now
problem-too-many-claims-what = One can be on { $most } questions at once.
problem-too-many-claims-next = Answer one of them, or say that you are no longer on it.
problem-claimed-often = You were on it already
problem-claimed-often-what = One can be on the same question { $most } times a day, so that it does not wait for one person alone.
problem-claimed-often-next = You can simply answer it.
problem-not-claimed = You are not on it
problem-not-claimed-what = There is nothing to give up; two hours may be over.
problem-not-claimed-next = There is nothing more to do.
field-no-days = Choose at least one day.
field-no-such-day = A day is mon, tue, wed, thu, fri, sat or sun.
field-no-language = A language has two letters, such as en.
field-too-many-languages = At most { $max } languages are possible.
field-no-such-person = There is nobody with this handle.
field-no-such-tag = There is no such tag. It has to be on a question already.
field-guru-already = They are a guru there already, or have been asked to be.
field-may-not-enter = They may not enter now, so they cannot be asked.
field-no-such-act = This is not one of the choices.
typed-daily_alerts = Questions a day
typed-days = Days
typed-from = From
typed-until = Until
typed-languages = Languages
typed-who = Who
typed-tag = Tag

audit-act-guru-invited = Invited { $subject } to be a guru in { $tag }, for what they showed there
audit-act-guru-withdrawn = Took back the invitation of { $subject } to be a guru in { $tag }: something is missing
audit-act-guru-lapsing = Told { $subject } that something is missing for a guru in { $tag }
audit-act-guru-kept = Found that { $subject } has again what a guru in { $tag } needs
audit-act-guru-ended = Ended the standing of { $subject } as a guru in { $tag }: something is missing
audit-act-guru-opted-in = Said yes: { $subject } is a guru in { $tag }
audit-act-guru-declined = Said no to being a guru in { $tag }: { $subject }
audit-act-guru-paused = Paused being a guru in { $tag }: { $subject }
audit-act-guru-resumed = Went on as a guru in { $tag }: { $subject }
audit-act-guru-stepped-down = Gave up being a guru in { $tag }: { $subject }
audit-act-guru-appointed = Appointed { $subject } guru in { $tag }
audit-act-guru-dismissed = Dismissed { $subject } as a guru in { $tag }

notice-guru-invited = You are invited to be a guru
notice-guru-appointed = { $by } would like you to be a guru
notice-guru-given = You are a guru now
notice-guru-dismissed = { $by } ended your standing as a guru
notice-guru-lapsing = Something is missing for you to stay a guru
notice-guru-ended = Your standing as a guru has ended. Thank you for all you did
notice-guru-month = Your month as a guru
notice-handed-over = { $by } handed a question over to staff
reason-guru = guru in [{ $subject }]
reason-staff = you moderate there
reason-account = about you
hear-guru = Your standing as a guru
hear-guru-month = What you achieved last month as a guru
hear-hand-over = A question is handed over to staff (for moderators and staff)
quieter-guru = Your standing as a guru.
quieter-guru-month = Your month as a guru.
quieter-hand-over = Questions handed over to staff.
mail-why-guru = You get this because of what you showed in { $subject }.
mail-why-staff = You get this because you moderate the space { $subject } is in.
mail-notice-handed-over = { $by } handed a question over to staff:
mail-subject-guru-invited = Will you be a guru in { $tag }?
mail-subject-guru-appointed = { $by } would like you to be a guru in { $tag }
mail-subject-guru-given = You are a guru in { $tag }
mail-subject-guru-dismissed = Your standing as a guru in { $tag } was ended
mail-subject-guru-lapsing = Something is missing for you to stay a guru in { $tag }
mail-subject-guru-ended = Thank you for all you did in { $tag }
mail-told-guru-invited = You helped people with { $tag }, and it shows: { $share } % of what others said of your posts there is good. So you are invited to be a guru in { $tag }.
mail-guru-answers = { $answers } answers accepted or endorsed
mail-guru-answers-note = within a year, in { $tag }
mail-guru-what-heading = What it means
mail-guru-what = Your name carries the word guru in threads with this tag, questions that need you are put together for you, and you may be asked about one now and then: as often, at the hours and in the languages you say. It opens nothing that others may not open. You can pause or stop at any time.
mail-guru-how = Say yes or no on your page. If you do nothing, nothing changes. After a no you are not asked about { $tag } again for half a year.
mail-guru-decide = Say yes or no
mail-guru-hours = Say when you can be asked
mail-guru-look = Look at it
mail-told-guru-appointed = { $by } would like you to be a guru in { $tag }, and says why:
mail-told-guru-given = You are a guru in { $tag } now: { $by } appointed you.
mail-told-guru-dismissed = { $by } ended your standing as a guru in { $tag }, and says why:
mail-guru-dismissed-next = What you wrote stays, with all that others said of it. If you think this is wrong, write to a moderator.
mail-told-guru-lapsing = To be a guru in { $tag } takes { $needed } answers accepted or endorsed within a year, and { $least } % good. Now it is { $answers }, and { $share } %.
mail-guru-lapsing-next = Your standing there ends on { $until }, unless that is met again before. Nothing has changed yet.
mail-told-guru-ended = What it takes to be a guru in { $tag } was not met for a month, so your standing there has ended.
mail-guru-ended-next = Thank you for all you did. Whoever reads your answers is helped by them still. When it is met again, you are asked again.
mail-subject-month = Your { $month } as a guru
mail-month-what = This is what you did for others in { $month }, as a guru in { $tags }.
mail-month-helped = { $n ->
    [one] One person had their question solved by you
   *[other] { $n } people had their question solved by you
 }
mail-month-accepted = { $n ->
    [one] One answer of yours was accepted
   *[other] { $n } answers of yours were accepted
 }
mail-month-endorsed = { $n ->
    [one] One answer of yours was endorsed by staff
   *[other] { $n } answers of yours were endorsed by staff
 }
mail-month-answers = { $n ->
    [one] You wrote one answer
   *[other] You wrote { $n } answers
 }
mail-month-readers = { $n ->
    [one] One member read an answer of yours
   *[other] { $n } members read answers of yours
}
mail-month-points = Points
mail-month-points-n = { $n ->
    [one] 1 point
   *[other] { $n } points
 }
mail-month-waiting = What needs you now
mail-month-need = in { $tag }
mail-month-all = All that needs you
points-answer-up = Your answers were voted up
points-answer-down = Your answers were voted down
points-question-up = Your questions were voted up
points-question-down = Your questions were voted down
points-down-cast = You voted answers down
points-accepted = Your answers were accepted
points-accepting = You accepted answers
points-endorsed = Your answers were endorsed
points-assist = Staff cited what you wrote
points-edit = Your suggested edits were approved
points-removed = What you wrote was removed
month-name = { $n ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
 }

## Badges

badges-title = Badges
badges-lead = Badges tell what became of somebody's help: solved, confirmed, still right after a year. How much somebody writes earns none.
badges-note = A badge stands as long as what it was earned by. Members of one organisation cannot earn them from each other, and staff earn none. What was decided before this place was set up counts as well.
badges-yours = { $n ->
    [one] You have it
   *[other] You have it { $n } times
}
badges-everybody = Everybody who has it
badges-nobody = Nobody has this one yet
badges-nobody-next = It takes what is written above, and nothing else.
badges-no-more = This badge is not awarded any more. Who has it keeps it.
badge-name-first-accepted = First solution
badge-name-solver = Solver
badge-name-mainstay = Mainstay
badge-name-helped-many = Helped many
badge-name-confirmed = Confirmed
badge-name-worth-the-wait = Worth the wait
badge-name-solved-for-many = Solved for many
badge-name-read-by-many = Read by many
badge-name-kept-current = Kept current
badge-name-careful-editor = Careful editor
badge-name-verdict-given = Verdict given
badge-for-first-accepted = { $n ->
    [one] An answer of theirs was accepted for the first time.
   *[other] { $n } answers of theirs were accepted.
}
badge-for-solver = { $n ->
    [one] An answer of theirs was accepted.
   *[other] { $n } answers of theirs were accepted.
}
badge-for-mainstay = { $n ->
    [one] An answer of theirs was accepted.
   *[other] { $n } answers of theirs were accepted.
}
badge-for-helped-many = { $n ->
    [one] Somebody accepted an answer of theirs.
   *[other] { $n } different people accepted an answer of theirs.
}
badge-for-confirmed = { $n ->
    [one] Staff endorsed an answer of theirs.
   *[other] Staff endorsed { $n } answers of theirs.
}
badge-for-worth-the-wait = { $n ->
    [one] They answered first, after a question had waited a day, and that solved it.
   *[other] They answered first, after a question had waited { $n } days, and that solved it.
}
badge-for-solved-for-many = { $n ->
    [one] Their answer solved a question that somebody else had too.
   *[other] Their answer solved a question that { $n } other people had too.
}
badge-for-read-by-many = { $n ->
    [one] Their accepted or endorsed answer was read by a member.
   *[other] Their accepted or endorsed answer was read by { $n } members.
}
badge-for-kept-current = { $n ->
    [one] They brought a solution up to date that had not been touched for a day.
   *[other] They brought a solution up to date that had not been touched for { $n } days.
}
badge-for-careful-editor = { $n ->
    [one] An edit they suggested was approved.
   *[other] { $n } edits they suggested were approved.
}
badge-for-verdict-given = { $n ->
    [one] They told which answer solved their question, for the first time.
   *[other] They told which answer solved their question, { $n } times.
}
badge-times = { $name } × { $n }
person-badges = Badges
person-badges-elsewhere = From { $source }
notice-badge = You earned a badge
hear-badge = You earned a badge
quieter-badge = Badges you earn.
mail-subject-badge = You earned a badge: { $name }
mail-badge = You earned the badge “{ $name }”. It goes to members of whom this is true:
mail-badge-look = See what it was for
mail-why-badge = You get this because you want to hear of badges by e-mail.
