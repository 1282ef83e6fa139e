import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { isSticky } from '../../src/authority/policy.ts';
import { ROLES, type Role, rankOf } from '../../src/authority/role.ts';
import type { WriteVerdict } from '../../src/authority/verdict.ts';
import {
  type Base,
  type Change,
  authorOf,
  cellsOf,
  createBase,
  defaultPolicy,
  editOffline,
  openBase,
  permutationsOf,
  submit,
} from '../support/offline.ts';

/**
 * Three people of different roles edit one quote offline. Whoever comes back first and whatever their client ids are, the
 * quote ends the same. First every combination of what a row is about, then random histories.
 */
const L1 = 'lineItems/l1';
const row = [`${L1}/position`, 'a0'] as const;
const filled = [`${L1}/quantity`, '9'] as const;
const sticky = [`${L1}/discountPercent`, '7'] as const;
const removed = [`${L1}/removed`, true] as const;

const bases: readonly Base[] = [
  createBase('a row', [['sales_rep', [row]]]),
  createBase('a cell filled by a higher role', [['admin', [row, filled]]]),
  createBase('a cell emptied by a higher role', [
    ['sales_rep', [row, filled]],
    ['admin', [[`${L1}/quantity`, null]]],
  ]),
  createBase('a row removed by a higher role', [
    ['sales_rep', [row, filled]],
    ['admin', [removed]],
  ]),
  createBase('a value that sticks for the lowest', [['sales_manager', [row, sticky]]]),
  createBase('a removed row with a value that sticks for the lowest', [
    ['sales_manager', [row, sticky]],
    ['admin', [removed]],
  ]),
];

const roles = ['sales_rep', 'sales_manager', 'vp_sales'] as const;
const actions: Readonly<Record<string, (person: number) => Change>> = {
  set: (person) => [[`${L1}/quantity`, String(person)]],
  clear: () => [[`${L1}/quantity`, null]],
  remove: () => [removed],
  restore: () => [[`${L1}/removed`, null]],
  add: (person) => [
    [`${L1}/position`, `a${person + 1}`],
    [`${L1}/name`, `by ${person}`],
  ],
  'edit another cell': (person) => [[`${L1}/unit`, `by ${person}`]],
  'set a value that sticks': (person) => [[`${L1}/discountPercent`, String(person + 1)]],
};
const actionNames = Object.keys(actions);
const CLIENTS = [11, 22, 33];

interface Writer {
  readonly person: number;
  readonly action: string;
}

/** Every choice of an action for each of these people. */
function* choicesFor(people: readonly number[]): Generator<Writer[]> {
  const [person, ...rest] = people;
  if (person === undefined) yield [];
  else
    for (const action of actionNames)
      for (const others of choicesFor(rest)) yield [{ person, action }, ...others];
}

function createUpdates(base: Base): (writer: Writer, client: number) => Uint8Array {
  const made = new Map<string, Uint8Array>();
  return ({ person, action }, client) => {
    const key = `${person} ${action} ${client}`;
    const update = made.get(key) ?? editOffline(base, client, [actions[action]?.(person) ?? []])[0];
    if (update === undefined) throw new Error('one change makes one update');
    made.set(key, update);
    return update;
  };
}

/** Who wins each cell, whatever the order: the highest role that wrote it, unless a value sticks above it. */
function winnerOf(base: Base, writers: readonly Writer[], cell: string): Role | null {
  const standing = authorOf(openBase(base), cell);
  const isSticky = cell.endsWith('/discountPercent') && cellsOf(openBase(base))[cell] !== undefined;
  const top = writers
    .filter(({ person, action }) => actions[action]?.(person).some(([written]) => written === cell))
    .map(({ person }) => roles[person] ?? 'sales_rep')
    .filter((role) => !isSticky || standing === null || rankOf(role) >= rankOf(standing))
    .toSorted((a, b) => rankOf(b) - rankOf(a))[0];
  return top ?? standing;
}

const CELLS = ['quantity', 'unit', 'name', 'position', 'discountPercent'].map((column) => `${L1}/${column}`);

