import { randomBytes } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import * as encoding from 'lib0/encoding';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { SERVER_CLIENT_ID } from '../../src/lib/limits.ts';
import { encodePresence, encodeStep1, encodeStep2, encodeUpdateFrame } from '../../src/wire/frames.ts';
import { documentOf, frameOf } from '../support/client-frames.ts';
import {
  type Struct,
  any,
  forge,
  forgeBlock,
  gc,
  inItem,
  inRoot,
  many,
  nested,
  on,
  raw,
  type,
} from '../support/forge.ts';
import { type RawClient, connectRaw } from '../support/raw-client.ts';
import { type TestServer, type TestServerOptions, startTestServer } from '../support/server.ts';
import type { StockClient } from '../support/stock-client.ts';

/**
 * Attacks on a running server over real sockets, beside two honest stock clients that must not notice: they are never
 * disconnected, their edits go on to arrive, and nothing of the attack is in the quote.
 */
const MIB = 1024 * 1024;

interface Scene {
  readonly server: TestServer;
  readonly quote: string;
  readonly honest: StockClient;
  attack(user?: string): Promise<RawClient>;
  /** The honest ones go on as if nothing had been. */
  expectUnharmed(): Promise<void>;
}

async function scene(options: TestServerOptions = {}): Promise<Scene> {
  const server = await startTestServer(options);
  onTestFinished(() => server.stop());
  const quote = await server.createQuote({
    fields: { title: 'Bolts' },
    lineItems: [{ id: 'l1', name: 'Bolt' }],
  });
  const honest = await server.connect('honest', quote, { events: true });
  const witness = await server.connect('witness', quote);
  await Promise.all([honest.untilSynced(), witness.untilSynced()]);
  honest.setPresence({ cell: 'fields/title' });
  let edits = 0;
  return {
    server,
    quote,
    honest,
    async attack(user = 'eve') {
      const token = await server.tokenFor(user, 'admin');
      const client = await connectRaw(server.url, `/sync/${quote}?token=${token}&events=1`);
      onTestFinished(() => client.destroy());
      await client.untilReceived((frame) => frame[0] === 0);
      return client;
    },
    async expectUnharmed() {
      edits += 1;
      honest.set({ 'lineItems/l1/quantity': `${edits}` });
      await witness.untilCell('lineItems/l1/quantity', `${edits}`);
      expect(witness.others().map((state) => (state['user'] as { id: string }).id)).toContain('honest');
      expect([honest.closes, witness.closes]).toEqual([0, 0]);
      expect(server.reported).toEqual([]);
      const { gate } = (await server.rooms.open(quote as never)) ?? {};
      const text = JSON.stringify(gate?.remember()) + JSON.stringify(gate?.doc.getMap('fields').toJSON());
      expect(text).not.toContain('CANARY');
      expect(gate?.doc.getMap('fields').get('title')).toBe('Bolts');
    },
  };
}

const canary = documentOf({ 'secrets/margin': 'CANARY' });
const own = (client: number, ...structs: readonly Struct[]): Uint8Array =>
  encodeUpdateFrame(forgeBlock(client, 0, ...structs));
/** Under the honest client's id, right after what it wrote. */
const theirs = ({ honest: { doc } }: Scene, struct: Struct): Uint8Array =>
  encodeUpdateFrame(forgeBlock(doc.clientID, Y.getState(doc.store, doc.clientID), struct));
const title = (value: unknown) => inRoot('fields', 'title', any(value));

