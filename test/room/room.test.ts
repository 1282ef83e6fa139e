import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { present } from '../../src/lib/assert.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { parseCellId } from '../../src/quote/cell.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { eventsOf, presenceFrame } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };

test('[R1] an edit reaches everyone, and its author is told that it is durable', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  expect(bob.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
  // Its sync step 2 and its update.
  expect(ada.events.findLast(({ type }) => type === 'ack')).toMatchObject({ frames: 2, revision: 2 });
  expect((await harness.log.entries(harness.quote, { after: 0, limit: 10 })).map(({ seq }) => seq)).toEqual([
    1, 2,
  ]);
});

test('[R2] the loser of a conflict sees the winner and is told by whom and why', async () => {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
  const vp = await harness.join({ user: 'vp', role: 'vp_sales', name: 'Dana' });
  vp.doc.getMap('lineItems').set('l1/discountPercent', '12');
  rep.doc.getMap('lineItems').set('l1/discountPercent', '9');
  await harness.settle();
  expect(rep.doc.getMap('lineItems').get('l1/discountPercent')).toBe('12');
  expect(rep.events.find(({ type }) => type === 'refused')).toEqual({
    type: 'refused',
    revision: 3,
    writes: [
      {
        cell: 'lineItems/l1/discountPercent',
        reason: 'authority_overridden',
        by: { id: 'vp', name: 'Dana', role: 'vp_sales' },
        kept: '12',
        offered: '9',
      },
    ],
  });
});

test('[R2] the author of a write over a limit is told the limit, as it was when it was decided', async () => {
  const harness = await createRoomHarness({ cells: row });
  const max = await harness.join({ user: 'max', role: 'sales_manager', events: true });
  max.doc.transact(() => {
    max.doc.getMap('fields').set('status', 'approved');
    max.doc.getMap('lineItems').set('l1/discountPercent', '30');
  });
  await harness.settle();
  expect(max.events.find(({ type }) => type === 'refused')).toMatchObject({
    writes: [
      {
        cell: 'lineItems/l1/discountPercent',
        reason: 'not_permitted',
        message: 'sales_manager may set at most 20 here; vp_sales is the lowest role that may set this',
      },
    ],
  });
  const [entry] = await harness.log.entries(harness.quote, { after: 1, limit: 1 });
  expect(entry?.writes.filter((write) => 'message' in write)).toEqual([]);
});

test('[R2] the author of a write that is no value is told what the cell takes, or that the quote is full', async () => {
  const harness = await createRoomHarness({ cells: row, limits: { lineItems: 1, notes: 0, cellBytes: 20 } });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  ada.doc.transact(() => {
    ada.doc.getMap('lineItems').set('l1/quantity', 5);
    ada.doc.getMap('lineItems').set('l1/name', 'x'.repeat(21));
    ada.doc.getMap('lineItems').set('l1/colour', 'red');
    ada.doc.getMap('lineItems').set('l2/name', 'One too many');
    ada.doc.getMap('fields').set('__proto__', 'x');
    ada.doc.getMap('fields').set('title', 'Bolts');
    ada.doc.getText('note/n1').insert(0, 'Hello');
  });
  await harness.settle();
  const [refused] = eventsOf(ada, 'refused');
  const full = 'the cell does not take such a value, or the quote is full';
  expect(new Set(refused?.writes.map(({ reason }) => reason))).toEqual(new Set(['invalid_value']));
  expect(Object.fromEntries(refused?.writes.map(({ cell, message }) => [cell, message]) ?? [])).toEqual({
    'lineItems/l1/quantity': expect.stringMatching(/^lineItems\/l1\/quantity takes a decimal like "12.5"/),
    'lineItems/l1/name': 'lineItems/l1/name takes at most 20 bytes',
    'lineItems/l1/colour': expect.stringContaining('is no column of lineItems'),
    'lineItems/l2/name': full,
    'fields/__proto__': 'fields/__proto__ is not a cell of a quote',
    'note/n1': full,
  });
});

test('[R2] a refusal is explained however many writes stand before it; of very many refusals the first are', async () => {
  const harness = await createRoomHarness({ cells: row });
  const write = async (cells: readonly (readonly [string, string])[]) =>
    (await harness.room()).write({
      actor: { user: 'api' as UserId, role: 'sales_rep', permission: 'editor' },
      name: 'api',
      origin: 'api',
      kind: 'update',
      composition: {
        cells: cells.map(([id, value]) => ({ cell: present(parseCellId(id), 'a cell'), value })),
      },
    });
  const many = Array.from({ length: 1_100 }, (_none, index) => `lineItems/l1/x_${index}`);
  const late = await write([...many.map((id) => [id, 'v'] as const), ['lineItems/l1/quantity', 'three']]);
  expect(late.verdicts.at(-1)?.message).toContain('takes a decimal');
  const all = await write(many.map((id) => [id.replace('x_', 'none_'), 'v']));
  expect(all.verdicts.filter(({ message }) => message !== undefined).length).toBe(1_000);
});

test('[R3] the author of an earlier write is told when a higher role overrides it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
  const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
  rep.doc.getMap('lineItems').set('l1/quantity', '1');
  vp.doc.getMap('lineItems').set('l1/quantity', '2');
  await harness.settle();
  expect(rep.doc.getMap('lineItems').get('l1/quantity')).toBe('2');
  expect(rep.events.find(({ type }) => type === 'overridden')).toMatchObject({
    writes: [{ cell: 'lineItems/l1/quantity', by: { id: 'vp' }, kept: '2', yours: '1' }],
  });
});

