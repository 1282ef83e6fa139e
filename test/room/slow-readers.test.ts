import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createPace } from '../../src/room/pace.ts';
import { encodeStep1 } from '../../src/wire/frames.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { kindOf } from '../support/room-peer.ts';

const MIB = 1024 * 1024;
const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };

async function slowAndQuick() {
  const harness = await createRoomHarness({ cells: row });
  const slow = await harness.join({ user: 'slow', role: 'sales_rep' });
  const quick = await harness.join({ user: 'quick', role: 'sales_rep' });
  slow.isStalled = true;
  return { harness, slow, quick };
}

test('[R27] over 1 MiB unsent a reader gets no presence, but edits; what it missed comes with the next renewal', async () => {
  const { harness, slow, quick } = await slowAndQuick();
  slow.inbox.length = 0;
  slow.unsentBytes = MIB + 1;
  quick.awareness.setLocalState({ cell: 'fields/title' });
  harness.advance(50);
  quick.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  expect(slow.inbox.map(kindOf)).toEqual(['update']);
  slow.unsentBytes = MIB;
  quick.awareness.setLocalState(quick.awareness.getLocalState());
  harness.advance(50);
  expect(slow.inbox.map(kindOf)).toEqual(['update', 'presence']);
  expect(slow.closed).toBeNull();
});

test('[R28] over 4 MiB unsent the next frame closes it with 4508, and it is cut 2 s later', async () => {
  const { harness, slow, quick } = await slowAndQuick();
  slow.unsentBytes = 4 * MIB;
  quick.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  expect(slow.closed).toBeNull();
  slow.unsentBytes = 4 * MIB + 1;
  quick.doc.getMap('lineItems').set('l1/quantity', '4');
  await harness.settle();
  expect(slow.closed?.code).toBe(4508);
  const sent = slow.received.length;
  quick.doc.getMap('lineItems').set('l1/quantity', '5');
  harness.advance(2_000);
  await harness.settle();
  expect(slow.isTerminated).toBe(true);
  expect(slow.received.length).toBe(sent);
  expect(quick.closed).toBeNull();
  // It comes back and misses nothing.
  const again = await harness.rejoin(slow);
  expect(again.doc.getMap('lineItems').get('l1/quantity')).toBe('5');
});

test('[R28] 10 s above 1 MiB close it too, unless it was below in between', async () => {
  const { harness, slow } = await slowAndQuick();
  slow.unsentBytes = 2 * MIB;
  await harness.pass(9_000);
  slow.unsentBytes = MIB;
  await harness.pass(2_000);
  slow.unsentBytes = 2 * MIB;
  await harness.pass(10_000);
  expect(slow.closed).toBeNull();
  await harness.pass(1_000);
  expect(slow.closed?.code).toBe(4508);
});

test('[R28] a reader that is closed in the middle of a flush keeps nobody else from being told', async () => {
  const harness = await createRoomHarness({ cells: row });
  const people = [];
  for (let count = 0; count < 6; count++) {
    people.push(await harness.join({ user: `u${count}`, role: 'sales_rep', events: true }));
  }
  for (const [index, person] of people.entries()) if (index % 2 === 0) person.unsentBytes = 5 * MIB;
  people[5]?.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  expect(people.map(({ closed }) => closed?.code)).toEqual([
    4508,
    undefined,
    4508,
    undefined,
    4508,
    undefined,
  ]);
  expect(people.map(({ doc }) => doc.getMap('lineItems').get('l1/quantity'))).toEqual([
    ...[undefined, '3', undefined, '3', undefined, '3'],
  ]);
  expect(people[5]?.events.at(-1)).toMatchObject({ type: 'ack', frames: 2 });
});

describe('a sync step 2 is as large as the document', () => {
  test('[R29] a reader is given time for it, at 256 KiB a second', () => {
    const pace = createPace();
    pace.grant(8 * MIB, 1_000);
    expect(pace.behind(8 * MIB, 1_000)).toBe(0);
    expect(pace.behind(8 * MIB, 17_000)).toBe(4 * MIB);
    expect(pace.behind(4 * MIB, 17_000)).toBe(0);
    expect(pace.behind(6 * MIB, 33_000)).toBe(6 * MIB);
  });

  test('[R29] what it was given is gone once it has caught up', () => {
    const pace = createPace();
    pace.grant(8 * MIB, 0);
    expect(pace.behind(1 * MIB, 100)).toBe(1 * MIB);
    expect(pace.behind(5 * MIB, 200)).toBe(5 * MIB);
  });

  test('[R29] asking again gives no more room', () => {
    const pace = createPace();
    for (let count = 0; count < 10; count++) pace.grant(8 * MIB, 0);
    expect(pace.behind(20 * MIB, 0)).toBe(12 * MIB);
  });

  test('[R29] updates go on to somebody who still reads its first step 2, and it is not closed', async () => {
    const harness = await createRoomHarness({ cells: row });
    const quick = await harness.join({ user: 'quick', role: 'sales_rep' });
    for (let part = 0; part < 6; part++) {
      quick.doc.transact(() => {
        for (let line = 0; line < 150; line++)
          quick.doc.getMap('lineItems').set(`p${part}l${line}/name`, 'x'.repeat(8_000));
      });
      await harness.settle();
    }
    const slow = await harness.enter({ user: 'slow', role: 'sales_rep' });
    slow.read();
    await harness.turn();
    const step2 = slow.inbox.find((frame) => kindOf(frame) === 'step2');
    expect(step2?.length).toBeGreaterThan(6 * MIB);
    slow.isStalled = true;
    for (let second = 0; second < 20; second++) {
      slow.unsentBytes = (step2?.length ?? 0) - second * 300 * 1024;
      quick.doc.getMap('lineItems').set('l1/quantity', `${second}`);
      await harness.pass(1_000);
    }
    expect(slow.closed).toBeNull();
    // One that does not read at all is closed in the end.
    slow.unsentBytes = 7 * MIB;
    await harness.pass(30_000);
    expect(slow.closed?.code).toBe(4508);
  });

  test('[R29] who asks for it again and again without reading is closed', async () => {
    const harness = await createRoomHarness({ cells: { ...row, 'fields/x_long': 'x'.repeat(8_000) } });
    const eve = await harness.join({ user: 'eve', role: 'sales_rep' });
    eve.isStalled = true;
    const nothing = encodeStep1(Y.encodeStateVector(new Map()));
    for (let count = 0; count < 1_000 && eve.closed === null; count++) {
      eve.send(nothing);
      await harness.turn();
      harness.advance(50);
    }
    expect(eve.closed?.code).toBe(4508);
    expect(eve.inbox.reduce((bytes, frame) => bytes + frame.length, 0)).toBeLessThan(4.1 * MIB);
  });
});

test('[R30] a socket that throws is let go, and nobody else notices', async () => {
  const harness = await createRoomHarness({ cells: row });
  const broken = await harness.join({ user: 'broken', role: 'sales_rep' });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep', events: true });
  const bob = await harness.join({ user: 'bob', role: 'sales_rep' });
  broken.isBroken = true;
  ada.doc.getMap('lineItems').set('l1/quantity', '3');
  await harness.settle();
  expect(bob.doc.getMap('lineItems').get('l1/quantity')).toBe('3');
  expect(ada.events.at(-1)).toMatchObject({ type: 'ack', frames: 2 });
  expect((await harness.room()).members().map(({ id }) => id)).toEqual(['ada', 'bob']);
  expect(harness.reported).toEqual([]);
});
