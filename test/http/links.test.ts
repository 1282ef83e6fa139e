import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { LIVING_LINKS_MAX } from '../../src/session/share-links.ts';
import { type Answer, type Caller, type TestServer, serverForTest } from '../support/server.ts';

const LINKS = '/api/quotes/q1/links';
const HOUR = 3_600_000;

const ann = { user: 'ann', name: 'Ann' } as const;

async function serverWithQuote(options: Parameters<typeof serverForTest>[0] = {}): Promise<TestServer> {
  const server = await serverForTest({ defaultPermission: 'none', ...options });
  await server.createQuote({ id: 'q1', fields: { title: 'Old' } }, ann);
  return server;
}

const makeLink = (server: TestServer, body: unknown, maker: Caller = ann): Promise<Answer> =>
  server.call(maker, 'POST', LINKS, body);

/** The token of a new link. */
async function tokenOf(server: TestServer, permission: 'viewer' | 'editor', more = {}): Promise<string> {
  return (await makeLink(server, { permission, ...more })).body.token;
}

const accept = (server: TestServer, person: Caller, token: string): Promise<Answer> =>
  server.call(person, 'POST', `/api/links/${token}/accept`);

const DEAD = {
  error: {
    code: 'dead_link',
    message: 'This link is not valid any more. Ask who sent it for a new one.',
  },
};

describe('/api/quotes/:id/links', () => {
  test('a host makes a link, which shows its token this once; it lasts a week, or as said, or for good', async () => {
    let time = Date.now();
    const server = await serverWithQuote({ now: () => time, publicUrl: 'https://quotes.example' });
    const made = await makeLink(server, { permission: 'editor' });
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { id, token } = made.body;
    expect(made.body).toEqual({
      id: expect.any(String),
      url: `https://quotes.example/join/${token}`,
      token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      permission: 'editor',
      expiresAt: time + 7 * 24 * HOUR,
    });
    time += 1;
    const short = await makeLink(server, { permission: 'viewer', expires: 2 });
    expect(short.body.expiresAt).toBe(time + 2 * HOUR);
    time += 1;
    expect((await makeLink(server, { permission: 'viewer', expires: null })).body.expiresAt).toBeNull();

    const listed = await server.call(ann, 'GET', LINKS);
    expect(listed.status).toBe(200);
    expect(listed.body.links).toHaveLength(3);
    expect(listed.body.links[2]).toEqual({
      id,
      permission: 'editor',
      createdBy: { id: 'ann', name: 'Ann', role: 'sales_rep' },
      createdAt: time - 2,
      expiresAt: made.body.expiresAt,
      revokedAt: null,
      isByHost: true,
      uses: 0,
      lastUsedAt: null,
    });
    expect(JSON.stringify(listed.body)).not.toContain(token);
  });

  test.each([
    ['permission', { permission: 'host' }],
    ['permission', {}],
    ['expires', { permission: 'viewer', expires: 0 }],
    ['expires', { permission: 'viewer', expires: 1.5 }],
    ['expires', { permission: 'viewer', expires: 9_000 }],
    ['user', { permission: 'viewer', user: 'bob' }],
  ])('a wrong %s is named: %j', async (field, body) => {
    const server = await serverWithQuote();
    const answer = await makeLink(server, body);
    expect([answer.status, answer.body.error.details[0].field]).toEqual([400, field]);
  });

  test('a link of another quote, or none, is not revoked; one that was revoked may be so again', async () => {
    const server = await serverWithQuote();
    await server.createQuote({ id: 'q2' }, ann);
    const { id } = (await makeLink(server, { permission: 'viewer' })).body;
    expect((await server.call(ann, 'DELETE', `/api/quotes/q2/links/${id}`)).status).toBe(404);
    expect((await server.call(ann, 'DELETE', `${LINKS}/other`)).status).toBe(404);
    expect((await server.call(ann, 'DELETE', `${LINKS}/${id}`)).status).toBe(204);
    const [{ revokedAt }] = (await server.call(ann, 'GET', LINKS)).body.links;
    expect(revokedAt).toEqual(expect.any(Number));
    expect((await server.call(ann, 'DELETE', `${LINKS}/${id}`)).status).toBe(204);
    expect((await server.call(ann, 'GET', LINKS)).body.links[0].revokedAt).toBe(revokedAt);
    const root = { user: 'root', role: 'admin' } as const;
    expect((await server.call(root, 'POST', '/api/quotes/none/links', { permission: 'viewer' })).status).toBe(
      404,
    );
  });

  test('a quote with too many links that work gets no more until one is revoked', async () => {
    const server = await serverWithQuote();
    const { id } = (await makeLink(server, { permission: 'viewer' })).body;
    for (let count = 1; count < LIVING_LINKS_MAX; count++) await makeLink(server, { permission: 'viewer' });
    const over = await makeLink(server, { permission: 'viewer' });
    expect([over.status, over.body.error.code]).toEqual([409, 'too_many_links']);
    await server.call(ann, 'DELETE', `${LINKS}/${id}`);
    expect((await makeLink(server, { permission: 'viewer' })).status).toBe(201);
  });
});

