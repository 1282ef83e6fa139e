import { describe, expect, test } from 'vitest';
import {
  CONFLICTS_MAX,
  type HeldConflict,
  PARKED_MAX,
  createOpenConflicts,
  mayChoose,
} from '../../src/authority/conflicts.ts';
import { type Composition, composeUpdate, composingClientOf } from '../../src/authority/compose-update.ts';
import { type Judged, type Outcome, createGate } from '../../src/authority/gate.ts';
import type { ActiveEdit } from '../../src/authority/verdict.ts';
import { viewOf } from '../../src/authority/active-edits.ts';
import { PERMISSIONS, ROLES, rankOf } from '../../src/authority/role.ts';
import type { CellId, UserId } from '../../src/lib/ids.ts';
import { type CellValue, parseCellId } from '../../src/quote/cell.ts';
import { expectConverged, expectWinners, set } from '../support/scene.ts';
import { type Replica, type Star, type StarOptions, actorOf, createStar, policyOf } from '../support/star.ts';

const TERMS = 'fields/paymentTerms' as CellId;
const OWNER = 'fields/owner' as CellId;
const holding = policyOf({ rules: [{ cells: ['fields/**', 'lineItems/*/removed'], tie: 'hold' }] });

interface Room {
  readonly star: Star;
  readonly ann: Replica;
  readonly bob: Replica;
  readonly cleo: Replica;
  readonly max: Replica;
  readonly vera: Replica;
}

/** Two managers and a third, a rep and a VP. */
function createRoom(options: StarOptions = {}): Room {
  const star = createStar({ policy: holding, ...options });
  const join = (user: string, role: (typeof ROLES)[number], clientId: number): Replica =>
    star.join({ user, role, clientId });
  return {
    star,
    ann: join('ann', 'sales_manager', 11),
    bob: join('bob', 'sales_manager', 12),
    cleo: join('cleo', 'sales_manager', 13),
    max: join('max', 'sales_rep', 14),
    vera: join('vera', 'vp_sales', 15),
  };
}

/** Both write the terms without having seen each other: Ann's stands, Bob's is held. */
function createConflict(options?: StarOptions): Room {
  const room = createRoom(options);
  set(room.ann, TERMS, '30 days');
  set(room.bob, TERMS, '14 days');
  send(room.star, room.ann);
  send(room.star, room.bob);
  room.star.settle();
  return room;
}

const judged = (outcome: Outcome | null): Judged =>
  outcome?.kind === 'judged' ? outcome : expect.unreachable(`judged, not ${JSON.stringify(outcome)}`);

const send = (star: Star, replica: Replica): Judged => judged(star.up(replica));

function write(star: Star, replica: Replica, cell: string, value: unknown): Judged {
  set(replica, cell, value);
  const outcome = send(star, replica);
  star.settle();
  return outcome;
}

const settle = (star: Star, { person }: Replica, value: CellValue, cell = TERMS): Judged =>
  judged(star.choose(person, { kind: 'settle', cell, value }));

const told = ({ overridden }: Judged): unknown[] =>
  overridden.map(({ user, cell, by, kept, yours }) => [user, cell, by.user, kept, yours]);

const changesOf = ({ conflicts }: Judged): unknown[] =>
  conflicts.map(({ kind, conflict }) => [kind, conflict.n]);

function openOn(star: Star, cell: CellId = TERMS): HeldConflict {
  return star.gate.ledger.conflictOn(cell) ?? expect.unreachable('a conflict is open');
}

/** The kept value, and who parked which. */
const shape = ({ kept, parked }: HeldConflict): unknown => [
  kept.value,
  ...parked.map(({ user, value }) => `${user} ${String(value)}`),
];