/** Of three people, every order and every assignment of ids, each with half of the others: all of them take a minute. */
const isTried = (people: number, clients: number, order: number): boolean =>
  people < 3 || (clients + order) % 2 === 0;

test('[P3] every order of arrival and every assignment of client ids leads to one quote', () => {
  const counts = { choices: 0, runs: 0 };
  for (const base of bases) {
    const update = createUpdates(base);
    for (const people of [
      [0, 1],
      [0, 2],
      [1, 2],
      [0, 1, 2],
    ]) {
      for (const writers of choicesFor(people)) {
        const outcomes = new Set<string>();
        const assignments = [...permutationsOf(CLIENTS.slice(0, writers.length))];
        for (const [assigned, clients] of assignments.entries()) {
          const clientOf = new Map(writers.map((writer, index) => [writer, clients[index] ?? 0]));
          for (const [arrived, order] of [...permutationsOf(writers)].entries()) {
            if (!isTried(writers.length, assigned, arrived)) continue;
            const gate = openBase(base);
            for (const writer of order) {
              const { person } = writer;
              const bytes = update(writer, clientOf.get(writer) ?? 0);
              submit(gate, { user: `u${person}`, role: roles[person] ?? 'sales_rep' }, bytes, base.revision);
            }
            outcomes.add(JSON.stringify([cellsOf(gate), CELLS.map((cell) => authorOf(gate, cell))]));
            counts.runs += 1;
          }
        }
        counts.choices += 1;
        const told = `${base.name}: ${writers.map(({ person, action }) => `${roles[person]} ${action}`).join(', ')}`;
        expect([told, ...outcomes].length, [told, ...outcomes].join('\n')).toBe(2);
        const [, authors] = JSON.parse([...outcomes][0] ?? '[]') as [unknown, (Role | null)[]];
        expect([told, ...authors]).toEqual([told, ...CELLS.map((cell) => winnerOf(base, writers, cell))]);
      }
    }
  }
  expect(counts).toEqual({
    choices: bases.length * (3 * 7 ** 2 + 7 ** 3),
    runs: bases.length * (3 * 7 ** 2 * 4 + 7 ** 3 * 18),
  });
}, 120_000);

test('[P3] the highest role decides whether a row is there', () => {
  const remove = { person: 1, action: 'remove' };
  const restore = { person: 1, action: 'restore' };
  const edit = (person: number): Writer => ({ person, action: 'edit another cell' });
  const isThere = (base: number, ...writers: readonly Writer[]): boolean => {
    const start = bases[base];
    if (start === undefined) throw new Error('no such base');
    const gate = openBase(start);
    const update = createUpdates(start);
    for (const writer of writers) {
      const person = { user: `u${writer.person}`, role: roles[writer.person] ?? 'sales_rep' };
      submit(gate, person, update(writer, 11 + writer.person), start.revision);
    }
    return cellsOf(gate)[`${L1}/removed`] !== true;
  };
  const there = 0;
  const gone = 3;
  expect(isThere(there, remove, edit(0))).toBe(false);
  expect(isThere(there, edit(0), remove)).toBe(false);
  expect(isThere(there, remove, edit(2))).toBe(true);
  expect(isThere(there, edit(2), remove)).toBe(true);
  expect(isThere(gone, edit(2))).toBe(false);
  expect(isThere(gone, restore, edit(0))).toBe(true);
  expect(isThere(gone, remove, edit(2))).toBe(true);
  expect(isThere(gone, edit(2), remove)).toBe(true);
});

const arbitraryChange: fc.Arbitrary<Change> = fc
  .array(
    fc
      .constantFrom(
        ...([
          ['fields/title', ['A', 'B', null]],
          [`${L1}/quantity`, ['1', '2', null]],
          [`${L1}/unit`, ['pcs', 'kg', null]],
          [`${L1}/removed`, [true, null]],
          [`${L1}/position`, ['a0', 'a1']],
          [`${L1}/discountPercent`, ['1', '2', null]],
          ['discounts/d1/position', ['a0', 'a1']],
          ['discounts/d1/removed', [true, null]],
          ['discounts/d1/label', ['X', 'Y', null]],
        ] as const),
      )
      .chain(([cell, values]) =>
        fc.constantFrom<string | boolean | null>(...values).map((value) => [cell, value] as const),
      ),
    { minLength: 1, maxLength: 2 },
  )
  .map((writes) => [...new Map(writes)]);

