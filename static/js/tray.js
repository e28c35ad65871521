// The tray by keys, and a claim that lasts as long as somebody is at it. Every page works without this file.

// -- keys --------------------------------------------------------------------------------------------------

const keysAreOn = () => !/(^|; )keys=off(;|$)/.test(document.cookie);

function switchKeys(on) {
  document.cookie = `keys=${on ? "" : "off"}; path=/; max-age=${on ? 0 : 31536000}; samesite=lax`;
  for (const key of document.querySelectorAll("kbd.key")) key.hidden = !on;
}

/** The cards of the list, or the marked words of a mail: where j and k lead. */
function stops() {
  const cards = [...document.querySelectorAll("[data-key-item]")];
  return cards.length ? cards : [...document.querySelectorAll("[data-keys] mark")];
}

function step(by) {
  const all = stops();
  const here = all.findIndex((stop) => stop.contains(document.activeElement));
  const to = all[Math.min(all.length - 1, Math.max(0, here + by))];
  if (!to) return;
  const target = to.querySelector("a,button") ?? to;
  if (!target.matches("a,button")) target.tabIndex = -1;
  target.focus();
  to.scrollIntoView({ block: "nearest" });
}

// Where a letter is written. A box to tick takes none; and a closed dialog leaves the focus on its box for one more frame.
const WRITTEN_IN = 'input:not([type="checkbox"],[type="radio"]),textarea,select,[contenteditable]';

function press(event) {
  if (!keysAreOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.closest(WRITTEN_IN) || document.querySelector("dialog[open]")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "?") document.getElementById("keys-help")?.showModal?.();
  else if (["a", "r", "s", "z"].includes(event.key)) {
    const cards = [...document.querySelectorAll("[data-key-item]")];
    const here = cards.find((card) => card.contains(document.activeElement)) ?? cards[0];
    const inCard = event.key === "a" && cards.length > 0;
    (inCard ? here : document).querySelector(`[data-key="${event.key}"]`)?.click();
  } else return;
  event.preventDefault();
}

document.addEventListener("keydown", press);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-switch]")) switchKeys(event.target.checked);
});

// -- the lease -----------------------------------------------------------------------------------------------

const lease = document.querySelector("form[data-renew]");
const EVERY = 60000, WARN = 90000;
let asked = Date.now(), until = NaN, warned = "";

/** Somebody reads or types: once a minute the claim begins anew. */
async function active() {
  if (!lease || Date.now() - asked < EVERY || document.visibilityState !== "visible") return;
  asked = Date.now();
  try {
    const body = new FormData(lease);
    const answer = await fetch(lease.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) show(new Date((await answer.json()).until));
  } catch {
    // Away from the network: the next sign of life asks again.
  }
}

function show(moment) {
  until = moment.getTime();
  const time = lease.querySelector("[data-until] time");
  time.dateTime = moment.toISOString();
  time.textContent = moment.toLocaleString("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" });
  lease.querySelector(".remaining")?.remove(); // it said what was left when the page was made
}

function say(word) {
  const line = lease.querySelector("[role=status]");
  if (warned === word) return;
  warned = word;
  line.textContent = word ? line.dataset[word] : "";
  line.classList.toggle("clip", !word);
}

if (lease) {
  until = new Date(lease.querySelector("[data-until] time").dateTime).getTime();
  for (const sign of ["pointerdown", "keydown", "scroll", "input"]) {
    document.addEventListener(sign, active, { passive: true });
  }
  setInterval(() => {
    const left = until - Date.now();
    say(left <= 0 ? "leaseOver" : left < WARN ? "leaseSaid" : "");
  }, 1000);
}
