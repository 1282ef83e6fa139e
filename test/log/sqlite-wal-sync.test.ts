import { expect, test } from 'vitest';
import { migrateUp } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import type { Log } from '../../src/log/log.ts';
import { buildChain, buildSummary, quoteId, storedPolicy } from '../support/build-entry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const q1 = quoteId('q1');
const all = { after: 0, limit: 10 };

/** A log on a disk whose syncs end when the test says so. */
async function openOnSlowDisk(): Promise<{ log: Log; pending: ((error: Error | null) => void)[] }> {
  const db = openDatabase(`${temporaryFolder()}/quoteroom.db`);
  migrateUp(db);
  const pending: ((error: Error | null) => void)[] = [];
  const log = createSqliteLog(db, (_file, done) => void pending.push(done));
  await log.savePolicy(storedPolicy);
  return { log, pending };
}

/** Whether a promise is settled once everything that was due has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => void (settled = true);
  promise.then(note, note);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

test('[L24] an append resolves only when the disk has taken it', async () => {
  const { log, pending } = await openOnSlowDisk();
  const appended = log.append(buildChain('q1', 1), [buildSummary('q1')]);
  expect(await isSettled(appended)).toBe(false);
  expect(pending).toHaveLength(1);
  pending[0]?.(null);
  await appended;
});

test.each<[string, (log: Log) => Promise<unknown>]>([
  ['entries', (log) => log.entries(q1, all)],
  ['head', (log) => log.head(q1)],
  ['summary', (log) => log.summary(q1)],
  ['quotes', (log) => log.quotes({ limit: 10 })],
])('[L24] %s are not shown before the disk has what they show', async (_what, read) => {
  const { log, pending } = await openOnSlowDisk();
  const appended = log.append(buildChain('q1', 1), [buildSummary('q1')]);
  const shown = read(log);
  expect(await isSettled(shown)).toBe(false);
  pending[0]?.(null);
  await Promise.all([appended, shown]);
});

test('[L24] once the disk has refused, nothing more is taken or shown', async () => {
  const { log, pending } = await openOnSlowDisk();
  const [first, second] = buildChain('q1', 2);
  const appended = log.append(first === undefined ? [] : [first], []);
  const shown = log.head(q1);
  pending[0]?.(new Error('EIO'));
  await expect(appended).rejects.toMatchObject({ code: 'log_untrusted', retryable: false });
  await expect(shown).rejects.toMatchObject({ code: 'log_untrusted' });
  await expect(log.append(second === undefined ? [] : [second], [])).rejects.toMatchObject({
    code: 'log_untrusted',
  });
  await expect(log.entries(q1, all)).rejects.toMatchObject({ code: 'log_untrusted' });
  expect(pending).toHaveLength(1);
});
