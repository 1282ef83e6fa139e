import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import { CLIENT_ID_MAX } from '../../src/lib/limits.ts';
import {
  GONE,
  type PresenceState,
  decodeClientFrame,
  encodePresence,
  encodeStep1,
  encodeStep2,
  encodeUpdateFrame,
  isSyncFrame,
  parsePresenceState,
  parseSaidState,
} from '../../src/wire/frames.ts';
import { documentOf, frameOf, presenceBody, presenceOf } from '../support/client-frames.ts';

const arbitraryBytes = fc.uint8Array({ maxLength: 200 });

describe('frames of a stock client', () => {
  test('[W1] a sync step 1 is its state vector', () => {
    const doc = documentOf({ 'lineItems/l1/quantity': '3' });
    const frame = frameOf(0, (encoder) => syncProtocol.writeSyncStep1(encoder, doc));
    expect(decodeClientFrame(frame)).toEqual({
      ok: true,
      value: { kind: 'step1', stateVector: Y.decodeStateVector(Y.encodeStateVector(doc)) },
    });
  });

  test('[W1] a sync step 2 and an update are their bytes', () => {
    fc.assert(
      fc.property(arbitraryBytes, (update) => {
        const asUpdate = frameOf(0, (encoder) => syncProtocol.writeUpdate(encoder, update));
        expect(decodeClientFrame(asUpdate)).toEqual({ ok: true, value: { kind: 'update', update } });
        expect(decodeClientFrame(encodeStep2(update))).toEqual({
          ok: true,
          value: { kind: 'step2', update },
        });
        expect(asUpdate).toEqual(encodeUpdateFrame(update));
      }),
    );
  });

  test('[W1] presence is what its author set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (state) => {
        const awareness = presenceOf(state);
        const body = awarenessProtocol.encodeAwarenessUpdate(awareness, [awareness.clientID]);
        const decoded = decodeClientFrame(
          frameOf(1, (encoder) => encoding.writeVarUint8Array(encoder, body)),
        );
        if (!decoded.ok || decoded.value.kind !== 'presence') throw new Error('presence is decoded');
        const [said] = decoded.value.states;
        expect(said).toMatchObject({ client: awareness.clientID, clock: 1 });
        expect(said && parseSaidState(said)).toEqual({
          ok: true,
          value: JSON.parse(JSON.stringify(state)),
        });
      }),
    );
  });

  test('[W1] a question for presence, with or without anything behind it', () => {
    expect(decodeClientFrame(Uint8Array.of(3))).toEqual({ ok: true, value: { kind: 'queryPresence' } });
  });
});

describe('frames of the server', () => {
  test('[W1] a stock client answers a step 1 and takes a step 2 and an update', () => {
    const server = documentOf({ 'fields/title': 'Bolts' });
    const client = new Y.Doc();
    expect(readAsStock(client, encodeStep2(Y.encodeStateAsUpdate(server)))).toBeNull();
    expect(client.getMap('fields').get('title')).toBe('Bolts');
    const answer = readAsStock(client, encodeStep1(Y.encodeStateVector(server)));
    expect(decodeClientFrame(answer ?? new Uint8Array())).toMatchObject({
      ok: true,
      value: { kind: 'step2' },
    });
    server.getMap('fields').set('title', 'Nuts');
    readAsStock(client, encodeUpdateFrame(Y.encodeStateAsUpdate(server)));
    expect(client.getMap('fields').get('title')).toBe('Nuts');
  });

  test('[W1] a stock client shows the presence it is sent, and drops what is gone', () => {
    const own = new awarenessProtocol.Awareness(new Y.Doc());
    clearInterval(own._checkInterval);
    readPresenceAsStock(own, encodePresence([{ client: 7, clock: 3, json: '{"cell":"fields/title"}' }]));
    expect(own.getStates().get(7)).toEqual({ cell: 'fields/title' });
    readPresenceAsStock(own, encodePresence([{ client: 7, clock: 3, json: GONE }]));
    expect(own.getStates().has(7)).toBe(false);
  });

  test('[W1] presence without states is the three bytes that keep stock clients from hanging up', () => {
    expect(encodePresence([])).toEqual(Uint8Array.of(1, 1, 0));
  });

  test('[W1] presence survives encoding and decoding', () => {
    const arbitraryState: fc.Arbitrary<PresenceState> = fc.record({
      client: fc.integer({ min: 0, max: CLIENT_ID_MAX }),
      clock: fc.nat(),
      json: fc.json(),
    });
    fc.assert(
      fc.property(fc.array(arbitraryState), (states) => {
        expect(saidIn(encodePresence(states))).toEqual(states);
      }),
    );
  });
});

