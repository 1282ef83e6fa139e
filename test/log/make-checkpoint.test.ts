import { expect, test } from 'vitest';
import type { QuoteId } from '../../src/lib/ids.ts';
import { createCheckpoint } from '../../src/log/checkpoint.ts';
import { loadGate } from '../../src/log/load-gate.ts';
import type { Log } from '../../src/log/log.ts';
import { createCheckpointMaker } from '../../src/log/make-checkpoint.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };

/** A log that notes which checkpoints are read and from where entries are. */
function watched(log: Log): Log & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    ...log,
    reads,
    checkpoint(quote, atMost) {
      reads.push(`${quote} checkpoint`);
      return log.checkpoint(quote, atMost);
    },
    decisions(quote, range) {
      reads.push(`${quote} after ${range.after}`);
      return log.decisions(quote, range);
    },
  };
}

/** One entry for each. */
async function write(harness: RoomHarness, quantities: readonly number[]): Promise<void> {
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  for (const quantity of quantities) {
    ada.doc.getMap('lineItems').set('l1/quantity', `${quantity}`);
    await harness.settle();
  }
}

test('[L46] the next checkpoint of a quote costs its new entries only, and is the one that the whole log leads to', async () => {
  const log = watched(createMemoryLog());
  const harness = await createRoomHarness({ cells: row, log });
  const maker = createCheckpointMaker(log);
  await write(harness, [1, 2, 3]);
  expect(await maker.make(harness.quote)).toBe(4);
  for (const quantities of [[4], [], [5, 6]]) {
    await write(harness, quantities);
    log.reads.length = 0;
    const before = (await harness.room()).gate.revision - quantities.length;
    expect(await maker.make(harness.quote)).toBe(quantities.length);
    expect(log.reads).toEqual(quantities.length === 0 ? [] : [`q1 after ${before}`]);
    const whole = await loadGate({ ...log, checkpoint: async () => null }, harness.quote);
    expect(await log.checkpoint(harness.quote)).toEqual(
      createCheckpoint(harness.quote, whole?.gate ?? expect.unreachable('it is there')),
    );
  }
});

test('[L46] the gates of some quotes are kept, of more than that the last ones', async () => {
  const log = watched(createMemoryLog());
  const maker = createCheckpointMaker(log);
  const quotes = ['q1', 'q2', 'q3', 'q4', 'q5'] as QuoteId[];
  for (const quote of quotes) {
    await createRoomHarness({ quote, cells: row, log });
    await maker.make(quote);
  }
  log.reads.length = 0;
  for (const quote of quotes.toReversed()) await maker.make(quote);
  expect(log.reads).toEqual(['q1 checkpoint']);
});

test('[L47] a gate that was kept awake is thrown away where the log leads elsewhere', async () => {
  const log = createMemoryLog();
  const harness = await createRoomHarness({ cells: row, log });
  let isBent = false;
  const bent: Log = {
    ...log,
    checkpoint: async (...args) => {
      isBent = false;
      return log.checkpoint(...args);
    },
    decisions: async (...args) => {
      const decisions = await log.decisions(...args);
      return isBent ? decisions.map((one) => ({ ...one, merged: Uint8Array.of(0, 0) })) : decisions;
    },
  };
  const maker = createCheckpointMaker(bent);
  await maker.make(harness.quote);
  await write(harness, [1]);
  isBent = true;
  expect(await maker.make(harness.quote)).toBe(1);
  expect(isBent).toBe(false);
  expect((await loadGate(log, harness.quote))?.checkpointSeq).toBe(2);
});

test('[L47] nothing is kept of a gate whose checkpoint could not be stored', async () => {
  const log = createMemoryLog();
  const harness = await createRoomHarness({ cells: row, log });
  let isFull = true;
  const full: Log = {
    ...log,
    saveCheckpoint: (...args) => (isFull ? Promise.reject(new Error('full')) : log.saveCheckpoint(...args)),
  };
  const maker = createCheckpointMaker(full);
  await expect(maker.make(harness.quote)).rejects.toThrow('full');
  isFull = false;
  expect(await maker.make(harness.quote)).toBe(1);
  expect((await log.checkpoint(harness.quote))?.seq).toBe(1);
});

test('[L48] of checkpoints that are close to each other only the newest stays', async () => {
  const log = createMemoryLog();
  const harness = await createRoomHarness({ cells: row, log, limits: { syncFramesBurst: 10_000 } });
  const maker = createCheckpointMaker(log);
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const revision = async (): Promise<number> => (await harness.room()).gate.revision;
  const made: number[] = [];
  while ((await revision()) < 2_100) {
    for (let edit = 0; edit < 50; edit++) ada.doc.getMap('lineItems').set('l1/quantity', `${edit}`);
    await harness.settle();
    if ((await revision()) % 150 > 50) continue;
    await maker.make(harness.quote);
    made.push(await revision());
  }
  const kept: number[] = [];
  for (let at = await revision(); at > 0;) {
    const checkpoint = await log.checkpoint(harness.quote, at);
    if (checkpoint !== null) kept.push(checkpoint.seq);
    at = (checkpoint?.seq ?? 1) - 1;
  }
  expect(kept).toEqual([made.at(-1), made.findLast((seq) => seq < 2_000)]);
}, 30_000);
