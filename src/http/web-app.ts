import { access } from 'node:fs/promises';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import { unbuiltPage } from './unbuilt-page.ts';

/**
 * The page in the browser, as it was built: one `index.html` for every address that a person can open, which then shows
 * what the address is about, and the files that it loads. Nothing here reads the request's token or shows what it says.
 *
 * What lies in `assets` has the hash of its content in its name and is kept for good; all else is asked for anew each
 * time. Files with a `.br` or `.gz` beside them go out compressed.
 */
export interface WebAppDeps {
  /** The folder of the build. It may be missing, and may come and change while the server runs. */
  readonly webRoot: string;
  /** Where people reach the server, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** Addresses of the page; it has something to show at each. */
const PAGES = [
  '/',
  '/quotes',
  '/q/:id',
  '/q/:id/print',
  '/q/:id/history',
  '/join/:token',
  '/slack/link/:code',
];
const FILES = ['/sw.js', '/favicon.svg', '/manifest.webmanifest'];
/** Below these nothing is a page, whoever asks. */
const NO_PAGES = /^\/(?:api|sync|healthz|readyz|metrics|assets|slack\/events)(?:\/|$)/;

/** One visit loads many files, and a whole company may come from one address. */
const OPTIONS = { config: { rateLimit: false as const }, schema: { hide: true } };
/** What stands under an unknown address must never be "not modified": there would be nothing to show. */
const NOT_FOUND_OPTIONS = { etag: false, lastModified: false, acceptRanges: false };

export async function addWebApp(app: App, { webRoot, publicUrl }: WebAppDeps): Promise<void> {
  const assetsRoot = join(webRoot, 'assets');
  await app.register(fastifyStatic, {
    serve: false,
    preCompressed: true,
    cacheControl: false,
    dotfiles: 'ignore',
    index: false,
    setHeaders(response, path) {
      response.setHeader('vary', 'accept-encoding');
      response.setHeader('cache-control', path.startsWith(assetsRoot + sep) ? FOR_GOOD : 'no-cache');
    },
  });

  async function sendPage(reply: FastifyReply, status: 200 | 404): Promise<FastifyReply> {
    reply.code(status);
    if (await isThere(join(webRoot, 'index.html'))) {
      return reply.sendFile('index.html', webRoot, status === 404 ? NOT_FOUND_OPTIONS : {});
    }
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(unbuiltPage(publicUrl()));
  }

  for (const page of PAGES) app.get(page, OPTIONS, (_request, reply) => sendPage(reply, 200));
  for (const file of FILES) {
    app.get(file, OPTIONS, (_request, reply) => reply.sendFile(file.slice(1), webRoot));
  }
  app.get<{ Params: { '*': string } }>('/assets/*', OPTIONS, ({ params }, reply) => {
    const path = params['*'];
    if (PART_UPWARDS.test(path)) reply.callNotFound();
    else void reply.sendFile(path, assetsRoot);
    return reply;
  });
  app.get('/*', OPTIONS, (request, reply) => {
    if (isForPerson(request)) return sendPage(reply, 404);
    reply.callNotFound();
    return reply;
  });
}

const FOR_GOOD = 'public, max-age=31536000, immutable';
const PART_UPWARDS = /(?:^|[\\/])\.\.(?:[\\/]|$)|\0/;

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Browsers ask for HTML by name; programs that take anything get an error that they can read. */
const isForPerson = ({ url, headers }: FastifyRequest): boolean =>
  !NO_PAGES.test(url.split('?', 1)[0] ?? '') && (headers.accept ?? '').includes('text/html');
