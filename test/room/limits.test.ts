import { generateNKeysBetween } from 'fractional-indexing';
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { present } from '../../src/lib/assert.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { defaultLimits } from '../../src/lib/limits.ts';
import { parseCellId } from '../../src/quote/cell.ts';
import { encodePresence, encodeStep2, encodeUpdateFrame } from '../../src/wire/frames.ts';
import { documentOf, frameOf } from '../support/client-frames.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { type Peer, eventsOf } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const rep = { user: 'rep', role: 'sales_rep' } as const;

test('[R20] a sync frame over the limit is malformed, and the limit is named; one at the limit is not', async () => {
  const harness = await createRoomHarness({ cells: row, limits: { syncFrameBytes: 1_000 } });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  bob.send(encodeUpdateFrame(new Uint8Array(996)));
  expect(bob.closed?.reason).not.toContain('limits');
  ada.doc.getMap('lineItems').set('l1/description', 'x'.repeat(1_000));
  expect(ada.closed?.code).toBe(4400);
  expect(ada.closed?.reason).toMatch(/^a frame of 10\d\d bytes; limits.syncFrameBytes is 1000$/);
});

test('[R20] 2,000 pasted rows fit into one frame', async () => {
  const harness = await createRoomHarness();
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const columns = { sku: 'BLT-8', name: 'Bolt', unit: 'pcs', quantity: '3', unitPrice: '12.50' };
  ada.doc.transact(() => {
    const lines = ada.doc.getMap('lineItems');
    for (const [line, position] of generateNKeysBetween(null, null, 2_000).entries()) {
      for (const [column, value] of Object.entries({ position, ...columns }))
        lines.set(`l${line}/${column}`, value);
    }
  });
  await harness.settle();
  expect(ada.closed).toBeNull();
  expect(eventsOf(ada, 'ack').at(-1)?.frames).toBe(2);
  expect(bob.doc.getMap('lineItems').size).toBe(12_000);
});

test('[R20] any other frame has the smaller limit', async () => {
  const harness = await createRoomHarness({ limits: { otherFrameBytes: 1_000 } });
  const ada = await harness.join(rep);
  ada.send(frameOf(99, (encoder) => encoding.writeVarUint8Array(encoder, new Uint8Array(2_000))));
  expect(ada.closed).toEqual({ code: 4400, reason: 'a frame of 2003 bytes; limits.otherFrameBytes is 1000' });
});

test('[R21] a burst of 200 sync frames and then 50 a second are fine, one more is closed with 4529', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join(rep);
  harness.advance(1_000);
  for (let count = 0; count < 200; count++) ada.doc.getMap('lineItems').set('l1/quantity', `${count}`);
  expect(ada.closed).toBeNull();
  for (let second = 0; second < 4; second++) {
    harness.advance(1_000);
    for (let count = 0; count < 50; count++) ada.doc.getMap('lineItems').set('l1/quantity', `${count}`);
  }
  expect(ada.closed).toBeNull();
  ada.doc.getMap('lineItems').set('l1/quantity', '1');
  expect(ada.closed).toEqual({ code: 4529, reason: 'more than 50 edits a second' });
  expect(defaultLimits).toMatchObject({ syncFramesPerSecond: 50, syncFramesBurst: 200 });
});

test('[R21] neither another tab nor coming back is a way around it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const [ada, tab] = [await harness.join(rep), await harness.join(rep)];
  for (let count = 0; count < 120; count++) {
    ada.doc.getMap('lineItems').set('l1/quantity', `${count}`);
    tab.doc.getMap('lineItems').set('l1/name', `${count}`);
  }
  expect([ada.closed, tab.closed].filter((closed) => closed !== null)).toContainEqual({
    code: 4529,
    reason: 'more than 50 edits a second',
  });
  await harness.settle();
  const again = await harness.rejoin(ada);
  again.doc.getMap('lineItems').set('l1/quantity', 'x');
  expect(again.closed).toMatchObject({ code: 4529 });
});

