import { expect, test } from 'vitest';
import type { Actor } from '../../src/authority/actor.ts';
import type { Permission, Role } from '../../src/authority/role.ts';
import type { UserId } from '../../src/lib/ids.ts';
import type { ConflictChoice } from '../../src/wire/conflict-choice.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import { type Peer, eventsOf } from '../support/room-peer.ts';

const CELL = 'fields/paymentTerms';
const policy = { rules: [{ cells: CELL, tie: 'hold' as const }] };
const rep = (user: string) => ({ user, role: 'sales_rep', events: true, name: user.toUpperCase() }) as const;
const actor = (user: string, role: Role, permission: Permission = 'editor'): Actor => ({
  user: user as UserId,
  role,
  permission,
});

const terms = (peer: Peer): unknown => peer.doc.getMap('fields').get('paymentTerms');
const conflictsOf = (peer: Peer) => eventsOf(peer, 'conflicts').at(-1)?.conflicts ?? [];

/** Ada's "Net 30" stands, Ben's "Net 60" waits. */
async function held(more: Parameters<typeof createRoomHarness>[0] = {}): Promise<{
  harness: RoomHarness;
  ada: Peer;
  ben: Peer;
}> {
  const harness = await createRoomHarness({ policy, ...more });
  const [ada, ben] = [await harness.join(rep('ada')), await harness.join(rep('ben'))];
  ada.doc.getMap('fields').set('paymentTerms', 'Net 30');
  ben.doc.getMap('fields').set('paymentTerms', 'Net 60');
  await harness.settle();
  return { harness, ada, ben };
}

/** The list of conflicts is told at most so often. */
async function told(harness: RoomHarness): Promise<void> {
  harness.advance(250);
  await harness.settle();
}

async function settle(harness: RoomHarness, chooser: Actor, choice: ConflictChoice): Promise<unknown> {
  const room = await harness.room();
  const settled = await room.conflicts.settle(1, { chooser, name: chooser.user, origin: 'api', choice });
  await told(harness);
  return settled.ok ? settled.value.verdicts.map(({ verdict }) => verdict) : settled.reason;
}

test('[R76] the first stays, the second is told that it is held, and both are told of the conflict once it is durable', async () => {
  const { harness, ada, ben } = await held();
  expect([terms(ada), terms(ben)]).toEqual(['Net 30', 'Net 30']);
  expect(eventsOf(ben, 'refused')[0]?.writes).toMatchObject([
    { cell: CELL, reason: 'held', offered: 'Net 60' },
  ]);
  expect(conflictsOf(ada)).toMatchObject([
    {
      n: 1,
      cell: CELL,
      kept: { by: { name: 'ADA' }, value: 'Net 30' },
      parked: [{ by: { name: 'BEN' }, value: 'Net 60' }],
      mayChoose: true,
    },
  ]);
  const late = await harness.join({ ...rep('cem'), role: 'vp_sales' });
  expect(conflictsOf(late)).toMatchObject([{ n: 1, parked: [{ value: 'Net 60' }] }]);
  expect(eventsOf(ada, 'session').at(-1)?.state).toBe('conflicting');
});

test('[R76] what is parked is told to those who may choose, and in no frame to anyone else', async () => {
  const harness = await createRoomHarness({ policy });
  const manager = (user: string) => ({ ...rep(user), role: 'sales_manager' }) as const;
  const [ada, ben] = [await harness.join(manager('ada')), await harness.join(manager('ben'))];
  const others = [
    await harness.join(rep('low')),
    await harness.join({ ...rep('eye'), role: 'admin', permission: 'viewer' }),
    await harness.join({ ...rep('mute'), events: false, role: 'admin' }),
  ];
  ada.doc.getMap('fields').set('paymentTerms', 'Net 30');
  ben.doc.getMap('fields').set('paymentTerms', 'SECRET 60');
  await harness.settle();
  expect(others.map((peer) => conflictsOf(peer).length)).toEqual([1, 1, 0]);
  for (const peer of others) {
    for (const { parked, mayChoose } of conflictsOf(peer)) {
      expect(mayChoose).toBe(false);
      expect(parked).toMatchObject([{ by: { id: 'ben', name: 'BEN', role: 'sales_manager' }, revision: 3 }]);
      expect(parked[0]).not.toHaveProperty('value');
    }
    for (const frame of peer.received) expect(Buffer.from(frame).includes('SECRET')).toBe(false);
  }
  expect(conflictsOf(ben)[0]?.parked[0]?.value).toBe('SECRET 60');
});

