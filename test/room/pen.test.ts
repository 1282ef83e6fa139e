import { describe, expect, test } from 'vitest';
import type { Permission } from '../../src/authority/role.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { parseCellId } from '../../src/quote/cell.ts';
import { createPen } from '../../src/room/pen.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import { type Peer, eventsOf } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const [a, b, c] = ['a', 'b', 'c'] as UserId[] as [UserId, UserId, UserId];

describe('[R75] who has the pen', () => {
  const here = (...people: readonly (readonly [UserId, Permission])[]) =>
    people.map(([user, granted]) => ({ user, granted }));

  test.each([
    ['nobody is here', [], null],
    ['only viewers are', [[a, 'viewer']], null],
    [
      'the first who may edit has it',
      [
        [a, 'viewer'],
        [b, 'editor'],
        [c, 'host'],
      ],
      b,
    ],
    [
      'over all their connections',
      [
        [b, 'editor'],
        [c, 'host'],
        [b, 'editor'],
      ],
      b,
    ],
  ] as const)('%s', (_what, people, holder) => {
    const pen = createPen({ isShared: false });
    pen.look(here(...people));
    expect(pen.holder).toBe(holder);
  });

  test('it stays with whoever has it, whoever else comes, and goes on when they are gone or may not edit', () => {
    const pen = createPen({ isShared: false });
    pen.look(here([b, 'editor']));
    expect(pen.look(here([a, 'host'], [b, 'editor']))).toBe(false);
    expect(pen.permissionOf(a, 'host')).toBe('viewer');
    expect(pen.permissionOf(b, 'editor')).toBe('editor');
    expect(pen.look(here([a, 'host'], [b, 'viewer']))).toBe(true);
    expect(pen.holder).toBe(a);
  });

  test('where everybody edits at once nobody has it', () => {
    const pen = createPen({ isShared: true });
    expect(pen.look(here([a, 'editor'], [b, 'editor']))).toBe(false);
    expect([pen.holder, pen.permissionOf(b, 'editor')]).toEqual([null, 'editor']);
  });
});

const ada = { user: 'ada', role: 'sales_rep', name: 'Ada', events: true } as const;
const bob = { user: 'bob', role: 'vp_sales', name: 'Bob', permission: 'host', events: true } as const;
const penWithAda = { id: 'ada', name: 'Ada', role: 'sales_rep' };

const name = (peer: Peer): unknown => peer.doc.getMap('lineItems').get('l1/name');

async function patch(harness: RoomHarness, user: string): Promise<unknown> {
  const cell = parseCellId('lineItems/l1/unit');
  if (cell === null) throw new Error('it is a cell');
  return (await harness.room()).write({
    actor: { user: user as UserId, role: 'admin', permission: 'host' },
    name: user,
    origin: 'api',
    kind: 'update',
    composition: { cells: [{ cell, value: 'pcs' }] },
  });
}

test('[R75] the second editor is a viewer, is told of the first, and edits when that one has left', async () => {
  const harness = await createRoomHarness({ cells: row, isShared: false });
  const one = await harness.join(ada);
  const two = await harness.join(bob);
  expect(eventsOf(one, 'hello')[0]).toMatchObject({ permission: 'editor' });
  expect(eventsOf(two, 'hello')[0]).toMatchObject({ permission: 'viewer', penWith: penWithAda });
  two.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  expect(name(two)).toBe('Bolt');
  expect(eventsOf(two, 'refused')[0]?.writes).toMatchObject([{ reason: 'not_permitted' }]);
  one.disconnect();
  await harness.settle();
  expect(eventsOf(two, 'permission')).toEqual([{ type: 'permission', permission: 'host', role: 'vp_sales' }]);
  two.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.settle();
  expect(name(two)).toBe('Nut');
  const back = await harness.rejoin(one);
  expect(eventsOf(back, 'hello')[0]).toMatchObject({ permission: 'viewer', penWith: { id: 'bob' } });
});

test('[R75] a demoted editor loses the pen in place, and the next one has it', async () => {
  const harness = await createRoomHarness({ cells: row, isShared: false });
  const one = await harness.join(ada);
  const two = await harness.join(bob);
  await (
    await harness.room()
  ).reassign('ada' as UserId, async (actor, called) => ({
    actor: { ...actor, permission: 'viewer' },
    name: called,
  }));
  await harness.settle();
  expect(eventsOf(one, 'permission').at(-1)).toEqual({
    type: 'permission',
    permission: 'viewer',
    role: 'sales_rep',
  });
  expect(eventsOf(two, 'permission').at(-1)).toMatchObject({ permission: 'host' });
  expect([one.closed, two.closed]).toEqual([null, null]);
});

test('[R75] over HTTP too: not beside whoever has the pen, but by that person, and where nobody has it', async () => {
  const harness = await createRoomHarness({ cells: row, isShared: false });
  await patch(harness, 'zoe');
  await harness.join(ada);
  await expect(patch(harness, 'zoe')).rejects.toMatchObject({ code: 'pen_taken' });
  await patch(harness, 'ada');
});

test('[R75] the session shows people with what they may do just now', async () => {
  const harness = await createRoomHarness({ cells: row, isShared: false });
  const one = await harness.join(ada);
  await harness.join(bob);
  const permissions = (): unknown =>
    harness.sessions.ofQuote(harness.quote)?.people.map(({ user, permission }) => [user, permission]);
  expect(permissions()).toEqual([
    ['ada', 'editor'],
    ['bob', 'viewer'],
  ]);
  one.disconnect();
  expect(permissions()).toEqual([['bob', 'host']]);
});
