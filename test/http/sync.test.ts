import { once } from 'node:events';
import { request } from 'node:http';
import { onTestFinished, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createStockClient } from '../support/stock-client.ts';
import { type TestServer, serverForTest } from '../support/server.ts';

const HOUR_MS = 3_600_000;

/** A bare WebSocket that has been let in. */
async function openSocket(server: TestServer, user: string, quote: string): Promise<WebSocket> {
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/sync/${quote}?token=${await server.tokenFor(user)}`,
  );
  onTestFinished(() => socket.terminate());
  await once(socket, 'message');
  return socket;
}

describe('/sync', () => {
  test('stock clients see each other’s edits and presence', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', fields: { title: 'Old' } });
    const ann = await server.connect({ user: 'ann', name: 'Ann' }, 'q1');
    const bob = await server.connect('bob', 'q1');
    await ann.untilCell('fields/title', 'Old');
    await bob.untilSynced();
    ann.set({ 'fields/title': 'New', 'lineItems/l1/position': 'a0' });
    await bob.untilCell('fields/title', 'New');
    expect(bob.get('lineItems/l1/position')).toBe('a0');
    ann.setPresence({ cell: 'fields/title', user: { id: 'bob', name: 'Not me' } });
    await bob.until(() => bob.others().some(({ cell }) => cell === 'fields/title'), 'presence');
    expect(bob.others()).toMatchObject([
      { cell: 'fields/title', user: { id: 'ann', name: 'Ann', role: 'sales_rep' } },
    ]);
    ann.destroy();
    await bob.until(() => bob.others().length === 0, 'presence to go');
  });

  test('a viewer’s edit is taken back on their screen, and they are told', async () => {
    const server = await serverForTest({ defaultPermission: 'viewer' });
    await server.createQuote({ id: 'q1', fields: { title: 'Old' } });
    const client = await server.connect('bob', 'q1', { events: true });
    await client.untilSynced();
    expect(await client.untilEvent('hello')).toMatchObject({
      permission: 'viewer',
      user: { id: 'bob' },
      revision: 1,
    });
    client.set({ 'fields/title': 'by Bob' });
    expect((await client.untilEvent('refused')).writes).toMatchObject([
      { cell: 'fields/title', reason: 'not_permitted' },
    ]);
    expect(client.get('fields/title')).toBe('Old');
    expect(client.closes).toBe(0);
  });

  test('without events a stock client is corrected all the same, and sent nothing that it does not know', async () => {
    const server = await serverForTest({ defaultPermission: 'viewer' });
    await server.createQuote({ id: 'q1', fields: { title: 'Old' } });
    const client = await server.connect('bob', 'q1');
    await client.untilSynced();
    client.set({ 'fields/title': 'by Bob' });
    await client.untilCell('fields/title', 'Old');
    expect(client.events).toEqual([]);
  });

  test.each([
    ['no token', async () => undefined],
    ['nonsense', async () => 'nonsense'],
    [
      'an expired token',
      (server: TestServer) => server.tokenFor('ann', 'admin', { agoMs: 2 * HOUR_MS, lifetimeMs: HOUR_MS }),
    ],
  ])('%s is closed with 4401, for good', async (_what, tokenOf) => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    const client = await server.connect('ann', 'q1', { token: await tokenOf(server) });
    expect((await client.untilClosed()).code).toBe(4401);
    expect(client.provider.synced).toBe(false);
    expect(client.provider.shouldConnect).toBe(false);
  });

  test('a connection whose token expires is closed with 4401; with a new one it goes on where it was', async () => {
    let ahead = 0;
    const server = await serverForTest({ now: () => Date.now() + ahead });
    await server.createQuote({ id: 'q1', fields: { title: 'Old' } });
    const token = await server.tokenFor('ann', 'sales_rep', { lifetimeMs: 60_000 });
    const client = await server.connect('ann', 'q1', { token });
    await client.untilCell('fields/title', 'Old');
    ahead = 60_000;
    expect((await client.untilClosed()).code).toBe(4401);
    expect(client.provider.shouldConnect).toBe(false);
    client.set({ 'fields/title': 'New' });
    client.provider.params['token'] = await server.tokenFor('ann');
    client.reconnect();
    const bob = await server.connect('bob', 'q1');
    await bob.untilCell('fields/title', 'New');
  });

  test('an unknown quote is closed with 4404, no access with 4403', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    await server.grant('q1', 'eve', 'none');
    const unknown = await server.connect('ann', 'nowhere');
    const shutOut = await server.connect('eve', 'q1');
    expect((await unknown.untilClosed()).code).toBe(4404);
    expect((await shutOut.untilClosed()).code).toBe(4403);
  });

  test('a newer token with another role counts at once, everywhere', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', lineItems: [{ id: 'l1' }] });
    const client = await server.connect('ann', 'q1', { events: true });
    await client.untilSynced();
    client.set({ 'lineItems/l1/discountPercent': '30' });
    await client.untilEvent('refused');
    await server.call({ user: 'ann', role: 'vp_sales' }, 'GET', '/api/me');
    expect(await client.untilEvent('permission')).toMatchObject({ permission: 'editor', role: 'vp_sales' });
    client.set({ 'lineItems/l1/discountPercent': '30' });
    const bob = await server.connect('bob', 'q1');
    await bob.untilCell('lineItems/l1/discountPercent', '30');
  });

  test('more quotes at once than the limit are closed with 4509', async () => {
    const server = await serverForTest({ maxSessions: 1 });
    await server.createQuote({ id: 'q1' });
    await server.createQuote({ id: 'q2' });
    const first = await server.connect('ann', 'q1');
    await first.untilSynced();
    const second = await server.connect('bob', 'q2');
    expect((await second.untilClosed()).code).toBe(4509);
    const third = await server.connect('bob', 'q1');
    await third.untilSynced();
  });

  test('a frame over the limit is closed with 4400 that names it, even far over', async () => {
    const server = await serverForTest({ limits: { syncFrameBytes: 1_000, otherFrameBytes: 500 } });
    await server.createQuote({ id: 'q1' });
    for (const [bytes, name] of [
      [1_500, 'limits.syncFrameBytes is 1000'],
      [1_000_000, 'limits.syncFrameBytes'],
    ] as const) {
      const socket = await openSocket(server, 'ann', 'q1');
      socket.send(new Uint8Array(bytes));
      const [code, reason] = await once(socket, 'close');
      expect([code, String(reason)]).toEqual([4400, expect.stringContaining(name)]);
    }
  });

  test('a text frame is closed with 4400', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    const socket = await openSocket(server, 'ann', 'q1');
    socket.send('hello');
    const [code] = await once(socket, 'close');
    expect(code).toBe(4400);
  });

  test('there is nothing to upgrade to elsewhere', async () => {
    const server = await serverForTest();
    for (const path of ['/', '/synchro/q1', '/api/quotes']) {
      const asking = request(server.url + path, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        },
      });
      asking.end();
      const [response] = await once(asking, 'response');
      expect([path, response.statusCode]).toEqual([path, 404]);
      response.resume();
    }
    const odd = createStockClient({ url: server.url, quote: 'a/b', token: await server.tokenFor('ann') });
    onTestFinished(odd.destroy);
    expect((await odd.untilClosed()).code).toBe(4404);
  });

  test('frames sent before the sender is known are not lost', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    const client = await server.connect('ann', 'q1', { connect: false });
    client.set({ 'fields/title': 'made offline' });
    client.reconnect();
    await client.untilSynced();
    const other = await server.connect('bob', 'q1');
    await other.untilCell('fields/title', 'made offline');
  });

  test('a server that stops closes with 1012, which clients retry', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1' });
    const client = createStockClient({ url: server.url, quote: 'q1', token: await server.tokenFor('ann') });
    onTestFinished(client.destroy);
    await client.untilSynced();
    client.set({ 'fields/title': 'the last word' });
    const stopped = server.stop();
    expect((await client.untilClosed()).code).toBe(1012);
    expect(client.provider.shouldConnect).toBe(true);
    client.destroy();
    await stopped;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });
});
