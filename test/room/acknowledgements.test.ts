import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { encodeStep2, encodeUpdateFrame } from '../../src/wire/frames.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { arbitraryPlainEdit, makeEdit } from '../support/edits.ts';
import { createFlakyLog } from '../support/flaky-log.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { acknowledged, eventsOf, kindOf } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };

test('[R15] every step 2 and update counts once: merged, refused, known already or empty', async () => {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
  expect(acknowledged(rep)).toBe(1);
  const before = Y.encodeStateVector(rep.doc);
  rep.doc.getMap('lineItems').set('l1/quantity', '3');
  rep.doc.getMap('lineItems').set('l1/discountPercent', '99');
  await harness.settle();
  expect(acknowledged(rep)).toBe(3);
  rep.send(encodeUpdateFrame(Y.encodeStateAsUpdate(rep.doc, before)));
  rep.send(encodeUpdateFrame(Y.encodeStateAsUpdate(new Y.Doc())));
  rep.send(encodeStep2(Y.encodeStateAsUpdate(rep.doc)));
  await harness.settle();
  expect(acknowledged(rep)).toBe(6);
  expect(acknowledged(rep)).toBe(rep.sentFrames);
});

test('[R15] acknowledgements never decrease and name a revision that holds what they settle', async () => {
  const harness = await createRoomHarness({ cells: row });
  const people = await Promise.all(
    ['a', 'b'].map((user) => harness.join({ user, role: 'sales_rep', events: true })),
  );
  for (let round = 0; round < 5; round++) {
    for (const { doc } of people) doc.getMap('lineItems').set(`l1/x_${round}`, doc.clientID.toString());
    if (round % 2 === 0) await harness.settle();
  }
  await harness.settle();
  for (const peer of people) {
    const acks = eventsOf(peer, 'ack');
    expect(acks.map(({ frames }) => frames)).toEqual(
      acks.map(({ frames }) => frames).toSorted((a, b) => a - b),
    );
    expect(acks.at(-1)).toMatchObject({ frames: 6, revision: 11 });
  }
});

test('[R15] whatever is sent, lost or sent again, in the end as many are acknowledged as arrived', async () => {
  const action = fc.record({
    who: fc.nat(2),
    edit: arbitraryPlainEdit,
    then: fc.constantFrom('nothing', 'settle', 'lose', 'repeat', 'turn'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
      const harness = await createRoomHarness({ cells: row, limits: { refusalsPerMinute: 1_000 } });
      const roles = ['sales_rep', 'vp_sales', 'admin'] as const;
      const peers = await Promise.all(
        roles.map((role) => harness.join({ user: role, role, events: true, doc: new Y.Doc() })),
      );
      for (const { who, edit, then } of actions) {
        const peer = peers[who % peers.length];
        if (peer === undefined) throw new Error('one of the three');
        peer.isLossy = then === 'lose';
        makeEdit(peer.doc, edit);
        peer.isLossy = false;
        if (then === 'repeat') peer.send(encodeUpdateFrame(Y.encodeStateAsUpdate(peer.doc)));
        if (then === 'turn') await harness.turn();
        if (then === 'settle') await harness.settle();
      }
      await harness.settle();
      for (const peer of peers) {
        expect(peer.closed).toBeNull();
        expect(acknowledged(peer)).toBe(peer.sentFrames);
      }
    }),
    { numRuns: 40 },
  );
});

test('[R16] frames beyond a lost one are asked for once, and acknowledged with the step 2 that brings it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  ada.isLossy = true;
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  ada.isLossy = false;
  const before = ada.received.length;
  ada.doc.getMap('lineItems').set('l1/name', 'Nut');
  ada.doc.getMap('lineItems').set('l1/unit', 'pcs');
  await harness.turn();
  expect(ada.received.slice(before).map(kindOf)).toEqual(['step1']);
  expect(bob.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
  await harness.settle();
  expect(bob.doc.getMap('lineItems').toJSON()).toMatchObject({
    'l1/quantity': '3',
    'l1/name': 'Nut',
    'l1/unit': 'pcs',
  });
  // The first step 2, two updates, and the step 2 that healed the gap.
  expect(acknowledged(ada)).toBe(4);
  expect((await harness.log.entries(harness.quote, { after: 1, limit: 10 })).length).toBe(1);
});

