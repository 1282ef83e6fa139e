/** What docs/protocol.md shows, done: its messages are parsed, its session is played, its client is run. */
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import type { UserId } from '../../src/lib/ids.ts';
import { defaultLimits } from '../../src/lib/limits.ts';
import { AUDIENCES, DISCOUNT_KINDS, ROUNDINGS, STATUSES, columns } from '../../src/quote/columns.ts';
import { closeCodes } from '../../src/wire/close-codes.ts';
import { encodePresence } from '../../src/wire/frames.ts';
import { serverEventSchema } from '../../src/wire/messages.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { type TestServer, startTestServer } from '../support/server.ts';
import { PROJECT, readText } from '../support/source-tree.ts';
import { fencedBlocks, jsonLines, sectionOf, tableRows } from './fenced-blocks.ts';

const DOCUMENT = readText('docs/protocol.md');
const sectionOfDocument = (heading: string): string => sectionOf(DOCUMENT, heading);
const hexOf = (frame: Uint8Array): string =>
  Buffer.from(frame)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');

describe('the tables', () => {
  test('the columns are those that there are', () => {
    const [, ...rows] = tableRows(sectionOfDocument('The document'));
    const inTable = rows.flatMap(([root, names = '', , empty]) =>
      names.split(', ').map((name) => `${root}/${name} ${empty}`),
    );
    const inCode = Object.entries(columns).flatMap(([root, known]) =>
      [...known].map(([name, { clearable }]) => `${root}/${name} ${clearable ? 'yes' : 'no'}`),
    );
    expect(inTable.toSorted()).toEqual(inCode.toSorted());
  });

  test.each([
    ['status', STATUSES],
    ['rounding', ROUNDINGS],
    ['kind', DISCOUNT_KINDS],
    ['audience', AUDIENCES],
  ])('the values of %s are those that there are', (column, values) => {
    const row = tableRows(sectionOfDocument('The document')).find(([, name]) => name === column);
    expect(row?.[2]).toBe(values.join(', '));
  });

  test('the limits are those that there are', () => {
    const [, ...rows] = tableRows(sectionOfDocument('Limits'));
    const inTable = rows.flatMap(([what = '', numbers = '']) => {
      const names = (what.split(/[:;]/)[0] ?? '').split(', ');
      return names.map((name, index) => [name, Number(numbers.split(', ')[index])]);
    });
    const { httpBodyBytes: _http, chatPerMinute: _chat, ...ofTheProtocol } = defaultLimits;
    expect(Object.fromEntries(inTable)).toMatchObject(ofTheProtocol);
  });

  test('the close codes are those that there are', () => {
    const [, ...rows] = tableRows(sectionOfDocument('Close codes'));
    expect(rows.map(([code]) => Number(code))).toEqual(Object.values(closeCodes).toSorted((a, b) => a - b));
  });
});

test('the events are of all types, and nothing in them is unknown', () => {
  const events = jsonLines(sectionOfDocument('Events (type 100)'));
  expect(events.map((event) => serverEventSchema.parse(event))).toEqual(events);
  const types = serverEventSchema.options.map(({ shape }) => shape.type.value);
  expect(new Set(events.map((event) => serverEventSchema.parse(event).type))).toEqual(new Set(types));
});

test('what a client says of itself reaches the others as shown', async () => {
  const [said, heard] = jsonLines(sectionOfDocument('Presence'));
  const harness = await createRoomHarness();
  const ada = await harness.join({ user: 'ada', name: 'Ada', role: 'sales_rep' });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const json = JSON.stringify({ ...(said as object), user: { name: 'Somebody else' } });
  ada.send(encodePresence([{ client: ada.doc.clientID, clock: 9, json }]));
  harness.advance(50);
  await harness.settle();
  expect(bob.awareness.getStates().get(ada.doc.clientID)).toEqual(heard);
});

test('what keeps a client alive is an empty presence message', () => {
  expect(sectionOfDocument('Keeping alive')).toContain(`\`${hexOf(encodePresence([]))}\``);
});

/** The frames of the session: who sends each, and its bytes in hex. Notes stand behind two spaces. */
function readSession(): { from: 'C' | 'S'; hex: string }[] {
  const frames: { from: 'C' | 'S'; hex: string }[] = [];
  const [session = ''] = fencedBlocks(sectionOfDocument('One session in bytes'), 'text');
  for (const line of session.trimEnd().split('\n')) {
    const [, from, bytes = '', json = ''] = /^(C| |S) ((?:[0-9a-f]{2}(?: |$))*)(\{.*\})?/.exec(line) ?? [];
    const hex = hexOf(Buffer.concat([Buffer.from(bytes.replaceAll(' ', ''), 'hex'), Buffer.from(json)]));
    const last = frames.at(-1);
    if (from === 'C' || from === 'S') frames.push({ from, hex });
    else if (last !== undefined) last.hex += ` ${hex}`;
  }
  return frames;
}

test('the session goes as it says, byte by byte', async () => {
  const harness = await createRoomHarness({ cells: { 'lineItems/l1/position': 'a0' } });
  const room = await harness.room();
  const shown = readSession();
  const played: typeof shown = [];
  const connection = room.join({
    socket: {
      send: (frame) => void played.push({ from: 'S', hex: hexOf(frame) }),
      unsentBytes: () => 0,
      ping: () => undefined,
      close: (code, reason) => void played.push({ from: 'S', hex: `closed with ${code} ${reason}` }),
      terminate: () => undefined,
      onceGone: () => undefined,
    },
    actor: { user: 'ada' as UserId, role: 'sales_rep', permission: 'editor' },
    name: 'Ada',
    expiresAt: Infinity,
    wantsEvents: true,
    wantsEntries: false,
  });
  await harness.settle();
  for (const { hex } of shown.filter(({ from }) => from === 'C')) {
    played.push({ from: 'C', hex });
    connection.receive(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    await harness.settle();
  }
  expect(shown.length).toBeGreaterThan(8);
  expect(played).toEqual(shown);
});

describe('the whole client', () => {
  let server: TestServer | null = null;
  afterEach(async () => {
    await server?.stop();
  });

  test('connects, writes and is told that it is saved', async () => {
    server = await startTestServer();
    const lineItems = [{ id: 'l1', name: 'Bolt', quantity: '1' }];
    await server.createQuote({ id: 'acme-2026', fields: { title: 'Bolts for Acme' }, lineItems });
    const [code = ''] = fencedBlocks(sectionOfDocument('A whole client'), 'js');
    const here = code.replace('ws://127.0.0.1:8080', server.url.replace('http', 'ws'));
    const output = await runUntil(here, { QUOTEROOM_TOKEN: await server.tokenFor('ada') }, /frames: 2/);
    expect(output).toContain("type: 'hello'");
    expect(output).toContain('Bolts for Acme');
    const quote = await server.call('ada', 'GET', '/api/quotes/acme-2026');
    expect(quote.body.lineItems).toMatchObject([{ id: 'l1', quantity: '3' }]);
  });
});

/** Runs a program in a process of its own until its output matches, and ends it. */
function runUntil(code: string, env: Readonly<Record<string, string>>, wanted: RegExp): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: PROJECT,
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (wanted.test(output)) child.kill();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('close', () => {
      if (wanted.test(output)) resolve(output);
      else reject(new Error(`it ended without ${wanted.source}: ${output}`));
    });
  });
}