test('[R76] each value comes with when it was written, also where the conflict was held before a crash', async () => {
  const { harness, ben } = await held();
  const written = harness.now();
  expect(conflictsOf(ben)[0]?.parked).toMatchObject([{ at: written }]);
  harness.crash();
  await harness.pass(1_000);
  const late = await harness.join(rep('cem'));
  expect(conflictsOf(late)).toMatchObject([{ kept: { at: written }, parked: [{ at: written }] }]);
});

test('[R76] whoever is promoted sees what waits, and whoever is demoted no longer', async () => {
  const { harness, ada } = await held();
  const room = await harness.room();
  const low = await harness.join({ ...rep('eye'), permission: 'viewer' });
  expect(conflictsOf(low)[0]?.parked[0]).not.toHaveProperty('value');
  const becomes = (permission: Permission) => async (now: Actor, name: string) => ({
    actor: { ...now, permission },
    name,
  });
  await room.reassign('eye' as UserId, becomes('editor'));
  await harness.settle();
  expect(conflictsOf(low)[0]).toMatchObject({ mayChoose: true, parked: [{ value: 'Net 60' }] });
  await room.reassign('ada' as UserId, becomes('viewer'));
  await harness.settle();
  expect(conflictsOf(ada)[0]).toMatchObject({ mayChoose: false });
});

test.each([
  ['what is kept', { choose: 'kept' }, 'Net 30'],
  ['what is parked', { choose: 'parked' }, 'Net 60'],
  ['a third value', { choose: 'value', value: 'Net 45' }, 'Net 45'],
] as const)('[R77] it is settled by %s', async (_what, choice, stands) => {
  const { harness, ada, ben } = await held();
  const room = await harness.room();
  expect(room.conflicts.lookAt(1, actor('dan', 'sales_manager'), 'dan')).toMatchObject({ ok: true });
  await told(harness);
  expect(conflictsOf(ada)[0]?.openedBy).toMatchObject({ id: 'dan', role: 'sales_manager' });
  expect(eventsOf(ada, 'session').at(-1)?.state).toBe('resolving');
  expect(await settle(harness, actor('dan', 'sales_manager'), choice)).toEqual(['accepted']);
  expect([terms(ada), terms(ben)]).toEqual([stands, stands]);
  expect([conflictsOf(ada), conflictsOf(ben)]).toEqual([[], []]);
  expect(eventsOf(ada, 'session').at(-1)?.state).toBe('resolved');
  const [entry] = await harness.log.entries(harness.quote, { after: 3, limit: 10 });
  expect(entry).toMatchObject({ kind: 'settle', actor: { user: 'dan' }, origin: 'api' });
  ada.doc.getMap('fields').set('title', 'Next');
  await harness.settle();
  expect(eventsOf(ada, 'session').at(-1)?.state).toBe('collaborative');
});

test('[R77] equals choose too; lower roles and viewers do not, and nobody what is not there', async () => {
  const { harness } = await held();
  const room = await harness.room();
  expect(await settle(harness, actor('vic', 'admin', 'viewer'), { choose: 'parked' })).toBe('not_permitted');
  expect(await settle(harness, actor('zoe', 'sales_rep'), { choose: 'parked', revision: 99 })).toBe(
    'no_such_choice',
  );
  expect(room.conflicts.lookAt(7, actor('zoe', 'sales_rep'), 'zoe')).toEqual({
    ok: false,
    reason: 'no_such_conflict',
  });
  expect(await settle(harness, actor('zoe', 'sales_rep'), { choose: 'parked' })).toEqual(['accepted']);
  expect(await settle(harness, actor('zoe', 'sales_rep'), { choose: 'parked' })).toBe('no_such_conflict');
});

test('[R77] a lower role does not choose between equals above it', async () => {
  const harness = await createRoomHarness({ policy });
  const manager = (user: string) => ({ ...rep(user), role: 'sales_manager' }) as const;
  const [ada, ben] = [await harness.join(manager('ada')), await harness.join(manager('ben'))];
  ada.doc.getMap('fields').set('paymentTerms', 'Net 30');
  ben.doc.getMap('fields').set('paymentTerms', 'Net 60');
  await harness.settle();
  const low = actor('zoe', 'sales_rep');
  expect((await harness.room()).conflicts.lookAt(1, low, 'Zoe')).toEqual({
    ok: false,
    reason: 'not_permitted',
  });
  expect(await settle(harness, low, { choose: 'kept' })).toBe('not_permitted');
  expect(conflictsOf(ada)).toMatchObject([{ n: 1 }]);
});

