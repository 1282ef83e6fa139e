import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Composition } from '../../src/authority/compose-update.ts';
import { present } from '../../src/lib/assert.ts';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { CHECKPOINT_EVERY_ENTRIES } from '../../src/lib/limits.ts';
import type { Log } from '../../src/log/log.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { parseCellId } from '../../src/quote/cell.ts';
import type { Creator } from '../../src/room/quote-maker.ts';
import type { Directory } from '../../src/session/directory.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { createFlakyLog, logUnavailable } from '../support/flaky-log.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { describeStructs } from '../support/star.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const q2 = 'q2' as QuoteId;
const casey: Creator = {
  actor: { user: 'casey' as UserId, role: 'sales_rep', permission: 'host' },
  name: 'Casey',
  origin: 'api',
};
const values = (cells: Readonly<Record<string, string>>): Composition => ({
  cells: Object.entries(cells).map(([id, value]) => ({ cell: present(parseCellId(id), 'a cell'), value })),
});

test('[R43] a quote has one room, however many ask for it at once; an unknown one has none', async () => {
  const harness = await createRoomHarness({ cells: row });
  harness.crash();
  const { rooms, quote } = harness;
  expect(rooms.peek(quote)).toBeNull();
  const opened = await Promise.all([rooms.open(quote), rooms.open(quote), rooms.open(quote)]);
  expect(new Set(opened).size).toBe(1);
  expect(await rooms.open(quote)).toBe(opened[0]);
  expect(rooms.peek(quote)).toBe(opened[0]);
  expect(await rooms.open('other' as QuoteId)).toBeNull();
});

test('[R43] a quote that is made while it is being looked up has one room too', async () => {
  const memory = createMemoryLog();
  let held: Promise<void> | null = null;
  const log: Log = {
    ...memory,
    async head(quote) {
      const once = held;
      held = null;
      await once;
      return memory.head(quote);
    },
  };
  const harness = await createRoomHarness({ log });
  let goOn: () => void = () => undefined;
  held = new Promise((resolve) => (goOn = resolve));
  const opening = harness.rooms.open(q2);
  await harness.turn();
  const creation = await harness.rooms.create(q2, casey, values({ 'fields/title': 'A' }));
  goOn();
  expect(creation.ok && (await opening) === creation.value).toBe(true);
  expect(harness.rooms.peek(q2)).toBe(await opening);
});

test('[R44] of two who create one quote at once one gets it, and later nobody', async () => {
  const { rooms } = await createRoomHarness();
  const both = await Promise.all([
    rooms.create(q2, casey, values({ 'fields/title': 'A' })),
    rooms.create(q2, casey, values({ 'fields/title': 'B' })),
  ]);
  expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
  expect(both.find(({ ok }) => !ok)).toMatchObject({ reason: { kind: 'taken' } });
  expect(await rooms.create(q2, casey, values({ 'fields/title': 'C' }))).toMatchObject({
    reason: { kind: 'taken' },
  });
});

test('[R45] a quote that its creator may not write so, or that has no values, is not made', async () => {
  const { rooms, log } = await createRoomHarness();
  const refused = await rooms.create(
    q2,
    casey,
    values({ 'fields/title': 'A', 'fields/validUntil': 'soon', 'lineItems/l1/discountPercent': '50' }),
  );
  expect(refused).toMatchObject({
    ok: false,
    reason: {
      kind: 'refused',
      verdicts: [
        { reason: 'invalid_value', message: 'fields/validUntil takes a day as YYYY-MM-DD' },
        {
          cell: 'lineItems/l1/discountPercent',
          reason: 'not_permitted',
          message: 'sales_rep may set at most 10 here; deal_desk is the lowest role that may set this',
        },
      ],
    },
  });
  expect(await rooms.create(q2, casey, values({}))).toEqual({
    ok: false,
    reason: { kind: 'not_taken', reason: 'a quote begins with some value' },
  });
  expect(rooms.peek(q2)).toBeNull();
  expect(await log.head(q2)).toBeNull();
});

test('[R45] a quote whose first entry cannot be stored is not there, and can be made later', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ log });
  log.failNext();
  await expect(harness.rooms.create(q2, casey, values({ 'fields/title': 'A' }))).rejects.toMatchObject({
    code: 'log_unavailable',
  });
  expect(harness.rooms.peek(q2)).toBeNull();
  const again = harness.rooms.create(q2, casey, values({ 'fields/title': 'A' }));
  await harness.turn();
  harness.advance(1_000);
  expect((await again).ok).toBe(true);
});

