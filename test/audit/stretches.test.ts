import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkStretch } from '../../src/audit/check-stretch.ts';
import { type StretchThreads, stretchesOf } from '../../src/audit/stretches.ts';
import { createSqliteStretches } from '../../src/audit/sqlite-stretches.ts';
import { verifyQuotes } from '../../src/audit/verify.ts';
import type { Log } from '../../src/log/log.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import { arbitraryRun, createRun, run } from '../support/random-run.ts';
import { type Recorded, logOf, playSession, record } from '../support/recorded-quote.ts';
import { storeRecorded } from '../support/store-recorded.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each([
  [[], 9, 3, [[0, 9]]],
  [[9], 9, 3, [[0, 9]]],
  [
    [3, 6, 9],
    9,
    3,
    [
      [0, 3],
      [3, 6],
      [6, 9],
    ],
  ],
  [
    [1, 2, 4, 5, 8],
    9,
    3,
    [
      [0, 4],
      [4, 9],
    ],
  ],
  [[8], 9, 3, [[0, 9]]],
] as const)(
  'with checkpoints after %j, %i entries, at least %i each: %j',
  (checkpointed, to, min, stretches) => {
    expect(stretchesOf(new Set(checkpointed), to, min).map((one) => [one.from, one.to])).toEqual(stretches);
  },
);

/** The same, in this thread. */
const threadsOn = (log: Pick<Log, 'entries' | 'checkpoint' | 'policy' | 'head'>) => {
  const checked: string[] = [];
  const threads: StretchThreads = {
    entriesMin: 2,
    stretchEntriesMin: 1,
    async check(quote, stretch) {
      const result = await checkStretch(log, quote, stretch);
      checked.push(`${stretch.from}-${stretch.to} ${result === null ? 'unsound' : 'sound'}`);
      return result;
    },
  };
  return { threads, checked };
};

const EVERY_THIRD = [3, 6, 9, 12, 15, 18];

test('whatever people did, all stretches together find what the walk from entry 1 finds', () =>
  fc.assert(
    fc.asyncProperty(arbitraryRun, async ({ people, steps }) => {
      const star = createRun(people, {});
      run(star, steps);
      if (star.history.every(({ outcome }) => outcome.kind !== 'judged')) return;
      const recorded = record(star, 'q1', EVERY_THIRD);
      const log = logOf(recorded);
      const { threads, checked } = threadsOn(log);
      const walked = await verifyQuotes(log, [recorded.quote]);
      expect(walked.ok).toBe(true);
      expect(await verifyQuotes({ ...log, threads }, [recorded.quote])).toEqual(walked);
      const ends = [...new Set(recorded.checkpoints.map(({ seq }) => seq))].toSorted((a, b) => a - b);
      const sound = ends.map((to, index) => `${ends[index - 1] ?? 0}-${to} sound`);
      expect(checked.toSorted()).toEqual(sound.length < 2 ? [] : sound.toSorted());
    }),
    { numRuns: 50 },
  ));

/** With the stretches that are not sound then; the others are. */
const damages: readonly [what: string, unsound: readonly string[], damage: (recorded: Recorded) => void][] = [
  ['an entry', ['6-9'], ({ entries }) => void Object.assign(entries[6] ?? {}, { at: 0 })],
  ['an entry that is missing', ['3-6'], ({ entries }) => void entries.splice(4, 1)],
  ['a missing last one', ['9-10'], ({ entries }) => void entries.pop()],
  [
    'a checkpoint',
    ['3-6', '6-9'],
    ({ checkpoints }) => void Object.assign(checkpoints[1] ?? {}, { memory: new Uint8Array(3) }),
  ],
  [
    'a checkpoint of another place',
    ['3-6', '6-9'],
    ({ checkpoints }) =>
      void Object.assign(checkpoints[1] ?? {}, { ...checkpoints[0], seq: checkpoints[1]?.seq }),
  ],
  ['no checkpoint', [], ({ checkpoints }) => void checkpoints.splice(1, 1)],
  ['the list of quotes', [], ({ summary }) => void Object.assign(summary ?? {}, { title: 'Other' })],
  [
    'the creator in the list',
    [],
    ({ summary }) => void Object.assign(summary ?? {}, { createdBy: 'mallory' }),
  ],
];

test.each(damages)('what is wrong is said in the same words: %s', async (what, unsound, damage) => {
  const recorded = record(playSession(), 'q1', EVERY_THIRD);
  damage(recorded);
  const log = logOf(recorded);
  const walked = await verifyQuotes(log, [recorded.quote]);
  expect(walked.ok).toBe(what === 'no checkpoint');
  const { threads, checked } = threadsOn(log);
  expect(await verifyQuotes({ ...log, threads }, [recorded.quote])).toEqual(walked);
  const all = what === 'no checkpoint' ? ['0-3', '3-9', '9-10'] : ['0-3', '3-6', '6-9', '9-10'];
  const expected = all.map((stretch) => `${stretch} ${unsound.includes(stretch) ? 'unsound' : 'sound'}`);
  expect(checked.toSorted()).toEqual(expected);
});

test('threads on a database find the same, and what a broken one was at is walked', async () => {
  const recorded = record(playSession(), 'q1', EVERY_THIRD);
  const db = openMigrated(temporaryFolder());
  const log = await storeRecorded(recorded, createSqliteLog(db));
  const threads = createSqliteStretches(db.name, { isBesideServer: false });
  try {
    const sound = await threads.check(recorded.quote, { from: 3, to: 6 });
    expect(sound?.entries).toBe(3);
    const again = await Promise.all([
      threads.check(recorded.quote, { from: 0, to: 3 }),
      threads.check(recorded.quote, { from: 6, to: 9 }),
      threads.check(recorded.quote, { from: 3, to: 6 }),
      threads.check(recorded.quote, { from: 3, to: 99 }),
      threads.check(recorded.quote, { from: 4, to: 6 }),
    ]);
    expect(again.map((one) => one?.entries ?? null)).toEqual([3, 3, 3, null, null]);
    const all = { ...threads, entriesMin: 2, stretchEntriesMin: 1 };
    expect((await verifyQuotes({ ...log, threads: all }, [recorded.quote])).ok).toBe(true);
  } finally {
    await threads.close();
  }
  const gone = createSqliteStretches('/nowhere/quoteroom.db', { isBesideServer: true });
  expect(await gone.check(recorded.quote, { from: 0, to: 3 })).toBeNull();
  await gone.close();
});
