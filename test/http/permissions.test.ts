import { describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../src/authority/role.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { type Answer, type Caller, type TestServer, serverForTest } from '../support/server.ts';
import type { StockClient } from '../support/stock-client.ts';

/**
 * Every action of a quote and everyone who may want it, over a whole server. `admin` has the role and no grant, in a
 * quote that others see by grant only: admins manage people and sessions everywhere, and see what they were let into.
 */
type Who = 'host' | 'editor' | 'viewer' | 'none' | 'admin';

interface Action {
  readonly name: string;
  readonly may: Readonly<Record<Who, boolean>>;
  /** Whether what stands in the quote, its grants or its links is different afterwards. */
  readonly changes: boolean;
  /** Tries it; gives whether it was done. Throws where it was neither done nor forbidden. */
  attempt(server: TestServer, me: Caller): Promise<boolean>;
}

const SEERS = { host: true, editor: true, viewer: true, none: false, admin: false };
const EDITORS = { host: true, editor: true, viewer: false, none: false, admin: false };
const SEERS_OF_PEOPLE = { host: true, editor: true, viewer: true, none: false, admin: true };
const HOSTS = { host: true, editor: false, viewer: false, none: false, admin: false };
const MANAGERS = { host: true, editor: false, viewer: false, none: false, admin: true };

const Q1 = 'q1' as QuoteId;
const QUOTE = `/api/quotes/${Q1}`;
const ann = 'ann';

const READING: readonly Action[] = [
  reads('see the quote', SEERS, QUOTE),
  reads('read its history', SEERS, `${QUOTE}/log`),
  reads('see it as it was', SEERS, `${QUOTE}?at=1`),
  reads('see the points of its history', SEERS, `${QUOTE}/timeline`),
  reads('see who is behind its cells', SEERS, `${QUOTE}/blame`),
  reads('compare two points', SEERS, `${QUOTE}/diff?from=0&to=1`),
  reads('have its log checked', SEERS, `${QUOTE}/verification`),
  reads('see who has which permission', SEERS_OF_PEOPLE, `${QUOTE}/people`),
  reads('list its named versions', SEERS, `${QUOTE}/versions`),
  reads('see where Slack shows it', SEERS, `${QUOTE}/slack`),
  reads('list its links', MANAGERS, `${QUOTE}/links`),
  {
    name: 'find it in the list',
    may: SEERS,
    changes: false,
    async attempt(server, me) {
      const { quotes } = (await server.call(me, 'GET', '/api/quotes')).body;
      return quotes.length === 1;
    },
  },
  {
    name: 'see it live, and who is there',
    may: SEERS,
    changes: false,
    async attempt(server, me) {
      const other = await server.connect(ann, Q1);
      await other.untilSynced();
      other.setPresence({ cell: 'fields/title' });
      const client = await server.connect(me, Q1);
      if (await isShutOut(client)) return false;
      await client.untilCell('fields/title', 'Old');
      await client.until(() => client.others().some((state) => state['cell'] === 'fields/title'), 'Ann');
      return true;
    },
  },
];

const EDITING: readonly Action[] = [
  {
    name: 'edit cells over HTTP',
    may: EDITORS,
    changes: true,
    attempt: async (server, me) =>
      isDone(
        await server.call(me, 'PATCH', `${QUOTE}/cells`, {
          writes: [{ cell: 'fields/title', value: 'New' }],
        }),
      ),
  },
  {
    name: 'edit cells over the wire',
    may: EDITORS,
    changes: true,
    async attempt(server, me) {
      const client = await server.connect(me, Q1, { events: true });
      if (await isShutOut(client)) return false;
      return writes(client, 'New');
    },
  },
];

const NAMING: readonly Action[] = [
  {
    name: 'name a version',
    may: EDITORS,
    changes: true,
    attempt: async (server, me) =>
      isDone(await server.call(me, 'POST', `${QUOTE}/versions`, { name: 'Mine', seq: 1 })),
  },
  changesVersion('rename a version of another', HOSTS, ann, 'PATCH'),
  changesVersion('delete a version of another', HOSTS, ann, 'DELETE'),
  changesVersion('rename a version of their own', EDITORS, 'me', 'PATCH'),
  changesVersion('delete a version of their own', EDITORS, 'me', 'DELETE'),
];

/** Of `owner`, who could name it once, whatever they may do now. */
function changesVersion(name: string, may: Action['may'], owner: string, method: 'PATCH' | 'DELETE'): Action {
  return {
    name,
    may,
    changes: true,
    async attempt(server, me) {
      const version = (await server.versions.ofQuote(Q1)).find(({ namedBy }) => namedBy === owner);
      const path = `${QUOTE}/versions/${version?.id}`;
      return isDone(
        await server.call(me, method, path, method === 'PATCH' ? { name: 'Renamed' } : undefined),
      );
    },
  };
}

const MANAGING: readonly Action[] = [
  manages('invite', 'PUT', `${QUOTE}/people/zoe`, { permission: 'viewer' }),
  manages('promote', 'PUT', `${QUOTE}/people/vic`, { permission: 'host' }),
  manages('demote', 'PUT', `${QUOTE}/people/eda`, { permission: 'viewer' }),
  manages('remove', 'PUT', `${QUOTE}/people/eda`, { permission: 'none' }),
  manages('take a grant back', 'DELETE', `${QUOTE}/people/eda`),
  manages('make a link', 'POST', `${QUOTE}/links`, { permission: 'editor' }),
  {
    name: 'revoke a link',
    may: MANAGERS,
    changes: true,
    async attempt(server, me) {
      const [link] = await server.shareLinks.ofQuote(Q1);
      return isDone(await server.call(me, 'DELETE', `${QUOTE}/links/${link?.id}`));
    },
  },
  {
    name: 'end the session',
    may: MANAGERS,
    changes: true,
    async attempt(server, me) {
      const open = await server.call(ann, 'POST', '/api/sessions', { quoteId: Q1 });
      return isDone(await server.call(me, 'POST', `/api/sessions/${open.body.id}/end`));
    },
  },
];

const TAKING_PART: readonly Action[] = [
  sessionAction('look at the session', SEERS, 'GET', ''),
  sessionAction('see who takes part', SEERS, 'GET', '/participants'),
  sessionAction('take part without a connection', SEERS, 'POST', '/join'),
  sessionAction('leave it', SEERS, 'POST', '/leave'),
  sessionAction('keep the session open', SEERS, 'POST', '/keep-open'),
  sessionAction('read its audit', MANAGERS, 'GET', '/audit'),
  {
    name: 'find the session in the list',
    may: SEERS,
    changes: false,
    async attempt(server, me) {
      await server.call(ann, 'POST', '/api/sessions', { quoteId: Q1 });
      return (await server.call(me, 'GET', '/api/sessions')).body.sessions.length === 1;
    },
  },
  reads('see held conflicts', SEERS, `${QUOTE}/conflicts`),
  {
    name: 'start a session',
    may: EDITORS,
    changes: false,
    attempt: async (server, me) => isDone(await server.call(me, 'POST', '/api/sessions', { quoteId: Q1 })),
  },
];

function sessionAction(name: string, may: Action['may'], method: string, path: string): Action {
  return {
    name,
    may,
    changes: false,
    async attempt(server, me) {
      const open = await server.call(ann, 'POST', '/api/sessions', { quoteId: Q1 });
      return isDone(await server.call(me, method, `/api/sessions/${open.body.id}${path}`));
    },
  };
}

function reads(name: string, may: Action['may'], path: string): Action {
  const attempt: Action['attempt'] = async (server, me) => isDone(await server.call(me, 'GET', path));
  return { name, may, changes: false, attempt };
}

function manages(name: string, method: string, path: string, body?: unknown): Action {
  const attempt: Action['attempt'] = async (server, me) => isDone(await server.call(me, method, path, body));
  return { name, may: MANAGERS, changes: true, attempt };
}

function isDone({ status, body }: Answer): boolean {
  if (status === 403) return false;
  if (status < 300) return true;
  throw new Error(`neither done nor forbidden: ${status} ${JSON.stringify(body)}`);
}

/** Waits for the first sync, or for the close of somebody who has no access. */
async function isShutOut(client: StockClient): Promise<boolean> {
  await client.until(() => client.closed !== null || client.provider.synced, 'a way in, or none');
  if (client.closed !== null) expect(client.closed.code).toBe(4403);
  return client.closed !== null;
}

/** Writes the title and waits for the verdict: whether it stands. */
async function writes(client: StockClient, title: string): Promise<boolean> {
  const before = client.eventsOf('refused').length;
  const settled = client.eventsOf('ack').at(-1)?.frames ?? 0;
  client.set({ 'fields/title': title });
  await client.until(() => (client.eventsOf('ack').at(-1)?.frames ?? 0) > settled, 'an ack');
  const refused = client.eventsOf('refused').slice(before);
  for (const { writes: told } of refused) expect(told).toMatchObject([{ reason: 'not_permitted' }]);
  return refused.length === 0;
}

/** A quote of Ann's with an editor, a viewer and a link, and me in the permission that is to be tried. */
async function sceneFor(who: Who): Promise<{ server: TestServer; me: Caller }> {
  const server = await serverForTest({ defaultPermission: 'none' });
  await server.createQuote({ id: Q1, fields: { title: 'Old' } }, ann);
  await server.grant(Q1, 'eda', 'editor');
  await server.grant(Q1, 'vic', 'viewer');
  await server.call(ann, 'POST', `${QUOTE}/links`, { permission: 'viewer' });
  for (const [id, namedBy] of [
    ['v1', ann],
    ['v2', 'me'],
  ] as const)
    await server.versions.add({
      id,
      quote: Q1,
      name: `Version of ${namedBy}`,
      seq: 1,
      at: 1,
      namedBy: namedBy as UserId,
      namedAt: 1,
    });
  if (who === 'admin') return { server, me: { user: 'root', role: 'admin' } };
  await server.grant(Q1, 'me', who);
  return { server, me: 'me' };
}

async function standing({ directory, shareLinks, versions, sessions, call }: TestServer): Promise<unknown> {
  const ended = await sessions.list({ quote: Q1, open: false, limit: 10 });
  const [grants, links, named, quote] = await Promise.all([
    directory.grants(Q1),
    shareLinks.ofQuote(Q1),
    versions.ofQuote(Q1),
    call(ann, 'GET', QUOTE),
  ]);
  return {
    grants: grants.map(({ user, permission }) => [user, permission]),
    links: links.map(({ id, revokedAt }) => [id, revokedAt !== null]),
    versions: named.map(({ name }) => name),
    title: quote.body.fields.title,
    endedSessions: ended.sessions.length,
  };
}

const cases = [...READING, ...EDITING, ...NAMING, ...TAKING_PART, ...MANAGING].flatMap((action) =>
  (Object.keys(action.may) as Who[]).map((who) => ({ action, who, may: action.may[who], name: action.name })),
);

describe('the matrix of permissions', () => {
  test.each(cases)('$name as $who: $may', async ({ action, who, may }) => {
    const { server, me } = await sceneFor(who);
    const before = await standing(server);
    expect(await action.attempt(server, me)).toBe(may);
    const after = await standing(server);
    if (may && action.changes) expect(after).not.toEqual(before);
    else expect(after).toEqual(before);
  });

  test.each(ROLES)(
    'the role %s gives no permission: a viewer of it neither edits nor, but as admin, manages',
    async (role) => {
      const { server } = await sceneFor('none');
      const me = { user: 'me', role };
      await server.grant(Q1, 'me', 'viewer');
      for (const { attempt } of EDITING) expect(await attempt(server, me)).toBe(false);
      for (const { attempt } of MANAGING) expect(await attempt(server, me)).toBe(role === 'admin');
    },
  );
});

describe('while somebody is connected', () => {
  const me = { user: 'me', role: 'sales_manager' } as const;

  async function connected(
    permission: 'viewer' | 'editor',
  ): Promise<{ server: TestServer; client: StockClient }> {
    const { server } = await sceneFor('none');
    await server.grant(Q1, 'me', permission);
    const client = await server.connect(me, Q1, { events: true });
    expect(await isShutOut(client)).toBe(false);
    return { server, client };
  }

  const set = (server: TestServer, permission: string): Promise<Answer> =>
    server.call(ann, 'PUT', `${QUOTE}/people/me`, { permission });

  test('who is removed is closed with 4403 at once, and does not come back', async () => {
    const { server, client } = await connected('editor');
    const other = await server.connect('vic', Q1);
    await other.untilSynced();
    await set(server, 'none');
    expect((await client.untilClosed()).code).toBe(4403);
    client.reconnect();
    await client.until(() => client.closes === 2, 'a second close');
    expect(client.closed?.code).toBe(4403);
    expect(other.closed).toBeNull();
  });

  test('whose grant is taken back, where others see nothing, is closed too', async () => {
    const { server, client } = await connected('editor');
    await server.call(ann, 'DELETE', `${QUOTE}/people/me`);
    expect((await client.untilClosed()).code).toBe(4403);
  });

  test('a demoted editor stays, is told, and the next write is refused', async () => {
    const { server, client } = await connected('editor');
    expect(await writes(client, 'before')).toBe(true);
    await set(server, 'viewer');
    const told = await client.untilEvent('permission');
    expect(told).toEqual({ type: 'permission', permission: 'viewer', role: 'sales_manager' });
    expect(await writes(client, 'after')).toBe(false);
    await client.untilCell('fields/title', 'before');
    expect(client.closes).toBe(0);
  });

  test.each(['PUT', 'a link'] as const)('a viewer who is promoted by %s may write at once', async (by) => {
    const { server, client } = await connected('viewer');
    if (by === 'PUT') await set(server, 'editor');
    else {
      const { token } = (await server.call(ann, 'POST', `${QUOTE}/links`, { permission: 'editor' })).body;
      expect((await server.call(me, 'POST', `/api/links/${token}/accept`)).status).toBe(200);
    }
    const told = await client.untilEvent('permission');
    expect(told).toEqual({ type: 'permission', permission: 'editor', role: 'sales_manager' });
    expect(await writes(client, 'mine')).toBe(true);
    expect(client.closes).toBe(0);
  });

  test('permissions come and go, the role stays, in answers, in the log and for whoever asks who they are', async () => {
    const { server, client } = await connected('editor');
    const given = ['viewer', 'host', 'editor', 'viewer', 'host'] as const;
    for (const [count, permission] of given.entries()) {
      const answer = await set(server, permission);
      expect(answer.body).toMatchObject({ user: { id: 'me', role: me.role }, permission });
      await client.until(() => client.eventsOf('permission').length === count + 1, 'word of it');
    }
    expect(client.eventsOf('permission').map(({ role }): Role => role)).toEqual(given.map(() => me.role));
    expect(await writes(client, 'as host')).toBe(true);
    const { entries } = (await server.call(ann, 'GET', `${QUOTE}/log`)).body;
    expect(entries.at(-1)).toMatchObject({ user: 'me', role: me.role, permission: 'host' });
    expect((await server.call(me, 'GET', '/api/me')).body.role).toBe(me.role);
    const withRole = await server.call(ann, 'PUT', `${QUOTE}/people/me`, {
      permission: 'host',
      role: 'admin',
    });
    expect([withRole.status, withRole.body.error.details[0].field]).toEqual([400, 'role']);
  });
});