test('[R77] a choice that the gate refuses leaves it open', async () => {
  const { harness, ada } = await held();
  expect(
    await settle(harness, actor('dan', 'sales_manager'), { choose: 'value', value: 'x'.repeat(9_000) }),
  ).toEqual(['refused']);
  expect(conflictsOf(ada)).toMatchObject([{ n: 1 }]);
});

test('[R77] whoever opened it lets go of it by leaving, or in words', async () => {
  const { harness, ada, ben } = await held();
  const room = await harness.room();
  room.conflicts.lookAt(1, actor('ben', 'sales_rep'), 'ben');
  ben.disconnect();
  await told(harness);
  expect(conflictsOf(ada)[0]).not.toHaveProperty('openedBy');
  expect(eventsOf(ada, 'session').at(-1)?.state).toBe('conflicting');
  room.conflicts.lookAt(1, actor('zoe', 'admin'), 'zoe');
  room.conflicts.letGo(1, actor('ada', 'sales_rep'));
  expect(room.conflicts.list(actor('ada', 'sales_rep'))[0]?.openedBy?.id).toBe('zoe');
  room.conflicts.letGo(1, actor('zoe', 'admin'));
  expect(room.conflicts.list(actor('ada', 'sales_rep'))[0]?.openedBy).toBeUndefined();
});

test('[R77] a higher role settles it by writing; the author of what is kept may go on writing', async () => {
  const { harness, ada } = await held();
  ada.doc.getMap('fields').set('paymentTerms', 'Net 31');
  await told(harness);
  expect(conflictsOf(ada)).toMatchObject([{ kept: { value: 'Net 31' }, parked: [{ value: 'Net 60' }] }]);
  const vp = await harness.join({ ...rep('vp'), role: 'vp_sales' });
  vp.doc.getMap('fields').set('paymentTerms', 'Net 10');
  await told(harness);
  expect(conflictsOf(ada)).toEqual([]);
  expect(terms(ada)).toBe('Net 10');
});

test('[R78] nobody chose: after policy.holdMinutes it is settled for the latest, by the system, in the role of its author', async () => {
  const { harness, ada, ben } = await held({ policy: { ...policy, holdMinutes: 5 } });
  await harness.pass(4 * 60_000);
  expect(terms(ada)).toBe('Net 30');
  await harness.pass(2 * 60_000);
  expect([terms(ada), terms(ben)]).toEqual(['Net 60', 'Net 60']);
  expect(conflictsOf(ada)).toEqual([]);
  const [entry, none] = await harness.log.entries(harness.quote, { after: 3, limit: 10 });
  expect(entry).toMatchObject({
    kind: 'expire',
    origin: 'system',
    actor: { user: 'ben', role: 'sales_rep' },
  });
  expect(none).toBeUndefined();
  const session = harness.sessions.ofQuote(harness.quote);
  const rows = await harness.sessions.audit(session?.id ?? '', { after: 0, limit: 100 });
  expect(rows.find(({ event }) => event === 'settled')).toMatchObject({
    user: null,
    why: 'nobody chose in time',
  });
});

test.each([
  ['none', 'the one before, by somebody who is there', 'Net 90'],
  ['viewer', 'the one before, by somebody who is there', 'Net 90'],
] as const)(
  '[R78] of somebody who has %s by then nothing is taken: %s',
  async (permission, _what, stands) => {
    const directory = createMemoryDirectory();
    const { harness, ada } = await held({ directory });
    const [cem, eve] = [await harness.join(rep('cem')), await harness.join(rep('eve'))];
    cem.doc.getMap('fields').set('paymentTerms', 'Net 90');
    eve.doc.getMap('fields').set('paymentTerms', 'Free');
    await harness.settle();
    const { quote } = harness;
    const [user, grantedBy] = ['eve', 'host'] as UserId[] as [UserId, UserId];
    await directory.setGrant({ quote, user, permission, grantedBy, source: 'host', at: 1 });
    await harness.pass(16 * 60_000);
    expect(terms(ada)).toBe(stands);
  },
);

