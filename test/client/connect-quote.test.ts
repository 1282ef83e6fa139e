import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { type ConnectOptions, type QuoteClient, connectQuote } from '../../src/client/connect-quote.ts';
import type { QuoteEvents } from '../../src/client/quote-client.ts';
import {
  type ScriptedConnection,
  type ScriptedServer,
  startScriptedServer,
} from '../support/scripted-sync-server.ts';
import { policyOf } from '../support/star.ts';

let server: ScriptedServer;
let clients: QuoteClient[];

beforeEach(async () => {
  server = await startScriptedServer();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await server.close();
});

type Extra = Partial<Omit<ConnectOptions, 'token' | 'getToken'>>;

function connect(
  credentials: string | (() => string | Promise<string>) = 'secret',
  extra: Extra = {},
): QuoteClient {
  const client = connectQuote({
    url: server.url,
    quoteId: 'q1',
    WebSocketPolyfill: WebSocket,
    maxBackoffMs: 1,
    now: () => 1000,
    ...extra,
    ...(typeof credentials === 'string' ? { token: credentials } : { getToken: credentials }),
  });
  clients.push(client);
  return client;
}

const DISCOUNT = 'lineItems/l1/discountPercent';

const user = { id: 'bo', name: 'Bo', role: 'sales_rep' as const };

const hello = (permission: 'viewer' | 'editor' = 'editor') =>
  ({ type: 'hello', user, permission, sessionId: 's1', revision: 0, serverTime: 0 }) as const;

/** What a server does at the start: hello, its own step 1, and step 2 once it has the client's. */
async function greet(connection: ScriptedConnection, doc = new Y.Doc()): Promise<void> {
  connection.sendEvent(hello());
  connection.sendStep1(doc);
  Y.applyUpdate(doc, (await connection.frame('step2')).payload);
  connection.sendStep2(doc);
  connection.sendEvent({ type: 'ack', frames: 1, revision: 0 });
}

