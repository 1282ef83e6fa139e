import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type TestServer, serverForTest } from '../support/server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const INDEX = '<!doctype html><title>Quoteroom</title>';
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const JSON_ONLY = { accept: 'application/json' };

/** A folder as the build leaves it. */
function builtPage(more: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = join(temporaryFolder(), 'web');
  const files = {
    'index.html': INDEX,
    'sw.js': 'self.skipWaiting();',
    'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'manifest.webmanifest': '{}',
    'assets/index-abc.js': 'export {};',
    'assets/index-abc.css': 'a{}',
    'assets/inter-abc.woff2': 'font',
    ...more,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

interface Got {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
  readonly text: string;
}

/** The path as it is written, which `fetch` would tidy up. */
const get = (server: TestServer, path: string, headers: Record<string, string> = HTML): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body, text: body.toString() });
      });
    })
      .once('error', reject)
      .end();
  });

describe('the page', () => {
  test.each([
    '/',
    '/?token=abc',
    '/quotes',
    '/quotes?q=x',
    '/q/q1',
    '/q/q1/print',
    '/join/abc',
    '/slack/link/abc',
  ])('%s is the one of the build, whoever asks', async (path) => {
    const server = await serverForTest({ webRoot: builtPage() });
    for (const headers of [HTML, {}]) {
      const page = await get(server, path, headers);
      expect([page.status, page.text]).toEqual([200, INDEX]);
      expect(page.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
      });
    }
  });

  test('unknown addresses are 404: the page for browsers, also when they have it, JSON for programs', async () => {
    const server = await serverForTest({ webRoot: builtPage() });
    const known = await get(server, '/quotes');
    const etag = String(known.headers['etag']);
    expect((await get(server, '/quotes', { ...HTML, 'if-none-match': etag })).status).toBe(304);
    for (const path of ['/nowhere', '/q', '/q/q1/elsewhere', '/apiary', '/index.html']) {
      for (const conditions of [
        {},
        { 'if-none-match': etag },
        { 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() },
        { range: 'bytes=0-1' },
      ]) {
        const page = await get(server, path, { ...HTML, ...conditions });
        expect([path, page.status, page.text, page.headers['cache-control']]).toEqual([
          path,
          404,
          INDEX,
          'no-cache',
        ]);
      }
      for (const headers of [JSON_ONLY, {}]) {
        const answer = await get(server, path, headers);
        expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([404, 'not_found']);
      }
    }
  });

  test.each([
    '/api/nowhere',
    '/api',
    '/sync/q1',
    '/sync',
    '/healthz/x',
    '/readyz/x',
    '/metrics/x',
    '/slack/events',
  ])('%s is no page, not even for browsers', async (path) => {
    const server = await serverForTest({ webRoot: builtPage() });
    const answer = await get(server, path);
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([404, 'not_found']);
  });

  test('only GET and HEAD lead to it', async () => {
    const server = await serverForTest({ webRoot: builtPage() });
    const head = await fetch(`${server.url}/quotes`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(`${server.url}/quotes`, { method: 'POST', headers: HTML })).status).toBe(404);
  });

  test('neither scripts nor styles may stand in it, and its address goes nowhere', async () => {
    const server = await serverForTest({ webRoot: builtPage() });
    const { headers } = await get(server, '/q/q1');
    const directives = String(headers['content-security-policy']).split(';');
    expect(directives.toSorted()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'self'",
      "font-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "manifest-src 'self'",
      "object-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "worker-src 'self'",
    ]);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });
});