test('[R21] presence that comes too fast is dropped, not closed, and edits are not', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join(rep);
  for (let count = 0; count < 2_000; count++) ada.awareness.setLocalState({ count });
  ada.doc.getMap('lineItems').set('l1/quantity', '2');
  await harness.settle();
  expect(ada.closed).toBeNull();
  expect((await harness.room()).gate.doc.getMap('lineItems').get('l1/quantity')).toBe('2');
});

test('[R22] what cannot be decoded closes its sender alone', async () => {
  const harness = await createRoomHarness({ cells: row });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const forged = documentOf({ 'secrets/margin': 'CANARY' });
  const frames = [
    new Uint8Array(),
    Uint8Array.of(0),
    Uint8Array.of(0, 9, 0),
    Uint8Array.of(1, 200),
    Uint8Array.of(0x80, 0, 2, 1, 0),
    encodeUpdateFrame(Uint8Array.of(1, 2, 3)),
    encodeUpdateFrame(Y.encodeStateAsUpdate(forged)),
    encodeUpdateFrame(Y.encodeStateAsUpdateV2(forged)),
    encodeStep2(new Uint8Array()),
    encodePresence([{ client: 4_294_967_295, clock: 1, json: '{}' }]),
  ];
  for (const [index, frame] of frames.entries()) {
    const eve = await harness.join({ user: `eve${index}`, role: 'admin' });
    eve.send(frame);
    expect(eve.closed?.code, `frame ${index}`).toBe(4400);
    expect(eve.closed?.reason).not.toContain('CANARY');
    bob.doc.getMap('lineItems').set('l1/quantity', `${index}`);
    await harness.settle();
    expect((await harness.room()).gate.doc.getMap('lineItems').get('l1/quantity')).toBe(`${index}`);
  }
  expect(bob.closed).toBeNull();
  expect(harness.reported).toEqual([]);
});

test('[R22] a presence of its own that is no object, too deep or too large is malformed; what it says of others is not looked at', async () => {
  const harness = await createRoomHarness({ cells: row });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  for (const [index, json] of ['7', 'no JSON', deep, `{"a":"${'x'.repeat(33_000)}"}`].entries()) {
    const eve = await harness.join({ user: `eve${index}`, role: 'admin' });
    eve.send(encodePresence([{ client: bob.doc.clientID, clock: 99, json }]));
    expect(eve.closed).toBeNull();
    eve.send(encodePresence([{ client: eve.doc.clientID, clock: 99, json }]));
    expect(eve.closed?.code).toBe(4400);
  }
  expect(bob.closed).toBeNull();
  expect(harness.reported).toEqual([]);
});

test('[A10] who has used up their share of a quote is closed with 4400, and may come back to read', async () => {
  const harness = await createRoomHarness({ cells: row });
  const eve = { user: 'eve', role: 'admin', permission: 'viewer' } as const;
  const first = await harness.join(eve);
  first.doc.transact(() => {
    for (let note = 0; note < 101; note++) first.doc.getText(`note/n${note}`).insert(0, 'hello');
  });
  await harness.settle();
  // Not 4403, at which a browser drops what it keeps of the quote: their text.
  expect(first.closed?.code).toBe(4400);
  expect(first.closed?.reason).toContain('ask a host to add them');
  const second = await harness.join(eve);
  await harness.settle();
  expect(second.closed).toBeNull();
  expect(second.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
});

test('[R22] what comes after a close is not looked at', async () => {
  const harness = await createRoomHarness({ cells: row });
  const eve = await harness.join({ user: 'eve', role: 'admin' });
  const { connection } = eve;
  eve.send(new Uint8Array());
  const edit = documentOf({ 'fields/title': 'late' });
  connection.receive(encodeUpdateFrame(Y.encodeStateAsUpdate(edit)));
  connection.ponged(1);
  connection.closed();
  await harness.settle();
  expect((await harness.room()).gate.doc.getMap('fields').get('title')).toBeUndefined();
});

test('[R23] an editor whose edits are refused 60 times a minute is closed with 4529, and told of each before', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ ...rep, events: true });
  for (let count = 0; count < 61; count++) {
    expect(ada.closed).toBeNull();
    ada.doc.getMap('lineItems').set('l1/discountPercent', '99');
    await harness.turn();
    harness.advance(50);
  }
  expect(ada.closed).toEqual({ code: 4529, reason: 'more than 60 refused edits a minute' });
  ada.read();
  expect(eventsOf(ada, 'refused').length).toBe(61);
  expect(ada.doc.getMap('lineItems').get('l1/discountPercent')).toBeUndefined();
});