test('[R61] the creator of a quote is its host before anyone can see it', async () => {
  const memory = createMemoryDirectory();
  const seen: [grants: number, head: number | undefined][] = [];
  const log = createMemoryLog();
  const directory: Directory = {
    ...memory,
    setGrant: async (grant) => {
      seen.push([(await memory.grants(q2)).length, (await log.head(q2))?.seq]);
      await memory.setGrant(grant);
    },
  };
  const { rooms } = await createRoomHarness({ log, directory });
  seen.length = 0;
  expect((await rooms.create(q2, casey, values({ 'fields/title': 'A' }))).ok).toBe(true);
  expect(seen).toEqual([[0, undefined]]);
  expect(await memory.grants(q2)).toMatchObject([{ user: 'casey', permission: 'host', grantedBy: 'casey' }]);
});

test('[R61] where the grant fails there is no quote, and it can be made later', async () => {
  const memory = createMemoryDirectory();
  let isBroken = true;
  const directory: Directory = {
    ...memory,
    setGrant: (grant) =>
      isBroken && grant.quote === q2 ? Promise.reject(logUnavailable()) : memory.setGrant(grant),
  };
  const { rooms, log } = await createRoomHarness({ directory });
  const make = () => rooms.create(q2, casey, values({ 'fields/title': 'A' }));
  await expect(make()).rejects.toMatchObject({ code: 'log_unavailable' });
  expect(rooms.peek(q2)).toBeNull();
  expect(await rooms.open(q2)).toBeNull();
  expect(await log.head(q2)).toBeNull();
  isBroken = false;
  expect((await make()).ok).toBe(true);
});

test('[R61] who could not make a quote after all has nothing in the one that somebody else makes of that id', async () => {
  const directory = createMemoryDirectory();
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ log, directory });
  const eve: Creator = { ...casey, actor: { ...casey.actor, user: 'eve' as UserId } };
  log.failNext();
  await expect(harness.rooms.create(q2, eve, values({ 'fields/title': 'A' }))).rejects.toMatchObject({
    code: 'log_unavailable',
  });
  const again = harness.rooms.create(q2, casey, values({ 'fields/title': 'B' }));
  await harness.turn();
  harness.advance(1_000);
  expect((await again).ok).toBe(true);
  expect((await directory.grants(q2)).map(({ user }) => user)).toEqual(['casey']);
  expect(await harness.rooms.create(q2, eve, values({ 'fields/title': 'C' }))).toMatchObject({ ok: false });
  expect((await directory.grants(q2)).map(({ user }) => user)).toEqual(['casey']);
});

test('[R61] of two who create one quote at once the one who gets it is its only host', async () => {
  const directory = createMemoryDirectory();
  const { rooms } = await createRoomHarness({ directory });
  const makers = ['casey', 'eve'].map((user): Creator => ({
    ...casey,
    actor: { ...casey.actor, user: user as UserId },
  }));
  const made = await Promise.all(
    makers.map((maker) => rooms.create(q2, maker, values({ 'fields/title': 'A' }))),
  );
  const winner = makers[made.findIndex(({ ok }) => ok)];
  expect((await directory.grants(q2)).map(({ user }) => user)).toEqual([winner?.actor.user]);
});

test('[R46] a room is let go when it was empty for 5 s, with a checkpoint, and opens again as it was', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'vp_sales' });
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  ada.doc.getText('note/n1').insert(0, 'Hello');
  ada.doc.getText('note/n1').delete(1, 2);
  ada.doc.getMap('lineItems').delete('l1/name');
  await harness.settle();
  const { rooms, quote } = harness;
  const before = await harness.room();
  await harness.pass(20_000);
  expect(rooms.peek(quote)).toBe(before);
  ada.disconnect();
  await harness.pass(4_000);
  expect(rooms.peek(quote)).toBe(before);
  await harness.pass(2_000);
  expect(rooms.peek(quote)).toBeNull();
  expect(harness.checkpoints).toBe(1);
  expect((await harness.log.checkpoint(quote))?.seq).toBe(before.gate.revision);
  const after = await harness.room();
  expect(after).not.toBe(before);
  expect(describeStructs(after.gate.doc)).toEqual(describeStructs(before.gate.doc));
  expect(after.gate.remember()).toEqual(before.gate.remember());
  expect(Y.encodeStateAsUpdate(after.gate.doc)).toEqual(Y.encodeStateAsUpdate(before.gate.doc));
});

test('[R46] a room in which nothing changed needs no new checkpoint', async () => {
  const harness = await createRoomHarness({ cells: row });
  for (let visit = 0; visit < 3; visit++) {
    const ada = await harness.join({ user: 'ada', role: 'vp_sales' });
    ada.disconnect();
    await harness.pass(6_000);
    expect(harness.rooms.peek(harness.quote)).toBeNull();
  }
  expect(harness.checkpoints).toBe(1);
});