describe('files of the page', () => {
  test('those named after their content are kept for good, the others asked for anew', async () => {
    const server = await serverForTest({ webRoot: builtPage() });
    const forGood = 'public, max-age=31536000, immutable';
    for (const [path, type, caching] of [
      ['/assets/index-abc.js', 'application/javascript; charset=utf-8', forGood],
      ['/assets/index-abc.css', 'text/css; charset=utf-8', forGood],
      ['/assets/inter-abc.woff2', 'font/woff2', forGood],
      ['/sw.js', 'application/javascript; charset=utf-8', 'no-cache'],
      ['/favicon.svg', 'image/svg+xml', 'no-cache'],
      ['/manifest.webmanifest', 'application/manifest+json', 'no-cache'],
    ] as const) {
      const { status, headers } = await get(server, path, {});
      expect([path, status, headers['content-type'], headers['cache-control']]).toEqual([
        path,
        200,
        type,
        caching,
      ]);
    }
  });

  test('what is not there is a 404 that is not kept, also for browsers', async () => {
    const server = await serverForTest({ webRoot: builtPage() });
    for (const path of ['/assets/old.js', '/assets/', '/assets', '/assets/.env']) {
      const { status, headers, text } = await get(server, path);
      expect([path, status, JSON.parse(text).error.code]).toEqual([path, 404, 'not_found']);
      expect(headers['cache-control']).toBeUndefined();
    }
  });

  test('nothing outside of the folder is given', async () => {
    const webRoot = builtPage({ '../secret': 'secret', 'assets/.hidden': 'secret' });
    const server = await serverForTest({ webRoot });
    for (const path of [
      '/../secret',
      '/%2e%2e/secret',
      '/assets/../../secret',
      '/assets/..%2f..%2fsecret',
      '/assets/..%5c..%5csecret',
      '/assets/..%2findex.html',
      '/assets/%00',
      '/assets/.hidden',
      `/assets/${encodeURIComponent(join(webRoot, '../secret'))}`,
    ]) {
      const answer = await get(server, path, JSON_ONLY);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.text).not.toMatch(/^secret|<title>/);
    }
    expect(server.reported).toEqual([]);
  });

  test('go out compressed where the build did that and the browser takes it', async () => {
    const script = 'export const x = 1;';
    const server = await serverForTest({
      webRoot: builtPage({
        'assets/main-abc.js': script,
        'assets/main-abc.js.br': brotliCompressSync(script),
        'assets/main-abc.js.gz': gzipSync(script),
        'index.html.br': brotliCompressSync(INDEX),
      }),
    });
    const encodingFor = async (path: string, accepted: string) => {
      const { headers, status } = await get(server, path, { ...HTML, 'accept-encoding': accepted });
      expect(headers['vary']).toContain('accept-encoding');
      return [status, headers['content-encoding'], headers['content-type']];
    };
    const javascript = 'application/javascript; charset=utf-8';
    expect(await encodingFor('/assets/main-abc.js', 'gzip, deflate, br')).toEqual([200, 'br', javascript]);
    expect(await encodingFor('/assets/main-abc.js', 'gzip')).toEqual([200, 'gzip', javascript]);
    expect(await encodingFor('/assets/main-abc.js', 'identity')).toEqual([200, undefined, javascript]);
    expect(await encodingFor('/assets/index-abc.js', 'gzip, br')).toEqual([200, undefined, javascript]);
    expect(await encodingFor('/q/q1', 'gzip, br')).toEqual([200, 'br', 'text/html; charset=utf-8']);
    const unknown = await get(server, '/nowhere', { ...HTML, 'accept-encoding': 'br' });
    expect([unknown.status, brotliDecompressSync(unknown.body).toString()]).toEqual([404, INDEX]);
  });

  test('do not count as requests: a whole company may come from one address', async () => {
    const server = await serverForTest({ webRoot: builtPage(), requestsPerMinute: 5 });
    for (let n = 0; n < 9; n += 1) {
      for (const path of ['/quotes', '/assets/index-abc.js']) {
        expect((await get(server, path)).status).toBe(200);
      }
    }
  });
});

describe('where the page is not built', () => {
  test('says so, and how to do without, in plain HTML that holds nothing of the request', async () => {
    const server = await serverForTest({ publicUrl: 'https://quotes.example/a?b=<i>&c' });
    const [bare, link] = [await get(server, '/'), await get(server, '/?token=abc')];
    expect(bare.status).toBe(200);
    expect(bare.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(link.text).toBe(bare.text);
    expect(bare.text).toContain('npm run build');
    expect(bare.text).toContain('export QUOTEROOM_URL=https://quotes.example/a?b=&#60;i&#62;&#38;c\n');
    expect(bare.text).not.toMatch(/<script|<style|style=|javascript:| on\w+=/i);
    expect((await get(server, '/nowhere')).status).toBe(404);
    expect((await get(server, '/sw.js')).status).toBe(404);
  });

  test('a build takes effect without a restart, and so does its absence', async () => {
    const webRoot = builtPage();
    const server = await serverForTest({ webRoot });
    expect((await get(server, '/')).text).toBe(INDEX);
    rmSync(webRoot, { recursive: true });
    expect((await get(server, '/')).text).toContain('not built yet');
  });
});
