// Keeps one version of the app for offline use. A newer one is fetched in the background, whole and
// checked file by file, and takes over at the next start; until then nothing of it is mixed in.

const VERSION = APP_VERSION;
const FILES = APP_FILES; // path → SHA-256 of its content
const FOR_BLINK = ONLY_BLINK; // Flutter's faster build; it runs in Chromium's family only
const FOR_OTHERS = ONLY_OTHERS;
const OURS = 'kaikukortti-';
const CACHE = OURS + VERSION;
const LIST = 'kept.json';
const PAGE = ''; // the scope itself: every place in the app is this page

const isBlink = location.search === '?blink'; // as the page that registered us told
const kept = () => ({ ...FILES, ...(isBlink ? FOR_BLINK : FOR_OTHERS) });
const at = (path) => new URL(path, registration.scope).href;

self.addEventListener('install', (event) => {
  event.waitUntil(keep());
  // Chromium then answers from the cache without waking this worker; others ask it below.
  event.addRoutes?.(Object.keys(kept()).map((path) => ({
    condition: {
      urlPattern: new URLPattern({ pathname: new URL(at(path)).pathname, search: '', baseURL: location.origin }),
      requestMethod: 'GET',
    },
    source: { cacheName: CACHE },
  }))).catch(() => {});
});

const keep = async () => {
  const cache = await caches.open(CACHE);
  const before = await keptBefore();
  for (const [path, digest] of Object.entries(kept())) {
    if (await cache.match(at(path))) continue; // an earlier try came this far
    const copy = await before.get(digest)?.();
    await cache.put(at(path), copy ?? await fetched(path, digest));
  }
  await cache.put(at(LIST), Response.json(kept()));
};

/** One file; a mixture of two versions is refused. */
const fetched = async (path, digest) => {
  const answer = await fetch(at(path), { cache: 'no-cache', integrity: digest });
  if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
  return answer;
};

/** digest → a copy, of what older versions keep: most files outlive many versions. */
const keptBefore = async () => {
  const copies = new Map();
  for (const name of await caches.keys()) {
    if (name === CACHE || !name.startsWith(OURS)) continue;
    const cache = await caches.open(name);
    const list = await (await cache.match(at(LIST)))?.json() ?? {};
    for (const [path, digest] of Object.entries(list)) {
      copies.set(digest, () => cache.match(at(path)));
    }
  }
  return copies;
};

// Only when somebody asked for it: two versions must not be mixed in one start.
self.addEventListener('message', ({ data }) => { if (data === 'take over') self.skipWaiting(); });

self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
})()));

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return;
  if (!pathname.startsWith(new URL(registration.scope).pathname)) return;
  const key = mode === 'navigate' ? at(PAGE) : origin + pathname;
  event.respondWith(
    caches.open(CACHE).then(async (cache) => (await cache.match(key)) ?? fetch(event.request)),
  );
});
