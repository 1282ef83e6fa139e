import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createMergeMeter } from '../../src/authority/merge-meter.ts';
import { type MergeableUpdate, readUpdate } from '../../src/authority/read-update.ts';
import { rehearseMerge } from '../../src/authority/rehearse-merge.ts';
import { createStructIndex } from '../../src/authority/struct-index.ts';
import { type StructList, createStructList } from '../../src/authority/struct-list.ts';
import { MERGE_STEPS_MAX } from '../../src/authority/update-bounds.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { any, beside, forge, forgeBlock, inRoot, many, on, text } from '../support/forge.ts';

const NOTE = 'note/n1';
const letter = inRoot(NOTE, null, text('a'));

function createHeld(...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  doc.getMap('fields');
  doc.getText(NOTE);
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

function readInto(doc: Y.Doc, update: Uint8Array): MergeableUpdate {
  const read = readUpdate(update, {
    doc,
    structs: createStructIndex(),
    user: 'me' as UserId,
    ownerOf: () => null,
    clientsOfUser: 0,
    hasNote: () => true,
    notesFree: 0,
  });
  if (read.kind !== 'update') throw new Error(JSON.stringify(read));
  return read;
}

function rehearse(doc: Y.Doc, update: MergeableUpdate, stepsMax = Infinity): StructList & { steps: number } {
  const meter = createMergeMeter(doc, update.itemsByClient, stepsMax);
  const list = createStructList(doc, meter);
  rehearseMerge(update, doc, { list, meter, causality: { mustHaveSeen: () => false } });
  return { ...list, steps: meter.steps() };
}

const stepsOf = (doc: Y.Doc, update: Uint8Array): number => readInto(doc, update).mergeSteps;

describe('[A10] steps of a merge', () => {
  test('[A10] typing, pasting and importing take none', () => {
    const doc = createHeld(forgeBlock(1, 0, inRoot(NOTE, null, text('abc'))));
    expect(stepsOf(doc, forgeBlock(2, 0, on([1, 2], text('x'.repeat(8_192)))))).toBe(0);
    expect(stepsOf(doc, forgeBlock(2, 0, beside({ right: [1, 0] }, text('x'))))).toBe(0);
    const rows = many(30_000, (index) => inRoot('fields', `x_${index}`, any('1')));
    expect(stepsOf(doc, forgeBlock(2, 0, ...rows))).toBe(0);
    const note = [
      inRoot('note/n2', null, text('a')),
      ...many(30_000, (index) => beside({ right: [2, index] }, text('b'))),
    ];
    expect(stepsOf(doc, forgeBlock(2, 0, ...note))).toBe(0);
  });

  test('[A10] one for each struct that came between the two neighbours', () => {
    const between = many(10, () => beside({ right: [1, 0] }, text('b')));
    const doc = createHeld(forgeBlock(1, 0, letter), forgeBlock(2, 0, ...between));
    expect(stepsOf(doc, forgeBlock(3, 0, beside({ right: [1, 0] }, text('c'))))).toBe(10);
    expect(stepsOf(doc, forgeBlock(4, 0, beside({ right: [1, 0] }, text('c'))))).toBe(10);
    expect(stepsOf(doc, forgeBlock(3, 0, on([1, 0], text('c'))))).toBe(0);
  });

  test('[A10] a cut costs more where more lies behind it', () => {
    const long = inRoot(NOTE, null, text('x'.repeat(100)));
    const cut = forge({ deletions: [[1, [[50, 1]]]] });
    const short = stepsOf(createHeld(forgeBlock(1, 0, long)), cut);
    const behind = many(5_000, (index) => on([1, index % 2], text('y')));
    expect(stepsOf(createHeld(forgeBlock(1, 0, long, ...behind)), cut)).toBeGreaterThan(short * 4);
  });

  test('[A10] five people who edited a paragraph offline for hours are far below what is allowed', () => {
    const base = forgeBlock(9_999, 0, inRoot(NOTE, null, text('lorem ipsum '.repeat(50))));
    const server = createHeld(base);
    const steps: number[] = [];
    for (let person = 0; person < 5; person++) {
      const mine = createHeld(base);
      mine.clientID = 1_000 + person * 7;
      const note = mine.getText(NOTE);
      for (let edit = 0; edit < 2_000; edit++) {
        const at = (edit * 7_919 + person * 104_729) % (note.length - 3);
        if (edit % 3 === 0) note.delete(at, 2);
        else note.insert(at, 'word ');
      }
      const update = Y.encodeStateAsUpdate(mine, Y.encodeStateVector(server));
      steps.push(stepsOf(server, update));
      Y.applyUpdate(server, update);
    }
    expect(Math.max(...steps)).toBeLessThan(MERGE_STEPS_MAX / 4);
  });

  test('[A10] stops counting at what is allowed', () => {
    const doc = createHeld(forgeBlock(1, 0, inRoot(NOTE, null, text('x'.repeat(20_000)))));
    const far = many(10_000, (index) => beside({ right: [1, 19_999 - index] }, text('b')));
    const update = readInto(doc, forgeBlock(2, 0, ...far.slice(0, 1_000)));
    const all = rehearse(doc, update).steps;
    expect(rehearse(doc, update, all / 10).steps).toBeLessThan(all / 5);
  });
});

const arbitraryRound = fc.record({
  edits: fc.array(
    fc.record({
      who: fc.nat(3),
      at: fc.nat(30),
      isDeletion: fc.boolean(),
      length: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 40 },
  ),
  /** One passes on what another wrote, so that an update brings several clients. */
  carriers: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 3 }),
  senders: fc.array(fc.tuple(fc.nat(3), fc.boolean()), { maxLength: 6 }),
});

test('[A10] the rehearsal puts each struct where Yjs puts it', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
      fc.array(arbitraryRound, { minLength: 1, maxLength: 4 }),
      (clients, rounds) => {
        const server = createHeld();
        const docs = clients.map((client) => {
          const doc = createHeld();
          doc.clientID = client;
          return doc;
        });
        const docOf = (index: number): Y.Doc => docs[index] ?? server;
        for (const { edits, carriers, senders } of rounds) {
          for (const { who, at, isDeletion, length } of edits) {
            const note = docOf(who).getText(NOTE);
            if (!isDeletion) note.insert(at % (note.length + 1), 'abc'.slice(0, length));
            else if (note.length > length) note.delete(at % (note.length - length), length);
          }
          for (const [from, to] of carriers) {
            Y.applyUpdate(docOf(to), Y.encodeStateAsUpdate(docOf(from)));
          }
          for (const [who, takes] of senders) {
            const bytes = Y.encodeStateAsUpdate(docOf(who), Y.encodeStateVector(server));
            const list = rehearse(server, readInto(server, bytes));
            const rehearsed: string[] = [];
            const place = { kind: 'text', root: NOTE, note: 'n1' } as const;
            for (let part = list.first(place); part !== null; part = list.rightOf(part)) {
              for (let clock = part.clock; clock < part.end; clock++)
                rehearsed.push(`${part.client} ${clock}`);
            }
            Y.applyUpdate(server, bytes);
            expect(rehearsed).toEqual(clocksOf(server));
            if (takes) Y.applyUpdate(docOf(who), Y.encodeStateAsUpdate(server));
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

function clocksOf(doc: Y.Doc): string[] {
  const clocks: string[] = [];
  for (let item = doc.getText(NOTE)._start; item !== null; item = item.right) {
    for (let index = 0; index < item.length; index++) {
      clocks.push(`${item.id.client} ${item.id.clock + index}`);
    }
  }
  return clocks;
}
