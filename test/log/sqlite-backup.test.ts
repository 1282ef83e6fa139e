import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backupDatabase } from '../../src/log/sqlite-backup.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { buildChain, buildSummary, quoteId, storedPolicy } from '../support/build-entry.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('the copy is one file with every entry, also those that are only in the write-ahead log', async () => {
  const folder = temporaryFolder();
  const { db, log } = openSqliteLog(folder);
  await log.savePolicy(storedPolicy);
  const chain = buildChain('q1', 5);
  await log.append(chain, [buildSummary('q1', { seq: 5 })]);
  const path = join(folder, 'copy.db');
  await backupDatabase(db, path);
  expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
  const copy = openDatabase(path);
  const copied = createSqliteLog(copy);
  expect(await copied.entries(quoteId('q1'), { after: 0, limit: 10 })).toEqual(chain);
  await copied.close();
});

test('a copy that cannot be made is a fault that says what to do, and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const { db } = openSqliteLog(folder);
  const nowhere = join(folder, 'missing/copy.db');
  const refusal = expect.objectContaining({
    name: 'Fault',
    code: 'backup_failed',
    message: expect.stringMatching(/could not be copied to .*\.db \(.*\): check the disk, .*--no-backup/),
  });
  await expect(backupDatabase(db, nowhere)).rejects.toThrow(refusal);
  expect(existsSync(join(folder, 'missing'))).toBe(false);

  const taken = join(folder, 'taken.db');
  writeFileSync(taken, 'mine');
  await expect(backupDatabase(db, taken)).rejects.toThrow(refusal);
  expect(existsSync(taken)).toBe(true);
});
