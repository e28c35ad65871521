// For those who are signed in, outside WeChat: the service worker, the hint how to install, and what other apps shared.

const OLD = 3600000; // what was shared and not taken within an hour is dropped

// -- the worker and the hint --------------------------------------------------------------------------

const hint = document.getElementById("install");
const isInstalled = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
let prompted = null;

/** How often somebody came back; a visit is one tab's life. */
function visits() {
  try {
    if (!sessionStorage.getItem("visit")) {
      sessionStorage.setItem("visit", "1");
      localStorage.setItem("visits", String(Number(localStorage.getItem("visits") ?? 0) + 1));
    }
    return Number(localStorage.getItem("visits"));
  } catch {
    return 0; // no storage: no hint
  }
}

function showHint(way) {
  if (!hint || isInstalled || visits() < 2) return;
  hint.querySelector(`[data-install=${way}]`).hidden = false;
  hint.hidden = false;
}

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  prompted = event;
  showHint("ask");
});
window.addEventListener("appinstalled", () => hint?.remove());
hint?.querySelector("button[data-install=ask]").addEventListener("click", async () => {
  const choice = await prompted?.prompt();
  if (choice?.outcome === "accepted") hint.remove();
});
visits();
// Safari on iPhone and iPad never asks; the share menu does it.
if ("standalone" in navigator) showHint("share-menu");

if ("serviceWorker" in navigator) {
  const start = () => navigator.serviceWorker.register("/worker.js").catch(() => {}); // storage may be switched off
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start);
}

// -- what was shared ------------------------------------------------------------------------------------

const MAIL = /\.(eml|msg|txt|zip)$/i;

function give(field, files) {
  const carried = new DataTransfer();
  for (const file of files) carried.items.add(file);
  field.files = carried.files;
}

/** Put what another app shared into the forms of the page; whoever is signed in presses the button, or does not. */
async function takeShared(page) {
  const store = await caches.open("suji-shared");
  const files = [];
  let text = "";
  for (const key of await store.keys()) {
    const kept = await store.match(key);
    if (Date.now() - Number(kept.headers.get("X-At")) > OLD) continue;
    const name = decodeURIComponent(kept.headers.get("X-Name") ?? "");
    if (key.url.endsWith("/text")) text = await kept.text();
    else files.push(new File([await kept.blob()], name, { type: kept.headers.get("Content-Type") ?? "" }));
  }
  await caches.delete("suji-shared");
  const mails = files.filter((file) => MAIL.test(file.name) || /^(message|text)\//.test(file.type));
  const exhibits = files.filter((file) => !mails.includes(file));
  const form = document.getElementById("hand-in-form");
  if (text) form.elements.text.value = text;
  if (mails.length) give(form.elements.files, mails);
  if (exhibits.length) {
    const field = page.querySelector("input[type=file]"); // none without a case to put them in
    if (field) give(field, exhibits);
    page.hidden = false;
  }
  if (text || mails.length) document.getElementById("shared-said").hidden = false;
}

const page = document.getElementById("shared-exhibits");
if (page && "caches" in window) takeShared(page);
