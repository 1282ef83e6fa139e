import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { viewOf } from '../../src/authority/active-edits.ts';
import { createGate } from '../../src/authority/gate.ts';
import { mayEdit } from '../../src/authority/role.ts';
import { SERVER_CLIENT_ID } from '../../src/lib/limits.ts';
import { arbitraryEdit, makeEdit } from '../support/edits.ts';
import { arbitraryRun, createRun, run } from '../support/random-run.ts';
import { expectConverged, expectWinners, set } from '../support/scene.ts';
import { type Star, createStar, jsonOfDoc, policyOf } from '../support/star.ts';

/** Cells by name, as the document shows them. */
function cellsIn(doc: Y.Doc): Map<string, unknown> {
  const cells = ['fields', 'lineItems', 'discounts', 'notes'].flatMap((root) =>
    [...doc.getMap(root).entries()].map(([key, value]): [string, unknown] => [
      `${root}/${key}`,
      value ?? null,
    ]),
  );
  return new Map(cells.filter(([, value]) => value !== null));
}

test('[P5] a refusal leaves its cell and all others alone', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      let before = cellsIn(star.gate.doc);
      let judged = star.history.length;
      run(star, steps, () => {
        const after = cellsIn(star.gate.doc);
        const outcomes = star.history.slice(judged).map(({ outcome }) => outcome);
        const verdicts = outcomes.flatMap((outcome) => (outcome.kind === 'judged' ? outcome.verdicts : []));
        // A refused removal may bring a row back; everything else that changes was accepted.
        const accepted = new Set<string>(
          verdicts.filter(({ verdict }) => verdict === 'accepted').map(({ cell }) => cell),
        );
        for (const cell of new Set([...before.keys(), ...after.keys()])) {
          if (accepted.has(cell) || cell.endsWith('/removed')) continue;
          expect([cell, after.get(cell)]).toEqual([cell, before.get(cell)]);
        }
        before = after;
        judged = star.history.length;
      });
    }),
    { numRuns: 600 },
  );
});

const OPEN_CELLS = [
  ['fields/title', 'next'],
  ['fields/paymentTerms', 'next'],
  ['lineItems/l1/position', 'a2'],
  ['lineItems/l1/quantity', '42'],
  ['lineItems/l2/name', 'next'],
] as const;

test('[P6] whoever has seen everything may write the next value of any cell, whatever was refused before', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      run(star, steps);
      for (const replica of star.replicas.filter(({ person }) => mayEdit(person.permission ?? 'editor'))) {
        for (const [cell, value] of OPEN_CELLS) {
          set(replica, cell, value);
          expect(star.up(replica)).toMatchObject({
            verdicts: [{ cell, verdict: 'accepted', applied: value }],
          });
          star.settle();
        }
      }
      expectWinners(star);
      expectConverged(star);
    }),
    { numRuns: 600 },
  );
});

test('[P7] among equals who write different cells nothing is refused, nothing corrected, and Yjs alone would end the same', () => {
  const CELLS = [
    ['fields/title', 'lineItems/l1/quantity'],
    ['fields/customer', 'lineItems/l1/name'],
    ['fields/contact', 'lineItems/l1/unit'],
  ] as const;
  const arbitrarySteps = fc.array(
    fc.record({
      who: fc.nat(2),
      cell: fc.nat(1),
      value: fc.constantFrom('1', '2', null),
      do: fc.constantFrom('set', 'type', 'up', 'down'),
    }),
    { minLength: 5, maxLength: 40 },
  );
  fc.assert(
    fc.property(arbitrarySteps, (steps) => {
      const star = createStar();
      const plain = new Y.Doc();
      for (const index of [0, 1, 2]) {
        const replica = star.join({ user: `u${index}`, role: 'admin', clientId: 10 + index });
        replica.doc.on('update', (update: Uint8Array, origin: unknown) => {
          if (origin !== 'server') Y.applyUpdate(plain, update);
        });
      }
      for (const step of steps) {
        const replica = star.replicas[step.who];
        if (replica === undefined) continue;
        if (step.do === 'up') star.up(replica);
        else if (step.do === 'down') star.down(replica);
        else if (step.do === 'type') replica.doc.getText('note/n1').insert(0, 'ab');
        else set(replica, CELLS[step.who]?.[step.cell] ?? 'fields/title', step.value);
      }
      star.settle();
      const verdicts = star.history.flatMap(({ outcome }) =>
        outcome.kind === 'judged' ? outcome.verdicts : [],
      );
      expect(verdicts.filter(({ verdict }) => verdict !== 'accepted')).toEqual([]);
      expect(Y.getState(star.gate.doc.store, SERVER_CLIENT_ID)).toBe(0);
      expect(jsonOfDoc(star.gate.doc)).toEqual(jsonOfDoc(plain));
      expect(Y.encodeStateVector(star.gate.doc)).toEqual(Y.encodeStateVector(plain));
    }),
    { numRuns: 1_000 },
  );
});