describe('frames that no correct client sends close their sender with 4400', () => {
  const attacks: readonly (readonly [string, (scene: Scene) => Uint8Array | string])[] = [
    ['text', () => 'CANARY'],
    ['an empty frame', () => new Uint8Array()],
    ['a frame that ends early', () => Uint8Array.of(0, 2, 200, 1)],
    ['a sync message of an unknown kind', () => Uint8Array.of(0, 7, 0)],
    ['a sync frame whose type is written longer', () => Uint8Array.of(0x80, 0, 2, 2, 0, 0)],
    ['a sync frame over its limit', () => encodeUpdateFrame(new Uint8Array(2 * MIB))],
    ['a frame far over any limit', () => new Uint8Array(5 * MIB)],
    [
      'another frame over its limit',
      () => frameOf(50, (encoder) => encoding.writeVarUint8Array(encoder, new Uint8Array(65_536))),
    ],
    ['format V2', () => encodeUpdateFrame(Y.encodeStateAsUpdateV2(canary))],
    ['an unsolicited step 2 with another root', () => encodeStep2(Y.encodeStateAsUpdate(canary))],
    ['an update with another root', () => encodeUpdateFrame(Y.encodeStateAsUpdate(canary))],
    ['trailing bytes', () => encodeUpdateFrame(forge({ tail: [1, 2, 3] }))],
    [
      'a struct count of thirty million',
      () => encodeUpdateFrame(forge({ blocks: [{ client: 7, clock: 0, structs: [], count: 3e7 }] })),
    ],
    [
      '20,000 nested types',
      () =>
        own(7, inRoot('fields', 'a', type(1)), ...many(20_000, (index) => inItem([7, index], 'a', type(1)))),
    ],
    ['a value nested 50,000 deep', () => own(7, inRoot('fields', 'x_deep', nested(50_000)))],
    ['a struct of no kind', () => own(7, raw(0x8a, 1, 2, 3))],
    ['collected garbage under the honest client’s id', (here) => theirs(here, gc(2 ** 40))],
    ['a struct under the honest client’s id', (here) => theirs(here, title('CANARY'))],
    ['a struct under the server’s id', () => own(SERVER_CLIENT_ID, title('CANARY'))],
    ['a struct under an id over 2^32', () => own(2 ** 32 + 5, title('CANARY'))],
    [
      'presence under the server’s id',
      () => encodePresence([{ client: SERVER_CLIENT_ID, clock: 1, json: '{}' }]),
    ],
    [
      'a presence clock of 2^53',
      () => encodePresence([{ client: 7, clock: Number.MAX_SAFE_INTEGER, json: '{}' }]),
    ],
    ['presence of 1 MB', () => encodePresence([{ client: 7, clock: 1, json: `{"a":"${'x'.repeat(MIB)}"}` }])],
    [
      'presence of deep JSON',
      () =>
        encodePresence([{ client: 7, clock: 1, json: `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}` }]),
    ],
    ['presence that is no object', () => encodePresence([{ client: 7, clock: 1, json: '"CANARY"' }])],
  ];

  test('[H37] [R22] each of them', async () => {
    const here = await scene();
    for (const [name, make] of attacks) {
      const eve = await here.attack();
      eve.send(make(here));
      const { code, reason } = await eve.untilClosed();
      expect(code, name).toBe(4400);
      expect(reason, name).toMatch(/\S/);
      expect(reason, name).not.toContain('CANARY');
      await here.expectUnharmed();
    }
  });

  test('[R20] the limit is named, also where the frame is too large for the socket library', async () => {
    const here = await scene({ limits: { syncFrameBytes: 1_000, otherFrameBytes: 500 } });
    const [eve, mallory] = [await here.attack(), await here.attack()];
    eve.send(encodeUpdateFrame(new Uint8Array(1_500)));
    expect((await eve.untilClosed()).reason).toContain('limits.syncFrameBytes is 1000');
    mallory.send(new Uint8Array(3_000));
    expect(await mallory.untilClosed()).toMatchObject({
      code: 4400,
      reason: expect.stringContaining('limits.') as string,
    });
    await here.expectUnharmed();
  });
});

describe('what is only odd harms nobody', () => {
  const oddities: readonly (readonly [string, (scene: Scene) => Uint8Array])[] = [
    ['types that are not known', () => frameOf(99, (encoder) => encoding.writeVarString(encoder, 'CANARY'))],
    ['an auth message', () => frameOf(2, (encoder) => encoding.writeVarString(encoder, 'let me in'))],
    [
      'a nonsense state vector',
      () =>
        encodeStep1(
          Y.encodeStateVector(
            new Map([
              [SERVER_CLIENT_ID, 2 ** 40],
              [7, 3],
            ]),
          ),
        ),
    ],
    ['a step 2 of nothing', () => encodeStep2(Y.encodeStateAsUpdate(new Y.Doc()))],
    ['an edit', () => own(7, inRoot('fields', 'x_eve', any('mine')))],
    ['the same edit again', () => own(7, inRoot('fields', 'x_eve', any('mine')))],
    ['the same clock with another value', () => own(7, title('CANARY'))],
    [
      'presence of somebody else',
      ({ honest }) => encodePresence([{ client: honest.doc.clientID, clock: 999, json: 'null' }]),
    ],
    ['a question for presence', () => Uint8Array.of(3)],
    ['empty presence', () => encodePresence([])],
    ['an origin in its own future, which looks like a gap', () => own(7, on([7, 5], any('CANARY')))],
    ['a gap', () => encodeUpdateFrame(forgeBlock(7, 12, title('CANARY')))],
  ];

  test('[H32] [R22] each of them, over one connection', async () => {
    const here = await scene();
    const eve = await here.attack();
    eve.send(encodeStep1(Y.encodeStateVector(new Y.Doc())));
    for (const [name, make] of oddities) {
      eve.send(make(here));
      await here.expectUnharmed();
      expect(eve.closed, name).toBeNull();
    }
  });

  test('[R21] floods of pings and pongs, and of presence', async () => {
    const here = await scene();
    const eve = await here.attack();
    for (let count = 0; count < 3_000; count++) {
      eve.socket.pong(String(count));
      if (count % 3 === 0) eve.socket.ping();
      eve.send(encodePresence([{ client: 7, clock: count, json: `{"at":${count}}` }]));
    }
    await here.expectUnharmed();
    expect(eve.closed).toBeNull();
  });
});