/** The next event that fits. */
function next<Name extends keyof QuoteEvents>(
  client: QuoteClient,
  name: Name,
  fits: (event: QuoteEvents[Name]) => boolean = () => true,
): Promise<QuoteEvents[Name]> {
  return new Promise((resolve) => {
    const stop = client.on(name, (event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
  });
}

describe('connecting', () => {
  test('asks for the quote with its token and for events', async () => {
    connect('s3cret');
    const { path, params } = await server.connection();
    expect(path).toMatch(/^\/sync\/q1\?/);
    expect([params.get('token'), params.get('events')]).toEqual(['s3cret', '1']);
  });

  test('knows itself, the quote and the others once greeted', async () => {
    const client = connect();
    const theirs = new Y.Doc();
    theirs.getMap('fields').set('title', 'Offer');
    const connection = await server.connection();
    expect(client.me()).toBe(null);
    await greet(connection, theirs);
    await client.whenSynced();
    expect(client.me()).toEqual({ user, permission: 'editor', sessionId: 's1', penWith: null });
    expect(client.readCell('fields/title')).toBe('Offer');
    const ann = { id: 'ann', name: 'Ann', role: 'vp_sales', color: 'red' };
    const seen = new Promise<void>((resolve) => void client.presence.observe(resolve));
    connection.sendPresence(new Map([[7, { clock: 1, state: { user: ann, cell: 'fields/title' } }]]));
    await seen;
    expect(client.presence.others()).toEqual([{ clientId: 7, user: ann, cell: 'fields/title' }]);
  });

  test('ignores events of a kind that it does not know', async () => {
    const client = connect();
    const connection = await server.connection();
    connection.sendEvent({ type: 'from_the_future' });
    await greet(connection);
    await client.whenSaved();
  });

  test('refuses an impossible id, and a runtime without WebSocket, with a sentence', () => {
    expect(() => connect('t', { quoteId: 'a/b' })).toThrow(/cannot be a quote's id/);
    const own = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    Reflect.deleteProperty(globalThis, 'WebSocket');
    try {
      expect(() => connectQuote({ url: server.url, quoteId: 'q1', token: 't' })).toThrow(/WebSocketPolyfill/);
    } finally {
      if (own !== undefined) Object.defineProperty(globalThis, 'WebSocket', own);
    }
  });
});

describe('what is saved', () => {
  test('follows the acknowledgements frame by frame', async () => {
    const client = connect();
    expect(client.state()).toEqual({ kind: 'offline', unsent: 0, because: null });
    const connection = await server.connection();
    await greet(connection);
    await client.whenSaved();
    expect(client.state()).toEqual({ kind: 'saved', confirmed: true });

    client.setCell('fields/title', 'One');
    client.setCell('fields/title', 'Two');
    expect(client.state()).toEqual({ kind: 'saving', pending: 2 });
    await connection.frame('update', 2);
    const one = next(client, 'state', ({ kind }) => kind === 'saving');
    connection.sendEvent({ type: 'ack', frames: 2, revision: 1 });
    expect(await one).toEqual({ kind: 'saving', pending: 1 });
    connection.sendEvent({ type: 'ack', frames: 3, revision: 2 });
    await client.whenSaved();
  });

  test('survives a cut line: what was not acknowledged goes out again and is counted anew', async () => {
    const client = connect();
    const first = await server.connection();
    await greet(first);
    await client.whenSaved();
    client.setCell('fields/title', 'On its way');
    await first.frame('update');
    const offline = next(client, 'state', ({ kind }) => kind === 'offline');
    first.cut();
    expect(await offline).toMatchObject({ kind: 'offline', unsent: 1 });
    client.setCell('fields/owner', 'Bo');

    const second = await server.connection();
    second.sendEvent(hello());
    second.sendStep1();
    const held = new Y.Doc();
    Y.applyUpdate(held, (await second.frame('step2')).payload);
    expect(held.getMap('fields').toJSON()).toEqual({ title: 'On its way', owner: 'Bo' });
    expect(client.state()).toEqual({ kind: 'saving', pending: 2 });
    second.sendEvent({ type: 'ack', frames: 1, revision: 2 });
    await client.whenSaved();
  });

  test('what others do is not counted as an edit', async () => {
    const client = connect();
    const connection = await server.connection();
    await greet(connection);
    await client.whenSaved();
    const changed = new Promise<void>((resolve) => void client.observe('fields/title', resolve));
    const theirs = new Y.Doc();
    theirs.getMap('fields').set('title', 'Theirs');
    connection.sendUpdate(Y.encodeStateAsUpdate(theirs));
    await changed;
    expect(client.state()).toEqual({ kind: 'saved', confirmed: true });
  });

  test('a server without events is trusted after the exchange of step 2', async () => {
    const client = connect();
    client.setCell('fields/title', 'Early');
    const connection = await server.connection();
    connection.sendStep1();
    await connection.frame('step2');
    expect(client.state()).toMatchObject({ kind: 'saving' });
    connection.sendStep2();
    await client.whenSaved();
    expect(client.state()).toEqual({ kind: 'saved', confirmed: false });
  });

  test('a viewer reads only, until the permission changes', async () => {
    const client = connect();
    const connection = await server.connection();
    const viewing = next(client, 'me');
    connection.sendEvent(hello('viewer'));
    await viewing;
    expect(client.state()).toEqual({ kind: 'readonly', unsent: 0, because: { kind: 'viewer' } });
    expect(client.setCell('fields/title', 'x')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('view'),
    });
    expect(client.undo()).toMatchObject({ kind: 'nothing' });
    const editing = next(client, 'me');
    connection.sendEvent({ type: 'permission', permission: 'editor', role: 'sales_manager' });
    expect(await editing).toMatchObject({ permission: 'editor', user: { role: 'sales_manager' } });
    expect(client.setCell('fields/title', 'x')).toMatchObject({ ok: true });
  });
});

describe('the end of a connection', () => {
  test('a final code closes the client, tells why, and rejects those who wait', async () => {
    const client = connect();
    const connection = await server.connection();
    await connection.frame('step1');
    const synced = expect(client.whenSynced()).rejects.toMatchObject({ code: 'client_forbidden' });
    const closed = next(client, 'closed');
    connection.close(4403, 'removed by Ann');
    expect(await closed).toMatchObject({
      kind: 'forbidden',
      code: 4403,
      final: true,
      detail: 'removed by Ann',
    });
    await synced;
    await expect(client.whenSaved()).rejects.toThrow(/no access.*removed by Ann/);
    expect(client.state()).toMatchObject({ kind: 'readonly', because: { kind: 'closed' } });
    expect(client.setCell('fields/title', 'x').ok).toBe(false);
  });

  test('any other code is told, and retried', async () => {
    const client = connect();
    const closed = next(client, 'closed');
    (await server.connection()).close(4509);
    expect(await closed).toMatchObject({ kind: 'full', final: false, detail: '' });
    await greet(await server.connection());
    await client.whenSaved();
  });

  test('a client closed for good may be connected again, and keeps its edits', async () => {
    const client = connect();
    const first = await server.connection();
    await first.frame('step1');
    client.setCell('fields/title', 'Kept');
    const closed = next(client, 'closed');
    first.close(4403);
    await closed;
    expect(client.state()).toMatchObject({ kind: 'readonly', unsent: 1 });
    client.reconnect();
    const held = new Y.Doc();
    await greet(await server.connection(), held);
    await client.whenSaved();
    expect(held.getMap('fields').get('title')).toBe('Kept');
  });

  test('disconnect hangs up until reconnect', async () => {
    const client = connect();
    const first = await server.connection();
    await greet(first);
    await client.whenSaved();
    client.disconnect();
    await first.closed;
    expect(client.state()).toEqual({ kind: 'offline', unsent: 0, because: null });
    client.setCell('fields/title', 'Alone');
    client.reconnect();
    const held = new Y.Doc();
    await greet(await server.connection(), held);
    await client.whenSaved();
    expect(held.getMap('fields').get('title')).toBe('Alone');
  });

  test('presence is announced with a newer clock on each connection', async () => {
    const client = connect();
    client.presence.set({ cell: 'fields/title' });
    const clockOf = async (connection: ScriptedConnection): Promise<number> => {
      const { payload } = await connection.frame('presence');
      const receiver = new Y.Doc();
      const { Awareness, applyAwarenessUpdate } = await import('y-protocols/awareness');
      const awareness = new Awareness(receiver);
      applyAwarenessUpdate(awareness, payload, null);
      const clock = awareness.meta.get(client.awareness.clientID)?.clock ?? 0;
      awareness.destroy();
      return clock;
    };
    const first = await server.connection();
    const before = await clockOf(first);
    expect(before).toBeGreaterThan(0);
    first.cut();
    expect(await clockOf(await server.connection())).toBeGreaterThan(before);
  });

  test('destroy may be called twice, hangs up and rejects those who wait', async () => {
    const client = connect();
    const connection = await server.connection();
    await connection.frame('step1');
    const waiting = expect(client.whenSynced()).rejects.toMatchObject({ code: 'client_destroyed' });
    client.destroy();
    client.destroy();
    await waiting;
    await connection.closed;
    expect(server.connections()).toBe(1);
  });

  test('a document of the caller outlives the client', async () => {
    const doc = new Y.Doc();
    const client = connect('t', { doc });
    client.destroy();
    doc.getMap('fields').set('title', 'Still here');
    expect(doc.isDestroyed).toBe(false);
  });
});

describe('tokens', () => {
  test('one given later is used for the next connection', async () => {
    const client = connect('old');
    const first = await server.connection();
    await first.frame('step1');
    client.setToken('new');
    expect(server.connections()).toBe(1);
    first.cut();
    expect((await server.connection()).params.get('token')).toBe('new');
  });

  test('after 4401 a new one connects at once', async () => {
    const client = connect('old');
    const closed = next(client, 'closed');
    (await server.connection()).close(4401);
    expect(await closed).toMatchObject({ kind: 'unauthenticated', final: true });
    client.setToken('new');
    const second = await server.connection();
    expect(second.params.get('token')).toBe('new');
    await greet(second);
    await client.whenSaved();
  });

  test('getToken is asked first, and once more after 4401', async () => {
    let asked = 0;
    const client = connect(() => Promise.resolve(`token${(asked += 1)}`));
    const first = await server.connection();
    expect(first.params.get('token')).toBe('token1');
    first.close(4401);
    const second = await server.connection();
    expect(second.params.get('token')).toBe('token2');
    const closed = next(client, 'closed');
    second.close(4401);
    expect(await closed).toMatchObject({ kind: 'unauthenticated', final: true });
    expect(asked).toBe(2);
  });

  test('a token that was taken may run out again', async () => {
    let asked = 0;
    const client = connect(() => `token${(asked += 1)}`);
    for (const expected of ['token1', 'token2', 'token3']) {
      const connection = await server.connection();
      expect(connection.params.get('token')).toBe(expected);
      await greet(connection);
      await client.whenSaved();
      connection.close(4401);
    }
  });

  test('no token to be had closes the client with the reason', async () => {
    const client = connect(() => Promise.reject(new Error('signed out')));
    await expect(client.whenSynced()).rejects.toThrow(/signed out/);
    client.setToken('by hand');
    expect((await server.connection()).params.get('token')).toBe('by hand');
  });
});

describe('reading and writing', () => {
  test('checks values before it writes them, all or none', () => {
    const client = connect();
    const result = client.setCells([
      { cell: 'fields/title', value: 'Offer' },
      { cell: 'lineItems/l1/quantity', value: 'many' },
    ]);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('lineItems/l1/quantity') });
    expect(client.readCell('fields/title')).toBe(null);
    expect(client.canUndo()).toBe(false);
  });

  test('writes nothing where the value stands already', () => {
    const client = connect();
    expect(client.setCell('fields/title', 'Offer')).toEqual({ ok: true, value: ['fields/title'] });
    expect(client.setCell('fields/title', 'Offer')).toEqual({ ok: true, value: [] });
  });

  test('reads are the same object until they change', () => {
    const client = connect();
    const id = client.addRow('lineItems', { name: 'Seat', unitPrice: '10' });
    const [snapshot, rows, totals] = [client.snapshot(), client.rowIds('lineItems'), client.totals()];
    expect(rows).toEqual([id.ok && id.value]);
    expect(client.snapshot()).toBe(snapshot);
    expect(client.totals()).toBe(totals);
    const seen: boolean[] = [];
    client.observe('all', () => seen.push(client.snapshot() !== snapshot && client.totals() !== totals));
    client.setCell(`lineItems/${rows[0] ?? ''}/quantity`, '2');
    expect(seen).toEqual([true]);
    expect(client.rowIds('lineItems')).toBe(rows);
  });

  test('rows come, go, return and move, each in one step of undo', () => {
    const ids = ['a', 'b'];
    const client = connect('t', { newRowId: () => ids.shift() ?? 'c' });
    client.addRow('lineItems', { name: 'A' });
    client.addRow('lineItems', { name: 'B' }, { after: null });
    expect(client.rowIds('lineItems')).toEqual(['b', 'a']);
    client.moveRow('lineItems', 'b', { after: 'a' });
    client.removeRow('lineItems', 'a');
    expect(client.rowIds('lineItems')).toEqual(['b']);
    client.undo();
    expect(client.rowIds('lineItems')).toEqual(['a', 'b']);
    client.undo();
    client.undo();
    expect(client.rowIds('lineItems')).toEqual(['a']);
    client.redo();
    expect(client.rowIds('lineItems')).toEqual(['b', 'a']);
  });

  test('many rows come, with writes elsewhere, in one transaction and one step of undo', () => {
    const client = connect();
    const first = client.addRow('lineItems', { name: 'First' });
    const id = first.ok ? first.value : '';
    const updates: unknown[] = [];
    client.doc.on('update', (update) => updates.push(update));
    const added = client.addRows('lineItems', [{ name: 'A' }, { name: 'B' }, {}], { after: null }, [
      { cell: `lineItems/${id}/quantity`, value: '2' },
    ]);
    expect(client.rowIds('lineItems')).toEqual([...(added.ok ? added.value : []), id]);
    expect(updates).toHaveLength(1);
    client.undo();
    expect(client.rowIds('lineItems')).toEqual([id]);
    expect(client.readCell(`lineItems/${id}/quantity`)).toBe(null);
    client.redo();
    expect(client.snapshot().lineItems.map(({ cells }) => cells['name'])).toEqual([
      'A',
      'B',
      undefined,
      'First',
    ]);
    expect(client.readCell(`lineItems/${id}/quantity`)).toBe('2');
  });

  test('of many rows none comes where one value does not fit', () => {
    const client = connect();
    const added = client.addRows('lineItems', [{ name: 'A' }, { quantity: 'many' }]);
    expect(added.ok).toBe(false);
    expect(client.rowIds('lineItems')).toEqual([]);
    expect(client.canUndo()).toBe(false);
  });

  test('new rows get ids of their own', () => {
    const client = connect();
    const ids = [client.addRow('notes'), client.addRow('notes')].map((id) => (id.ok ? id.value : ''));
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/);
  });
});

