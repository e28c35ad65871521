// The service worker: the offline page, and what other apps share. It keeps static files and the offline page only,
// never a page of a case. What is shared waits here until the hand-in page takes it; nothing is sent from here.

const KEPT = {{ kept|safe }};
const OFFLINE = "{% url "offline" %}", SHARE = "{% url "complaints:hand_in_share" %}", HAND_IN = "{% url "complaints:hand_in" %}";
const STORE = "suji-{{ version }}", SHARED = "suji-shared";

async function install() {
  const store = await caches.open(STORE);
  await store.addAll([OFFLINE, ...KEPT].map((url) => new Request(url, { credentials: "omit" })));
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) if (name !== STORE && name !== SHARED) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

/** Keep what another app shares until the page has shown it: nothing reaches the server before somebody presses the button. */
async function share(request) {
  const form = await request.formData();
  const said = ["title", "text", "url"].map((name) => String(form.get(name) ?? "").trim());
  const texts = said.filter((text, place) => text && !said.some((other, at) => at !== place && other.includes(text) && (other !== text || at < place)));
  await caches.delete(SHARED);
  const store = await caches.open(SHARED);
  const at = String(Date.now());
  await store.put(`${SHARE}text`, new Response(texts.join("\n"), { headers: { "X-At": at } }));
  for (const [place, file] of form.getAll("files").entries()) {
    const headers = { "X-At": at, "X-Name": encodeURIComponent(file.name), "Content-Type": file.type };
    await store.put(`${SHARE}file-${place}`, new Response(file, { headers }));
  }
  return Response.redirect(`${HAND_IN}?shared=1`, 303);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === SHARE) event.respondWith(share(request));
  else if (request.method === "GET" && request.mode === "navigate") event.respondWith(page(event));
  else if (request.method === "GET" && KEPT.includes(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
});