test('[R4] all updates of one turn go out as one frame', async () => {
  const harness = await createRoomHarness({ cells: row });
  const writers = await Promise.all(
    ['a', 'b', 'c', 'd'].map((user) => harness.join({ user, role: 'sales_rep' })),
  );
  const reader = await harness.join({ user: 'reader', role: 'sales_rep' });
  const before = reader.received.length;
  for (const [index, { doc }] of writers.entries()) doc.getMap('lineItems').set(`l1/x_${index}`, 'v');
  await harness.settle();
  expect(reader.received.length - before).toBe(1);
  expect(reader.doc.getMap('lineItems').size).toBe(2 + writers.length);
});

test('[R5] nothing of an entry goes out before it is durable', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  const room = await harness.room();
  expect(room.gate.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
  expect(bob.inbox).toEqual([]);
  // A newcomer's step 2 waits too.
  const late = harness.join({ user: 'late', role: 'sales_rep' });
  expect((await late).doc.getMap('lineItems').get('l1/quantity')).toBe('3');
});

test('[R6] a viewer who writes is put right, told, and closed when it goes on', async () => {
  const harness = await createRoomHarness({ cells: row, limits: { viewerRefusalsPerMinute: 2 } });
  const viewer = await harness.join({ user: 'eve', role: 'admin', permission: 'viewer', events: true });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  viewer.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  expect(viewer.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
  expect(viewer.events.find(({ type }) => type === 'refused')).toMatchObject({
    writes: [{ reason: 'not_permitted', kept: 'Bolt', offered: 'Nut' }],
  });
  for (const value of ['x', 'y']) {
    viewer.doc.getMap('lineItems').set('l1/name', value);
    await harness.settle();
  }
  expect(viewer.closed?.code).toBe(4403);
  expect(bob.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
});

test('[R7] presence carries the identity of the token, and only its own', async () => {
  const harness = await createRoomHarness();
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', name: 'Ada' });
  const eve = await harness.join({ user: 'eve', role: 'sales_rep', name: 'Eve' });
  ada.awareness.setLocalState({ cell: 'fields/title', user: { id: 'admin', name: 'Boss' } });
  ada.send(presenceFrame(ada.awareness));
  harness.advance(50);
  await harness.settle();
  expect(eve.awareness.getStates().get(ada.doc.clientID)).toMatchObject({
    cell: 'fields/title',
    user: { id: 'ada', name: 'Ada', role: 'sales_rep' },
  });
  // Eve claims Ada's client id.
  const forged = new (eve.awareness.constructor as typeof import('y-protocols/awareness').Awareness)(
    new Y.Doc(),
  );
  clearInterval(forged._checkInterval);
  forged.clientID = ada.doc.clientID;
  forged.setLocalState({ cell: 'fields/status' });
  forged.setLocalState({ cell: 'fields/owner' });
  eve.send(presenceFrame(forged));
  harness.advance(50);
  await harness.settle();
  expect(eve.closed).toBeNull();
  ada.disconnect();
  harness.advance(50);
  await harness.settle();
  expect(eve.awareness.getStates().has(ada.doc.clientID)).toBe(false);
});

test('[R8] a cell that a higher role is editing cannot be written by a lower one until that ends', async () => {
  const harness = await createRoomHarness({ cells: row, policy: { leaseSeconds: 10 } });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
  const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
  vp.awareness.setLocalState({ editing: 'lineItems/l1/name' });
  vp.send(presenceFrame(vp.awareness));
  rep.doc.getMap('lineItems').set('l1/name', 'Mine');
  await harness.settle();
  expect(rep.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
  vp.awareness.setLocalState({ editing: null });
  vp.send(presenceFrame(vp.awareness));
  rep.doc.getMap('lineItems').set('l1/name', 'Mine');
  await harness.settle();
  expect(rep.doc.getMap('lineItems').get('l1/name')).toBe('Mine');
});

test('[R1] an edit counts as seen when it left for somebody, and not where nobody was there', async () => {
  const seen: number[] = [];
  const harness = await createRoomHarness({ metrics: { seen: (ms) => void seen.push(ms) } });
  expect(seen).toEqual([]);
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  ada.doc.getMap('fields').set('title', 'Bolts');
  await harness.settle();
  expect(seen).toEqual([0]);
});

test('[R1] the time until an edit is seen covers its decoding and judging', async () => {
  const seen: number[] = [];
  let takes: (ms: number) => void = () => undefined;
  const harness = await createRoomHarness({
    metrics: {
      received: () => takes(1),
      judged: () => takes(10),
      seen: (ms) => void seen.push(ms),
    },
  });
  takes = (ms) => harness.setClock(harness.now() + ms);
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  ada.doc.getMap('fields').set('title', 'Bolts');
  await harness.settle();
  await (
    await harness.room()
  ).write({
    actor: { user: 'bob' as UserId, role: 'admin', permission: 'host' },
    name: 'Bob',
    origin: 'api',
    kind: 'update',
    composition: { cells: [{ cell: present(parseCellId('fields/title'), 'a cell'), value: 'Nuts' }] },
  });
  expect(seen).toEqual([11, 10]);
});
