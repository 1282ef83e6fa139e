import { onTestFinished, describe, expect, test } from 'vitest';
import { type Caller, type TestServer, serverForTest } from '../support/server.ts';

interface Stream {
  readonly status: number;
  readonly headers: Headers;
  /** The next event that is wanted; those before it are skipped. */
  next(isWanted?: (event: Event) => boolean): Promise<Event>;
  /** Resolves when the server ends it. */
  ended(): Promise<void>;
  close(): void;
}

interface Event {
  readonly name: string;
  readonly quotes: { id: string; title: string; live: { id: string }[] }[];
}

async function follow(
  server: TestServer,
  person: Caller,
  { tokenInQuery = false, lifetimeMs = 3_600_000 } = {},
): Promise<Stream> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const { user, role } = typeof person === 'string' || person === null ? { user: person ?? '' } : person;
  const token = await server.tokenFor(user, role, { lifetimeMs });
  const response = await fetch(`${server.url}/api/events${tokenInQuery ? `?token=${token}` : ''}`, {
    signal: stop.signal,
    headers: tokenInQuery ? {} : { authorization: `Bearer ${token}` },
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';

  async function readEvent(): Promise<Event | null> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (name !== undefined && data !== undefined) return { name, ...JSON.parse(data) };
        continue;
      }
      const read = await reader?.read();
      if (read === undefined || read.done) return null;
      text += read.value;
    }
  }

  return {
    status: response.status,
    headers: response.headers,
    async next(isWanted = () => true) {
      for (;;) {
        const event = await readEvent();
        if (event === null) throw new Error('the stream ended');
        if (isWanted(event)) return event;
      }
    },
    async ended() {
      while ((await readEvent()) !== null);
    },
    close: () => stop.abort(),
  };
}

const about =
  (quote: string) =>
  ({ quotes }: Event): boolean =>
    quotes.some(({ id }) => id === quote);

describe('GET /api/events', () => {
  test('tells who is live where, and last changes', async () => {
    const server = await serverForTest();
    await server.createQuote({ id: 'q1', fields: { title: 'Old' } });
    await server.createQuote({ id: 'q2' });
    const ann = await server.connect('ann', 'q1');
    await ann.untilSynced();

    const stream = await follow(server, 'bob', { tokenInQuery: true });
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const snapshot = await stream.next();
    expect(snapshot).toMatchObject({
      name: 'snapshot',
      quotes: [{ id: 'q1', title: 'Old', live: [{ id: 'ann' }] }],
    });
    expect(snapshot.quotes).toHaveLength(1);

    ann.set({ 'fields/title': 'New' });
    const changed = await stream.next(about('q1'));
    expect(changed).toMatchObject({
      name: 'change',
      quotes: [{ id: 'q1', title: 'New', live: [{ id: 'ann' }] }],
    });
    ann.disconnect();
    const left = await stream.next(about('q1'));
    expect(left.quotes).toMatchObject([{ id: 'q1', title: 'New', live: [] }]);
    await server.createQuote({ id: 'q3' });
    expect((await stream.next()).quotes).toMatchObject([{ id: 'q3' }]);
  });

  test('tells nobody of quotes that they may not see', async () => {
    const server = await serverForTest({ defaultPermission: 'none' });
    await server.createQuote({ id: 'secret' });
    await server.createQuote({ id: 'shown' });
    await server.grant('shown', 'bob', 'viewer');
    const stream = await follow(server, 'bob');
    expect(await stream.next()).toEqual({ name: 'snapshot', quotes: [] });
    const casey = { user: 'casey', role: 'admin' } as const;
    const write = { writes: [{ cell: 'fields/title', value: 'New' }] };
    await server.call(casey, 'PATCH', '/api/quotes/secret/cells', write);
    await server.call(casey, 'PATCH', '/api/quotes/shown/cells', write);
    expect((await stream.next()).quotes.map(({ id }) => id)).toEqual(['shown']);
  });

  test('wants a token, in the header or in the address; the address counts nowhere else', async () => {
    const server = await serverForTest();
    expect((await server.call(null, 'GET', '/api/events')).status).toBe(401);
    const token = await server.tokenFor('ann');
    expect((await server.call(null, 'GET', `/api/me?token=${token}`)).status).toBe(401);
  });

  test('ends with the token that it was opened by', async () => {
    let ahead = 0;
    const server = await serverForTest({ now: () => Date.now() + ahead });
    const stream = await follow(server, 'ann', { lifetimeMs: 60_000 });
    await stream.next();
    ahead = 60_000;
    await stream.ended();
  });

  test('a person has a bounded number of them, and may open another when one is closed', async () => {
    const server = await serverForTest();
    const streams: Stream[] = [];
    for (let n = 0; n < 10; n += 1) streams.push(await follow(server, 'ann'));
    expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect((await follow(server, 'ann')).status).toBe(429);
    expect((await follow(server, 'bob')).status).toBe(200);
    streams[0]?.close();
    await server.eventually(async () => {
      const stream = await follow(server, 'ann');
      expect(stream.status).toBe(200);
    });
  });

  test('a server that stops ends them', async () => {
    const server = await serverForTest();
    const stream = await follow(server, 'ann');
    await stream.next();
    const stopped = server.stop();
    await stream.ended();
    await stopped;
  });
});
