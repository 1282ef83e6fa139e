import { expect, test } from 'vitest';
import type { Role } from '../../src/authority/role.ts';
import { composingClientOf } from '../../src/authority/compose-update.ts';
import { present } from '../../src/lib/assert.ts';
import { Fault } from '../../src/lib/fault.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import type { CellValue } from '../../src/quote/cell.ts';
import { parseCellId } from '../../src/quote/cell.ts';
import type { WriteRequest } from '../../src/room/direct-writes.ts';
import { presenceOf } from '../support/client-frames.ts';
import { createFlakyLog, logUnavailable } from '../support/flaky-log.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { eventsOf, kindOf, presenceFrame } from '../support/room-peer.ts';

/** Writes that come without a Yjs client: HTTP, Slack. */

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };

function writes(
  cells: Readonly<Record<string, CellValue>>,
  { user = 'api', role = 'sales_rep', base }: { user?: string; role?: Role; base?: number } = {},
): WriteRequest {
  return {
    actor: { user: user as UserId, role, permission: 'editor' },
    name: user,
    origin: 'api',
    kind: 'update',
    composition: {
      cells: Object.entries(cells).map(([id, value]) => ({
        cell: present(parseCellId(id), 'a cell'),
        value,
      })),
    },
    ...(base !== undefined && { base }),
  };
}

test('[R40] a write without a client is judged, appended, shown to everyone and answered', async () => {
  const harness = await createRoomHarness({ cells: row });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  const room = await harness.room();
  const outcome = await room.write(
    writes({ 'lineItems/l1/name': 'Nut', 'lineItems/l1/discountPercent': '99' }),
  );
  expect(outcome.revision).toBe(2);
  expect(outcome.verdicts.map(({ cell, verdict, reason }) => [cell, verdict, reason])).toEqual([
    ['lineItems/l1/name', 'accepted', null],
    ['lineItems/l1/discountPercent', 'refused', 'not_permitted'],
  ]);
  await harness.settle();
  expect(bob.doc.getMap('lineItems').toJSON()).toEqual({ 'l1/position': 'a0', 'l1/name': 'Nut' });
  const [entry] = await harness.log.entries(harness.quote, { after: 1, limit: 1 });
  expect(entry).toMatchObject({ origin: 'api', connection: null, kind: 'update', actor: { user: 'api' } });
});

test('[R41] what came after the base was not seen; without a base everything was', async () => {
  const harness = await createRoomHarness({ cells: row });
  const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
  const room = await harness.room();
  vp.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  const stale = await room.write(writes({ 'lineItems/l1/name': 'Screw' }, { base: 1 }));
  expect(stale.verdicts).toMatchObject([
    { verdict: 'refused', reason: 'authority_overridden', by: { user: 'vp' } },
  ]);
  const fresh = await room.write(writes({ 'lineItems/l1/name': 'Screw' }, { base: 3 }));
  expect(fresh.verdicts).toMatchObject([{ verdict: 'accepted' }]);
  vp.doc.getMap('lineItems').set('l1/name', 'Nail');
  await harness.settle();
  expect((await room.write(writes({ 'lineItems/l1/name': 'Screw' }))).verdicts).toMatchObject([
    { verdict: 'accepted' },
  ]);
  // Nobody has seen the future.
  vp.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  const future = await room.write(writes({ 'lineItems/l1/name': 'Rivet' }, { base: 1_000 }));
  vp.doc.getMap('lineItems').set('l1/name', 'Nut 2');
  await harness.settle();
  expect(future.verdicts).toMatchObject([{ verdict: 'accepted' }]);
  const [entry] = await harness.log.entries(harness.quote, { after: future.revision - 1, limit: 1 });
  expect(entry?.seen).toEqual({ kind: 'revision', revision: future.revision - 1 });
});

test('[R40] an overridden author hears of it from a write without a client as well', async () => {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
  rep.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  await (
    await harness.room()
  ).write(writes({ 'lineItems/l1/name': 'Screw' }, { user: 'vp', role: 'vp_sales', base: 1 }));
  await harness.settle();
  expect(eventsOf(rep, 'overridden')).toMatchObject([
    { writes: [{ by: { id: 'vp', name: 'vp' }, yours: 'Nut' }] },
  ]);
});

test('[R40] somebody who announces the id under which a person’s writes are composed cannot stop them', async () => {
  const harness = await createRoomHarness({ cells: row });
  const eve = await harness.join({ user: 'eve', role: 'sales_rep', isMute: true });
  const room = await harness.room();
  const client = composingClientOf(room.gate.ledger, 'api' as UserId);
  eve.send(presenceFrame(presenceOf({ cell: 'fields/title' }, client)));
  const outcome = await room.write(writes({ 'lineItems/l1/name': 'Nut' }));
  expect(outcome.verdicts).toMatchObject([{ verdict: 'accepted' }]);
  expect(room.gate.ledger.ownerOf(client)).toBe('api');
});

test('[R40] nothing to write is no entry', async () => {
  const harness = await createRoomHarness({ cells: row });
  expect(await (await harness.room()).write(writes({}))).toEqual({ revision: 1, verdicts: [] });
  expect((await harness.log.head(harness.quote))?.seq).toBe(1);
});

test('[R42] a write is answered when it is durable, and rejected where it cannot be', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const room = await harness.room();
  const release = log.hold();
  let isAnswered = false;
  const writing = room.write(writes({ 'lineItems/l1/name': 'Nut' })).then(() => (isAnswered = true));
  const reading = room.readDurably((gate) => gate.doc.getMap('lineItems').get('l1/name'));
  await harness.settle();
  expect(isAnswered).toBe(false);
  release();
  await writing;
  expect(await reading).toBe('Nut');
  log.failNext();
  await expect(room.write(writes({ 'lineItems/l1/name': 'Screw' }))).rejects.toMatchObject({
    code: logUnavailable().code,
  });
});

test('[R42] a closed room takes no writes and promises nothing: another one may be writing by then', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const room = await harness.room();
  log.failNext();
  const failing = room.write(writes({ 'lineItems/l1/name': 'Nut' }));
  const reading = room.readDurably((gate) => gate.revision);
  const both = Promise.allSettled([failing, reading]);
  await both;
  await expect(failing).rejects.toThrow(Fault);
  await expect(reading).rejects.toMatchObject({ code: 'room_closed', retryable: true });
  await expect(room.write(writes({ 'lineItems/l1/name': 'Nut' }))).rejects.toMatchObject({
    code: 'room_closed',
  });
  await expect(room.readDurably(() => 1)).rejects.toMatchObject({ code: 'room_closed' });
  expect(log.appends.length).toBe(2);
});

test('[R42] everything that the room held back is seen by who reads durably, and a frame of it by everyone', async () => {
  const harness = await createRoomHarness({ cells: row });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  bob.isStalled = true;
  const room = await harness.room();
  const [a, b] = await Promise.all([
    room.write(writes({ 'lineItems/l1/name': 'Nut' })),
    room.write(writes({ 'lineItems/l1/quantity': '3' })),
  ]);
  expect([a.revision, b.revision]).toEqual([2, 3]);
  await harness.turn();
  expect(bob.inbox.filter((frame) => kindOf(frame) === 'update').length).toBe(1);
});