const arbitraryHistory = fc.record({
  /** Made one after the other by people who see each other. */
  before: fc.array(fc.tuple(fc.constantFrom(...ROLES), arbitraryChange), { maxLength: 4 }),
  /** Made offline by three people of different roles. */
  offline: fc.array(fc.array(arbitraryChange, { minLength: 1, maxLength: 4 }), {
    minLength: 3,
    maxLength: 3,
  }),
  roles: fc.shuffledSubarray([...ROLES], { minLength: 3, maxLength: 3 }),
});

/** Whoever had too few turns sends the rest at the end. */
const rest = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2];

/** Client ids, and whose turn it is to send their next update. */
const arbitraryArrival = fc.record({
  clients: fc.shuffledSubarray(CLIENTS, { minLength: 3, maxLength: 3 }),
  turns: fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }),
});

/** Null where the people before did not see eye to eye. */
function createHistoryBase(before: readonly (readonly [Role, Change])[]): Base | null {
  try {
    return createBase('random', before);
  } catch {
    return null;
  }
}

test('[P3] random offline histories of three roles end the same in every order', () => {
  fc.assert(
    fc.property(
      arbitraryHistory,
      fc.array(arbitraryArrival, { minLength: 6, maxLength: 6 }),
      (history, arrivals) => {
        const base = createHistoryBase(history.before);
        fc.pre(base !== null);
        if (base === null) return;
        const outcomes = arrivals.map(({ clients, turns }) => {
          const gate = openBase(base);
          const queues = history.offline.map((changes, person) =>
            editOffline(base, clients[person] ?? 0, changes),
          );
          for (const person of [...turns, ...rest]) {
            const update = queues[person]?.shift();
            const role = history.roles[person] ?? 'sales_rep';
            if (update !== undefined) submit(gate, { user: `u${person}`, role }, update, base.revision);
          }
          expect(queues.flat()).toEqual([]);
          return cellsOf(gate);
        });
        for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
      },
    ),
    { numRuns: 1_200 },
  );
}, 60_000);

const arbitraryRaise = fc.record({
  person: fc.nat(2),
  by: fc.integer({ min: 1, max: 4 }),
  roles: fc.array(fc.constantFrom(...ROLES), { minLength: 3, maxLength: 3 }),
});

