import { describe, expect, test } from 'vitest';
import { SESSIONS_PER_USER_MAX } from '../../src/lib/limits.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { type TestServer, serverForTest } from '../support/server.ts';

const ann = { user: 'ann', role: 'sales_rep', name: 'Ann' } as const;
const ben = { user: 'ben', role: 'vp_sales', name: 'Ben' } as const;

async function start(server: TestServer, who: Parameters<TestServer['call']>[0] = ann): Promise<string> {
  const answer = await server.call(who, 'POST', '/api/sessions', { quoteId: 'q1' });
  expect([200, 201]).toContain(answer.status);
  return answer.body.id;
}

async function serverWithQuote(options: Parameters<typeof serverForTest>[0] = {}): Promise<TestServer> {
  const server = await serverForTest(options);
  await server.createQuote({ id: 'q1', fields: { title: 'Offer' } }, ann);
  return server;
}

test('starting one: 201, then 200 with the same one, also for two at the same instant', async () => {
  const server = await serverWithQuote();
  const answers = await Promise.all([
    server.call(ann, 'POST', '/api/sessions', { quoteId: 'q1' }),
    server.call(ben, 'POST', '/api/sessions', { quoteId: 'q1' }),
  ]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 201]);
  expect(answers[0].body.id).toBe(answers[1].body.id);
  expect(answers[0].body).toMatchObject({
    quoteId: 'q1',
    state: 'solo',
    isWarned: false,
    participants: [],
    url: `${server.url}/q/q1`,
  });
});

test('a browser that comes in is in the session that was started, with what it does', async () => {
  const server = await serverWithQuote();
  const id = await start(server);
  const client = await server.connect(ben, 'q1', { events: true });
  await client.untilSynced();
  client.setPresence({ cell: 'fields/title', editing: 'fields/title' });
  await server.eventually(async () => {
    const { body } = await server.call(ann, 'GET', `/api/sessions/${id}/participants`);
    expect(body.participants).toMatchObject([
      {
        user: { id: 'ben', name: 'Ben', role: 'vp_sales' },
        permission: 'editor',
        status: 'editing',
        cell: 'fields/title',
      },
    ]);
    expect(body.participants[0].lastActivityAt).toBeGreaterThanOrEqual(body.participants[0].joinedAt);
  });
  client.destroy();
  await server.eventually(async () => {
    const { body } = await server.call(ann, 'GET', `/api/sessions/${id}/participants`);
    expect(body.participants[0].leftAt).toBeGreaterThan(0);
  });
});

test('joining and leaving without a connection', async () => {
  const server = await serverWithQuote();
  const id = await start(server);
  expect((await server.call(ann, 'POST', `/api/sessions/${id}/join`)).body.participants.length).toBe(1);
  const joined = await server.call(ben, 'POST', `/api/sessions/${id}/join`);
  expect(joined.body).toMatchObject({
    state: 'collaborative',
    participants: [{ user: { id: 'ann' } }, { user: { id: 'ben' } }],
  });
  expect((await server.call(ben, 'POST', `/api/sessions/${id}/leave`)).body.state).toBe('solo');
  // Leaving twice is fine.
  expect((await server.call(ben, 'POST', `/api/sessions/${id}/leave`)).status).toBe(200);
});

test('ending: who is in it is let go with 4410, and it is over for joining, but still to be seen', async () => {
  const server = await serverWithQuote();
  const id = await start(server);
  const client = await server.connect(ben, 'q1', { events: true });
  await client.untilSynced();
  const ended = await server.call(ann, 'POST', `/api/sessions/${id}/end`);
  expect(ended.body).toMatchObject({
    state: 'closed',
    why: 'by_hand',
    endedBy: { id: 'ann' },
    participants: [],
    letGo: [{ user: { id: 'ben' } }],
  });
  expect((await client.untilClosed()).code).toBe(4410);
  const again = await server.call(ann, 'POST', `/api/sessions/${id}/end`);
  expect([again.status, again.body.letGo]).toEqual([200, undefined]);
  for (const action of ['join', 'keep-open']) {
    const late = await server.call(ben, 'POST', `/api/sessions/${id}/${action}`);
    expect([late.status, late.body.error.code]).toEqual([409, 'session_ended']);
  }
  const { body } = await server.call(ben, 'GET', '/api/sessions?quote=q1&open=0');
  expect(body.sessions).toMatchObject([{ id, state: 'closed' }]);
  expect(await start(server)).not.toBe(id);
});