test('[R78] where none of them may edit any more, what is kept stays, and the conflict is over', async () => {
  const directory = createMemoryDirectory();
  const { harness, ada } = await held({ directory });
  const { quote } = harness;
  const [user, grantedBy] = ['ben', 'host'] as UserId[] as [UserId, UserId];
  await directory.setGrant({ quote, user, permission: 'none', grantedBy, source: 'host', at: 1 });
  await harness.pass(16 * 60_000);
  expect(terms(ada)).toBe('Net 30');
  expect(conflictsOf(ada)).toEqual([]);
  expect(harness.reported).toEqual([]);
});

test('[R76] many changes of the list are told a few times, the last one always, once for all of a role', async () => {
  const { harness, ada, ben } = await held();
  await told(harness);
  const room = await harness.room();
  const before = eventsOf(ada, 'conflicts').length;
  const dan = actor('dan', 'sales_manager');
  for (let n = 0; n < 20; n += 1) {
    room.conflicts.lookAt(1, dan, 'dan');
    room.conflicts.letGo(1, dan);
  }
  room.conflicts.lookAt(1, dan, 'dan');
  await told(harness);
  expect(eventsOf(ada, 'conflicts').length - before).toBe(2);
  expect(conflictsOf(ada)[0]?.openedBy?.id).toBe('dan');
  expect(conflictsOf(ben)[0]?.openedBy?.id).toBe('dan');
});

test('[R78] also where nobody is there any more', async () => {
  const { harness, ada, ben } = await held();
  ada.disconnect();
  ben.disconnect();
  await harness.pass(16 * 60_000);
  const late = await harness.join(rep('cem'));
  expect(terms(late)).toBe('Net 60');
  expect(conflictsOf(late)).toEqual([]);
});

test('[R78] and after a crash, when it was due from the beginning', async () => {
  const { harness } = await held();
  await harness.pass(10 * 60_000);
  harness.crash();
  await harness.room();
  expect(harness.sessions.ofQuote(harness.quote)?.state).toBe('conflicting');
  await harness.pass(4 * 60_000);
  expect((await harness.room()).conflicts.count()).toBe(1);
  await harness.pass(2 * 60_000);
  expect((await harness.room()).gate.doc.getMap('fields').get('paymentTerms')).toBe('Net 60');
});

test('[R72] a session that ends settles what is held, before it is over', async () => {
  const { harness, ada } = await held();
  const session = harness.sessions.ofQuote(harness.quote);
  if (session === null) throw new Error('people are in it');
  await harness.keeper.end(session, { by: null, why: 'inactive' });
  await harness.settle();
  expect(terms(ada)).toBe('Net 60');
  expect(ada.closed?.code).toBe(4410);
  const [entry] = await harness.log.entries(harness.quote, { after: 3, limit: 10 });
  expect(entry?.session).toBe(session.id);
});

test('[R78] what was held over HTTP, with no session open, starts one', async () => {
  const { harness, ada, ben } = await held();
  const first = harness.sessions.ofQuote(harness.quote);
  if (first === null) throw new Error('people are in it');
  await harness.keeper.end(first, { by: null, why: 'inactive' });
  ada.disconnect();
  ben.disconnect();
  const room = await harness.room();
  const write = async (user: string, value: string, base: number): Promise<void> => {
    await room.write({
      actor: actor(user, 'sales_rep'),
      name: user,
      origin: 'api',
      kind: 'update',
      base,
      composition: {
        cells: [{ cell: { root: 'fields', row: null, column: 'paymentTerms', key: 'paymentTerms' }, value }],
      },
    });
  };
  const base = room.gate.revision;
  await write('ada', 'Net 1', base);
  await write('ben', 'Net 2', base);
  expect(harness.sessions.ofQuote(harness.quote)).toMatchObject({ state: 'conflicting', startedBy: null });
});

test('[R78] also of an author whose own edits are not taken just now', async () => {
  const { harness, ben } = await held({
    policy: { ...policy, holdMinutes: 1 },
    limits: { refusalsPerMinute: 1 },
  });
  await harness.pass(58_000);
  for (let tries = 0; tries < 2; tries++) ben.doc.getMap('lineItems').set('l1/quantity', 'none');
  await harness.settle();
  expect(ben.closed?.code).toBe(4529);
  await harness.pass(5_000);
  expect((await harness.room()).gate.doc.getMap('fields').get('paymentTerms')).toBe('Net 60');
  expect(harness.reported).toEqual([]);
});
