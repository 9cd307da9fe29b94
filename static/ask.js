// While a title is typed, questions that may answer it already are shown below it. Nothing here is needed to ask.

const form = document.querySelector("form[action='/ask']");
const place = document.querySelector("[data-similar]");
const status = document.querySelector("[data-similar-status]");
const { title, body, csrf } = form.elements;
let timer;
let running;
let shown = "";
let refused = "";

// Somebody is reading in there, or is about to: it stays until they are done.
const inUse = () => place.querySelector("details[open]") || place.contains(document.activeElement);

async function look() {
  const typed = title.value.trim();
  if (typed === shown) return;
  running?.abort();
  if (typed === refused) return;
  if (typed.length < 8 || !typed.includes(" ")) return hide();
  const asking = running = new AbortController();
  try {
    const sent = new URLSearchParams({ title: typed, body: body.value.slice(0, 4000), csrf: csrf.value });
    const answer = await fetch("/ask/similar", { method: "POST", body: sent, signal: asking.signal });
    if (!answer.ok) return;
    const html = await answer.text();
    if (asking.signal.aborted || inUse()) return;
    shown = typed;
    place.innerHTML = html;
    place.hidden = html === "";
    for (const none of place.querySelectorAll("[data-none]")) none.hidden = false;
    const count = place.querySelectorAll("details").length;
    status.textContent = count ? status.dataset.words.replace("#", count) : "";
  } catch {
    // Without suggestions the question can be asked all the same.
  }
}
function hide() {
  running?.abort();
  if (inUse()) return;
  shown = "";
  place.hidden = true;
  place.textContent = "";
  status.textContent = "";
}
function soon(delay) {
  clearTimeout(timer);
  timer = setTimeout(look, delay);
}

title.addEventListener("input", () => soon(300));
title.addEventListener("change", () => soon(0));
place.addEventListener("click", (event) => {
  if (event.target.closest("[data-none]")) {
    refused = title.value.trim();
    clearTimeout(timer);
    for (const open of place.querySelectorAll("details[open]")) open.open = false;
    body.focus();
    hide();
  }
});
if (title.value.trim()) soon(0);