test.each([
  ['their grant', async (server: TestServer, to: string) => void (await give(server, to))],
  [
    'no room being there',
    async (server: TestServer, to: string) => {
      await server.eventually(() => expect(server.rooms.peek('q1' as never)).toBeNull());
      await give(server, to);
    },
  ],
])('[S33] whoever joined over HTTP is changed, or has left, at once by %s', async (_what, decide) => {
  const server = await serverWithQuote();
  const id = await start(server);
  await server.call(ben, 'POST', `/api/sessions/${id}/join`);
  await decide(server, 'viewer');
  const people = async () =>
    (await server.call(ann, 'GET', `/api/sessions/${id}`)).body.participants.map(
      (one: { user: { id: string }; permission: string }) => `${one.user.id} ${one.permission}`,
    );
  expect(await people()).toEqual(['ben viewer']);
  await give(server, 'none');
  expect(await people()).toEqual([]);
  const { body } = await server.call(ann, 'GET', `/api/sessions/${id}/audit`);
  expect(body.rows.map(({ event }: { event: string }) => event)).toEqual([
    ...['started', 'joined', 'permission_given', 'reassigned', 'permission_given', 'left'],
  ]);
});

const give = (server: TestServer, permission: string) =>
  server.call(ann, 'PUT', '/api/quotes/q1/people/ben', { permission });

test('[S33] whoever joins over HTTP while a host shuts them out does not stay', async () => {
  const memory = createMemoryDirectory();
  let goOn: (() => void) | undefined;
  let isSlow = false;
  const server = await serverWithQuote({
    directory: {
      ...memory,
      async grant(quote, user) {
        const grant = await memory.grant(quote, user);
        if (isSlow && user === 'ben' && goOn === undefined)
          await new Promise<void>((resolve) => (goOn = resolve));
        return grant;
      },
    },
  });
  const id = await start(server);
  isSlow = true;
  const joining = server.call(ben, 'POST', `/api/sessions/${id}/join`);
  await server.eventually(() => expect(goOn).toBeDefined());
  await give(server, 'none');
  goOn?.();
  expect((await joining).body.participants).toEqual([]);
});

test('the list shows the sessions of quotes that one may see, a page at a time', async () => {
  const server = await serverForTest({ defaultPermission: 'none' });
  for (const quote of ['q1', 'q2', 'q3']) {
    await server.createQuote({ id: quote, fields: { title: quote } }, quote === 'q2' ? ben : ann);
    await server.call(quote === 'q2' ? ben : ann, 'POST', '/api/sessions', { quoteId: quote });
  }
  const all = await server.call(ann, 'GET', '/api/sessions');
  expect(all.body.sessions.map((session: { quoteId: string }) => session.quoteId)).toEqual(['q3', 'q1']);
  const page = await server.call(ann, 'GET', '/api/sessions?limit=1');
  expect(page.body.sessions.length).toBe(1);
  const next = await server.call(
    ann,
    'GET',
    `/api/sessions?limit=5&after=${encodeURIComponent(page.body.next)}`,
  );
  expect(next.body.sessions.map((session: { quoteId: string }) => session.quoteId)).toEqual(['q1']);
  const theirs = await server.call(ben, 'GET', '/api/sessions?open=1');
  expect(theirs.body.sessions.length).toBe(1);
  expect((await server.call(ann, 'GET', `/api/sessions/${theirs.body.sessions[0].id}`)).status).toBe(403);
});

