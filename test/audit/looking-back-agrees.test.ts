import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { blameQuote } from '../../src/audit/blame.ts';
import { readCells } from '../../src/audit/cells-of.ts';
import { readTexts } from '../../src/audit/course.ts';
import { diffQuote } from '../../src/audit/diff.ts';
import { createSeeker } from '../../src/audit/seek.ts';
import { present } from '../../src/lib/assert.ts';
import type { CellId } from '../../src/lib/ids.ts';
import type { Entry } from '../../src/log/log.ts';
import type { CellValue } from '../../src/quote/cell.ts';
import { readSnapshot } from '../../src/quote/snapshot.ts';
import { type Recorded, record } from '../support/recorded-quote.ts';
import { arbitraryHoldingRun, arbitraryRun, createRun, holdingPolicy, run } from '../support/random-run.ts';
import { memoryLogOf } from '../support/store-recorded.ts';

/** Whatever four people did, what is said of the past is what the documents of the past were. */
const HOW_OFTEN = { numRuns: 40 };

const arbitraryPoints = fc.tuple(fc.nat(), fc.nat());

function recordRun({ people, steps }: Parameters<typeof play>[0], isHolding: boolean): Recorded | null {
  const star = play({ people, steps }, isHolding);
  return star.history.some(({ outcome }) => outcome.kind === 'judged') ? record(star) : null;
}

function play(
  { people, steps }: { people: Parameters<typeof createRun>[0]; steps: Parameters<typeof run>[1] },
  isHolding: boolean,
) {
  const star = createRun(people, isHolding ? { policy: holdingPolicy } : {});
  run(star, steps);
  return star;
}

function documentAfter({ entries }: Recorded, seq: number): Y.Doc {
  const doc = new Y.Doc();
  for (const { merged } of entries.slice(0, seq)) if (merged !== null) Y.applyUpdate(doc, merged);
  return doc;
}

const entryOf = ({ entries }: Recorded, seq: number): Entry =>
  present(entries[seq - 1], `entry ${seq} is there`);

/** Writes of an entry to a cell after which that value stood. */
const standsAfter = (entry: Entry, cell: CellId, value: CellValue): boolean =>
  entry.writes.some((write) => write.cell === cell && write.applied === value);

async function checkDiff(recorded: Recorded, points: readonly [number, number]): Promise<void> {
  const count = recorded.entries.length;
  const [from = 0, to = 0] = points.map((point) => point % (count + 1)).toSorted((a, b) => a - b);
  const diff = await diffQuote(await memoryLogOf(recorded), recorded.quote, { from, to });
  const [before, after] = [documentAfter(recorded, from), documentAfter(recorded, to)];

  const cells = new Map<CellId, CellValue>(readCells(before));
  for (const { cell, before: was, after: is, change } of diff.cells) {
    expect(cells.get(cell) ?? null).toBe(was);
    expect(change.seq).toBeGreaterThan(from);
    expect(change.seq).toBeLessThanOrEqual(to);
    expect(standsAfter(entryOf(recorded, change.seq), cell, is)).toBe(true);
    if (is === null) cells.delete(cell);
    else cells.set(cell, is);
  }
  expect(Object.fromEntries(cells)).toEqual(Object.fromEntries(readCells(after)));

  const texts = readTexts(before);
  for (const { note, after: is } of diff.notes) texts.set(`note/${note}`, is);
  const full = (all: ReadonlyMap<string, string>) => [...all].filter(([, text]) => text !== '').toSorted();
  expect(full(texts)).toEqual(full(readTexts(after)));
}

async function checkBlame(recorded: Recorded, point: number): Promise<void> {
  const at = 1 + (point % recorded.entries.length);
  const blame = await blameQuote(await memoryLogOf(recorded), recorded.quote, { at });
  const { fields, lineItems, discounts, notes } = readSnapshot(documentAfter(recorded, at));
  const shown = new Map<string, CellValue>(
    Object.entries(fields).map(([name, value]) => [`fields/${name}`, value]),
  );
  for (const [root, rows] of Object.entries({ lineItems, discounts, notes })) {
    for (const { id, cells } of rows) {
      for (const [column, value] of Object.entries(cells)) shown.set(`${root}/${id}/${column}`, value);
    }
  }
  expect(Object.fromEntries(blame.cells.map(({ cell, value }) => [cell, value]))).toEqual(
    Object.fromEntries(shown),
  );
  for (const { cell, value, set, before, outvoted, outvotedCount } of blame.cells) {
    const change = present(set, 'somebody set what stands there');
    expect(change.seq).toBeLessThanOrEqual(at);
    expect(standsAfter(entryOf(recorded, change.seq), cell, value)).toBe(true);
    expect(before).not.toBe(value);
    expect(outvotedCount).toBeGreaterThanOrEqual(outvoted.length);
    for (const { seq, user, verdict, offered } of outvoted) {
      const entry = entryOf(recorded, seq);
      expect(entry.actor.user).toBe(user);
      const is = verdict === 'overridden' ? 'accepted' : verdict;
      const writes = entry.writes.filter((write) => write.cell === cell && write.verdict === is);
      expect(writes.map((write) => write.offered)).toContainEqual(offered);
    }
  }
  const texts = notes.filter(({ text }) => text !== '').map(({ id }) => id);
  const changed = blame.notes.filter((one) => one.changed !== null).map(({ note }) => note);
  expect(changed).toEqual(expect.arrayContaining(texts));
}

async function checkSeek(recorded: Recorded, points: readonly number[]): Promise<void> {
  const seeker = createSeeker(await memoryLogOf(recorded));
  for (const point of points) {
    const at = 1 + (point % recorded.entries.length);
    expect(await seeker.snapshotAt(recorded.quote, { at, removed: true })).toEqual(
      readSnapshot(documentAfter(recorded, at), { removed: true }),
    );
  }
}

describe.each([
  ['people of all roles', arbitraryRun, false],
  ['equals who choose', arbitraryHoldingRun, true],
] as const)('%s', (_who, arbitrary, isHolding) => {
  const checks = (check: (recorded: Recorded, points: readonly [number, number]) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(arbitrary, arbitraryPoints, async (steps, points) => {
        const recorded = recordRun(steps, isHolding);
        if (recorded !== null) await check(recorded, points);
      }),
      HOW_OFTEN,
    );

  test('a diff leads from one document to the other', () => checks(checkDiff));

  test('blame names the value of every cell, and an entry after which it stood', () =>
    checks((recorded, [at]) => checkBlame(recorded, at)));

  test('a quote that is sought is the one of that point, wherever one was before', () =>
    checks((recorded, [a, b]) => checkSeek(recorded, [a, b, a, b + 1])));
});