describe('a conflict', () => {
  test('[A50] [A52] opens with the write that is held, and remembers what it offered', () => {
    const { star, ann, bob } = createRoom();
    set(ann, TERMS, '30 days');
    set(bob, TERMS, '14 days');
    const first = send(star, ann);
    expect(first.conflicts).toEqual([]);
    const second = send(star, bob);
    expect(second.verdicts).toMatchObject([
      { cell: TERMS, verdict: 'held', reason: 'held', applied: '30 days', by: { user: 'ann' } },
    ]);
    const conflict = {
      n: 1,
      cell: TERMS,
      seq: second.seq,
      kept: {
        cell: TERMS,
        seq: first.seq,
        user: 'ann',
        role: 'sales_manager',
        value: '30 days',
        imported: false,
      },
      parked: [{ seq: second.seq, user: 'bob', role: 'sales_manager', value: '14 days' }],
    };
    expect(second.conflicts).toEqual([{ kind: 'held', conflict }]);
    expect(star.gate.ledger.conflicts()).toEqual([conflict]);
    expect(star.gate.ledger.conflictOn(TERMS)).toEqual(conflict);
    expect(star.gate.ledger.conflictOn(OWNER)).toBeNull();
    star.settle();
    expectWinners(star);
    expectConverged(star);
  });

  test('[A50] has a number of its own for good, one for each cell', () => {
    const { star, ann, bob } = createConflict();
    set(ann, OWNER, 'Ann');
    set(bob, OWNER, 'Bob');
    send(star, ann);
    expect(changesOf(send(star, bob))).toEqual([['held', 2]]);
    star.settle();
    settle(star, bob, '14 days');
    star.settle();
    set(ann, TERMS, '60 days');
    set(bob, TERMS, '7 days');
    send(star, ann);
    expect(changesOf(send(star, bob))).toEqual([['held', 3]]);
    expect(star.gate.ledger.conflicts().map(({ n, cell }) => [n, cell])).toEqual([
      [2, OWNER],
      [3, TERMS],
    ]);
  });

  test('[A51] goes on with further writes of the author of what is kept', () => {
    const { star, ann } = createConflict();
    const outcome = write(star, ann, TERMS, '45 days');
    expect(outcome).toMatchObject({
      verdicts: [{ verdict: 'accepted', applied: '45 days' }],
      conflicts: [{ kind: 'kept', conflict: { kept: { user: 'ann', value: '45 days' } } }],
    });
    expect(shape(openOn(star))).toEqual(['45 days', 'bob 14 days']);
    expectConverged(star);
  });

  test('[A51] [A52] holds other equals though they saw everything, and keeps the newest of each', () => {
    const { star, bob, cleo } = createConflict();
    const third = write(star, cleo, TERMS, '7 days');
    expect(third.verdicts).toMatchObject([{ verdict: 'held', by: { user: 'ann' }, applied: '30 days' }]);
    expect(changesOf(third)).toEqual([['parked', 1]]);
    expect(shape(openOn(star))).toEqual(['30 days', 'bob 14 days', 'cleo 7 days']);
    write(star, bob, TERMS, '21 days');
    expect(shape(openOn(star))).toEqual(['30 days', 'cleo 7 days', 'bob 21 days']);
    expectWinners(star);
    expectConverged(star);
  });

  test('[A51] refuses a lower role that saw everything, naming the author of what is kept', () => {
    const { star, max } = createConflict();
    const outcome = write(star, max, TERMS, '7 days');
    expect(outcome).toMatchObject({
      verdicts: [{ verdict: 'refused', reason: 'authority_overridden', by: { user: 'ann' } }],
      conflicts: [],
    });
    expect(write(star, max, OWNER, 'Max').verdicts).toMatchObject([{ verdict: 'accepted' }]);
  });

  test('[A52] parks 16 people, and of one more the oldest leaves', () => {
    const conflicts = createOpenConflicts();
    const user = (index: number): UserId => `u${index}` as UserId;
    for (let index = 0; index <= PARKED_MAX; index++) {
      const parked = { seq: index + 2, user: user(index), role: 'sales_rep', value: `${index}` } as const;
      expect(conflicts.park(TERMS, parked)).toBe(true);
    }
    const { parked, seq } = conflicts.on(TERMS) ?? expect.unreachable('it is open');
    expect(seq).toBe(2);
    expect(parked.map((one) => one.user)).toEqual(Array.from({ length: 16 }, (_, index) => user(index + 1)));
  });

  test('[A52] tells whom it crowds out', () => {
    const { star } = createConflict();
    const managers = Array.from({ length: PARKED_MAX }, (_, index) =>
      star.join({ user: `m${index}`, role: 'sales_manager', clientId: 100 + index }),
    );
    for (const [index, manager] of managers.entries()) {
      const outcome = write(star, manager, TERMS, `${index} days`);
      const isFull = index === PARKED_MAX - 1;
      expect(told(outcome)).toEqual(isFull ? [['bob', TERMS, 'ann', '30 days', '14 days']] : []);
    }
    expect(openOn(star).parked.map(({ user }) => user)).not.toContain('bob');
    expectConverged(star);
  });

  test('[A52] a bounded number is open, and what is held beyond them waits for nobody', () => {
    const policy = policyOf({ rules: [{ cells: '**', tie: 'hold' }] });
    const { star, ann, bob } = createRoom({ policy });
    const cells = Array.from({ length: CONFLICTS_MAX + 1 }, (_, index) => `fields/x_${index}` as CellId);
    for (const replica of [ann, bob]) {
      replica.doc.transact(() => {
        for (const cell of cells) set(replica, cell, replica.person.user);
      });
    }
    send(star, ann);
    const outcome = send(star, bob);
    expect(outcome.verdicts.every(({ verdict }) => verdict === 'held')).toBe(true);
    expect(outcome.conflicts).toHaveLength(CONFLICTS_MAX);
    expect(star.gate.ledger.conflictOn(cells.at(-1) ?? TERMS)).toBeNull();
    star.settle();
    expect(write(star, bob, cells.at(-1) ?? TERMS, 'again').verdicts).toMatchObject([
      { verdict: 'accepted' },
    ]);
  });
});

