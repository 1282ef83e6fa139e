import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROLES, type Role } from '../../src/authority/role.ts';
import { type ForesightSource, createForesight } from '../../src/client/foresight.ts';
import { createPresence } from '../../src/client/presence.ts';
import type { CellValue } from '../../src/quote/cell.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import type { Peer } from '../support/room-peer.ts';

const VALUES: readonly (readonly [cell: string, values: readonly CellValue[]])[] = [
  ['fields/title', ['A', 'B', null]],
  ['fields/status', ['draft', 'in_review', 'approved', 'sent', 'declined', 'nonsense', null]],
  ['fields/paymentTerms', ['30 days', null]],
  ['lineItems/l1/quantity', ['1', '2', '500', 'many', null]],
  ['lineItems/l1/discountPercent', ['5', '15', '30', '50', null]],
  ['lineItems/l1/unitPrice', ['5', null]],
  ['lineItems/l1/removed', [true, null]],
  ['discounts/d1/kind', ['percent', 'amount', null]],
  ['discounts/d1/value', ['5', '15', '500', null]],
];

const who = fc.nat(3);
const arbitraryStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(who, fc.constantFrom(...VALUES)).chain(([by, [cell, values]]) =>
      fc.record({
        kind: fc.constant('write' as const),
        by: fc.constant(by),
        cell: fc.constant(cell),
        value: fc.constantFrom(...values),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      by: who,
      cell: fc.constantFrom(null, ...VALUES.map(([cell]) => cell)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('promote' as const), by: who, role: fc.constantFrom(...ROLES) }),
  },
);

/** Lets a ping come back, and passes no end of a lease within half a second of it. */
const STEP_MS = 1_300;
const PRESENCE_MS = 100;

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

interface Person {
  readonly peer: Peer;
  readonly foresight: ForesightSource;
  readonly timers: Set<Timer>;
  told: number;
}

test('of people who have seen everything foresight says what the gate says', async () => {
  let refusals = 0;
  let held = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...ROLES), { minLength: 4, maxLength: 4 }),
      fc.array(arbitraryStep, { minLength: 5, maxLength: 30 }),
      async (roles, steps) => {
        const harness = await createRoomHarness({
          cells: {
            'lineItems/l1/position': 'a0',
            'discounts/d1/position': 'a0',
            'lineItems/l1/discountPercent': '40',
          },
          policy: {
            leaseSeconds: 10,
            rules: [
              { cells: 'lineItems/*/unitPrice', precedence: 'sticky' },
              { cells: 'fields/paymentTerms', minRole: 'sales_manager', precedence: 'sticky' },
              {
                cells: 'fields/title',
                precedence: 'sticky',
                when: { cell: 'fields/status', in: ['in_review'] },
              },
              { cells: 'lineItems/*/quantity', limits: { sales_rep: 100 } },
            ],
          },
        });
        const people: Person[] = [];
        for (const [index, role] of roles.entries())
          people.push(await enter(harness, `u${index}`, role, index === 3));
        await settle(harness, people);
        for (const step of steps) {
          const person = people[step.by] as Person;
          if (step.kind === 'edit') {
            // Who may only look has nothing under their hands, and the gate goes by nothing else that they say.
            if (person.peer.options.permission === 'viewer') continue;
            person.peer.awareness.setLocalState({ cell: step.cell, editing: step.cell });
          } else if (step.kind === 'promote') {
            const { role } = step;
            await (
              await harness.room()
            ).reassign(person.peer.options.user as never, async (actor, name) => ({
              actor: { ...actor, role },
              name,
            }));
          } else {
            const { cell, value } = step;
            const foreseen = person.foresight.ask(cell, value);
            const told = person.peer.events.length;
            const [root = '', ...key] = cell.split('/');
            person.peer.doc.getMap(root).set(key.join('/'), value);
            await harness.settle();
            const refused = person.peer.events.slice(told).find((event) => event.type === 'refused');
            const write = refused?.type === 'refused' ? refused.writes[0] : undefined;
            if (write !== undefined) refusals += 1;
            if (foreseen.kind === 'closed' && foreseen.message.includes('is editing')) held += 1;
            expect({ step, reason: foreseen.kind === 'closed' ? foreseen.reason : undefined }).toEqual({
              step,
              reason: write?.reason,
            });
            if (foreseen.kind === 'closed' && !cell.endsWith('/removed')) {
              expect(foreseen.by).toEqual(write?.by ?? null);
            }
          }
          await settle(harness, people);
          if (person.peer.closed !== null) break;
        }
        for (const { foresight, peer } of people) {
          foresight.close();
          peer.awareness.destroy();
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(refusals).toBeGreaterThan(50);
  expect(held).toBeGreaterThan(0);
});

async function enter(harness: RoomHarness, user: string, role: Role, isViewer: boolean): Promise<Person> {
  const permission = isViewer ? 'viewer' : 'editor';
  const peer = await harness.join({ user, role, permission, name: user, events: true, entries: true });
  const timers = new Set<Timer>();
  const foresight = createForesight({
    doc: peer.doc,
    awareness: peer.awareness,
    presence: createPresence(peer.awareness),
    later(ms, run) {
      const timer = { at: harness.now() + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  });
  // Whoever says what they are editing holds nothing by writing.
  peer.awareness.setLocalState({ cell: 'fields/contact', editing: 'fields/contact' });
  peer.awareness.setLocalState({ cell: 'fields/contact', editing: null });
  return { peer, foresight, timers, told: 0 };
}

/** Everybody reads all, and answers the pings. */
async function settle(harness: RoomHarness, people: readonly Person[]): Promise<void> {
  await harness.settle();
  // Presence is gathered for a moment, and its lease begins here when it is read.
  await harness.pass(PRESENCE_MS);
  await harness.pass(STEP_MS - PRESENCE_MS);
  for (const person of people) {
    const { peer, foresight, timers } = person;
    for (const event of peer.events.slice(person.told)) tell(foresight, event, peer);
    person.told = peer.events.length;
    for (const timer of timers) {
      if (timer.at > harness.now()) continue;
      timers.delete(timer);
      timer.run();
    }
  }
}

function tell(foresight: ForesightSource, event: Peer['events'][number], { options }: Peer): void {
  if (event.type === 'rules') foresight.learn(event);
  if (event.type === 'entries') foresight.follow(event);
  if (event.type === 'hello' || event.type === 'permission') {
    const role = event.type === 'hello' ? event.user.role : event.role;
    foresight.become({
      user: { id: options.user, name: options.user, role },
      permission: event.permission,
    });
  }
}
