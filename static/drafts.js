// What is typed into a form with data-draft is kept in this tab until it is sent, so that a session that ends in
// between loses nothing. It is kept per member and form, shown to nobody else, and forgotten on signing out.

const note = document.querySelector("template[data-drafts]");
const member = note.dataset.drafts;
const start = `draft:${member}:`;
const signedOut = "draft-signed-out";

const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith("draft:"));
const forget = (key) => sessionStorage.removeItem(key);
const keyOf = (form) => start + form.getAttribute("action");

function read(key) {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
}
function write(key, draft) {
  try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch { forget(key); }
}

// Fields that people fill in, and the version that an edit began with: an edit of an older text has to meet its conflict.
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && (field.name === "version" || !["hidden", "password", "submit"].includes(field.type)));
const typed = (field) => field.name !== "version";

function values(form) {
  const values = {};
  for (const field of fieldsOf(form)) {
    if (field.type === "radio" || field.type === "checkbox") { if (field.checked) values[field.name] = field.value; } else values[field.name] = field.value;
  }
  return values;
}
function untouched(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked === field.defaultChecked;
  if (field.options) return [...field.options].every((option, at) => option.selected === option.defaultSelected || (at === 0 && field.selectedIndex === 0));
  return field.value === field.defaultValue;
}
function fill(form, kept) {
  // Resetting a form leaves hidden fields as they are.
  if (form.elements.version) form.dataset.version = form.elements.version.value;
  for (const field of fieldsOf(form)) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = kept[field.name] === field.value;
    else if (field.name in kept) field.value = kept[field.name];
  }
}

function say(place, key, href) {
  const said = note.content.firstElementChild.cloneNode(true);
  const back = said.querySelector("a");
  said.querySelector(href ? "[data-here]" : "[data-elsewhere]").remove();
  if (href) back.href = href; else back.remove();
  said.querySelector("button").onclick = () => {
    forget(key);
    const form = said.closest("form");
    said.remove();
    form?.reset();
    if (form?.dataset.version) form.elements.version.value = form.dataset.version;
    form?.querySelector("textarea")?.focus();
  };
  place.prepend(said);
  return said;
}

function tidy() {
  const out = Number(localStorage.getItem(signedOut)) || 0;
  for (const key of keys()) {
    const draft = read(key);
    if (!key.startsWith(start) || !draft || draft.at <= out) forget(key);
  }
}

// Another tab may have shown the word about it; then the place tells: the new post's own, or the new question's page.
const arrived = (draft) => (location.hash && location.hash !== draft.hash) || (draft.place === "/ask" && /^\/questions\/\d/.test(location.pathname));

function meet() {
  const done = document.querySelector(".flash-done");
  const forms = [...document.forms];
  for (const key of keys()) {
    const draft = read(key);
    const form = forms.find((form) => form.hasAttribute("action") && keyOf(form) === key);
    if (draft.sent && (done || arrived(draft))) { forget(key); continue; }
    // It was sent and nothing came of it: the session had ended, or the network had.
    const lost = draft.lost || (draft.sent && !form);
    write(key, { ...draft, sent: false, lost });
    if (!form) {
      if (lost) say(document.querySelector("main"), key, draft.place);
      continue;
    }
    // After a mistake the page itself brings the words back.
    if (!("draft" in form.dataset) || document.querySelector(".problems[role=alert]")) continue;
    const now = values(form);
    if (fieldsOf(form).filter(typed).every((field) => now[field.name] === draft.values[field.name])) continue;
    fill(form, draft.values);
    const fold = form.closest("details");
    if (fold) fold.open = true;
    const said = say(form, key);
    if (lost) said.scrollIntoView({ block: "center" });
  }
}

try {
  tidy();
  meet();
  addEventListener("input", ({ target }) => {
    const form = target.form;
    if (!form || !("draft" in form.dataset)) return;
    if (fieldsOf(form).filter(typed).every(untouched)) return forget(keyOf(form));
    write(keyOf(form), { values: values(form), place: location.pathname, at: Date.now() });
  });
  addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented) return;
    if (submitter?.getAttribute("formaction") === "/sign-out") {
      localStorage.setItem(signedOut, Date.now());
      return keys().forEach(forget);
    }
    // What was about to be asked is solved: it is not needed any more, once that has arrived.
    const solved = submitter?.hasAttribute("data-solved") && document.querySelector("form[action='/ask']");
    const sent = solved || form;
    const draft = sent.hasAttribute("action") && read(keyOf(sent));
    if (draft) write(keyOf(sent), { ...draft, sent: true, hash: location.hash });
  });
  // Back to a page as it was: what was sent from it had not arrived, or this page would be a newer one.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) keys().forEach((key) => write(key, { ...read(key), sent: false }));
  });
  // Signed out in another tab.
  addEventListener("storage", ({ key }) => { if (key === signedOut) keys().forEach(forget); });
} catch {
  // A browser that keeps nothing for pages: everything else works.
}
