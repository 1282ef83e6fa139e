import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createGate } from '../../src/authority/gate.ts';
import type { PastWrite } from '../../src/authority/cell-record.ts';
import { createLedger } from '../../src/authority/ledger.ts';
import { ROLES, rankOf } from '../../src/authority/role.ts';
import { createStructIndex } from '../../src/authority/struct-index.ts';
import type { CellId, UserId } from '../../src/lib/ids.ts';
import { arbitraryRun, createRun, run } from '../support/random-run.ts';

const CELL = 'lineItems/l1/quantity' as CellId;
const user = (name: string): UserId => name as UserId;
const users = ['a', 'b', 'c'].map(user);

const arbitraryWrites: fc.Arbitrary<PastWrite[]> = fc
  .array(
    fc.record({
      user: fc.constantFrom(...users),
      role: fc.constantFrom(...ROLES),
      value: fc.constantFrom('1', '2', null),
      imported: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map((writes) => writes.map((write, index) => ({ ...write, cell: CELL, seq: index + 1 })));

const standAll = (writes: readonly PastWrite[]): ReturnType<typeof createLedger> => {
  const ledger = createLedger();
  for (const write of writes) ledger.stand(write, { client: 1, clock: write.seq });
  return ledger;
};

describe('[A43] what is kept of a cell', () => {
  test('[A43] answers for everybody which newest write of each role they have not seen, like a whole history', () => {
    fc.assert(
      fc.property(arbitraryWrites, fc.constantFrom(...users), fc.nat(31), (writes, reader, k) => {
        const found = standAll(writes).unseen(CELL, reader, k);
        const wanted = ROLES.flatMap((role) => {
          const newest = writes.findLast((write) => write.role === role && write.user !== reader);
          return newest !== undefined && newest.seq > k ? [newest] : [];
        });
        expect(found.toSorted((a, b) => rankOf(a.role) - rankOf(b.role))).toEqual(wanted);
      }),
      { numRuns: 2_000 },
    );
  });

  test('[A43] and the rank of what the cell held at any revision, as far back as it goes', () => {
    fc.assert(
      fc.property(arbitraryWrites, fc.nat(31), (writes, k) => {
        const held = writes.findLast(({ seq }) => seq <= k);
        const rank = held === undefined || held.value === null || held.imported ? 0 : rankOf(held.role);
        const changes = writes.filter((write, index) => write.role !== writes[index - 1]?.role).length;
        fc.pre(changes <= 8);
        expect(standAll(writes).rankAt(CELL, k)).toBe(rank);
      }),
      { numRuns: 1_000 },
    );
  });

  test('[A43] is bounded', () => {
    const ledger = createLedger();
    for (let seq = 1; seq <= 1_000; seq++) {
      const role = ROLES[seq % 5] ?? 'admin';
      ledger.stand(
        { cell: CELL, seq, user: user(`u${seq % 50}`), role, value: seq % 3 ? '1' : null, imported: false },
        { client: 1, clock: seq },
      );
      ledger.carry(CELL, { client: 2, clock: seq });
      ledger.refuseDeletion(CELL, user(`u${seq % 7}`));
    }
    for (let clock = 0; clock < 100; clock++) ledger.carry(CELL, { client: 3, clock });
    expect(JSON.stringify(ledger.remember()).length).toBeLessThan(3_000);
  });
});

describe('[A22] who was told', () => {
  test('[A22] each write is told of once, before and after a restart', () => {
    const write: PastWrite = {
      cell: CELL,
      seq: 1,
      user: user('a'),
      role: 'sales_rep',
      value: '1',
      imported: false,
    };
    const ledger = createLedger();
    ledger.stand(write, { client: 1, clock: 0 });
    expect(ledger.noteTold(write)).toBe(true);
    expect(ledger.noteTold(write)).toBe(false);
    const again = createLedger(JSON.parse(JSON.stringify(ledger.remember())));
    expect(again.noteTold(write)).toBe(false);
    again.stand({ ...write, seq: 2, user: user('b') }, { client: 1, clock: 1 });
    expect(again.noteTold(write)).toBe(false);
    expect(again.noteTold({ ...write, seq: 2, user: user('b') })).toBe(true);
  });
});

describe('[A42] bindings', () => {
  test('[A42] a client belongs to the first user who wrote with it, and rows count once', () => {
    const ledger = createLedger();
    ledger.bind(7, user('a'));
    ledger.bind(7, user('b'));
    ledger.bind(8, user('a'));
    expect(ledger.ownerOf(7)).toBe('a');
    expect(ledger.ownerOf(9)).toBeNull();
    expect([ledger.clientCount(user('a')), ledger.clientCount(user('b'))]).toEqual([2, 0]);
    expect(ledger.owners()).toEqual(['a']);
    ledger.noteRow('notes/n1');
    ledger.noteRow('notes/n1');
    ledger.stand(
      {
        cell: 'notes/n1/audience' as CellId,
        seq: 1,
        user: user('a'),
        role: 'admin',
        value: null,
        imported: false,
      },
      { client: 7, clock: 0 },
    );
    expect([ledger.rowCount('notes'), ledger.rowCount('lineItems'), ledger.hasRow('notes/n1')]).toEqual([
      1,
      0,
      true,
    ]);
    const again = createLedger(JSON.parse(JSON.stringify(ledger.remember())));
    expect([again.ownerOf(7), again.clientCount(user('a')), again.rowCount('notes')]).toEqual(['a', 2, 1]);
  });
});

describe('[A14] the index of structs', () => {
  test('[A14] finds the entry of any clock, like a list of all clocks', () => {
    const arbitraryAdds = fc.array(
      fc.record({
        client: fc.nat(2),
        length: fc.integer({ min: 1, max: 5 }),
        isSameEntry: fc.boolean(),
        k: fc.nat(3),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(arbitraryAdds, (adds) => {
        const index = createStructIndex();
        const all = new Map<string, { seq: number; k: number }>();
        const next = new Map<number, number>();
        let seq = 1;
        for (const { client, length, isSameEntry, k } of adds) {
          if (!isSameEntry) seq += 1;
          const clock = next.get(client) ?? 0;
          index.add(client, { clock, seq, k });
          for (let one = clock; one < clock + length; one++) all.set(`${client} ${one}`, { seq, k });
          next.set(client, clock + length);
        }
        const again = createStructIndex(JSON.parse(JSON.stringify(index.remember())));
        for (const [client, end] of next) {
          for (let clock = 0; clock < end; clock++) {
            expect(index.find(client, clock)).toEqual(all.get(`${client} ${clock}`));
            expect(again.find(client, clock)).toEqual(all.get(`${client} ${clock}`));
          }
        }
        expect(index.find(9, 0)).toBeNull();
        expect([...index.clients()].toSorted()).toEqual([...next.keys()].toSorted());
      }),
      { numRuns: 500 },
    );
  });
});

test('[A41] a gate that comes back from its memory goes on as if it had never stopped', () => {
  fc.assert(
    fc.property(arbitraryRun, fc.nat(1_000), ({ people, steps }, at) => {
      const star = createRun(people);
      run(star, steps);
      const moment = at % (star.history.length + 1);
      const first = createGate();
      for (const { submission } of star.history.slice(0, moment)) first.submit(submission);
      const second = createGate({
        state: Y.encodeStateAsUpdateV2(first.doc),
        memory: JSON.parse(JSON.stringify(first.remember())),
      });
      expect(second.remember()).toEqual(first.remember());
      for (const { submission, outcome } of star.history.slice(moment)) {
        expect(second.submit(submission)).toEqual(outcome);
        expect(first.submit(submission)).toEqual(outcome);
      }
      expect(second.remember()).toEqual(first.remember());
      expect(Y.encodeStateAsUpdate(second.doc)).toEqual(Y.encodeStateAsUpdate(first.doc));
    }),
    { numRuns: 500 },
  );
});

test('[A41] what was remembered does not change with the gate that goes on', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      run(star, steps.slice(0, 20));
      const memory = star.gate.remember();
      const text = JSON.stringify(memory);
      run(star, steps.slice(20));
      expect(JSON.stringify(memory)).toBe(text);
    }),
    { numRuns: 100 },
  );
});

test('[A47] a replica is known to hold all revisions up to the first that it lacks', () => {
  fc.assert(
    fc.property(arbitraryRun, ({ people, steps }) => {
      const star = createRun(people);
      run(star, steps, () => {
        for (const { doc, isOnline, seen } of star.replicas) {
          const covered = star.gate.revisionCoveredBy(Y.decodeStateVector(Y.encodeStateVector(doc)));
          expect(covered).toBeLessThanOrEqual(star.gate.revision);
          if (isOnline) expect(covered).toBeGreaterThanOrEqual(seen);
        }
      });
      const whole = Y.decodeStateVector(Y.encodeStateVector(star.gate.doc));
      expect(star.gate.revisionCoveredBy(whole)).toBe(star.gate.revision);
      // [H32] nonsense: clients that nobody has, clocks that nobody reached.
      const nonsense = new Map([
        [1, 2 ** 53 - 1],
        [2 ** 53 - 1, 5],
        ...[...whole.keys()].map((client): [number, number] => [client, 2 ** 52]),
      ]);
      expect(star.gate.revisionCoveredBy(nonsense)).toBe(star.gate.revision);
      expect(star.gate.revisionCoveredBy(new Map())).toBe(
        star.gate.revision === 0 ? 0 : firstWithStructs(star) - 1,
      );
    }),
    { numRuns: 200 },
  );
});

/** The first entry that brought a struct; entries without one need not be held. */
const firstWithStructs = (star: ReturnType<typeof createRun>): number =>
  Math.min(
    star.gate.revision + 1,
    ...star.gate.ledger.structs.remember().map(([, , seqs]) => seqs[0] ?? Infinity),
  );
