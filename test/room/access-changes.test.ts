import { expect, test } from 'vitest';
import type { Actor } from '../../src/authority/actor.ts';
import type { UserId } from '../../src/lib/ids.ts';
import type { Reassigned } from '../../src/room/room.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { eventsOf } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const ada = 'ada' as UserId;

const becomes =
  (change: Partial<Actor>, name = 'Ada') =>
  async (actor: Actor): Promise<Reassigned> => ({ actor: { ...actor, ...change }, name });

test('[R38] a role or permission changes in place: every tab is told, and the next write is judged by it', async () => {
  const harness = await createRoomHarness({ cells: row });
  const tabs = [
    await harness.join({ user: ada, role: 'admin', name: 'Ada', events: true }),
    await harness.join({ user: ada, role: 'admin', name: 'Ada', events: true }),
  ];
  const other = await harness.join({ user: 'bob', role: 'sales_rep', events: true });
  const room = await harness.room();
  const [tab] = tabs;
  tab?.doc.getMap('lineItems').set('l1/discountPercent', '90');
  await harness.settle();
  await room.reassign(ada, becomes({ role: 'sales_manager' }));
  await harness.settle();
  expect(tabs.map((one) => eventsOf(one, 'permission'))).toEqual([
    [{ type: 'permission', permission: 'editor', role: 'sales_manager' }],
    [{ type: 'permission', permission: 'editor', role: 'sales_manager' }],
  ]);
  expect(eventsOf(other, 'permission')).toEqual([]);
  tab?.doc.getMap('lineItems').set('l1/discountPercent', '80');
  await harness.settle();
  expect(tab?.doc.getMap('lineItems').get('l1/discountPercent')).toBe('90');
  await room.reassign(ada, becomes({ permission: 'viewer' }));
  tab?.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  expect(tab?.doc.getMap('lineItems').get('l1/name')).toBe('Bolt');
  expect(tab?.closed).toBeNull();
  await room.reassign(ada, becomes({ permission: 'editor', role: 'admin' }));
  tab?.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  expect(other.doc.getMap('lineItems').get('l1/name')).toBe('Nut');
});

test('[R38] what was sent before the change is judged by what held when it came in', async () => {
  const harness = await createRoomHarness({ cells: row });
  const tab = await harness.join({ user: ada, role: 'admin', events: true });
  tab.doc.getMap('lineItems').set('l1/discountPercent', '90');
  await (await harness.room()).reassign(ada, becomes({ role: 'sales_rep' }));
  await harness.settle();
  expect(tab.doc.getMap('lineItems').get('l1/discountPercent')).toBe('90');
  const [entry] = await harness.log.entries(harness.quote, { after: 1, limit: 1 });
  expect(entry?.actor).toEqual({ user: ada, role: 'admin', permission: 'editor' });
});

test('[R39] who loses access is closed with 4403, on every tab and no other', async () => {
  const harness = await createRoomHarness({ cells: row });
  const tabs = [
    await harness.join({ user: ada, role: 'admin' }),
    await harness.join({ user: ada, role: 'admin' }),
  ];
  const other = await harness.join({ user: 'bob', role: 'admin' });
  await (await harness.room()).reassign(ada, async () => 'none');
  expect(tabs.map(({ closed }) => closed?.code)).toEqual([4403, 4403]);
  expect(other.closed).toBeNull();
});

test('[R39] a connection that ends while the person is looked up does not come back to life', async () => {
  const harness = await createRoomHarness({ cells: row });
  const tab = await harness.join({ user: ada, role: 'admin', events: true });
  const room = await harness.room();
  await room.reassign(ada, async (actor) => {
    tab.disconnect();
    return { actor: { ...actor, role: 'sales_rep' }, name: 'Ada' };
  });
  await harness.pass(100);
  expect(room.members()).toEqual([]);
  expect(eventsOf(tab, 'permission')).toEqual([]);
});

test('[R59] a connection ends with its token, within a second; what came in before is kept, other tokens go on', async () => {
  const harness = await createRoomHarness({ cells: row });
  const tab = await harness.join({ user: ada, role: 'admin', expiresAt: harness.now() + 60_000 });
  const renewed = await harness.join({ user: ada, role: 'admin', expiresAt: harness.now() + 3_600_000 });
  await harness.pass(59_000);
  expect(tab.closed).toBeNull();
  tab.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.pass(1_000);
  expect(tab.closed).toEqual({ code: 4401, reason: 'your sign-in has expired; sign in again' });
  expect(renewed.closed).toBeNull();
  expect(renewed.doc.getMap('lineItems').get('l1/name')).toBe('Nut');
});

test('[R59] a token expires by the date: a clock that is put forward ends it, one that is put back does not', async () => {
  const harness = await createRoomHarness({ cells: row });
  const expiresAt = harness.now() + 3_600_000;
  const tab = await harness.join({ user: ada, role: 'admin', expiresAt });
  harness.setClock(harness.now() - 86_400_000);
  await harness.pass(2_000);
  expect(tab.closed).toBeNull();
  harness.setClock(expiresAt);
  await harness.pass(1_000);
  expect(tab.closed?.code).toBe(4401);
});
