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

function checkpointerOn(folder: string): Checkpointer {
  const checkpointer = createSqliteCheckpointer(join(folder, 'quoteroom.db'));
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
  await harness.settle();
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

test('closing waits for the one under way, drops what waits, and can be done twice', async () => {
  const folder = temporaryFolder();
  const { log } = openSqliteLog(folder);
  await createRoomHarness({ cells: row, log });
  const checkpointer = checkpointerOn(folder);
  const first = checkpointer.checkpoint(q1);
  await checkpointer.close();
  await checkpointer.close();
  await expect(first).resolves.toBeUndefined();
  await expect(checkpointer.checkpoint(q1)).resolves.toBeUndefined();
});

test('[L49] a quote that got many entries between two checkpoints gets its next one without being asked', async () => {
  const folder = temporaryFolder();
  const { log } = openSqliteLog(folder);
  const harness = await createRoomHarness({ cells: row, log, limits: { syncFramesBurst: 100_000 } });
  const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
  const write = async (edits: number): Promise<void> => {
    for (let edit = 0; edit < edits; edit++) ada.doc.getMap('lineItems').set('l1/quantity', `${edit}`);
    await harness.turn();
  };
  for (let round = 0; round < 20; round++) await write(CHECKPOINT_EVERY_ENTRIES / 10);
  await harness.settle();
  await checkpointerOn(folder).checkpoint(q1);
  const asked = (await log.checkpoint(q1))?.seq ?? Infinity;
  while (((await log.checkpoint(q1))?.seq ?? 0) <= asked) await write(1);
}, 30_000);