test('[R23] refusals count for the person, over all their connections, and only for a minute', async () => {
  const harness = await createRoomHarness({ cells: row, limits: { refusalsPerMinute: 4 } });
  const tabs = [await harness.join(rep), await harness.join(rep)];
  const other = await harness.join({ user: 'other', role: 'sales_rep' });
  const refuse = async (peer: (typeof tabs)[number] | undefined): Promise<void> => {
    peer?.doc.getMap('lineItems').set('l1/discountPercent', '99');
    await harness.settle();
  };
  for (let count = 0; count < 4; count++) await refuse(tabs[count % 2]);
  await refuse(other);
  await harness.pass(60_000);
  for (let count = 0; count < 4; count++) await refuse(tabs[count % 2]);
  expect([...tabs, other].map(({ closed }) => closed)).toEqual([null, null, null]);
  await refuse(tabs[0]);
  expect([...tabs, other].map(({ closed }) => closed?.code)).toEqual([4529, undefined, undefined]);
});

test.each([
  ['an editor', 'editor', 4529, 'more than 4 refused edits a minute'],
  ['a viewer', 'viewer', 4403, 'you may only view this quote; ask a host for permission to edit'],
] as const)(
  '[R60] %s who was closed for too many refusals stays out until the minute has passed',
  async (_who, permission, code, reason) => {
    const limits = { refusalsPerMinute: 4, viewerRefusalsPerMinute: 4 };
    const harness = await createRoomHarness({ cells: row, limits });
    const person = { ...rep, permission } as const;
    const refuseOnce = async (): Promise<Peer> => {
      const peer = await harness.join(person);
      peer.doc.getMap('lineItems').set('l1/discountPercent', '99');
      await harness.pass(1_000);
      return peer;
    };
    let last = await refuseOnce();
    for (let count = 1; count < 5; count++) {
      last.disconnect();
      last = await refuseOnce();
    }
    expect(last.closed).toEqual({ code, reason });
    const revision = (await harness.log.head(harness.quote))?.seq;
    for (let count = 0; count < 10; count++) {
      expect((await refuseOnce()).closed).toEqual({ code, reason });
    }
    expect((await harness.log.head(harness.quote))?.seq).toBe(revision);
    expect((await harness.join({ user: 'other', role: 'sales_rep' })).closed).toBeNull();
    await harness.pass(50_000);
    const back = await harness.join(person);
    await harness.pass(2_000);
    expect(back.closed).toBeNull();
    expect(back.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
  },
);

test('[R60] who was a viewer and may edit now comes in at once', async () => {
  const harness = await createRoomHarness({ cells: row, limits: { viewerRefusalsPerMinute: 0 } });
  const viewer = await harness.join({ ...rep, permission: 'viewer' });
  viewer.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  expect(viewer.closed?.code).toBe(4403);
  const editor = await harness.join(rep);
  await harness.pass(2_000);
  expect(editor.closed).toBeNull();
});

test('[R60] writes without a client count too, and are not taken from whoever had too many', async () => {
  const harness = await createRoomHarness({ cells: row, limits: { refusalsPerMinute: 2 } });
  const write = async (value: string, user: string = rep.user) =>
    (await harness.room()).write({
      actor: { user: user as UserId, role: rep.role, permission: 'editor' },
      name: user,
      origin: 'api',
      kind: 'update',
      composition: {
        cells: [{ cell: present(parseCellId('lineItems/l1/discountPercent'), 'a cell'), value }],
      },
    });
  for (let count = 0; count < 3; count++) {
    expect((await write('99')).verdicts).toMatchObject([{ verdict: 'refused' }]);
  }
  await expect(write('5')).rejects.toMatchObject({ code: 'too_many_refusals' });
  expect((await write('5', 'other')).verdicts).toMatchObject([{ verdict: 'accepted' }]);
  const peer = await harness.join(rep);
  await harness.pass(1_000);
  expect(peer.closed?.code).toBe(4529);
  await harness.pass(60_000);
  expect((await write('6')).verdicts).toMatchObject([{ verdict: 'accepted' }]);
});

test('[R24] a sixth connection of one person is closed with 4509; others come in', async () => {
  const harness = await createRoomHarness();
  const own = [];
  for (let count = 0; count < 6; count++) own.push(await harness.join(rep));
  await harness.pass(1_000);
  expect(own.map(({ closed }) => closed?.code)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    4509,
  ]);
  expect(own[5]?.closed?.reason).toBe('you have this quote open 5 times; close one of them');
  own[0]?.disconnect();
  expect((await harness.join(rep)).closed).toBeNull();
  expect((await harness.join({ user: 'bob', role: 'sales_rep' })).closed).toBeNull();
});

