// Small conveniences. Every page works without them.

const lang = document.documentElement.lang || "en";
const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const full = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short" });
const date = new Intl.DateTimeFormat(lang, { dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
const steps = [[60, "minute"], [3600, "hour"], [86400, "day"]];

function tellTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const seconds = (at - Date.now()) / 1000;
    const age = Math.abs(seconds);
    time.title = full.format(at);
    if ("moment" in time.dataset) { time.textContent = moment.format(at); continue; }
    if ("day" in time.dataset || age > 21 * 86400) { time.textContent = date.format(at); continue; }
    const [size, unit] = steps.findLast(([from]) => age >= from) ?? [60, "minute"];
    time.textContent = age < 45 ? relative.format(0, "second") : relative.format(Math.trunc(seconds / size) || Math.sign(seconds), unit);
  }
}
tellTimes();
setInterval(tellTimes, 60000);
addEventListener("times", tellTimes);

// A form is sent once; coming back by the browser's arrow makes it usable again.
addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm;
  if (question && !confirm(question)) return event.preventDefault();
  if (form.method !== "post") return;
  const sent = submitter ?? form;
  if (sent.ariaBusy === "true") return event.preventDefault();
  sent.ariaBusy = "true";
  setTimeout(() => { sent.ariaBusy = null; }, 10000);
});
addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll("[aria-busy]")) busy.ariaBusy = null;
});

// Preview: the server renders, so what is shown is what will stand there.
for (const area of document.querySelectorAll("textarea[data-preview]")) {
  const [show, write, failed] = area.dataset.preview.split("|");
  const bar = document.createElement("div");
  const pane = document.createElement("div");
  const button = (text, pressed) => {
    const b = Object.assign(document.createElement("button"), { type: "button", className: "quiet-button", textContent: text });
    b.ariaPressed = pressed;
    bar.append(b);
    return b;
  };
  bar.className = "preview-bar";
  pane.className = "preview prose";
  pane.hidden = true;
  pane.dir = "auto";
  pane.ariaLive = "polite";
  const writing = button(write, "true");
  const showing = button(show, "false");
  area.before(bar);
  area.after(pane);
  const toggle = (preview) => {
    area.hidden = preview;
    pane.hidden = !preview;
    writing.ariaPressed = String(!preview);
    showing.ariaPressed = String(preview);
  };
  writing.onclick = () => { toggle(false); area.focus(); };
  showing.onclick = async () => {
    toggle(true);
    pane.ariaBusy = "true";
    const body = new URLSearchParams({ body: area.value, csrf: area.form.elements.csrf.value });
    try {
      const answer = await fetch("/preview", { method: "POST", body });
      if (!answer.ok) throw new Error(answer.status);
      pane.innerHTML = await answer.text();
    } catch {
      pane.textContent = failed;
    }
    pane.ariaBusy = null;
  };
  // A required field that is hidden can't show its message.
  area.addEventListener("invalid", () => toggle(false));
}

// Questions like the one that is read, when there is time for it.
const related = document.querySelector("[data-related]");
if (related) {
  const load = async () => {
    try {
      const answer = await fetch(related.dataset.related);
      const html = answer.ok ? await answer.text() : "";
      if (html) related.insertAdjacentHTML("beforeend", html);
    } catch {
      // The heading is a link to them.
    }
  };
  (globalThis.requestIdleCallback ?? setTimeout)(load);
}

// Words that go on what is typed into a search box.
for (const box of document.querySelectorAll("#q, [data-search]")) {
  const list = document.createElement("datalist");
  let timer;
  let asked;
  list.id = `${box.id}-words`;
  box.after(list);
  box.setAttribute("list", list.id);
  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    asked?.abort();
    const typed = box.value.trimStart();
    // Choosing from the list is no typing.
    if (typed.length < 2 || event.inputType === "insertReplacementText" || !event.inputType) return;
    timer = setTimeout(async () => {
      asked = new AbortController();
      try {
        const answer = await fetch(`/search/suggest?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
        if (!answer.ok) return;
        const { items } = await answer.json();
        list.replaceChildren(...items.map((value) => Object.assign(document.createElement("option"), { value })));
      } catch {
        // It is searched without.
      }
    }, 150);
  });
}

// What scrolls sideways can be reached and scrolled by keyboard.
for (const wide of document.querySelectorAll(".prose pre, .prose table")) {
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
}

// Ctrl or Cmd with Enter sends what is being written.
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const field = event.target.closest?.("textarea");
    if (field?.form) { event.preventDefault(); field.form.requestSubmit(); }
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.querySelector("#q, [data-search]");
    if (box && box.offsetParent) { event.preventDefault(); box.focus(); box.select(); }
  }
  if (event.key === "Escape") {
    const menu = document.querySelector("[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  }
});
addEventListener("click", (event) => {
  const menu = document.querySelector("[data-menu][open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

const flashes = document.querySelector(".flashes");
if (flashes) setTimeout(() => flashes.classList.add("settled"), 10000);
for (const secret of document.querySelectorAll("[data-select]")) secret.addEventListener("focus", () => secret.select());
document.querySelector("[data-focus]")?.focus({ preventScroll: false });