test('[R46] a room is not let go while something is under way, nor while somebody comes in', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const room = await harness.room();
  const release = log.hold();
  const writing = room.write({
    ...casey,
    kind: 'update',
    composition: values({ 'fields/title': 'A' }),
  });
  await harness.pass(10_000);
  expect(harness.rooms.peek(harness.quote)).toBe(room);
  release();
  await writing;
  await harness.turn();
  await harness.pass(1_000);
  expect(harness.rooms.peek(harness.quote)).toBeNull();
});

test('[R47] a checkpoint is made every 500 entries while somebody is there', async () => {
  const limits = { syncFramesPerSecond: 100_000, syncFramesBurst: 100_000 };
  const harness = await createRoomHarness({ cells: row, limits });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  for (let entry = 1; entry < CHECKPOINT_EVERY_ENTRIES; entry++) {
    ada.doc.getMap('lineItems').set('l1/quantity', `${entry}`);
  }
  await harness.pass(2_000);
  expect(harness.checkpoints).toBe(1);
  ada.doc.getMap('lineItems').set('l1/quantity', '0');
  await harness.pass(2_000);
  expect(harness.checkpoints).toBe(1);
});

test('[R48] shutting down closes everyone with 1012, stores what was received, and opens nothing any more', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const { rooms } = harness;
  const made = await rooms.create(q2, casey, values({ 'fields/title': 'A' }));
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const release = log.hold();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  let isDown = false;
  const down = rooms.shutDown().then(() => (isDown = true));
  expect(rooms.shutDown()).toBe(rooms.shutDown());
  await harness.turn();
  expect(ada.closed).toBeNull();
  await expect(rooms.open(harness.quote)).rejects.toMatchObject({ code: 'shutting_down', retryable: true });
  await expect(rooms.create('q3' as QuoteId, casey, values({ 'fields/title': 'A' }))).rejects.toMatchObject({
    code: 'shutting_down',
  });
  release();
  await harness.turn();
  harness.advance(50);
  await harness.turn();
  harness.advance(50);
  await down;
  expect(isDown).toBe(true);
  expect(ada.closed).toEqual({ code: 1012, reason: 'the server restarts' });
  expect((await log.head(harness.quote))?.seq).toBe(2);
  expect(made.ok).toBe(true);
  expect(rooms.live()).toEqual([]);
  if (made.ok) {
    const late = made.value.write({ ...casey, kind: 'update', composition: values({ 'fields/title': 'B' }) });
    await expect(late).rejects.toMatchObject({ code: 'room_closed' });
  }
});

test('[R48] a quote that is just being opened when the server stops is not opened', async () => {
  const harness = await createRoomHarness({ cells: row });
  harness.crash();
  const { rooms } = harness;
  const opening = rooms.open(harness.quote);
  const down = rooms.shutDown();
  await expect(opening).rejects.toMatchObject({ code: 'shutting_down' });
  await down;
  expect(rooms.peek(harness.quote)).toBeNull();
});

test('[R49] the list of quotes has the total of what is written, soon after it was', async () => {
  const harness = await createRoomHarness({
    cells: { ...row, 'lineItems/l1/unitPrice': '10', 'fields/currency': 'EUR' },
  });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const total = async (): Promise<string | undefined> => (await harness.log.summary(harness.quote))?.total;
  expect(await total()).toBe('10.00');
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.pass(2_000);
  expect(await total()).toBe('30.00');
  expect(await harness.log.summary(harness.quote)).toMatchObject({
    seq: 2,
    createdBy: 'creator',
    lastChange: { by: 'ada', cell: 'lineItems/l1/quantity' },
  });
});

test('[R49] also where the process ended before the total was made, and where the room closes first', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ log, cells: { ...row, 'lineItems/l1/unitPrice': '10' } });
  const total = async (): Promise<string | undefined> => (await harness.log.summary(harness.quote))?.total;
  let ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  harness.crash();
  expect(await total()).toBe('10.00');
  ada = await harness.rejoin(ada);
  await harness.pass(1_000);
  expect(await total()).toBe('30.00');
  ada.doc.getMap('lineItems').set('l1/quantity', '4');
  await harness.settle();
  (await harness.room()).close({ code: 1012, reason: 'the server restarts' });
  await harness.turn();
  expect(await total()).toBe('40.00');
});

test('[R49] a total that changes while an append is under way is not forgotten', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ log, cells: { ...row, 'lineItems/l1/unitPrice': '10' } });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  await harness.pass(1_000);
  const release = log.hold();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.pass(3_000);
  release();
  await harness.settle();
  await harness.pass(1_000);
  expect((await log.summary(harness.quote))?.total).toBe('30.00');
});
