import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
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
  const failed = (message: RegExp): Error =>
    expect.objectContaining({
      name: 'Fault',
      code: 'backup_failed',
      message: expect.stringMatching(message),
    });
  await expect(backupDatabase(db, nowhere)).rejects.toThrow(
    failed(/could not be copied to .*copy\.db \(.*\): check the disk, and that there is room on it$/),
  );
  await expect(backupDatabase(db, nowhere, { advice: 'call Ann' })).rejects.toThrow(failed(/: call Ann$/));
  expect(existsSync(join(folder, 'missing'))).toBe(false);

  const taken = join(folder, 'taken.db');
  writeFileSync(taken, 'mine');
  await expect(backupDatabase(db, taken)).rejects.toThrow(failed(/there is a file of that name already/));
  expect(readFileSync(taken, 'utf8')).toBe('mine');

  const other = join(folder, 'other.db');
  writeFileSync(`${other}.unfinished`, 'of somebody else');
  await expect(backupDatabase(db, other)).rejects.toThrow(failed(/delete it if none is being made/));
  expect(readdirSync(folder).filter((name) => name.startsWith('other'))).toEqual(['other.db.unfinished']);
});

test('the copy follows no link, and is never readable by others, not even while it is made', async () => {
  if (process.platform === 'win32') return;
  const folder = temporaryFolder();
  const { db } = openSqliteLog(folder);
  const elsewhere = join(folder, 'elsewhere.db');
  for (const end of ['', '.unfinished']) {
    const path = join(folder, `linked${end}.db`);
    symlinkSync(elsewhere, `${path}${end}`);
    await expect(backupDatabase(db, path)).rejects.toThrow(/was not copied/);
    expect(lstatSync(`${path}${end}`).isSymbolicLink()).toBe(true);
  }
  expect(existsSync(elsewhere)).toBe(false);

  const mask = process.umask(0);
  onTestFinished(() => void process.umask(mask));
  const path = join(folder, 'copy.db');
  const modes: number[] = [];
  const onProgress = (): void => void modes.push(statSync(`${path}.unfinished`).mode & 0o777);
  await backupDatabase(db, path, { onProgress });
  expect(new Set(modes)).toEqual(new Set([0o600]));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file that comes to have that name meanwhile is not touched either', async () => {
  const folder = temporaryFolder();
  const { db } = openSqliteLog(folder);
  const path = join(folder, 'copy.db');
  const copying = backupDatabase(db, path, { onProgress: () => writeFileSync(path, 'mine') });
  await expect(copying).rejects.toThrow(/there is a file of that name already/);
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(existsSync(`${path}.unfinished`)).toBe(false);
});

test('a copy that is stopped leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const { db } = openSqliteLog(folder);
  const stopped = new AbortController();
  const copying = backupDatabase(db, join(folder, 'copy.db'), {
    stop: stopped.signal,
    onProgress: () => stopped.abort(),
  });
  await expect(copying).rejects.toThrow(/stopped before the copy was finished: there is no .*copy\.db$/);
  expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([]);
  expect(db.inTransaction).toBe(false);
});

test('edits that come in while it copies neither wait nor make it begin again', async () => {
  const folder = temporaryFolder();
  const { db, log } = openSqliteLog(folder);
  await log.savePolicy(storedPolicy);
  const chain = buildChain('q1', 100);
  await log.append(chain.slice(0, 5), [buildSummary('q1', { seq: 5 })]);
  // More than is copied at once.
  db.exec('CREATE TABLE filler (bytes BLOB)');
  db.prepare('INSERT INTO filler VALUES (zeroblob(?))').run(10 * 2 ** 20);
  const reader = openDatabase(db.name, { readonly: true });
  const path = join(folder, 'copy.db');
  const steps: number[] = [];
  const appended: Promise<void>[] = [];
  const { entries } = await backupDatabase(reader, path, {
    onProgress({ done }) {
      const next = 5 + steps.length;
      steps.push(done);
      appended.push(log.append(chain.slice(next, next + 1), [buildSummary('q1', { seq: next + 1 })]));
    },
  });
  reader.close();
  await Promise.all(appended);
  expect(steps.length).toBeGreaterThan(3);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(entries).toBe(5);
  expect((await log.head(quoteId('q1')))?.seq).toBe(5 + steps.length);
});
