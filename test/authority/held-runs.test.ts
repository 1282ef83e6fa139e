import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { viewOf } from '../../src/authority/active-edits.ts';
import { type Gate, type GateMemory, createGate } from '../../src/authority/gate.ts';
import { type Role, rankOf } from '../../src/authority/role.ts';
import type { CellId } from '../../src/lib/ids.ts';
import { arbitraryRole } from '../support/edits.ts';
import { createBase, editOffline, openBase, permutationsOf, submit } from '../support/offline.ts';
import { arbitraryHoldingRun, createRun, holdingPolicy, run } from '../support/random-run.ts';
import { expectConverged, expectWinners } from '../support/scene.ts';
import type { Star } from '../support/star.ts';

/** The rules of random runs again, where equals meet in cells that hold ties, and choose. */
const options = { policy: holdingPolicy };

/** Whatever happened: each conflict has a number and a role of its own, and nobody's own value is parked against them. */
function expectSoundConflicts({ gate }: Pick<Star, 'gate'>): void {
  const conflicts = gate.ledger.conflicts();
  const numbers = conflicts.map(({ n }) => n);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  for (const { kept, parked, cell, seq } of conflicts) {
    expect(kept).toBe(gate.ledger.record(cell)?.standing);
    expect(parked.length).toBeGreaterThan(0);
    expect(new Set(parked.map(({ user }) => user)).size).toBe(parked.length);
    expect(parked.every((write) => write.role === kept.role && write.user !== kept.user)).toBe(true);
    expect(parked.every((write) => write.seq >= seq)).toBe(true);
  }
}

test('[P1] [P2] [A50] [A53] with ties held, replicas converge, cells show their winners, and every conflict adds up', () => {
  const counts = { held: 0, kept: 0, parked: 0, settled: 0 };
  fc.assert(
    fc.property(arbitraryHoldingRun, ({ people, steps }) => {
      const star = createRun(people, options);
      run(star, steps, () => {
        expectWinners(star);
        expectSoundConflicts(star);
      });
      expectConverged(star);
      let open = 0;
      for (const { outcome } of star.history) {
        expect(['judged', 'nothing']).toContain(outcome.kind);
        if (outcome.kind !== 'judged') continue;
        for (const { kind } of outcome.conflicts) {
          counts[kind] += 1;
          open += kind === 'held' ? 1 : kind === 'settled' ? -1 : 0;
        }
        const held = outcome.verdicts.filter(({ verdict }) => verdict === 'held').length;
        expect(outcome.conflicts.filter(({ kind }) => kind === 'held' || kind === 'parked')).toHaveLength(
          held,
        );
      }
      expect(star.gate.ledger.conflicts()).toHaveLength(open);
    }),
    { numRuns: 500 },
  );
  expect(Math.min(counts.held, counts.parked, counts.kept, counts.settled)).toBeGreaterThan(30);
}, 60_000);

/** Puts a gate to sleep as a checkpoint does, and wakes it. */
function reload(gate: Gate): Gate {
  const memory = JSON.parse(JSON.stringify(gate.remember())) as GateMemory;
  return createGate({ state: Y.encodeStateAsUpdateV2(gate.doc), memory });
}

test('[A40] [A41] with ties held, decided again or from any checkpoint the same comes out', () => {
  fc.assert(
    fc.property(arbitraryHoldingRun, fc.integer({ min: 1, max: 9 }), ({ people, steps }, every) => {
      const star = createRun(people, options);
      run(star, steps);
      const again = createGate();
      let woken = createGate();
      for (const { submission, outcome } of star.history) {
        const activeEdits = viewOf(outcome.kind === 'judged' ? outcome.activeEdits : []);
        expect(again.submit({ ...submission, activeEdits })).toEqual(outcome);
        expect(woken.submit({ ...submission, activeEdits })).toEqual(outcome);
        if (woken.revision % every === 0) woken = reload(woken);
      }
      expect(again.remember()).toEqual(star.gate.remember());
      expect(woken.remember()).toEqual(star.gate.remember());
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('[P3] [A51] in every order of arrival the highest role stands; of several of it the first, and the others are parked', () => {
  const cell = 'fields/paymentTerms';
  const base = createBase('terms', [['sales_rep', [[cell, '30 days']]]]);
  const arbitraryRoles = fc.array(arbitraryRole, { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(arbitraryRoles, (roles) => {
      const updates = roles.map((_, index) => editOffline(base, 11 + index, [[[cell, `${index} days`]]])[0]);
      const top = Math.max(...roles.map(rankOf));
      const isTop = (person: number): boolean => rankOf(roles[person] ?? 'sales_rep') === top;
      for (const order of permutationsOf(roles.map((_, index) => index))) {
        const gate = openBase(base);
        for (const person of order) {
          const role: Role = roles[person] ?? 'sales_rep';
          const update = updates[person] ?? expect.unreachable('each made one');
          submit(gate, { user: `u${person}`, role }, update, base.revision, holdingPolicy);
        }
        const [first, ...parked] = order.filter(isTop);
        expect(gate.ledger.valueOf(cell as CellId)).toBe(`${first} days`);
        const conflict = gate.ledger.conflictOn(cell as CellId);
        expect(conflict?.parked.map(({ user }) => user) ?? []).toEqual(parked.map((person) => `u${person}`));
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