describe('POST /api/links/:token/accept', () => {
  test('gives whoever signed in the permission of the link, by the name of who made it, and counts', async () => {
    let time = Date.now();
    const server = await serverWithQuote({ now: () => time });
    const token = await tokenOf(server, 'editor');
    expect((await server.call('bob', 'GET', '/api/quotes/q1')).status).toBe(403);
    time += 1_000;
    const accepted = await accept(server, 'bob', token);
    expect([accepted.status, accepted.body]).toEqual([200, { quote: 'q1', permission: 'editor' }]);
    expect((await server.call('bob', 'GET', '/api/quotes/q1')).status).toBe(200);
    expect(await server.directory.grants('q1' as never)).toMatchObject([
      { user: 'ann', permission: 'host' },
      { user: 'bob', permission: 'editor', grantedBy: 'ann', at: time },
    ]);
    await accept(server, 'carl', token);
    const [link] = (await server.call(ann, 'GET', LINKS)).body.links;
    expect(link).toMatchObject({ uses: 2, lastUsedAt: time });
  });

  test('never identifies anyone: without a token of their own nobody comes in', async () => {
    const server = await serverWithQuote();
    const token = await tokenOf(server, 'editor');
    expect((await accept(server, null, token)).status).toBe(401);
    const bearer = await fetch(`${server.url}/api/quotes/q1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(bearer.status).toBe(401);
  });

  test.each([
    { has: 'host', link: 'viewer' },
    { has: 'host', link: 'editor' },
    { has: 'editor', link: 'viewer' },
    { has: 'editor', link: 'editor' },
  ] as const)(
    'who is $has and opens a link for $link stays $has, by the same grant',
    async ({ has, link }) => {
      const server = await serverWithQuote();
      await server.grant('q1', 'bob', has);
      const before = await server.directory.grants('q1' as never);
      const accepted = await accept(server, 'bob', await tokenOf(server, link));
      expect([accepted.status, accepted.body.permission]).toEqual([200, has]);
      expect(await server.directory.grants('q1' as never)).toEqual(before);
    },
  );

  test('what the default gives already makes no grant; more than that does', async () => {
    const server = await serverWithQuote({ defaultPermission: 'viewer' });
    expect((await accept(server, 'bob', await tokenOf(server, 'viewer'))).body.permission).toBe('viewer');
    expect(await server.directory.grants('q1' as never)).toHaveLength(1);
    expect((await accept(server, 'bob', await tokenOf(server, 'editor'))).body.permission).toBe('editor');
    expect(await server.directory.grants('q1' as never)).toHaveLength(2);
  });

  test('does not let in whom a host removed, and says so; the use does not count', async () => {
    const server = await serverWithQuote({ defaultPermission: 'editor' });
    const token = await tokenOf(server, 'editor');
    await server.call(ann, 'PUT', '/api/quotes/q1/people/bob', { permission: 'none' });
    const refused = await accept(server, 'bob', token);
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      'A host removed you from this quote, so the link does not let you in. Ask a host.',
    ]);
    expect((await server.call('bob', 'GET', '/api/quotes/q1')).status).toBe(403);
    expect((await server.call(ann, 'GET', LINKS)).body.links[0].uses).toBe(0);
  });

  test('expired, revoked, unknown and broken links are answered the same', async () => {
    let time = Date.now();
    const server = await serverWithQuote({ now: () => time });
    const expired = await tokenOf(server, 'editor', { expires: 1 });
    const { id, token: revoked } = (await makeLink(server, { permission: 'editor', expires: null })).body;
    await server.call(ann, 'DELETE', `${LINKS}/${id}`);
    time += HOUR - 1;
    expect((await accept(server, 'bob', expired)).status).toBe(200);
    time += 1;
    const tokens = [expired, revoked, 'x'.repeat(43), expired.slice(0, 20), `${expired}=`, '%00'];
    for (const token of tokens) {
      const answer = await accept(server, 'carl', token);
      expect([answer.status, answer.body]).toEqual([404, DEAD]);
    }
  });

  test('[SL10] leaves alone what a host decided by name after it was made; a newer link may raise that', async () => {
    let time = Date.now();
    const server = await serverWithQuote({ now: () => (time += 1) });
    const token = await tokenOf(server, 'editor');
    expect((await accept(server, 'bob', token)).body.permission).toBe('editor');
    await server.call(ann, 'PUT', '/api/quotes/q1/people/bob', { permission: 'viewer' });
    const again = await accept(server, 'bob', token);
    expect([again.status, again.body.permission]).toEqual([200, 'viewer']);
    const newer = await tokenOf(server, 'editor');
    expect((await accept(server, 'bob', newer)).body.permission).toBe('editor');
  });

  test('[SL10] raises what came of another link, also of a newer one', async () => {
    let time = Date.now();
    const server = await serverWithQuote({ now: () => (time += 1) });
    const forEditors = await tokenOf(server, 'editor');
    await accept(server, 'bob', await tokenOf(server, 'viewer'));
    expect((await accept(server, 'bob', forEditors)).body.permission).toBe('editor');
  });

  test.each([
    ['a viewer', async (server: TestServer) => server.grant('q1', 'bob', 'viewer')],
    ['taken back', async (server: TestServer) => server.call(ann, 'DELETE', '/api/quotes/q1/people/bob')],
    ['shut out', async (server: TestServer) => server.grant('q1', 'bob', 'none')],
  ])('[SL11] is dead while its maker is %s, for them too, and listed so', async (_what, demote) => {
    const server = await serverWithQuote();
    await server.grant('q1', 'bob', 'host');
    const { id, token } = (await makeLink(server, { permission: 'editor', expires: null }, 'bob')).body;
    await demote(server);
    const refused = await accept(server, 'eve', token);
    expect([refused.status, refused.body.error]).toEqual([
      404,
      { code: 'dead_link', message: expect.stringContaining('is no host of the quote now') },
    ]);
    expect((await accept(server, 'bob', token)).status).toBe(404);
    const listed = async () => (await server.call(ann, 'GET', LINKS)).body.links;
    expect(await listed()).toMatchObject([{ id, isByHost: false, revokedAt: null, uses: 0 }]);
    await server.grant('q1', 'bob', 'host');
    expect(await listed()).toMatchObject([{ id, isByHost: true }]);
    expect((await accept(server, 'eve', token)).status).toBe(200);
  });

  test('[SL11] works while its maker is an admin, and no longer', async () => {
    let time = Date.now();
    const server = await serverWithQuote({ now: () => (time += 1_000) });
    const root = { user: 'root', role: 'admin' } as const;
    const { token } = (await makeLink(server, { permission: 'viewer' }, root)).body;
    expect((await accept(server, 'bob', token)).status).toBe(200);
    await server.call({ user: 'root', role: 'sales_rep' }, 'GET', '/api/me');
    expect((await accept(server, 'eve', token)).status).toBe(404);
  });

  test('[SL12] dead links, and changes by whoever may not make them, hold up no change of permissions', async () => {
    const memory = createMemoryDirectory();
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let isHeld = false;
    const server = await serverWithQuote({
      directory: {
        ...memory,
        async setGrant(grant) {
          isHeld = grant.user === 'slow';
          if (isHeld) await held;
          return memory.setGrant(grant);
        },
      },
    });
    const token = await tokenOf(server, 'viewer');
    await accept(server, 'bob', token);
    const slow = server.call(ann, 'PUT', '/api/quotes/q1/people/slow', { permission: 'viewer' });
    await server.eventually(() => expect(isHeld).toBe(true));
    expect((await accept(server, 'eve', 'x'.repeat(43))).status).toBe(404);
    expect((await accept(server, 'bob', token)).status).toBe(200);
    const refused = await server.call('bob', 'PUT', '/api/quotes/q1/people/bob', { permission: 'host' });
    expect(refused.status).toBe(403);
    goOn();
    expect((await slow).status).toBe(200);
  });

  test('raises who is connected at once, without closing them', async () => {
    const server = await serverWithQuote({ defaultPermission: 'viewer' });
    const token = await tokenOf(server, 'editor');
    const bob = await server.connect('bob', 'q1', { events: true });
    await bob.untilSynced();
    expect((await bob.untilEvent('hello')).permission).toBe('viewer');
    await accept(server, 'bob', token);
    expect(await bob.untilEvent('permission')).toMatchObject({ permission: 'editor', role: 'sales_rep' });
    bob.set({ 'fields/title': 'by Bob' });
    await server.eventually(async () => {
      expect((await server.call(ann, 'GET', '/api/quotes/q1')).body.fields.title).toBe('by Bob');
    });
    expect(bob.closes).toBe(0);
  });

  test('who is removed and opens a link at the same instant is out', async () => {
    const server = await serverWithQuote();
    const token = await tokenOf(server, 'editor');
    await Promise.all([
      ...Array.from({ length: 5 }, () => accept(server, 'bob', token)),
      server.call(ann, 'PUT', '/api/quotes/q1/people/bob', { permission: 'none' }),
      ...Array.from({ length: 5 }, () => accept(server, 'bob', token)),
    ]);
    expect((await server.call('bob', 'GET', '/api/quotes/q1')).status).toBe(403);
    expect((await accept(server, 'bob', token)).status).toBe(403);
  });
});

test('tokens of links are in no log and no metric, wherever in a path they stand; pages send no referrer', async () => {
  const lines: string[] = [];
  const logger = pino(
    { level: 'trace' },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  const server = await serverWithQuote({ logger });
  const token = await tokenOf(server, 'viewer');
  await accept(server, 'bob', token);
  await server.call('bob', 'GET', `/api/links/${token}`);
  await server.call(null, 'POST', `/api/links/${token}/accept`);
  await server.call(null, 'GET', `/api/quotes/q1?join=${token}`);
  const paths = [`/join/${token}`, `/join/${token}/`, `/join/${token}/more`, `/JOIN/${token}`, `/${token}`];
  for (const path of [...paths, `/api/links/%61${token}/accept`, `/api/links/${token.repeat(50)}/accept`]) {
    const page = await fetch(server.url + path, { headers: { accept: 'text/html' } });
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    await page.text();
  }
  await server.eventually(() => expect(lines.length).toBeGreaterThanOrEqual(12));
  const log = lines.join('\n');
  expect(log).toContain('/api/links/:token/accept');
  expect(log).toContain('"path":"/join/:token"');
  expect(log).toContain('"path":"/JOIN/…"');
  expect(log).toContain('"path":"/api/quotes/q1"');
  expect(log).not.toContain(token);
  expect((await server.call(null, 'GET', '/metrics')).body).not.toContain(token);
});
