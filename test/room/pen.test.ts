import { describe, expect, test } from 'vitest';
import type { Permission } from '../../src/authority/role.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { parseCellId } from '../../src/quote/cell.ts';
import { PEN_KEPT_MS, defaultLimits } from '../../src/lib/limits.ts';
import { createPen } from '../../src/room/pen.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import { type Peer, eventsOf } from '../support/room-peer.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const [a, b, c] = ['a', 'b', 'c'] as UserId[] as [UserId, UserId, UserId];

const START = 1_700_000_000_000;

describe('[R75] who has the pen', () => {
  const here = (...people: readonly (readonly [UserId, Permission, boolean?])[]) =>
    people.map(([user, granted, isAway = false]) => ({ user, granted, isAway }));

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
    pen.look(here(...people), START);
    expect(pen.holder).toBe(holder);
  });

  test('it stays with whoever has it, whoever else comes, and goes on when they are gone or may not edit', () => {
    const pen = createPen({ isShared: false });
    pen.look(here([b, 'editor']), START);
    expect(pen.look(here([a, 'host'], [b, 'editor']), START)).toBe(false);
    expect(pen.permissionOf(a, 'host')).toBe('viewer');
    expect(pen.permissionOf(b, 'editor')).toBe('editor');
    expect(pen.look(here([a, 'host'], [b, 'viewer']), START)).toBe(true);
    expect(pen.holder).toBe(a);
  });

  test('somebody away keeps it until somebody else is there, and does not take it back by being there again', () => {
    const pen = createPen({ isShared: false });
    pen.look(here([a, 'editor', true]), START);
    expect(pen.look(here([a, 'editor', true], [b, 'editor', true]), START)).toBe(false);
    expect(pen.look(here([a, 'editor', true], [a, 'editor'], [b, 'editor']), START)).toBe(false);
    expect(pen.look(here([a, 'editor', true], [c, 'viewer'], [b, 'editor']), START)).toBe(true);
    expect(pen.look(here([a, 'editor'], [b, 'editor']), START)).toBe(false);
    expect(pen.holder).toBe(b);
  });

  test('[R79] of a line that was cut it is kept for a minute', () => {
    const pen = createPen({ isShared: false });
    pen.look(here([a, 'editor'], [b, 'editor']), START);
    pen.cut(b, START);
    pen.cut(a, START);
    expect(pen.look(here([b, 'editor']), START + PEN_KEPT_MS - 1)).toBe(false);
    expect([pen.permissionOf(b, 'editor'), pen.permissionOf(a, 'editor')]).toEqual(['viewer', 'editor']);
    expect(pen.look(here([b, 'editor']), START + PEN_KEPT_MS)).toBe(true);
    expect(pen.holder).toBe(b);
  });

  test('where everybody edits at once nobody has it', () => {
    const pen = createPen({ isShared: true });
    expect(pen.look(here([a, 'editor'], [b, 'editor']), START)).toBe(false);
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
  one.disconnect(1000);
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
  one.disconnect(1000);
  expect(permissions()).toEqual([['bob', 'host']]);
});

test('[R79] after a cut line the pen and what was written meanwhile are still theirs; a minute later it goes on', async () => {
  const harness = await createRoomHarness({ cells: row, isShared: false });
  const one = await harness.join(ada);
  const two = await harness.join(bob);
  one.disconnect(1006);
  one.doc.getMap('lineItems').set('l1/name', 'Nut');
  await harness.pass(5_000);
  await expect(patch(harness, 'zoe')).rejects.toMatchObject({ code: 'pen_taken' });
  const back = await harness.rejoin(one);
  expect(eventsOf(back, 'hello')[0]).toMatchObject({ permission: 'editor' });
  expect([name(back), name(two)]).toEqual(['Nut', 'Nut']);
  back.disconnect(1006);
  await harness.pass(PEN_KEPT_MS + 2_000);
  expect(eventsOf(two, 'permission').at(-1)).toMatchObject({ permission: 'host' });
  expect(eventsOf(await harness.rejoin(back), 'hello')[0]).toMatchObject({ permission: 'viewer' });
});

test('[R79] also where nobody else is there meanwhile', async () => {
  const harness = await createRoomHarness({ cells: row, isShared: false });
  (await harness.join(ada)).disconnect(1006);
  await harness.pass(30_000);
  expect(eventsOf(await harness.join(bob), 'hello')[0]).toMatchObject({
    permission: 'viewer',
    penWith: penWithAda,
  });
});

test('[R75] whoever is away lets go of the pen for somebody who waits', async () => {
  const harness = await createRoomHarness({ cells: row, isShared: false });
  const one = await harness.join(ada);
  await harness.pass(6 * 60_000);
  const two = await harness.join(bob);
  expect(eventsOf(two, 'hello')[0]).toMatchObject({ permission: 'host' });
  expect(eventsOf(one, 'permission').at(-1)).toMatchObject({ permission: 'viewer', penWith: { id: 'bob' } });
  expect(eventsOf(two, 'permission')).toEqual([]);
});

test('[R75] whoever waits for the pen and types is told to come back, not shut out as a viewer', async () => {
  const harness = await createRoomHarness({ cells: row, isShared: false });
  await harness.join(ada);
  const two = await harness.join(bob);
  for (let n = 0; n <= defaultLimits.viewerRefusalsPerMinute; n += 1) {
    two.doc.getMap('lineItems').set('l1/name', `Nut ${n}`);
    await harness.settle();
  }
  expect(two.closed).toBeNull();
  for (let n = 0; two.closed === null && n <= defaultLimits.refusalsPerMinute; n += 1) {
    two.doc.getMap('lineItems').set('l1/name', `Screw ${n}`);
    await harness.settle();
  }
  expect(two.closed).toEqual({ code: 4529, reason: 'Ada has the pen: you can edit when they are done' });
});