test('[R22] whatever bytes: random ones, and real frames bent in one place', async () => {
  const here = await scene();
  const real = [
    encodeUpdateFrame(
      Y.encodeStateAsUpdate(documentOf({ 'fields/x_own': 'mine', 'lineItems/l2/name': 'Nut' })),
    ),
    encodeStep1(Y.encodeStateVector(here.honest.doc)),
    encodePresence([{ client: 7, clock: 3, json: '{"cell":"fields/title"}' }]),
  ];
  for (let round = 0; round < 40; round++) {
    const eve = await here.attack(`eve${round}`);
    for (let count = 0; count < 25; count++) {
      const bent = Uint8Array.from(real[count % real.length] ?? []);
      bent[randomBytes(2).readUInt16LE() % bent.length] = randomBytes(1)[0] ?? 0;
      eve.send(count % 5 === 0 ? Uint8Array.from(randomBytes(1 + (count % 60))) : bent);
    }
    eve.socket.close();
    await eve.untilClosed();
  }
  await here.expectUnharmed();
});

test('[H36] [R23] a client that ignores its corrections and writes on is shut out: an editor for now, a viewer for good', async () => {
  const here = await scene();
  await here.server.grant(here.quote, 'viewer', 'viewer');
  for (const [user, role, expected, most] of [
    ['mallory', 'sales_rep', 4529, 61],
    ['viewer', 'admin', 4403, 11],
  ] as const) {
    const token = await here.server.tokenFor(user, role);
    const client = await connectRaw(here.server.url, `/sync/${here.quote}?token=${token}&events=1`);
    onTestFinished(() => client.destroy());
    const doc = new Y.Doc();
    doc.on('update', (update: Uint8Array) => client.send(encodeUpdateFrame(update)));
    for (let count = 0; count < most + 10; count++) doc.getMap('lineItems').set('l1/discountPercent', '99');
    expect((await client.untilClosed()).code).toBe(expected);
    await here.expectUnharmed();
  }
  expect(here.honest.get('lineItems/l1/discountPercent')).toBeUndefined();
});

test('[R21] a flood of edits closes its sender with 4529', async () => {
  const here = await scene();
  const eve = await here.attack();
  const doc = new Y.Doc();
  doc.on('update', (update: Uint8Array) => eve.send(encodeUpdateFrame(update)));
  for (let count = 0; count < 400; count++) doc.getMap('lineItems').set('l1/name', `${count}`);
  expect((await eve.untilClosed()).code).toBe(4529);
  await here.expectUnharmed();
});

test('[R24] more connections than one person may have are closed with 4509', async () => {
  const here = await scene();
  const token = await here.server.tokenFor('eve', 'admin');
  const clients = await Promise.all(
    Array.from({ length: 12 }, () => connectRaw(here.server.url, `/sync/${here.quote}?token=${token}`)),
  );
  for (const client of clients) onTestFinished(() => client.destroy());
  const closes = Promise.all(
    clients.slice(0).map((client) => Promise.race([client.untilClosed(), client.untilReceived(() => true)])),
  );
  const ended = (await closes).filter((end) => 'code' in end);
  expect(ended.map((end) => ('code' in end ? end.code : 0))).toEqual(Array.from({ length: 7 }, () => 4509));
  await here.expectUnharmed();
});

describe('below the protocol', () => {
  /** Opens a WebSocket by hand, then sends these bytes. Resolves when the server hangs up. */
  async function sendBytes(here: Scene, bytes: Buffer): Promise<void> {
    const { hostname, port } = new URL(here.server.url);
    const token = await here.server.tokenFor('eve', 'admin');
    const socket = connectTcp(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    socket.write(
      `GET /sync/${here.quote}?token=${token} HTTP/1.1\r\nHost: quote\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.write(bytes);
    socket.resume();
    await ended;
  }

  test('[R22] frames that break RFC 6455 end their connection', async () => {
    const here = await scene();
    const mask = [1, 2, 3, 4];
    const broken = [
      Buffer.from([0x82, 0x01, 0x00]), // not masked
      Buffer.from([0xc2, 0x81, ...mask, 0x00]), // compressed, though that was not agreed
      Buffer.from([0x80, 0x81, ...mask, 0x00]), // goes on, though nothing began
      Buffer.from([0x8f, 0x80, ...mask]), // of no kind
      Buffer.from([0x89, 0xfe, 0x00, 0x7e, ...mask]), // a ping of more than 125 bytes
      Buffer.from([0x88, 0x82, ...mask, 0x00, 0x00]), // closes with a code that is none
      Buffer.from([0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...mask]), // longer than memory
      randomBytes(500),
    ];
    for (const bytes of broken) {
      await sendBytes(here, bytes);
      await here.expectUnharmed();
    }
  });

  test('[R22] lines that are cut in the middle of a frame, many at once', async () => {
    const here = await scene();
    for (let count = 0; count < 4; count++) {
      const clients = await Promise.all(['a', 'b', 'c'].map((user) => here.attack(user)));
      for (const client of clients) {
        client.send(encodeUpdateFrame(new Uint8Array(MIB)));
        client.socket.terminate();
      }
    }
    await here.expectUnharmed();
  });
});
