import { expect, test } from 'vitest';
import type { QuoteId } from '../../src/lib/ids.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { timelineSchema, verificationSchema } from '../../src/wire/history-schemas.ts';
import { type Caller, type TestServer, serverForTest } from '../support/server.ts';

const Q1 = 'q1' as QuoteId;
const max = { user: 'max', role: 'sales_manager', name: 'Max' } as const;

const write = (server: TestServer, who: Caller, cell: string, value: unknown, base?: number) =>
  server.call(who, 'PATCH', '/api/quotes/q1/cells', {
    writes: [{ cell, value }],
    ...(base !== undefined && { base }),
  });

/** A title by Max, after which Ann's is refused. */
async function quoteOfThree(server: TestServer): Promise<void> {
  await server.createQuote({ id: 'q1', fields: { title: 'Old', customer: 'ACME' } });
  await write(server, max, 'fields/title', 'Bolts');
  await write(server, 'ann', 'fields/title', 'Nuts', 1);
}

test('timeline: every point with its author, and how many writes', async () => {
  const server = await serverForTest();
  await quoteOfThree(server);
  const { status, body } = await server.call('ann', 'GET', '/api/quotes/q1/timeline');
  expect(status).toBe(200);
  // A new quote has a currency, an owner and a status, too.
  expect(timelineSchema.parse(body)).toEqual(body);
  expect(body).toMatchObject({
    quote: 'q1',
    revision: 3,
    people: [
      { id: 'casey', name: 'Casey' },
      { id: 'max', name: 'Max' },
      { id: 'ann', name: 'ann' },
    ],
    points: [
      { seq: 1, person: 0, role: 'admin', origin: 'api', kind: 'create', writes: 5, refused: 0 },
      { seq: 2, person: 1, role: 'sales_manager', writes: 1, refused: 0 },
      { seq: 3, person: 2, role: 'sales_rep', writes: 0, refused: 1 },
    ],
  });
  expect(body.points[1]).not.toHaveProperty('kind');
  expect(body).not.toHaveProperty('next');
});

test('timeline: what came after an entry, with the people of that page only', async () => {
  const server = await serverForTest();
  await quoteOfThree(server);
  const { body } = await server.call('ann', 'GET', '/api/quotes/q1/timeline?after=2');
  expect(body).toMatchObject({ people: [{ id: 'ann' }], points: [{ seq: 3, person: 0 }] });
  for (const after of [3, 99]) {
    const end = await server.call('ann', 'GET', `/api/quotes/q1/timeline?after=${after}`);
    expect(end.body).toMatchObject({ revision: 3, people: [], points: [] });
  }
  expect((await server.call('ann', 'GET', '/api/quotes/q1/timeline?after=-1')).status).toBe(400);
});

test('the quote as it was, also with rows that were removed by then', async () => {
  const server = await serverForTest();
  await server.createQuote({ id: 'q1', fields: { title: 'Old' }, lineItems: [{ id: 'l1', unitPrice: '3' }] });
  await write(server, max, 'lineItems/l1/removed', true);
  await write(server, max, 'fields/title', 'New');
  const at = async (query: string) => (await server.call('ann', 'GET', `/api/quotes/q1?${query}`)).body;
  expect(await at('at=1')).toMatchObject({
    revision: 1,
    fields: { title: 'Old' },
    lineItems: [{ id: 'l1' }],
    totals: { total: '3.00' },
  });
  expect(await at('at=2')).toMatchObject({ revision: 2, fields: { title: 'Old' }, lineItems: [] });
  expect(await at('at=2&removed=1')).toMatchObject({ lineItems: [{ id: 'l1', removed: true }] });
  // Back and forth, and now.
  expect(await at('at=1')).toMatchObject({ fields: { title: 'Old' }, lineItems: [{ id: 'l1' }] });
  expect(await at('at=3')).toEqual(await at(''));
  const nothing = await server.call('ann', 'GET', '/api/quotes/q1?at=4');
  expect([nothing.status, nothing.body.error.message]).toEqual([
    404,
    'The quote has no entry 4. Its newest is 3.',
  ]);
});

test('verification: a sound log, and the head that vouches for it', async () => {
  const server = await serverForTest();
  await quoteOfThree(server);
  const verify = async () => (await server.call('ann', 'GET', '/api/quotes/q1/verification')).body;
  const first = await verify();
  expect(verificationSchema.parse(first)).toEqual(first);
  expect(first).toMatchObject({ quote: 'q1', revision: 3, entries: 3, problems: [], head: null });
  const signed = await server.call({ user: 'root', role: 'admin' }, 'POST', '/api/audit/heads');
  // The check itself is kept until the quote changes; the head is new.
  expect(await verify()).toEqual({
    ...first,
    head: { n: 1, at: signed.body.at, keyId: expect.stringMatching(/^[0-9a-f]{8}$/), covers: 3 },
  });
  await write(server, max, 'fields/title', 'Newer');
  expect(await verify()).toMatchObject({ revision: 4, entries: 4, problems: [], head: { covers: 3 } });
});

test('verification: says what is wrong, and whether a head was contradicted', async () => {
  const log = createMemoryLog();
  let isTampered = false;
  const server = await serverForTest({
    log: {
      ...log,
      async entries(quote, range) {
        const entries = await log.entries(quote, range);
        if (!isTampered) return entries;
        return entries.map((entry) => (entry.seq === 3 ? { ...entry, at: entry.at + 1 } : entry));
      },
    },
  });
  await quoteOfThree(server);
  await server.call({ user: 'root', role: 'admin' }, 'POST', '/api/audit/heads');
  isTampered = true;
  const path = `/api/quotes/${Q1}/verification`;
  const { body } = await server.call({ user: 'root', role: 'admin' }, 'GET', path);
  expect(verificationSchema.parse(body)).toEqual(body);
  expect(body).toMatchObject({ entries: 3, head: null });
  expect(body.problems).toContainEqual({ seq: 3, kind: 'hash', message: expect.stringContaining('entry 3') });
  expect(body.problems).toContainEqual({
    seq: 3,
    kind: 'head',
    message: 'signed head 1: entry 3 of quote q1 has another hash than the head says',
  });

  const told = (await server.call('ann', 'GET', path)).body;
  const places = ({ problems }: { problems: { seq: number; kind: string }[] }): unknown[] =>
    problems.map(({ seq, kind }) => [seq, kind]);
  expect(places(told)).toEqual(places(body));
  expect(JSON.stringify(told)).not.toContain('hash than');
});
