import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { UserId, QuoteId } from '../../src/lib/ids.ts';
import { loadGate } from '../../src/log/load-gate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { signToken } from '../../src/session/tokens.ts';
import { type QuoteroomServer, SECRET, runQuoteroom, startQuoteroom } from '../support/quoteroom-process.ts';
import { type StockClient, createStockClient } from '../support/stock-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { findChainProblem } from '../support/verify-chain.ts';

/**
 * The server process dies without a word while people edit, several times. What any other client had seen, and what was
 * acknowledged, is in the database each time; afterwards nothing at all is missing, since clients offer again what they have.
 */
const QUOTE = 'q-kill' as QuoteId;
const env = {
  QUOTEROOM_DEFAULT_PERMISSION: 'editor',
  // A few people write as fast as fifty would, so that this process has time to watch.
  QUOTEROOM_LIMITS_SYNC_FRAMES_PER_SECOND: '1000',
  QUOTEROOM_LIMITS_SYNC_FRAMES_BURST: '2000',
};

test.each([
  { rate: 20, kills: 3, edits: 9 },
  { rate: 1_000, kills: 2, edits: 700 },
])('[R52] killed $kills times at $rate edits a second', async ({ rate, kills, edits }) => {
  const data = temporaryFolder();
  let server = await start(data);
  const { observer, people, everyone } = await openQuote(server.url);

  for (let kill = 0; kill < kills; kill++) {
    const stop = editAtRate(people, rate);
    // Somewhere in the middle of things: what was seen grows by then.
    const seen = observer.doc.getMap('lineItems').size;
    await observer.until(() => observer.doc.getMap('lineItems').size > seen + edits, 'edits to be seen');
    await server.stop('SIGKILL');
    stop();
    await Promise.all(
      everyone.map((client) => client.until(() => !client.provider.wsconnected, 'the line to be cut')),
    );
    await expectStored(data, observer, people);
    server = await start(data, server.port);
    for (const client of everyone) await client.untilSynced();
  }

  const written = people.flatMap(({ cells }) => cells);
  await observer.until(
    () => written.every((cell) => observer.get(cell) === cell),
    'everything that was written',
  );
  const late = await connect(server.url, 'late');
  await late.untilSynced();
  expect(written.filter((cell) => late.get(cell) !== cell)).toEqual([]);
  expect(late.doc.getMap('lineItems').size).toBe(written.length);

  expect(await server.stop('SIGTERM')).toBe(0);
  const verified = await runQuoteroom(['audit', 'verify', '--data', data, '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true });
});

test('[R48] stopped by SIGTERM under load: everyone is told to come again, all that was acknowledged is stored, exit 0 in time', async () => {
  const data = temporaryFolder();
  const server = await start(data);
  const { observer, people, everyone } = await openQuote(server.url);
  const stop = editAtRate(people, 300);
  await observer.until(() => observer.doc.getMap('lineItems').size > 300, 'edits to be seen');
  const codes = everyone.map((client) => new Promise((resolve) => firstClose(client, resolve)));
  const began = performance.now();
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
  stop();
  expect(await Promise.all(codes)).toEqual(everyone.map(() => 1012));
  await expectStored(data, observer, people);
});

/** Later ones are those of attempts to come back. */
function firstClose({ provider }: StockClient, resolve: (code: number | null) => void): void {
  provider.on('connection-close', (event) => resolve(event?.code ?? null));
}

async function start(data: string, port?: number): Promise<QuoteroomServer> {
  const server = await startQuoteroom(data, { env, ...(port !== undefined && { port }) });
  onTestFinished(async () => void (await server.stop('SIGKILL')));
  return server;
}

/** A new quote with somebody who watches and five who write, all in sync. */
async function openQuote(
  url: string,
): Promise<{ observer: StockClient; people: Writer[]; everyone: StockClient[] }> {
  await createQuote(url);
  const observer = await connect(url, 'observer');
  const people: Writer[] = [];
  for (let index = 0; index < 5; index++) people.push(await createWriter(url, index));
  const everyone = [observer, ...people.map(({ client }) => client)];
  for (const client of everyone) await client.untilSynced();
  return { observer, people, everyone };
}

const tokenOf = (user: string): Promise<string> =>
  signToken(SECRET, { user: user as UserId, role: 'sales_rep' }, { now: Date.now(), lifetimeMs: 3_600_000 });

async function createQuote(url: string): Promise<void> {
  const response = await fetch(`${url}/api/quotes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf('casey')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: QUOTE, fields: { title: 'Kill me' } }),
  });
  expect(response.status).toBe(201);
}

async function connect(url: string, user: string): Promise<StockClient> {
  const client = createStockClient({ url, quote: QUOTE, token: await tokenOf(user), events: true });
  onTestFinished(() => client.destroy());
  return client;
}

interface Writer {
  readonly client: StockClient;
  /** Cells written, each once, with its own name as the value. */
  readonly cells: string[];
  edit(): void;
  /** Cells whose frames were acknowledged over the present connection, and all of earlier ones that were. */
  acknowledged(): readonly string[];
}

async function createWriter(url: string, index: number): Promise<Writer> {
  const client = await connect(url, `writer${index}`);
  const cells: string[] = [];
  const safe: string[] = [];
  let sent: string[] = [];
  let events = 0;

  /** The first frame of a connection is its step 2; it carries everything from before. */
  function settle(): void {
    let frames = 0;
    for (const event of client.events.slice(events)) if (event.type === 'ack') frames = event.frames;
    safe.push(...sent.slice(0, Math.max(0, frames - 1)));
    if (frames > 0) safe.push(...cells.slice(0, cells.length - sent.length));
    sent = sent.slice(Math.max(0, frames - 1));
  }

  client.provider.on('connection-close', () => {
    settle();
    sent = [];
    events = client.events.length;
  });
  return {
    client,
    cells,
    edit() {
      if (!client.provider.synced) return;
      const cell = `lineItems/w${index}/x_${cells.length}`;
      cells.push(cell);
      sent.push(cell);
      client.set({ [cell]: cell });
    },
    acknowledged: () => safe,
  };
}

/** Everyone in turn, in bursts of 20 ms. */
function editAtRate(people: readonly Writer[], rate: number): () => void {
  let next = 0;
  let due = 0;
  const timer = setInterval(() => {
    for (due += rate / 50; due >= 1; due -= 1) people[next++ % people.length]?.edit();
  }, 20);
  onTestFinished(() => clearInterval(timer));
  return () => clearInterval(timer);
}

/** The database alone, without any server: what was seen and what was acknowledged is in it, and its chain is whole. */
async function expectStored(data: string, observer: StockClient, people: readonly Writer[]): Promise<void> {
  const db = openDatabase(join(data, 'quoteroom.db'), { readonly: true });
  try {
    const log = createSqliteLog(db);
    expect(await findChainProblem(log, QUOTE)).toBeNull();
    const stored = (await loadGate(log, QUOTE))?.gate.doc.getMap('lineItems');
    const seen = [...observer.doc.getMap('lineItems').keys()];
    const missing = (keys: readonly string[]): string[] => keys.filter((key) => stored?.has(key) !== true);
    expect(missing(seen)).toEqual([]);
    const acknowledged = people.flatMap((writer) => writer.acknowledged());
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(missing(acknowledged.map((cell) => cell.slice('lineItems/'.length)))).toEqual([]);
  } finally {
    db.close();
  }
}
