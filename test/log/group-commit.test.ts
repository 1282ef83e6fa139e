import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { Fault } from '../../src/lib/fault.ts';
import { type GroupCommit, createGroupCommit } from '../../src/log/group-commit.ts';
import type { Entry } from '../../src/log/log.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { buildChain, buildSummary, quoteId, storedPolicy } from '../support/build-entry.ts';
import { type FlakyLog, createFlakyLog, logUnavailable } from '../support/flaky-log.ts';

let log: FlakyLog;
let scheduled: (() => void)[];
let commit: GroupCommit;

beforeEach(async () => {
  log = createFlakyLog(createMemoryLog());
  await log.savePolicy(storedPolicy);
  scheduled = [];
  commit = createGroupCommit({
    log,
    schedule: (run) => void scheduled.push(run),
  });
});

const submit = (entry: Entry): Promise<void> =>
  commit.submit(entry, buildSummary(entry.quote, { seq: entry.seq, total: String(entry.seq) }));

/** The end of the turn, and of what follows from it. */
async function endTurn(): Promise<void> {
  for (const run of scheduled.splice(0)) run();
  await new Promise(setImmediate);
}

const namesOf = (entries: readonly Entry[]): string[] => entries.map(({ quote, seq }) => `${quote}/${seq}`);

test('[L35] all that is submitted in one turn goes to the log in one append, in order', async () => {
  const [one, two] = [buildChain('q1', 3), buildChain('q2', 1)];
  const done = [...one, ...two].map(submit);
  expect(log.appends).toEqual([]);
  await endTurn();
  await Promise.all(done);
  expect(log.appends.map(namesOf)).toEqual([['q1/1', 'q1/2', 'q1/3', 'q2/1']]);
  expect(scheduled).toEqual([]);
});

test('[L36] while an append is under way, what comes waits for the next one', async () => {
  const chain = buildChain('q1', 3);
  const release = log.hold();
  const first = submit(chain[0] as Entry);
  await endTurn();
  const later = chain.slice(1).map(submit);
  await endTurn();
  expect(log.appends.map(namesOf)).toEqual([['q1/1']]);
  release();
  await first;
  await endTurn();
  await Promise.all(later);
  expect(log.appends.map(namesOf)).toEqual([['q1/1'], ['q1/2', 'q1/3']]);
});

test('[L37] authors are told in the order of submission, when their entry is durable and not before', async () => {
  const told: string[] = [];
  const entries = [...buildChain('q2', 2), ...buildChain('q1', 2)];
  const release = log.hold();
  for (const entry of entries) {
    void submit(entry).then(async () => {
      told.push(`${entry.quote}/${entry.seq}`);
      expect((await log.head(entry.quote))?.seq).toBeGreaterThanOrEqual(entry.seq);
    });
  }
  await endTurn();
  expect(told).toEqual([]);
  release();
  await endTurn();
  expect(told).toEqual(namesOf(entries));
});

test('[L38] of the summaries of one quote the newest is written', async () => {
  const done = buildChain('q1', 3).map(submit);
  await endTurn();
  await Promise.all(done);
  expect(await log.summary(quoteId('q1'))).toMatchObject({ seq: 3, total: '3' });
});

test('[L39] a failed append is told to everyone in it, and to those who wait with a later entry of its quotes', async () => {
  const [one, two, three] = [buildChain('q1', 2), buildChain('q2', 2), buildChain('q3', 1)];
  const fault = logUnavailable();
  log.failNext(fault);
  const release = log.hold();
  const inBatch = [submit(one[0] as Entry), submit(two[0] as Entry)];
  await endTurn();
  const behind = [submit(two[1] as Entry)];
  const other = submit(three[0] as Entry);
  const outcomes = Promise.allSettled([...inBatch, ...behind]);
  release();
  expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([
    fault,
    fault,
    fault,
  ]);
  await endTurn();
  await other;
  expect(log.appends.map(namesOf)).toEqual([['q1/1', 'q2/1'], ['q3/1']]);

  const again = [...one, ...two].map(submit);
  await endTurn();
  await Promise.all(again);
  expect(await log.head(quoteId('q2'))).toMatchObject({ seq: 2 });
});

test('[L39] a fenced entry fails its append; the next ones go through', async () => {
  const stale = submit(buildChain('q1', 2)[1] as Entry);
  const outcome = stale.catch((error: unknown) => error);
  await endTurn();
  expect(await outcome).toBeInstanceOf(Fault);
  const fresh = submit(buildChain('q1', 1)[0] as Entry);
  await endTurn();
  await fresh;
});

test('[L40] one append takes 1,000 entries, the rest go into the next', async () => {
  const done = buildChain('q1', 1_001).map(submit);
  await endTurn();
  await endTurn();
  await Promise.all(done);
  expect(log.appends.map((entries) => entries.length)).toEqual([1_000, 1]);
});

test('[L41] drained once nothing waits, also after a failure', async () => {
  await commit.drained();
  const told: string[] = [];
  log.failNext();
  const release = log.hold();
  void submit(buildChain('q1', 1)[0] as Entry).catch(() => told.push('lost'));
  await endTurn();
  void submit(buildChain('q2', 1)[0] as Entry).then(() => told.push('stored'));
  void commit.drained().then(() => told.push('drained'));
  release();
  await endTurn();
  expect(told).toEqual(['lost']);
  await endTurn();
  expect(told).toEqual(['lost', 'stored', 'drained']);
});

/** Rooms submit, turns end, appends fail: who was told "durable" is in the log, who was not is not, and nobody is left without an answer. */
test('[L35] [L37] [L39] holds for any mix of submissions, turns and failures', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('q1', 'q2', 'q3') },
    { weight: 3, arbitrary: fc.constant('turn') },
    { weight: 1, arbitrary: fc.constant('fail') },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const inner = createMemoryLog();
      await inner.savePolicy(storedPolicy);
      const flaky = createFlakyLog(inner);
      const group = createGroupCommit({ log: flaky, schedule: setImmediate });
      const chains = new Map(['q1', 'q2', 'q3'].map((id) => [id, buildChain(id, 40)]));
      const next = new Map<string, number>();
      const stored = new Map<string, number>();
      let answers = 0;
      let submissions = 0;
      for (const name of steps) {
        const entry = chains.get(name)?.[next.get(name) ?? 0];
        if (name === 'fail') flaky.failNext();
        else if (entry === undefined) await new Promise(setImmediate);
        else {
          next.set(name, entry.seq);
          submissions += 1;
          group.submit(entry, buildSummary(name, { seq: entry.seq })).then(
            () => {
              answers += 1;
              stored.set(name, entry.seq);
            },
            () => {
              answers += 1;
              // As a room does: start again from what the log has.
              next.set(name, stored.get(name) ?? 0);
            },
          );
        }
      }
      await group.drained();
      await new Promise(setImmediate);
      expect(answers).toBe(submissions);
      for (const id of chains.keys()) {
        expect((await inner.head(quoteId(id)))?.seq ?? 0).toBe(stored.get(id) ?? 0);
        expect((await inner.summary(quoteId(id)))?.seq ?? 0).toBe(stored.get(id) ?? 0);
      }
    }),
    { numRuns: 200 },
  );
});
