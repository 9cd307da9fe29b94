// In the head: where one is, in view, and the number, live: one stream per browser, shared with its other tabs; where there is none, by asking.

for (const here of document.querySelectorAll(".tabs [aria-current], .places [aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const bell = document.querySelector("[data-inbox]");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("peerhall-inbox") : null;
let shown = null;

function show(state) {
  if (!bell) return;
  const count = bell.querySelector("[data-count]");
  const before = shown;
  shown = state;
  count.hidden = state.unread <= 0;
  count.textContent = state.unread > 99 ? "99+" : String(state.unread);
  const [none, one, many] = bell.dataset.inbox.split("|");
  bell.querySelector("[data-label]").textContent =
    state.unread <= 0 ? none : state.unread === 1 ? one : many.replace("#", String(state.unread));
  if (before && state.latest > before.latest) {
    const said = document.querySelector("[data-live-said]");
    if (said) said.textContent = bell.querySelector("[data-label]").textContent;
    refresh();
  }
}

// On the inbox's own page the list is fetched anew.
async function refresh() {
  const list = document.querySelector("[data-inbox-list]");
  if (!list || list.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-inbox-list]");
    if (fresh) list.replaceWith(fresh);
    dispatchEvent(new Event("times"));
  } catch { /* It is there when the page is loaded again. */ }
}

function tell(state) {
  show(state);
  channel?.postMessage(state);
}
if (channel) channel.onmessage = ({ data }) => show(data);

function listen() {
  return new Promise((done) => {
    const stream = new EventSource("/live");
    stream.addEventListener("inbox", ({ data }) => tell(JSON.parse(data)));
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) done();
    };
  });
}

async function ask() {
  try {
    const answer = await fetch("/inbox/state");
    if (answer.ok && !answer.redirected) tell(await answer.json());
  } catch { /* Asked again in a minute. */ }
}

async function poll() {
  for (;;) {
    if (document.visibilityState === "visible") await ask();
    await new Promise((done) => setTimeout(done, 60000));
  }
}

if (bell) {
  if (channel && navigator.locks) {
    // Whoever holds the lock listens for all tabs; when it is closed, another takes over.
    navigator.locks.request("peerhall-live", async () => {
      await listen();
      await poll();
    });
  } else {
    poll();
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && shown === null) ask();
  });
}