describe('what no correct client sends', () => {
  const malformed: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array()],
    ['a sync message without a kind', Uint8Array.of(0)],
    ['a sync message of an unknown kind', Uint8Array.of(0, 3, 0)],
    ['a step 1 without a state vector', Uint8Array.of(0, 0)],
    ['an update shorter than it says', Uint8Array.of(0, 2, 9, 1, 2)],
    ['an update longer than memory', Uint8Array.of(0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a length of more than 2^53', Uint8Array.of(0, 2, ...Array.from({ length: 12 }, () => 0xff))],
    ['a state vector that ends early', Uint8Array.of(0, 0, 2, 5, 1)],
    ['a state vector of a billion clients', Uint8Array.of(0, 0, 5, 0x80, 0x94, 0xeb, 0xdc, 0x03)],
    ['presence without a body', Uint8Array.of(1)],
    ['presence of more states than there are', Uint8Array.of(1, 1, 9)],
    ['a type that never ends', Uint8Array.of(0x80, 0x80, 0x80)],
    [
      'presence with a state shorter than it says',
      frameOf(1, (encoder) => writeBody(encoder, [1, 7, 1, 3, 1, 2])),
    ],
  ];

  test.each(malformed)('[W2] %s', (_name, frame) => {
    const decoded = decodeClientFrame(frame);
    expect(decoded.ok).toBe(false);
    expect(decoded).toHaveProperty('reason', expect.stringMatching(/\S/));
  });

  test('[W2] no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof decodeClientFrame(bytes).ok).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
  });

  test('[W2] nor do bytes that are nearly right', () => {
    const doc = documentOf({ 'fields/title': 'CANARY' });
    const awareness = presenceOf({ name: 'CANARY' });
    const frames = [
      frameOf(0, (encoder) => syncProtocol.writeSyncStep1(encoder, doc)),
      encodeUpdateFrame(Y.encodeStateAsUpdate(doc)),
      frameOf(1, (encoder) => encoding.writeVarUint8Array(encoder, presenceBody(awareness))),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(), fc.nat(255), fc.nat(), (frame, at, byte, length) => {
        const bent = frame.slice(0, 1 + (length % frame.length));
        bent[at % bent.length] = byte;
        const decoded = decodeClientFrame(bent);
        if (!decoded.ok) expect(decoded.reason).not.toContain('CANARY');
      }),
      { numRuns: 2_000 },
    );
  });

  test('[W3] types that are not known are ignored', () => {
    for (const type of [2, 4, 99, 100, 127, 5_000]) {
      const frame = frameOf(type, (encoder) => encoding.writeVarString(encoder, 'whatever'));
      expect(decodeClientFrame(frame)).toEqual({ ok: true, value: { kind: 'unknown' } });
    }
  });

  test('[W3] a sync frame is told by its first byte: written longer it would pass for another kind', () => {
    const frame = Uint8Array.of(0x80, 0, 2, 1, 0);
    expect(isSyncFrame(frame)).toBe(false);
    expect(decodeClientFrame(frame).ok).toBe(false);
  });

  test('[W4] a nonsense state vector is taken as it is', () => {
    const nonsense = new Map([
      [0, Number.MAX_SAFE_INTEGER],
      [4_294_967_295, 12],
      [9_007_199_254_740_991, 0],
    ]);
    const frame = encodeStep1(Y.encodeStateVector(nonsense));
    expect(decodeClientFrame(frame)).toEqual({ ok: true, value: { kind: 'step1', stateVector: nonsense } });
  });

  test('[W5] a presence clock of 2^53, and a client id that is the server’s or larger, are malformed', () => {
    const frame = (client: number, clock: number) =>
      decodeClientFrame(encodePresence([{ client, clock, json: '{}' }]));
    expect(frame(7, 2 ** 48).ok).toBe(true);
    expect(frame(7, 2 ** 53 - 1).ok).toBe(false);
    expect(frame(CLIENT_ID_MAX, 1).ok).toBe(true);
    expect(frame(CLIENT_ID_MAX + 1, 1).ok).toBe(false);
  });

  test('[W5] what others are said to say is not even looked at', () => {
    const states = [{ client: 7, clock: 1, json: 'no JSON' }];
    expect(saidIn(encodePresence(states))).toEqual(states);
    const frame = frameOf(1, (encoder) => writeBody(encoder, noText));
    expect(decodeClientFrame(frame).ok).toBe(true);
  });

  test.each(['7', '"text"', '[1]', 'true', 'no JSON', '', '{"a":'])(
    '[W6] %j is no presence state',
    (json) => {
      expect(parsePresenceState(json).ok).toBe(false);
    },
  );

  test('[W6] bytes that are no text are no presence state', () => {
    const decoded = decodeClientFrame(frameOf(1, (encoder) => writeBody(encoder, noText)));
    if (!decoded.ok || decoded.value.kind !== 'presence') throw new Error('presence is decoded');
    expect(decoded.value.states.map((said) => parseSaidState(said).ok)).toEqual([false]);
  });

  test('[W6] a client that is gone is null', () => {
    expect(parsePresenceState(GONE)).toEqual({ ok: true, value: null });
  });

  test('[W6] what is nested deeper than 64 levels is no presence state, however deep', () => {
    const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    expect(parsePresenceState(nested(64)).ok).toBe(true);
    expect(parsePresenceState(nested(65)).ok).toBe(false);
    expect(parsePresenceState(nested(10_000)).ok).toBe(false);
    expect(parsePresenceState(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`).ok).toBe(false);
  });

  test('[W6] a state with the key __proto__ changes no prototype', () => {
    const state = parsePresenceState('{"__proto__":{"isAdmin":true},"cell":"fields/title"}');
    expect(state.ok && state.value !== null && 'isAdmin' in state.value).toBe(false);
  });
});

/** What a presence frame says, as text. */
function saidIn(frame: Uint8Array): PresenceState[] {
  const decoded = decodeClientFrame(frame);
  if (!decoded.ok || decoded.value.kind !== 'presence') throw new Error('presence is decoded');
  return decoded.value.states.map(({ client, clock, frame: bytes, start, end }) => ({
    client,
    clock,
    json: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end)),
  }));
}

/** Reads a sync frame as y-websocket does. Gives the answer, if there is one. */
function readAsStock(doc: Y.Doc, frame: Uint8Array): Uint8Array | null {
  const decoder = decoding.createDecoder(frame);
  expect(decoding.readVarUint(decoder)).toBe(0);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  syncProtocol.readSyncMessage(decoder, encoder, doc, 'server');
  return encoding.length(encoder) > 1 ? encoding.toUint8Array(encoder) : null;
}

function readPresenceAsStock(awareness: awarenessProtocol.Awareness, frame: Uint8Array): void {
  const decoder = decoding.createDecoder(frame);
  expect(decoding.readVarUint(decoder)).toBe(1);
  awarenessProtocol.applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), 'server');
}

/** One state of two bytes. */
const noText = [1, 7, 1, 2, 0xff, 0xfe];

const writeBody = (encoder: encoding.Encoder, bytes: readonly number[]): void =>
  encoding.writeVarUint8Array(encoder, Uint8Array.from(bytes));
