/* Keeps the shell and the static files of the field page, and nothing else: no answer of the interface, nobody's data. */
/* Files are fetched without the cookie: an answer that comes late must not bring back an older session. */
"use strict";
const CACHE = "field-{{ version }}";
const FILES = {{ files | tojson }};
const SHELL = {{ shell | tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { credentials: "omit" })))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("field-") && name !== CACHE).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

async function shell(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) { await cache.put(SHELL, answer.clone()); }
    return answer;
  } catch (offline) {
    const kept = await cache.match(SHELL);
    if (kept) { return kept; }
    throw offline;
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) { return; }
  if (event.request.mode === "navigate" && url.pathname === SHELL) {
    event.respondWith(shell(event.request));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(file(event.request));
  }
});
