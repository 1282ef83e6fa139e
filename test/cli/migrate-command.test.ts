import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { lockDataFolder } from '../../src/log/data-lock.ts';
import { migrateUp, readMigrations } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { buildSummary } from '../support/build-entry.ts';
import { playSession, record } from '../support/recorded-quote.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

const newest = readMigrations().length;

let folder: string;

beforeEach(async () => {
  folder = temporaryFolder();
  const db = openDatabase(join(folder, 'data/quoteroom.db'));
  migrateUp(db);
  const log = createSqliteLog(db);
  const recorded = record(playSession());
  for (const policy of recorded.policies) await log.savePolicy(policy);
  await log.append(recorded.entries, [buildSummary('q1', { seq: recorded.entries.length })]);
  for (const checkpoint of recorded.checkpoints) await log.saveCheckpoint(checkpoint);
  await log.close();
});

const run = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder }, ...argv);

test('goes back to every older version and up again, and no entry is lost', async () => {
  for (let to = newest - 1; to >= 0; to -= 1) {
    const down = await run('migrate', '--to', `${to}`);
    expect(down).toMatchObject({ code: 0, err: '' });
    expect(down.out).toBe(`The database went from schema version ${newest} to ${to}.\n`);
    expect(await run('audit', 'verify')).toMatchObject({
      code: 1,
      err: expect.stringContaining(`schema version ${to}`),
    });
    expect((await run('migrate', '--json')).json()).toEqual({ from: to, to: newest });
    expect(await run('audit', 'verify')).toMatchObject({ code: 0 });
  }
  expect((await run('migrate')).out).toBe(`The database has schema version ${newest} already.\n`);
});

test('takes a version that there is', async () => {
  for (const to of [`${newest + 1}`, '-1', 'two']) {
    expect(await run('migrate', '--to', to)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`from 0 to ${newest}`),
    });
  }
});

test('stands back from a running server', async () => {
  const lock = lockDataFolder(join(folder, 'data'));
  expect(await run('migrate', '--to', '1')).toMatchObject({
    code: 1,
    err: expect.stringContaining('is in use by'),
  });
  lock.release();
  expect(existsSync(join(folder, 'data/quoteroom.db'))).toBe(true);
});

test('makes no database where there is none', async () => {
  expect(await run('migrate', '--data', 'elsewhere')).toMatchObject({
    code: 1,
    err: expect.stringContaining('/elsewhere/quoteroom.db: give its folder'),
  });
  expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
});
