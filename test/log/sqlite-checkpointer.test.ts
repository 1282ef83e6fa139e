import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { QuoteId } from '../../src/lib/ids.ts';
import { CHECKPOINT_EVERY_ENTRIES } from '../../src/lib/limits.ts';
import type { Checkpointer } from '../../src/log/checkpointer.ts';
import { loadGate } from '../../src/log/load-gate.ts';
import { createSqliteCheckpointer } from '../../src/log/sqlite-checkpointer.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { createRoomHarness } from '../support/room-harness.ts';
import { describeStructs } from '../support/star.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };
const q1 = 'q1' as QuoteId;

function checkpointerOn(folder: string, pause?: (ms: number) => Promise<void>): Checkpointer {
  const checkpointer = createSqliteCheckpointer(join(folder, 'quoteroom.db'), pause);
  onTestFinished(() => checkpointer.close());
  return checkpointer;
}

test('a checkpoint is made by another thread from the log, also while the room writes on', async () => {
  const folder = temporaryFolder();
  const { log } = openSqliteLog(folder);
  const harness = await createRoomHarness({ cells: row, log });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const checkpointer = checkpointerOn(folder);
  let isMade = false;
  const making = Promise.all([checkpointer.checkpoint(q1), checkpointer.checkpoint(q1)]).then(
    () => (isMade = true),
  );
  for (let edit = 0; !isMade; edit++) {
    if (edit % 20 === 0) harness.advance(1_000);
    ada.doc.getMap('lineItems').set('l1/quantity', `${edit % 1_000}`);
    await harness.turn();
  }
  await making;
  const made = await log.checkpoint(q1);
  expect(made?.seq).toBeGreaterThanOrEqual(1);
  // The disk takes its own time for the last entries.
  await (await harness.room()).readDurably(() => null);
  const loaded = await loadGate(log, q1);
  expect(loaded?.checkpointSeq).toBeGreaterThanOrEqual(made?.seq ?? Infinity);
  expect(describeStructs(loaded?.gate.doc ?? ada.doc)).toEqual(
    describeStructs((await harness.room()).gate.doc),
  );
});

test('what goes wrong is said, and the next checkpoint is made all the same', async () => {
  const folder = temporaryFolder();
  const checkpointer = checkpointerOn(folder);
  // The database has no schema yet.
  await expect(checkpointer.checkpoint(q1)).rejects.toMatchObject({
    code: 'checkpoint_failed',
    retryable: true,
  });
  const { log } = openSqliteLog(folder);
  await createRoomHarness({ cells: row, log });
  await checkpointer.checkpoint(q1);
  expect((await log.checkpoint(q1))?.seq).toBe(1);
});

test('what is no name of a quote is said to be none, and the next checkpoint is made all the same', async () => {
  const folder = temporaryFolder();
  const { log } = openSqliteLog(folder);
  await createRoomHarness({ cells: row, log });
  const checkpointer = checkpointerOn(folder);
  await expect(checkpointer.checkpoint('no such name' as QuoteId)).rejects.toMatchObject({
    code: 'checkpoint_failed',
  });
  await checkpointer.checkpoint(q1);
  expect((await log.checkpoint(q1))?.seq).toBe(1);
});

test('closing waits for those that were asked for, makes none after that, and can be done twice', async () => {
  const folder = temporaryFolder();
  const { log } = openSqliteLog(folder);
  const quotes = ['q1', 'q2', 'q3'] as QuoteId[];
  for (const quote of quotes) await createRoomHarness({ cells: row, log, quote });
  const checkpointer = checkpointerOn(folder);
  const asked = quotes.slice(0, 2).map((quote) => checkpointer.checkpoint(quote));
  await checkpointer.close();
  await checkpointer.close();
  await Promise.all(asked);
  await expect(checkpointer.checkpoint('q3' as QuoteId)).resolves.toBeUndefined();
  const made = await Promise.all(quotes.map(async (quote) => (await log.checkpoint(quote))?.seq));
  expect(made).toEqual([1, 1, undefined]);
});

test('[L49] a quote that got many entries between two checkpoints gets more without being asked, until it slows down', async () => {
  const folder = temporaryFolder();
  const { log } = openSqliteLog(folder);
  const harness = await createRoomHarness({ cells: row, log, limits: { syncFramesBurst: 100_000 } });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const { gate } = await harness.room();
  const write = async (edits: number): Promise<void> => {
    for (let edit = 0; edit < edits; edit++) ada.doc.getMap('lineItems').set('l1/quantity', `${edit}`);
    await harness.settle();
  };
  const isAtHead = async (): Promise<boolean> => (await log.checkpoint(q1))?.seq === gate.revision;
  /** The looks that wait for their time. */
  const looks: (() => void)[] = [];
  const checkpointer = checkpointerOn(folder, () => new Promise((resolve) => looks.push(resolve)));
  await write(2 * CHECKPOINT_EVERY_ENTRIES);
  await checkpointer.checkpoint(q1);
  for (let look = 0; look < 3; look++) {
    expect(looks.length).toBe(1);
    await write(CHECKPOINT_EVERY_ENTRIES / 5);
    looks.pop()?.();
    while (looks.length === 0) await harness.turn();
    expect(await isAtHead()).toBe(true);
  }
  await write(CHECKPOINT_EVERY_ENTRIES / 5 - 1);
  looks.pop()?.();
  while (!(await isAtHead())) await harness.turn();
  // One more, behind which a look that was to come would be known.
  await checkpointer.checkpoint(q1);
  expect(looks).toEqual([]);
}, 20_000);