test('[P7] edits that arrive one after the other end as Yjs alone would end, with equals', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), arbitraryEdit), { maxLength: 30 }), (edits) => {
      const star = createStar({ policy: policyOf({ builtin: false }) });
      for (const index of [0, 1, 2]) star.join({ user: `u${index}`, role: 'admin', clientId: 10 + index });
      for (const [who, edit] of edits) {
        const replica = star.replicas[who];
        if (replica === undefined) continue;
        makeEdit(replica.doc, edit);
        const made = jsonOfDoc(replica.doc);
        star.settle();
        const last = star.history.at(-1)?.outcome;
        const verdicts = last?.kind === 'judged' ? last.verdicts : [];
        if (verdicts.every(({ verdict }) => verdict === 'accepted')) {
          expect(cellsOfJson(jsonOfDoc(replica.doc))).toEqual(cellsOfJson(made));
        } else expect(verdicts).toMatchObject([{ reason: 'invalid_value' }]);
      }
    }),
    { numRuns: 600 },
  );
});

/** A cell that was deleted and one that holds null are both empty; a character that was cut in two is gone. */
const cellsOfJson = (json: unknown): unknown =>
  JSON.parse(JSON.stringify(json), (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\uFFFD', '') : (value ?? undefined),
  );

test('[P10] a refused write costs a few bytes and two structs for good, however large it was', () => {
  const star = createStar();
  const vp = star.join({ user: 'vera', role: 'vp_sales', clientId: 5 });
  const rep = star.join({ user: 'rita', role: 'sales_rep', clientId: 6 });
  set(vp, 'lineItems/l1/discountPercent', '30');
  star.settle();
  const size = (): number => Y.encodeStateAsUpdate(star.gate.doc).length;
  const structs = (): number =>
    [...star.gate.doc.store.clients.values()].reduce((sum, { length }) => sum + length, 0);
  const memory = (): number => JSON.stringify(star.gate.remember()).length;
  const before = { size: size(), structs: structs(), memory: memory() };
  const ROUNDS = 400;
  for (let round = 0; round < ROUNDS; round++) {
    set(rep, 'lineItems/l1/discountPercent', 'x'.repeat(2_000));
    star.settle();
  }
  expect((size() - before.size) / ROUNDS).toBeLessThan(32);
  expect((structs() - before.structs) / ROUNDS).toBeLessThanOrEqual(2);
  expect((memory() - before.memory) / ROUNDS).toBeLessThan(40);
  expectConverged(star);
});

test('[P12] a person may come back with nothing, or with the quote as it once was', () => {
  fc.assert(
    fc.property(arbitraryRun, arbitraryRun, fc.nat(100), ({ people, steps }, later, moment) => {
      const star = createRun(people);
      let seen = 0;
      let old: Uint8Array = new Uint8Array();
      run(star, steps, () => {
        if (seen++ === moment % (steps.length + 1))
          old = Y.encodeStateAsUpdate(star.replicas[0]?.doc ?? star.gate.doc);
      });
      const person = { user: 'u0', role: people[0]?.role ?? 'sales_rep' };
      star.join({ ...person, clientId: 1 });
      const back = star.join({ ...person, clientId: 2 });
      if (old.length > 0) Y.applyUpdate(back.doc, old, 'server');
      star.disconnect(back);
      makeEdits(back.doc, later.steps);
      star.reconnect(back);
      star.settle();
      expectWinners(star);
      expectConverged(star);
    }),
    { numRuns: 200 },
  );
});

function makeEdits(doc: Y.Doc, steps: Parameters<typeof run>[1]): void {
  for (const step of steps) if (step.kind === 'edit') for (const edit of step.edits) makeEdit(doc, edit);
}

test('[P12] a person who comes with another quote’s state harms only themselves', () => {
  fc.assert(
    fc.property(arbitraryRun, arbitraryRun, fc.nat(3), (one, other, who) => {
      const star = createRun(one.people);
      run(star, one.steps);
      const foreign = createRun(other.people);
      run(foreign, other.steps);
      const doc = foreign.replicas[who]?.doc ?? new Y.Doc();
      const lost = star.join({ user: 'lost', role: 'sales_rep', clientId: 1 });
      const honest = star.replicas.slice(0, 4);
      for (const kind of ['sync', 'update'] as const) {
        lost.outbox.push({
          kind,
          update: Y.encodeStateAsUpdate(doc, Y.encodeStateVector(star.gate.doc)),
          seen: 0,
        });
        star.up(lost);
      }
      star.settle();
      expectWinners(star);
      expectConverged(star, honest);
    }),
    { numRuns: 200 },
  );
});

test('[P13] a policy that changes in between decides each update as a whole, and is found again', () => {
  const policies = [
    policyOf(),
    policyOf({ conflict: 'last_write_wins' }),
    policyOf({
      rules: [
        { cells: 'lineItems/**', minRole: 'vp_sales' },
        { cells: 'fields/title', tie: 'hold' },
      ],
    }),
    policyOf({ builtin: false }),
  ];
  fc.assert(
    fc.property(
      arbitraryRun,
      fc.array(fc.nat(3), { minLength: 8, maxLength: 8 }),
      ({ people, steps }, turns) => {
        let step = 0;
        const star: Star = createRun(people, {
          policyNow: () => policies[turns[Math.floor(step / 8) % 8] ?? 0] ?? policyOf(),
        });
        run(star, steps, () => {
          step += 1;
          expectWinners(star);
        });
        expectConverged(star);
        const again = createGate();
        for (const { submission, outcome } of star.history) {
          const activeEdits = viewOf(outcome.kind === 'judged' ? outcome.activeEdits : []);
          expect(again.submit({ ...submission, activeEdits })).toEqual(outcome);
        }
        const titles = new Set(star.history.map(({ submission }) => submission.policy.json));
        expect([...titles].every((json) => policies.some((policy) => policy.json === json))).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
