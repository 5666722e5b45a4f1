"use strict";
// Keeps the last state of a call board: reloaded while the server is away, it shows that, with its age. Boards show
// numbers and rooms only; nothing else is kept.
const KEPT = "board-1", WAIT_MS = 10000;
const BOARD = /^\/board\/[^/]+$/, CALLS = /^(\/board\/[^/]+)\/calls$/;
const POLICY = "content-security-policy", TYPE = { "content-type": "text/html; charset=utf-8" };
const PLACE = /<!-- calls -->[\s\S]*<!-- \/calls -->/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && BOARD.test(url.pathname)) event.respondWith(loadBoard(request, url.pathname));
  else if (CALLS.test(url.pathname)) event.respondWith(loadCalls(request, CALLS.exec(url.pathname)[1]));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(loadAsset(request));
});

async function tidy() {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  await self.clients.claim();
}

async function keep(path, html, policy) {
  const headers = { ...TYPE, [POLICY]: policy, "x-kept": String(Date.now()) };
  await (await caches.open(KEPT)).put(path, new Response(html, { headers }));
}

async function loadBoard(request, path) {
  let answer = null;
  try {
    answer = await fetch(request, { signal: AbortSignal.timeout(WAIT_MS) });
  } catch {
    // The server is away.
  }
  if (answer && answer.ok && !answer.redirected) await keep(path, await answer.clone().text(), answer.headers.get(POLICY));
  if (answer && answer.status >= 400 && answer.status < 500) await (await caches.open(KEPT)).delete(path);
  if (answer && answer.status < 500) return answer;
  return (await findKept(path)) || answer || Response.error();
}

async function loadCalls(request, path) {
  const answer = await fetch(request);
  const kept = answer.ok && (await (await caches.open(KEPT)).match(path));
  if (kept) {
    const calls = await answer.clone().text();
    const html = (await kept.text()).replace(PLACE, () => `<!-- calls -->${calls}<!-- /calls -->`);
    await keep(path, html, kept.headers.get(POLICY));
  }
  return answer;
}

async function findKept(path) {
  const kept = await (await caches.open(KEPT)).match(path);
  if (!kept) return null;
  const mark = `<head><meta name="kept" content="${kept.headers.get("x-kept")}">`;
  const html = (await kept.text()).replace("<head>", mark);
  return new Response(html, { headers: { ...TYPE, [POLICY]: kept.headers.get(POLICY) } });
}

async function loadAsset(request) {
  const cache = await caches.open(KEPT), known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok && new URL(request.url).searchParams.has("v")) await cache.put(request, answer.clone());
  return answer;
}
