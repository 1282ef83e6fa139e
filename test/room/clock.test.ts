import { expect, test } from 'vitest';
import { createSteadyClock } from '../../src/room/steady-clock.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { kindOf } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const HOUR = 3_600_000;

test.each([-HOUR, 24 * HOUR])(
  '[R57] setting the clock by %i ms ends, closes and holds up nothing',
  async (by) => {
    const harness = await createRoomHarness({ cells: row, policy: { leaseSeconds: 10 } });
    const rep = await harness.join({ user: 'rep', role: 'sales_rep', events: true });
    const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
    vp.awareness.setLocalState({ editing: 'lineItems/l1/name' });
    await harness.pass(1_000);
    const before = rep.received.length;
    harness.setClock(harness.now() + by);
    await harness.pass(1_000);
    // The lease goes on for what is left of it.
    rep.doc.getMap('lineItems').set('l1/name', 'Mine');
    await harness.settle();
    expect(rep.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
    vp.awareness.setLocalState({ editing: null });
    for (let second = 0; second < 24; second++) await harness.pass(1_000);
    expect([rep.closed, vp.closed]).toEqual([null, null]);
    expect(rep.awareness.getStates().has(vp.doc.clientID)).toBe(true);
    const since = rep.received.slice(before);
    expect(since.filter((frame) => kindOf(frame) === 'presence').length).toBeGreaterThanOrEqual(3);
    for (let edit = 0; edit < 20; edit++) rep.doc.getMap('lineItems').set('l1/quantity', `${edit}`);
    await harness.settle();
    expect(vp.doc.getMap('lineItems').get('l1/quantity')).toBe('19');
    rep.disconnect();
    vp.disconnect();
    // Refusals of the last minute keep the room.
    await harness.pass(62_000);
    expect(harness.rooms.peek(harness.quote)).toBeNull();
  },
);

test('[R57] a steady clock goes on from where it was', () => {
  let time = 1_000;
  const steady = createSteadyClock(() => time);
  time += 500;
  expect(steady()).toBe(1_500);
  time -= HOUR;
  expect(steady()).toBe(1_500);
  time += 700;
  expect(steady()).toBe(2_200);
  time += HOUR;
  expect(steady()).toBe(7_200);
});