test('[R16] what comes after a gap waits for it, though it could be merged: the number says which frames are safe', async () => {
  const harness = await createRoomHarness({ cells: row });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  ada.isLossy = true;
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  ada.isLossy = false;
  ada.isStalled = true;
  ada.doc.getMap('lineItems').set('l1/name', 'Nut');
  // Another tab of hers, without a gap, over the same connection.
  const tab = new Y.Doc();
  tab.getMap('fields').set('title', 'Bolts');
  ada.send(encodeUpdateFrame(Y.encodeStateAsUpdate(tab)));
  await harness.settle();
  expect((await harness.room()).gate.doc.getMap('fields').get('title')).toBe('Bolts');
  expect(ada.events.filter(({ type }) => type === 'ack').length).toBe(1);
  ada.isStalled = false;
  await harness.settle();
  expect(acknowledged(ada)).toBe(ada.sentFrames);
});

test('[R16] edits made before the first step 2 is answered need no further question', async () => {
  const harness = await createRoomHarness({ cells: row });
  const doc = new Y.Doc();
  doc.getMap('lineItems').set('l1/quantity', '3');
  const ada = await harness.enter({ user: 'ada', role: 'sales_rep', events: true, doc });
  doc.getMap('lineItems').set('l1/unit', 'pcs');
  await harness.settle();
  expect(ada.received.map(kindOf).filter((kind) => kind === 'step1').length).toBe(1);
  expect(acknowledged(ada)).toBe(2);
  expect((await harness.room()).gate.doc.getMap('lineItems').get('l1/unit')).toBe('pcs');
});

test('[R16] a client that never heals its gaps is closed before they fill the memory', async () => {
  const limits = { syncFramesPerSecond: 100_000, syncFramesBurst: 100_000 };
  const harness = await createRoomHarness({ cells: row, limits });
  const eve = await harness.join({ user: 'eve', role: 'sales_rep' });
  eve.isLossy = true;
  eve.doc.getMap('lineItems').set('l1/quantity', '3');
  const before = Y.encodeStateVector(eve.doc);
  eve.doc.getMap('lineItems').set('l1/name', 'Nut');
  const beyond = encodeUpdateFrame(Y.encodeStateAsUpdate(eve.doc, before));
  eve.isStalled = true;
  for (let count = 0; count <= 10_000; count++) eve.send(beyond);
  expect(eve.closed?.code).toBe(4400);
});

test('[R17] nothing is acknowledged before it is durable, nor before what came ahead of it is', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep', events: true });
  const release = log.hold();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  // Known already: there is nothing to append for it, but what it rests on is not durable.
  ada.send(encodeUpdateFrame(Y.encodeStateAsUpdate(ada.doc)));
  bob.send(encodeStep2(Y.encodeStateAsUpdate(bob.doc)));
  const late = await harness.enter({ user: 'late', role: 'sales_rep', events: true });
  await harness.settle();
  expect([ada, bob, late].map(acknowledged)).toEqual([1, 1, 0]);
  expect(bob.doc.getMap('lineItems').get('l1/quantity')).toBeUndefined();
  expect(late.received.map(kindOf)).not.toContain('step2');
  release();
  await harness.settle();
  expect([ada, bob, late].map(acknowledged)).toEqual([3, 2, 1]);
  expect(late.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
});

test('[R17] of two appends that follow each other each lets out what it holds, and no more', async () => {
  const log = createFlakyLog(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log, limits: { viewerRefusalsPerMinute: 0 } });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  const eye = await harness.join({ user: 'eye', role: 'sales_rep', permission: 'viewer', events: true });
  const releaseFirst = log.hold();
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  ada.doc.getMap('lineItems').set('l1/quantity', '4');
  eye.doc.getMap('lineItems').set('l1/name', 'Nut');
  const late = await harness.enter({ user: 'late', role: 'sales_rep' });
  await harness.settle();
  const releaseSecond = log.hold();
  releaseFirst();
  await harness.settle();
  expect(acknowledged(ada)).toBe(2);
  expect(eye.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
  expect(late.received.map(kindOf)).toEqual(['step1']);
  // One refusal too many, but its author has not been told of it yet.
  expect([eye.closed, eventsOf(eye, 'refused')]).toEqual([null, []]);
  releaseSecond();
  await harness.settle();
  expect(acknowledged(ada)).toBe(3);
  expect(late.doc.getMap('lineItems').toJSON()).toMatchObject({ 'l1/quantity': '4', 'l1/name': 'Bolt' });
  expect(eventsOf(eye, 'refused').length).toBe(1);
  expect(eye.closed?.code).toBe(4403);
  expect(eye.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
});