describe('what settles a conflict', () => {
  test('[A53] [A56] a write of a higher role, and those who lost are told', () => {
    const { star, vera } = createConflict();
    const outcome = write(star, vera, TERMS, '60 days');
    expect(outcome.verdicts).toMatchObject([{ verdict: 'accepted', applied: '60 days' }]);
    expect(changesOf(outcome)).toEqual([['settled', 1]]);
    expect(shape(outcome.conflicts[0]?.conflict ?? openOn(star))).toEqual(['30 days', 'bob 14 days']);
    expect(told(outcome)).toEqual([
      ['ann', TERMS, 'vera', '60 days', '30 days'],
      ['bob', TERMS, 'vera', '60 days', '14 days'],
    ]);
    expect(star.gate.ledger.conflicts()).toEqual([]);
  });

  test('[A53] [A56] the same, made without having seen any of it: nobody is told twice', () => {
    const { star, ann, bob, vera } = createRoom();
    set(vera, TERMS, '60 days');
    set(ann, TERMS, '30 days');
    set(bob, TERMS, '60 days');
    for (const replica of [ann, bob]) send(star, replica);
    const outcome = send(star, vera);
    expect(changesOf(outcome)).toEqual([['settled', 1]]);
    expect(told(outcome)).toEqual([['ann', TERMS, 'vera', '60 days', '30 days']]);
    star.settle();
    expectConverged(star);
  });

  test('[A53] [A54] [A56] a choice: what is kept, what is parked, or a third value, by anyone of at least that role', () => {
    const choices = [
      ['30 days', [['bob', TERMS, 'cleo', '30 days', '14 days']]],
      ['14 days', [['ann', TERMS, 'cleo', '14 days', '30 days']]],
      [
        '21 days',
        [
          ['ann', TERMS, 'cleo', '21 days', '30 days'],
          ['bob', TERMS, 'cleo', '21 days', '14 days'],
        ],
      ],
      [
        null,
        [
          ['ann', TERMS, 'cleo', null, '30 days'],
          ['bob', TERMS, 'cleo', null, '14 days'],
        ],
      ],
    ] as const;
    for (const [value, expected] of choices) {
      const { star, ann, cleo } = createConflict();
      const outcome = settle(star, cleo, value);
      expect(outcome.verdicts).toMatchObject([{ verdict: 'accepted', applied: value }]);
      expect(changesOf(outcome)).toEqual([['settled', 1]]);
      expect(told(outcome)).toEqual(expected);
      star.settle();
      expectWinners(star);
      expectConverged(star);
      // And it is an ordinary cell again.
      expect(write(star, ann, TERMS, 'next').verdicts).toMatchObject([{ verdict: 'accepted' }]);
    }
  });

  test('[A54] the authors themselves may choose', () => {
    for (const who of ['ann', 'bob'] as const) {
      const room = createConflict();
      const outcome = settle(room.star, room[who], '14 days');
      expect(changesOf(outcome)).toEqual([['settled', 1]]);
      expect(told(outcome)).toEqual(who === 'ann' ? [] : [['ann', TERMS, 'bob', '14 days', '30 days']]);
      expect(room.star.gate.ledger.record(TERMS)?.standing).toMatchObject({ user: who, value: '14 days' });
    }
  });

  test('[A54] a choice that is refused leaves it open: a lower role, a viewer, no value for the cell', () => {
    const { star, max, ann } = createConflict();
    const before = star.gate.ledger.conflicts();
    expect(settle(star, max, '14 days')).toMatchObject({
      verdicts: [{ reason: 'authority_overridden', by: { user: 'ann' } }],
      conflicts: [],
    });
    const viewer = { user: 'ann', role: 'sales_manager', permission: 'viewer' } as const;
    const unheard = star.choose(viewer, { kind: 'settle', cell: TERMS, value: '14 days' });
    expect(judged(unheard)).toMatchObject({ verdicts: [{ reason: 'not_permitted' }], conflicts: [] });
    expect(settle(star, ann, true)).toMatchObject({ verdicts: [{ reason: 'invalid_value' }], conflicts: [] });
    expect(star.gate.ledger.conflicts()).toEqual(before);
    star.settle();
    expectWinners(star);
    expectConverged(star);
  });

  test('[A54] [A55] a choice in no conflict, of two cells or of a text is malformed, and changes nothing', () => {
    const { star, bob } = createConflict();
    const { gate } = star;
    const before = gate.remember();
    const write = (cell: CellId): Composition['cells'][number] => ({
      cell: parseCellId(cell) ?? expect.unreachable('a cell'),
      value: 'Bob',
    });
    const noChoices: readonly Composition[] = [
      { cells: [write(OWNER)] },
      { cells: [write(TERMS), write(OWNER)] },
      { cells: [], texts: [{ note: 'n1', text: 'Bob' }] },
      { cells: [write(TERMS)], texts: [{ note: 'n1', text: 'Bob' }] },
    ];
    const client = composingClientOf(gate.ledger, 'bob' as UserId);
    for (const composition of noChoices) {
      for (const kind of ['settle', 'expire'] as const) {
        const outcome = gate.submit({
          update: composeUpdate(gate.doc, client, composition),
          kind,
          actor: actorOf(bob.person),
          seen: { kind: 'revision', revision: gate.revision },
          activeEdits: viewOf([]),
          policy: holding,
        });
        const reason = expect.stringContaining('a choice is one write of one cell') as string;
        expect(outcome).toEqual({ kind: 'malformed', reason });
      }
    }
    expect(gate.remember()).toEqual(before);
  });

  test('[A53] with `last_write_wins` any write settles it, the author’s of what is kept too', () => {
    const lww = policyOf({ conflict: 'last_write_wins' });
    for (const who of ['ann', 'max'] as const) {
      let policy = holding;
      const room = createConflict({ policyNow: () => policy });
      policy = lww;
      expect(changesOf(write(room.star, room[who], TERMS, '7 days'))).toEqual([['settled', 1]]);
      expectConverged(room.star);
    }
  });

  test('[A53] a row that comes back settles what was held about its removal', () => {
    const { star, ann, bob, cleo } = createRoom();
    write(star, ann, 'lineItems/l1/position', 'a0');
    star.disconnect(cleo);
    set(cleo, 'lineItems/l1/name', 'Bolt');
    const removed = 'lineItems/l1/removed' as CellId;
    set(ann, removed, true);
    set(bob, removed, true);
    send(star, ann);
    expect(changesOf(send(star, bob))).toEqual([['held', 1]]);
    star.reconnect(cleo);
    const outcome = judged(star.history.at(-1)?.outcome ?? null);
    expect(changesOf(outcome)).toEqual([['settled', 1]]);
    expect(told(outcome)).toEqual([
      ['ann', removed, 'cleo', null, true],
      ['bob', removed, 'cleo', null, true],
    ]);
    star.settle();
    expectWinners(star);
    expectConverged(star);
  });
});