describe('what is refused says what to do', () => {
  test.each([
    ['an unknown session', 'GET', '/api/sessions/nope', undefined, 404],
    ['an unknown quote', 'POST', '/api/sessions', { quoteId: 'nope' }, 404],
    ['no quote', 'POST', '/api/sessions', {}, 400],
    ['an unknown key', 'POST', '/api/sessions', { quoteId: 'q1', quote: 'q1' }, 400],
    ['a bad limit', 'GET', '/api/sessions?limit=0', undefined, 400],
    ['a bad page', 'GET', '/api/sessions?open=maybe', undefined, 400],
  ] as const)('%s', async (_what, method, path, body, status) => {
    const server = await serverWithQuote();
    const answer = await server.call(ann, method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(/\.$/);
  });

  test('maxSessions: those with somebody in them count; the limit is named', async () => {
    const server = await serverWithQuote({ maxSessions: 1 });
    await server.createQuote({ id: 'q2', fields: { title: 'Other' } }, ann);
    const id = await start(server);
    await server.call(ann, 'POST', '/api/sessions', { quoteId: 'q2' });
    await server.call(ann, 'POST', `/api/sessions/${id}/join`);
    const full = await server.call(ben, 'POST', '/api/sessions', { quoteId: 'q2' });
    expect([full.status, full.body.error.code]).toEqual([503, 'full']);
    expect(full.body.error.message).toContain('collaboration.maxSessions');
    const client = await server.connect(ben, 'q2');
    expect((await client.untilClosed()).code).toBe(4509);
    expect((await server.call(ben, 'POST', `/api/sessions/${id}/join`)).status).toBe(200);
  });

  test('[S32] a person in 20 sessions is told to close one: over the wire, and joining and starting over HTTP', async () => {
    const server = await serverWithQuote();
    const root = { user: 'root', role: 'admin' } as const;
    for (let count = 1; count <= SESSIONS_PER_USER_MAX; count += 1) {
      await server.createQuote({ id: `other-${count}` }, ann);
      const { body } = await server.call(root, 'POST', '/api/sessions', { quoteId: `other-${count}` });
      expect((await server.call(root, 'POST', `/api/sessions/${body.id}/join`)).status).toBe(200);
    }
    const id = await start(server);
    const message = expect.stringContaining('close one of your quotes');
    const full = { status: 503, body: { error: { code: 'full', message } } };
    expect(await server.call(root, 'POST', `/api/sessions/${id}/join`)).toMatchObject(full);
    expect(await server.call(root, 'POST', '/api/sessions', { quoteId: 'q1' })).toMatchObject(full);
    const shutOut = await server.connect(root, 'q1');
    expect(await shutOut.untilClosed()).toMatchObject({ code: 4509, reason: message });
    expect((await server.call(ben, 'POST', `/api/sessions/${id}/join`)).status).toBe(200);
  });

  test('maxParticipants: over HTTP and over the wire; whoever is in it may come again', async () => {
    const server = await serverWithQuote({ maxParticipants: 1 });
    const id = await start(server);
    await server.call(ann, 'POST', `/api/sessions/${id}/join`);
    const full = await server.call(ben, 'POST', `/api/sessions/${id}/join`);
    expect([full.status, full.body.error.message]).toEqual([503, expect.stringContaining('maxParticipants')]);
    const shutOut = await server.connect(ben, 'q1');
    expect(await shutOut.untilClosed()).toMatchObject({
      code: 4509,
      reason: expect.stringContaining('maxParticipants'),
    });
    const again = await server.connect(ann, 'q1');
    await again.untilSynced();
    expect((await server.call(ann, 'POST', `/api/sessions/${id}/join`)).status).toBe(200);
  });
});

test('one editor at a time: a write over HTTP beside them is refused with who it is', async () => {
  const server = await serverWithQuote({ isShared: false });
  const client = await server.connect(ann, 'q1', { events: true });
  await client.untilSynced();
  const writes = [{ cell: 'fields/customer', value: 'Acme' }];
  const refused = await server.call(ben, 'PATCH', '/api/quotes/q1/cells', { writes });
  expect([refused.status, refused.body.error.code]).toEqual([409, 'pen_taken']);
  expect(refused.body.error.message).toContain('Ann');
  expect((await server.call(ann, 'PATCH', '/api/quotes/q1/cells', { writes })).status).toBe(200);
});

test('permissions given and links used while a session is open are in its audit, with who and why', async () => {
  let time = Date.now();
  const server = await serverWithQuote({ defaultPermission: 'none', now: () => (time += 1) });
  const id = await start(server);
  await server.call(ann, 'PUT', '/api/quotes/q1/people/ben', { permission: 'viewer' });
  const link = await server.call(ann, 'POST', '/api/quotes/q1/links', { permission: 'editor' });
  await server.call(ben, 'POST', `/api/links/${link.body.token}/accept`);
  await server.call(ann, 'DELETE', '/api/quotes/q1/people/ben');
  const { rows } = (await server.call(ann, 'GET', `/api/sessions/${id}/audit`)).body;
  const by = { id: 'ann', name: 'Ann', role: 'sales_rep' };
  expect(rows.filter(({ event }: { event: string }) => event.startsWith('permission'))).toMatchObject([
    { event: 'permission_given', by, why: 'by_host', detail: { user: 'ben', permission: 'viewer' } },
    { event: 'permission_given', by, why: 'by_link', detail: { user: 'ben', permission: 'editor' } },
    { event: 'permission_taken', by, detail: { user: 'ben' } },
  ]);
});

test('the audit of a session: who did what and why, from state to state, a page at a time, also once it ended', async () => {
  const server = await serverWithQuote();
  const id = await start(server);
  await server.call(ann, 'POST', `/api/sessions/${id}/join`);
  await server.call(ben, 'POST', `/api/sessions/${id}/join`);
  await server.call(ann, 'POST', `/api/sessions/${id}/end`);
  const first = (await server.call(ann, 'GET', `/api/sessions/${id}/audit?limit=2`)).body;
  expect(first).toMatchObject({
    rows: [
      { n: 1, event: 'started', by: { id: 'ann' }, why: 'created', from: 'solo', to: 'solo' },
      { n: 2, event: 'joined', by: { id: 'ann' }, from: 'solo', to: 'solo' },
    ],
    next: 2,
  });
  const rest = (await server.call(ann, 'GET', `/api/sessions/${id}/audit?after=2`)).body;
  expect(rest).not.toHaveProperty('next');
  expect(rest.rows[0]).toMatchObject({ event: 'joined', from: 'solo', to: 'collaborative' });
  expect(rest.rows.at(-1)).toMatchObject({
    event: 'ended',
    why: 'by_hand',
    to: 'closed',
    by: { name: 'Ann' },
  });
  const refused = await server.call(ben, 'GET', `/api/sessions/${id}/audit`);
  expect([refused.status, refused.body.error.message]).toEqual([403, expect.stringContaining('Only hosts')]);
});