test('[R24] the limit of participants counts people, not connections', async () => {
  const harness = await createRoomHarness({ participantsMax: 2 });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  await harness.join({ user: 'ada', role: 'sales_rep' });
  await harness.join({ user: 'bob', role: 'sales_rep' });
  const third = await harness.join({ user: 'cy', role: 'sales_rep' });
  // Not at once: a client that comes back at once, and for ever, is to do so slowly.
  await harness.pass(900);
  expect(third.closed).toBeNull();
  await harness.pass(100);
  expect(third.closed).toEqual({
    code: 4509,
    reason: '2 people are in this session, which is the limit (collaboration.maxParticipants)',
  });
  // What the refused connection sends is nobody's.
  third.connection.receive(encodeUpdateFrame(Y.encodeStateAsUpdate(documentOf({ 'fields/title': 'no' }))));
  expect((await harness.join({ user: 'ada', role: 'sales_rep' })).closed).toBeNull();
  expect(ada.closed).toBeNull();
  expect((await harness.room()).members().length).toBe(4);
});

test('[R24] whoever is not let in and leaves by themselves leaves no timer behind', async () => {
  const harness = await createRoomHarness({ participantsMax: 1 });
  await harness.join({ user: 'ada', role: 'sales_rep' });
  await harness.pass(1_000);
  const before = harness.timers;
  const denied = await harness.join({ user: 'cy', role: 'sales_rep' });
  expect(harness.timers).toBe(before + 1);
  denied.disconnect();
  expect(harness.timers).toBe(before);
});

test('[R25] who comes to a room that is closing is told to try again', async () => {
  const harness = await createRoomHarness();
  const room = await harness.room();
  room.close({ code: 1013, reason: 'the room is closing' });
  const late: number[] = [];
  room.join({
    actor: { user: 'late' as never, role: 'sales_rep', permission: 'editor' },
    name: 'Late',
    expiresAt: Infinity,
    wantsEvents: true,
    wantsEntries: false,
    socket: {
      send: () => expect.unreachable('nothing is sent'),
      unsentBytes: () => 0,
      ping: () => undefined,
      close: (code) => void late.push(code),
      terminate: () => void late.push(0),
      onceGone: () => undefined,
    },
  });
  expect(late).toEqual([1013]);
  harness.advance(2_000);
  expect(late).toEqual([1013, 0]);
});

test('[R26] a reason is cut to the bytes that a close frame holds, between characters', async () => {
  const harness = await createRoomHarness();
  const ada = await harness.join(rep);
  (await harness.room()).close({ code: 1013, reason: 'ü'.repeat(100) });
  const { reason = '' } = ada.closed ?? {};
  expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  expect(reason).toMatch(/^ü{59,61}$/);
});

test('[R26] a connection that does not go through with the close is cut after 2 s', async () => {
  const harness = await createRoomHarness();
  const eve = await harness.join(rep);
  eve.send(new Uint8Array());
  harness.advance(1_950);
  expect(eve.isTerminated).toBe(false);
  harness.advance(50);
  expect(eve.isTerminated).toBe(true);
});
