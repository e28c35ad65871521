// Convenience only: every page works without this file. No library, no eval, nothing global.

const words = document.getElementById("words")?.dataset ?? {};
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

/** Say it in the live region at the bottom, aloud for those who listen. */
function say(text) {
  const area = document.getElementById("toast");
  if (!area || !text) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  area.replaceChildren(toast);
  setTimeout(() => toast.remove(), 4000);
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/** Put a piece of a page where `old` stands; focus and open details with an id stay. */
function replaceWith(old, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!fresh || (old.id && fresh.id !== old.id)) return;
  const focused = old.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  for (const details of old.querySelectorAll("details[open][id]")) {
    fresh.querySelector(`#${CSS.escape(details.id)}`)?.setAttribute("open", "");
  }
  old.replaceWith(document.adoptNode(fresh));
  window.htmx?.process(fresh);
  settle(fresh);
  focused?.()?.focus({ preventScroll: true });
}

/** How to find `focused` again in a fresh piece: by its id, or as the same kind of thing in the nearest box with one. */
function placeOf(focused) {
  const home = focused.closest("[id]"), kind = focused.localName;
  const place = [...(home?.querySelectorAll(kind) ?? [])].indexOf(focused);
  return () => {
    const fresh = home && document.getElementById(home.id);
    return home === focused ? fresh : fresh?.querySelectorAll(kind)[place];
  };
}

// -- copy --------------------------------------------------------------------------------------------

async function copy(button) {
  const from = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
  const text = button.dataset.copyText ?? from?.value ?? from?.textContent.trim() ?? ""; // groups of four are margins, not blanks
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http in a local network has no clipboard: select it and use the old way.
    const field = element("textarea", "clip", "");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    button.focus();
    if (!done) return say(words.copyFailed);
  }
  say(words.copied);
}

// -- theme -------------------------------------------------------------------------------------------

function chooseTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  const age = theme ? 31536000 : 0;
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`;
  showTheme();
}

function showTheme() {
  const now = document.documentElement.dataset.theme ?? "";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
  }
  for (const box of document.querySelectorAll("[data-themes]")) box.hidden = false;
}

/** A hint that nobody wants again; the server leaves it out from now on. */
function dismiss(button) {
  document.cookie = `${button.dataset.dismiss}=1; path=/; max-age=31536000; samesite=lax`;
  button.closest("aside").remove();
}

// -- live parts ----------------------------------------------------------------------------------------

const QUICK = 3000, SLOW = 20000, HURRY = 120000;
const asked = new WeakMap(); // part → when it was last asked for
let hurryUntil = 0;

async function refresh(part) {
  asked.set(part, Date.now());
  const url = new URL(part.dataset.poll, location.href);
  url.searchParams.set("seen", part.dataset.version ?? "");
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true", "X-Requested-With": "fetch" } });
    if (answer.status === 200 && part.isConnected && !isBusy(part)) replaceWith(part, await answer.text());
  } catch {
    // Away from the network: the next turn asks again.
  }
}

/** Somebody is typing in it, or has a menu open: what is new can wait. */
function isBusy(part) {
  return part.contains(document.activeElement) && document.activeElement.matches("input,textarea,select");
}

function tick() {
  if (document.visibilityState !== "visible") return;
  const now = Date.now();
  for (const part of document.querySelectorAll("[data-poll]")) {
    if (!asked.has(part)) asked.set(part, now);
    const pace = "fast" in part.dataset && now < hurryUntil ? QUICK : SLOW;
    if (now - asked.get(part) >= pace) refresh(part);
  }
}

// -- upload --------------------------------------------------------------------------------------------

function upload(form, files) {
  const list = form.querySelector(".uploads");
  const field = form.querySelector("input[type=file]");
  for (const file of files) {
    const line = element("li", "upload");
    const name = element("span", "upload-name", file.name || words.pasted);
    const state = element("span", "upload-said", words.waiting);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name.textContent);
    const button = element("button", "button small quiet", words.cancel);
    button.type = "button";
    const drop = element("button", "button small quiet", words.remove); // beside 重试: a refused file need not stay
    drop.type = "button";
    drop.hidden = true;
    drop.onclick = () => line.remove();
    line.append(name, bar, state, button, drop);
    list.append(line);
    const job = { form, field, file, line, bar, state, button, drop };
    button.onclick = () => {
      queue.splice(queue.indexOf(job), 1);
      line.remove();
    };
    queue.push(job);
  }
  next();
}

const queue = [];
let sending = null;

function next() {
  if (sending || queue.length === 0) return;
  sending = queue.shift();
  send(sending);
}

function send(job) {
  const { form, field, file, bar, state, button, drop, line } = job;
  const finish = (text, again) => {
    state.textContent = text;
    button.textContent = again ? words.retry : words.remove;
    drop.hidden = !again;
    button.onclick = () => {
      if (!again) return line.remove();
      drop.hidden = true;
      state.textContent = words.waiting;
      queue.push(job);
      next();
    };
    line.classList.toggle("failed", again || bar.value < 1);
    line.classList.toggle("finished", !again && bar.value === 1);
    sending = null;
    next();
  };
  const most = Number(file.type.startsWith("video/") ? field.dataset.maxVideoBytes : field.dataset.maxBytes);
  if (most && file.size > most) return finish(words.tooLarge, false);
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token());
  body.append("files", file, file.name || "paste.png");
  request.open("POST", form.action);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  };
  request.onload = () => {
    const place = document.querySelector(form.getAttribute("hx-target"));
    const isPage = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
    if (isPage && place && [200, 422].includes(request.status)) replaceWith(place, request.responseText);
    const refused = document.querySelector(`${form.getAttribute("hx-target")} > .uploads`); // its reason belongs beside the file
    const reason = request.status === 422 ? refused?.querySelector(".upload-said")?.textContent.trim() : "";
    refused?.remove();
    if (request.status === 200) {
      hurryUntil = Date.now() + HURRY;
      bar.value = 1;
      return finish(words.done, false);
    }
    finish(isPage ? (request.status >= 500 ? words.serverError : reason || words.failed) : request.responseText.slice(0, 200), true);
  };
  request.onerror = () => finish(words.offline, true);
  request.onabort = () => finish(words.cancelled, true);
  line.classList.remove("failed");
  bar.value = 0;
  state.textContent = words.uploading;
  button.textContent = words.cancel;
  button.onclick = () => request.abort();
  request.send(body);
}

function settleUpload(form) {
  if (form.dataset.settled) return;
  form.dataset.settled = "yes";
  for (const field of form.querySelectorAll("input[type=file]")) {
    field.addEventListener("change", () => {
      upload(form, [...field.files]);
      field.value = "";
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.classList.add("ready");
  takeDrops(form, (files) => upload(form, [...files]));
}

function takeDrops(form, take) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files"); // text that is dragged goes where it always does
  for (const type of ["dragenter", "dragover"]) {
    form.addEventListener(type, (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const type of ["dragleave", "drop"]) form.addEventListener(type, () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}

function settleDrop(form) {
  if (form.dataset.settled) return;
  form.dataset.settled = "yes";
  takeDrops(form, (files) => {
    const field = form.querySelector("input[type=file]");
    const all = new DataTransfer(); // those that were chosen before stay
    for (const file of [...field.files, ...files]) all.items.add(file);
    field.files = all.files;
  });
}

window.addEventListener("beforeunload", (event) => {
  if (sending || queue.length) event.preventDefault(); // the browser asks before files are lost
});

document.addEventListener("paste", (event) => {
  const form = document.querySelector("form[data-upload]");
  const files = [...(event.clipboardData?.files ?? [])];
  if (!form || files.length === 0 || event.target.matches("input,textarea")) return;
  event.preventDefault();
  upload(form, files);
});

// -- pictures ------------------------------------------------------------------------------------------

function view(link) {
  const all = [...document.querySelectorAll("a[data-view]")];
  const dialog = element("dialog", "viewer");
  const picture = document.createElement("img");
  const caption = element("p", "viewer-bar");
  const original = element("a", "button quiet", words.original);
  const bar = element("div", "viewer-bar");
  const button = (text, act) => {
    const made = element("button", "button", text);
    made.type = "button";
    made.onclick = act;
    return made;
  };
  let place = all.indexOf(link);
  const show = (step) => {
    place = (place + step + all.length) % all.length;
    picture.src = all[place].href;
    picture.alt = all[place].querySelector("img")?.alt ?? "";
    caption.textContent = all[place].dataset.caption ?? "";
    original.href = all[place].href;
  };
  bar.append(
    button(words.previous, () => show(-1)),
    original,
    button(words.next, () => show(1)),
    button(words.close, () => dialog.close()),
  );
  dialog.append(bar, picture, caption);
  dialog.setAttribute("aria-label", all[place].dataset.caption || words.original);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(-1);
    if (event.key === "ArrowRight") show(1);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  show(0);
  dialog.showModal();
}

// -- all of it ---------------------------------------------------------------------------------------------

function settle(root) {
  for (const form of root.querySelectorAll("form[data-upload]")) settleUpload(form);
  if (root.matches?.("form[data-upload]")) settleUpload(root);
  for (const form of root.querySelectorAll("form[data-drop]")) settleDrop(form);
  if (root.matches?.("form[data-drop]")) settleDrop(root);
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const target = event.target.closest("[data-copy],[data-copy-text],[data-theme-choice],[data-open],[data-dismiss],a[data-view]");
  if (!target) return;
  if (target.matches("a[data-view]")) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    view(target);
  } else if ("themeChoice" in target.dataset) chooseTheme(target.dataset.themeChoice);
  else if (target.dataset.dismiss) dismiss(target);
  else if (target.dataset.open) document.querySelector(target.dataset.open)?.showModal();
  else copy(target);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? event.target.closest("details.menu[open]") : null;
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
const WRITTEN_IN = 'input:not([type="checkbox"],[type="radio"]),textarea,select,[contenteditable]'; // where a letter is written
document.addEventListener("keydown", (event) => {
  const field = event.key === "/" && document.querySelector("[data-search]");
  if (!field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || /(^|; )keys=off(;|$)/.test(document.cookie)) return;
  if (event.target.closest(WRITTEN_IN) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  field.select();
});
// Letters of a word that an input method is still making are nothing to look for yet.
document.addEventListener("input", (event) => {
  if (event.isComposing && event.target.matches("[data-search]")) event.stopPropagation();
}, true);
document.addEventListener("compositionend", (event) => {
  if (event.target.matches("[data-search]")) event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-search-key]")) return;
  document.cookie = `keys=${event.target.checked ? "" : "off"}; path=/; max-age=${event.target.checked ? 0 : 31536000}; samesite=lax`;
});
document.addEventListener("htmx:afterSwap", (event) => settle(event.detail.elt));
document.addEventListener("htmx:responseError", () => say(words.serverError));
document.addEventListener("htmx:sendError", () => say(words.offline));

document.documentElement.classList.add("js");
for (const box of document.querySelectorAll("[data-needs-script]")) box.hidden = false;
settle(document);
showTheme();
if (document.querySelector("[data-poll][data-fast]")) hurryUntil = Date.now() + HURRY;
setInterval(tick, 1000);