describe('a conflict that nobody settles in time', () => {
  test('[A55] [A56] ends with the newest parked value, in the name of its author', () => {
    const { star, cleo } = createConflict();
    write(star, cleo, TERMS, '7 days');
    const outcome = judged(star.choose(cleo.person, { kind: 'expire', cell: TERMS, value: '7 days' }));
    expect(outcome.verdicts).toMatchObject([{ verdict: 'accepted', applied: '7 days' }]);
    expect(changesOf(outcome)).toEqual([['settled', 1]]);
    expect(told(outcome)).toEqual([
      ['ann', TERMS, 'cleo', '7 days', '30 days'],
      ['bob', TERMS, 'cleo', '7 days', '14 days'],
    ]);
    star.settle();
    expectConverged(star);
  });

  test('[A55] [A56] ends also where that is refused: what is kept stays, and all others are told', () => {
    let editing: ActiveEdit[] = [];
    const { star, bob, ann } = createConflict({ activeEdits: () => viewOf(editing) });
    editing = [{ user: 'vera' as UserId, role: 'vp_sales', cell: TERMS }];
    const outcome = judged(star.choose(bob.person, { kind: 'expire', cell: TERMS, value: '14 days' }));
    expect(outcome.verdicts).toMatchObject([
      { verdict: 'refused', applied: '30 days', by: { user: 'vera' } },
    ]);
    expect(changesOf(outcome)).toEqual([['settled', 1]]);
    expect(told(outcome)).toEqual([['bob', TERMS, 'ann', '30 days', '14 days']]);
    expect(star.gate.ledger.conflicts()).toEqual([]);
    editing = [];
    star.settle();
    expect(write(star, ann, TERMS, 'next').verdicts).toMatchObject([{ verdict: 'accepted' }]);
    expectConverged(star);
  });
});

