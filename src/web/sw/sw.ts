/**
 * The service worker: keeps what the page is made of, so that a reload without a network works. What the page shows is
 * none of its business: /api and /sync pass it by, and so does every address that it does not know.
 *
 * A page comes from the server where that can be reached, so a new version is there at the next visit; without it, from
 * here. Assets have their content's hash in their names, so what is here is never out of date. The version before stays
 * too: pages that were opened with it still load its parts.
 */

/** Filled in by the build: the version, and the addresses of all that belongs to it. */
declare const SHELL: { readonly version: string; readonly files: readonly string[] };

/** As much of a service worker's world as is used here; the compiler knows that of a page. */
interface Worker {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const CACHE_PREFIX = 'quoteroom-shell-';
const VERSIONS_KEPT = 2;

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE_PREFIX + SHELL.version)
      .then((cache) => cache.addAll([...SHELL.files]))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldVersions().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (isPage(pathname)) event.respondWith(fetch(request).catch(() => kept('/')));
  } else if (pathname.startsWith('/assets/') || SHELL.files.includes(pathname)) {
    event.respondWith(kept(request).catch(() => fetch(request)));
  }
});

const FOLDERS_OF_PAGES = ['/q/', '/join/', '/slack/link/'];
const isPage = (path: string): boolean =>
  path === '/' || path === '/quotes' || FOLDERS_OF_PAGES.some((folder) => path.startsWith(folder));

async function kept(request: Request | string): Promise<Response> {
  const found = await caches.match(request, { ignoreVary: true });
  if (found === undefined) throw new Error('not kept');
  return found;
}

/** `keys` gives them oldest first. */
async function dropOldVersions(): Promise<void> {
  const ours = (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX));
  await Promise.all(ours.slice(0, -VERSIONS_KEPT).map((name) => caches.delete(name)));
}
