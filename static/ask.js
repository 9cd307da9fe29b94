// While a title is typed, questions that may answer it already are shown below it. Nothing here is needed to ask.

const form = document.querySelector("form[action='/ask']");
const place = document.querySelector("[data-similar]");
const status = document.querySelector("[data-similar-status]");
const { title, body, csrf } = form.elements;
let timer;
let running;
let shown = "";
let refused = "";

async function look() {
  const typed = title.value.trim();
  if (typed === shown || typed === refused) return;
  if (typed.length < 8 || !typed.includes(" ")) return hide();
  running?.abort();
  running = new AbortController();
  try {
    const sent = new URLSearchParams({ title: typed, body: body.value.slice(0, 4000), csrf: csrf.value });
    const answer = await fetch("/ask/similar", { method: "POST", body: sent, signal: running.signal });
    if (!answer.ok) return;
    const html = await answer.text();
    // Somebody is reading in there: it stays until they are done.
    if (place.querySelector("details[open]")) return;
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
  if (place.querySelector("details[open]")) return;
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
    for (const open of place.querySelectorAll("details[open]")) open.open = false;
    hide();
    body.focus();
  }
  if (event.target.closest("[data-solved]")) {
    // What was typed is not needed any more.
    const member = document.querySelector("template[data-drafts]")?.dataset.drafts;
    sessionStorage.removeItem(`draft:${member}:/ask`);
  }
});
if (title.value.trim()) soon(0);