test('[P8] raising the role of an author never makes their write lose', () => {
  fc.assert(
    fc.property(arbitraryHistory, arbitraryArrival, arbitraryRaise, (history, { clients, turns }, raise) => {
      const base = createHistoryBase(history.before);
      fc.pre(base !== null);
      if (base === null) return;
      const user = `u${raise.person}`;
      const play = (
        rolesNow: readonly Role[],
      ): { own: [string, unknown][]; shown: Record<string, unknown>; accepted: string[] } => {
        const gate = openBase(base);
        const accepted: string[] = [];
        const queues = history.offline.map((changes, person) =>
          editOffline(base, clients[person] ?? 0, changes),
        );
        for (const person of [...turns, ...rest]) {
          const update = queues[person]?.shift();
          if (update === undefined) continue;
          const role = rolesNow[person] ?? 'sales_rep';
          const { seq, verdicts } = submit(gate, { user: `u${person}`, role }, update, base.revision);
          const stood = verdicts.filter(({ verdict }) => verdict === 'accepted' && person === raise.person);
          accepted.push(...stood.map(({ cell, offered }) => `${seq} ${cell} ${String(offered)}`));
        }
        const own = gate.ledger.remember().cells.filter(({ standing }) => standing[1] === user);
        return { own: own.map(({ cell, standing }) => [cell, standing[3]]), shown: cellsOf(gate), accepted };
      };
      const before = play(raise.roles);
      const rank = rankOf(raise.roles[raise.person] ?? 'sales_rep');
      const higher = ROLES[Math.min(rank - 1 + raise.by, ROLES.length - 1)] ?? 'admin';
      const after = play(raise.roles.with(raise.person, higher));
      const isOwn = (cell: string): boolean => after.own.some(([owned]) => owned === cell);
      const lost = before.own.filter(
        ([cell, value]) => !isOwn(cell) && (after.shown[cell] ?? null) !== value,
      );
      expect(lost).toEqual([]);
      // Bringing a row back is no write of theirs: a higher role keeps it from being removed in the first place.
      const written = before.accepted.filter((write) => !write.endsWith('/removed null'));
      expect(written.filter((write) => !after.accepted.includes(write))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
}, 60_000);

test('[P4] updates that arrive merged into one end the same as one by one', () => {
  fc.assert(
    fc.property(arbitraryHistory, fc.nat(2), (history, last) => {
      const base = createHistoryBase(history.before);
      fc.pre(base !== null);
      if (base === null) return;
      const roleOf = (person: number): Role => history.roles[person] ?? 'sales_rep';
      const play = (isMerged: boolean): Played => {
        const gate = openBase(base);
        const queues = history.offline.map((changes, person) =>
          editOffline(base, CLIENTS[person] ?? 0, changes),
        );
        const send = (person: number, update: Uint8Array): readonly WriteVerdict[] =>
          submit(gate, { user: `u${person}`, role: roleOf(person) }, update, base.revision).verdicts;
        for (const person of [0, 1, 2].filter((one) => one !== last)) {
          for (const update of queues[person] ?? []) send(person, update);
        }
        const before = cellsOf(gate);
        const updates = queues[last] ?? [];
        const sent = isMerged ? [Y.mergeUpdates(updates)] : updates;
        const verdicts = sent.flatMap((update) => send(last, update));
        return { before, verdicts, after: cellsOf(gate) };
      };
      const apart = play(false);
      const stillRemoved = removedAgain(apart).filter((cell) => isRowStuck(base, cell, roleOf(last)));
      expect(play(true).after).toEqual({
        ...apart.after,
        ...Object.fromEntries(stillRemoved.map((cell) => [cell, true])),
      });
    }),
    { numRuns: 800 },
  );
}, 60_000);

interface Played {
  /** What the quote showed when the last person came, and when they had sent everything. */
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
  readonly verdicts: readonly WriteVerdict[];
}

/** Removed rows that the last person brought back and could not remove again. */
const removedAgain = ({ before, verdicts }: Played): string[] =>
  Object.keys(before).filter((cell) => {
    const own = verdicts.filter((verdict) => verdict.cell === cell);
    const isBack = own.some(({ verdict, applied }) => verdict === 'accepted' && applied === null);
    return cell.endsWith('/removed') && isBack && own.at(-1)?.verdict === 'refused';
  });

/** [A27] Whether a value in the row of this cell stuck for this role in what everyone had seen. */
function isRowStuck(base: Base, removedCell: string, role: Role): boolean {
  const { ledger } = openBase(base);
  const row = removedCell.slice(0, removedCell.lastIndexOf('/'));
  return [...ledger.cellsOf(row)].some(
    (cell) =>
      ledger.rankAt(cell, base.revision) > rankOf(role) && isSticky(defaultPolicy, cell, ledger.valueOf),
  );
}

test('[P4] [A12] a row brought back and removed again in one update was never back', () => {
  const base = createBase('a removed row with a value that sticks for the lowest', [
    ['sales_rep', [row, removed]],
    ['sales_manager', [sticky]],
  ]);
  const updates = editOffline(base, 11, [[[`${L1}/removed`, null]], [removed]]);
  const rep = { user: 'u0', role: 'sales_rep' } as const;
  const playAs = (sent: readonly Uint8Array[]): [verdicts: string[], isRemoved: boolean] => {
    const gate = openBase(base);
    const verdicts = sent.flatMap((update) => submit(gate, rep, update, base.revision).verdicts);
    return [verdicts.map(({ verdict }) => verdict), cellsOf(gate)[`${L1}/removed`] === true];
  };
  // One by one the row is back, and then the manager's discount keeps it.
  expect(playAs(updates)).toEqual([['accepted', 'refused'], false]);
  expect(playAs([Y.mergeUpdates(updates)])).toEqual([['refused'], true]);
});