describe('verdicts', () => {
  test('a refused write leaves the stack, and its verdict is kept', async () => {
    const client = connect();
    const connection = await server.connection();
    await greet(connection);
    client.setCell('fields/title', 'Mine');
    expect(client.canUndo()).toBe(true);
    const by = { id: 'ann', name: 'Ann', role: 'vp_sales' as const };
    const write = {
      cell: 'fields/title',
      reason: 'authority_overridden' as const,
      by,
      kept: 'Hers',
      offered: 'Mine',
    };
    const refused = next(client, 'refused');
    connection.sendEvent({ type: 'refused', revision: 4, writes: [write] });
    expect(await refused).toMatchObject({ revision: 4 });
    expect(client.canUndo()).toBe(false);
    expect(client.verdicts()).toEqual([{ kind: 'refused', revision: 4, at: 1000, ...write }]);
  });
});

describe('with entries', () => {
  test('asks for them only where they are wanted', async () => {
    connect();
    expect((await server.connection()).params.get('entries')).toBeNull();
    connect('secret', { entries: true });
    expect((await server.connection()).params.get('entries')).toBe('1');
  });

  test('a role or permission that changes is in `me` and in what is foreseen at once', async () => {
    const client = connect('secret', { entries: true });
    const connection = await server.connection();
    await greet(connection);
    connection.sendEvent({ type: 'rules', revision: 0, policy: policyOf().json, standing: [] });
    await next(client, 'rules');
    expect(client.foresight.ask(DISCOUNT, '30').kind).toBe('closed');
    const calls: string[] = [];
    const stop = client.foresight.observe(() => calls.push(client.foresight.askOpen('fields/title').kind));
    const changes = [
      ['editor', 'vp_sales'],
      ['viewer', 'vp_sales'],
    ] as const;
    for (const [permission, role] of changes) {
      const seen = next(client, 'me').then((me) => [
        me.permission,
        me.user.role,
        client.foresight.limitOf(DISCOUNT),
      ]);
      connection.sendEvent({ type: 'permission', permission, role });
      expect(await seen).toEqual([permission, role, 35]);
    }
    stop();
    expect(calls).toEqual(['open', 'closed']);
    expect(client.foresight.ask(DISCOUNT, '5')).toMatchObject({ message: 'You can only view this quote.' });
  });

  test('tells of entries, and foresees by them', async () => {
    const client = connect('secret', { entries: true });
    const connection = await server.connection();
    await greet(connection);
    const theirs = new Y.Doc();
    theirs.getMap('lineItems').set('l1/discountPercent', '5');
    connection.sendEvent({ type: 'rules', revision: 0, policy: policyOf().json, standing: [] });
    connection.sendUpdate(Y.encodeStateAsUpdate(theirs));
    const dana = { id: 'dana', name: 'Dana', role: 'vp_sales' } as const;
    const write = { cell: DISCOUNT, operation: 'insert', before: null, applied: '5' } as const;
    const entry = { seq: 1, at: 0, user: dana, origin: 'browser', writes: [write] } as const;
    const heard = next(client, 'entries');
    connection.sendEvent({ type: 'entries', entries: [{ ...entry, writes: [write] }] });
    expect((await heard).entries).toEqual([entry]);
    expect(client.foresight.askOpen(DISCOUNT)).toMatchObject({ kind: 'closed', by: dana });
  });
});
