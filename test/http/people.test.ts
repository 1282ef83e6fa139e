import { describe, expect, test } from 'vitest';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { serverForTest } from '../support/server.ts';

const path = (user?: string): string => `/api/quotes/q1/people${user === undefined ? '' : `/${user}`}`;

describe('/api/quotes/:id/people', () => {
  test('hosts give and take permissions, also to people who never signed in', async () => {
    const server = await serverForTest({ defaultPermission: 'viewer' });
    await server.createQuote({ id: 'q1' }, { user: 'ann', name: 'Ann' });
    const put = await server.call({ user: 'ann', name: 'Ann' }, 'PUT', path('zoe@x.example'), {
      permission: 'editor',
    });
    expect(put.status).toBe(200);
    expect(put.body).toMatchObject({
      user: { id: 'zoe@x.example', name: 'zoe@x.example' },
      permission: 'editor',
      grantedBy: { id: 'ann', name: 'Ann', role: 'sales_rep' },
    });
    const { body } = await server.call('bob', 'GET', path());
    expect(body.defaultPermission).toBe('viewer');
    expect(
      body.people.map((one: { user: { id: string }; permission: string }) => [one.user.id, one.permission]),
    ).toEqual([
      ['ann', 'host'],
      ['zoe@x.example', 'editor'],
    ]);
    expect(body.people[0]).toMatchObject({
      user: { id: 'ann', name: 'Ann', role: 'sales_rep' },
      grantedBy: { id: 'ann', name: 'Ann' },
    });
    expect((await server.call('ann', 'DELETE', path('zoe@x.example'))).status).toBe(204);
    expect((await server.call('ann', 'GET', path())).body.people).toHaveLength(1);
  });

  test('others may not, but for admins, who may even where they were shut out', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' }, 'ann');
    for (const method of ['PUT', 'DELETE']) {
      const body = method === 'PUT' ? { permission: 'host' } : undefined;
      const answer = await server.call({ user: 'bob', role: 'deal_desk' }, method, path('bob'), body);
      expect([method, answer.status]).toEqual([method, 403]);
    }
    await server.call('ann', 'PUT', path('root'), { permission: 'none' });
    const root = { user: 'root', role: 'admin' } as const;
    expect((await server.call(root, 'GET', '/api/quotes/q1')).status).toBe(403);
    expect((await server.call(root, 'GET', path())).status).toBe(200);
    expect((await server.call(root, 'PUT', path('bob'), { permission: 'host' })).status).toBe(200);
    expect(
      (await server.call(root, 'PUT', '/api/quotes/none/people/bob', { permission: 'host' })).status,
    ).toBe(404);
  });

  test('the last host stays, also when two remove each other at once', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' }, 'ann');
    for (const permission of ['editor', 'viewer', 'none']) {
      const answer = await server.call('ann', 'PUT', path('ann'), { permission });
      expect([answer.status, answer.body.error.code]).toEqual([409, 'last_host']);
    }
    expect((await server.call('ann', 'DELETE', path('ann'))).status).toBe(409);
    expect((await server.call('ann', 'PUT', path('bob'), { permission: 'host' })).status).toBe(200);
    const answers = await Promise.all([
      server.call('ann', 'DELETE', path('bob')),
      server.call('bob', 'DELETE', path('ann')),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 403]));
    const { people } = (await server.call('eve', 'GET', path())).body;
    expect(people).toHaveLength(1);
  });

  test('a permission is one of four; a user id has no spaces', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' }, 'ann');
    const wrong = await server.call('ann', 'PUT', path('bob'), { permission: 'owner' });
    expect([wrong.status, wrong.body.error.details[0].field]).toEqual([400, 'permission']);
    const user = await server.call('ann', 'PUT', path('b%20b'), { permission: 'editor' });
    expect([user.status, user.body.error.details[0].field]).toEqual([400, 'user']);
  });

  test('takes effect at once in connections that are open, without closing them', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', fields: { title: 'Old' } }, 'ann');
    const client = await server.connect('bob', 'q1', { events: true });
    await client.untilSynced();
    await server.call('ann', 'PUT', path('bob'), { permission: 'viewer' });
    expect(await client.untilEvent('permission')).toMatchObject({ permission: 'viewer', role: 'sales_rep' });
    client.set({ 'fields/title': 'by Bob' });
    const refused = await client.untilEvent('refused');
    expect(refused.writes).toEqual([
      { cell: 'fields/title', reason: 'not_permitted', kept: 'Old', offered: 'by Bob' },
    ]);
    expect(client.get('fields/title')).toBe('Old');

    await server.call('ann', 'PUT', path('bob'), { permission: 'editor' });
    await client.untilEvent('permission', ({ permission }) => permission === 'editor');
    client.set({ 'fields/title': 'by Bob' });
    await server.eventually(async () => {
      const { body } = await server.call('ann', 'GET', '/api/quotes/q1');
      expect(body.fields.title).toBe('by Bob');
    });
    expect(client.closes).toBe(0);
  });

  test('who is shut out is closed with 4403 and does not come back', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' }, 'ann');
    const [bob, eve] = [await server.connect('bob', 'q1'), await server.connect('eve', 'q1')];
    await bob.untilSynced();
    await eve.untilSynced();
    await server.call('ann', 'PUT', path('bob'), { permission: 'none' });
    expect((await bob.untilClosed()).code).toBe(4403);
    bob.reconnect();
    await bob.until(() => bob.closes === 2, 'a second close');
    expect(bob.closed?.code).toBe(4403);
    expect(eve.closed).toBeNull();
  });

  test('who falls back to no permission is closed too', async () => {
    const server = await serverForTest({ defaultPermission: 'none' });
    await server.createQuote({ id: 'q1' }, 'ann');
    await server.call('ann', 'PUT', path('bob'), { permission: 'editor' });
    const bob = await server.connect('bob', 'q1');
    await bob.untilSynced();
    await server.call('ann', 'DELETE', path('bob'));
    expect((await bob.untilClosed()).code).toBe(4403);
  });

  test('who is shut out while coming in does not stay', async () => {
    const directory = createMemoryDirectory();
    let goOn: (() => void) | undefined;
    const server = await serverForTest({
      directory: {
        ...directory,
        async grant(quote, user) {
          const grant = await directory.grant(quote, user);
          if (user === 'bob' && goOn === undefined) await new Promise<void>((resolve) => (goOn = resolve));
          return grant;
        },
      },
    });
    await server.createQuote({ id: 'q1' });
    const bob = await server.connect('bob', 'q1');
    await server.eventually(() => expect(goOn).toBeDefined());
    await server.grant('q1', 'bob', 'none');
    goOn?.();
    expect((await bob.untilClosed()).code).toBe(4403);
  });
});
