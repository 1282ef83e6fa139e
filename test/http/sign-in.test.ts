import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { SignIn } from '../../src/http/sign-in-route.ts';
import { type TestServer, serverForTest } from '../support/server.ts';

const RITA = { user: 'rita', name: 'Rita Reyes', role: 'sales_rep', token: 'a.b.c' } as const;
const DEMO: SignIn = { kind: 'demo', people: () => Promise.resolve([RITA]) };

/** Asks by a name that leads to the server, as a page of that name would. */
const askAs = (server: TestServer, host: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path: '/api/sign-in', headers: { host } }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += String(part)));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    })
      .once('error', reject)
      .end();
  });

describe('GET /api/sign-in', () => {
  test('by a token, and where to get one if that is known', async () => {
    const unknown = await serverForTest();
    const { status, body, headers } = await unknown.call(null, 'GET', '/api/sign-in');
    expect([status, body, headers.get('cache-control')]).toEqual([200, { kind: 'token' }, 'no-store']);
    const signInUrl = 'https://sso.acme.test/';
    const known = await serverForTest({ signIn: { kind: 'token', signInUrl } });
    expect(JSON.parse((await askAs(known, 'any.example')).text)).toEqual({ kind: 'token', signInUrl });
  });

  test('a demo gives its people with their tokens, kept nowhere', async () => {
    const server = await serverForTest({ signIn: DEMO });
    const { status, body, headers } = await server.call(null, 'GET', '/api/sign-in');
    expect([status, body]).toEqual([200, { kind: 'demo', people: [RITA] }]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('a demo gives no tokens to a page of another name that leads here', async () => {
    const server = await serverForTest({ signIn: DEMO, publicUrl: 'https://demo.acme.test:8443' });
    for (const host of ['localhost:8080', 'LOCALHOST', '127.0.0.1:1', '[::1]:8080', 'demo.acme.test']) {
      expect([host, (await askAs(server, host)).status]).toEqual([host, 200]);
    }
    for (const host of [
      'evil.example',
      'evil.example:8080',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example#localhost',
      'evil@localhost',
      'acme.test',
      'localhost:8080:x',
    ]) {
      const { status, text } = await askAs(server, host);
      expect([host, status]).toEqual([host, 403]);
      expect(JSON.parse(text).error.message).toContain('Open https://demo.acme.test:8443 instead.');
      expect(text).not.toContain(RITA.token);
    }
  });

  test('is limited as everything that needs no token', async () => {
    const server = await serverForTest({ requestsPerMinute: 10 });
    const ask = async () => (await server.call(null, 'GET', '/api/sign-in')).status;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  });
});