test('[A57] by the rules of version 1 what is held is refused, and that is all', () => {
  const { star } = createConflict();
  const first = createGate();
  for (const { submission, outcome } of star.history) {
    const again = first.submit({ ...submission, gateVersion: 1 });
    if (outcome.kind !== 'judged') expect(again).toEqual(outcome);
    else expect(again).toEqual({ ...outcome, conflicts: [] });
  }
  expect(first.ledger.conflicts()).toEqual([]);
  expect(first.remember().ledger).not.toHaveProperty('conflicts');
  const { conflicts: _conflicts, ...ledger } = star.gate.remember().ledger;
  expect(first.remember().ledger).toEqual(ledger);
});

test('[A54] who may choose: editors and hosts of at least the role of what is kept', () => {
  const kept = { cell: TERMS, seq: 1, user: 'ann' as UserId, value: '30 days', imported: false };
  for (const role of ROLES)
    for (const permission of PERMISSIONS)
      for (const keptRole of ROLES) {
        const conflict = { n: 1, cell: TERMS, seq: 2, kept: { ...kept, role: keptRole }, parked: [] };
        const may = permission !== 'viewer' && rankOf(role) >= rankOf(keptRole);
        expect(mayChoose(actorOf({ user: 'me', role, permission }), conflict)).toBe(may);
      }
});
