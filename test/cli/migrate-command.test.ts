import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { lockDataFolder } from '../../src/log/data-lock.ts';
import { migrateUp, readMigrations } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { playSession, record } from '../support/recorded-quote.ts';
import { HOLDING, serveFolder } from '../support/served-folder.ts';
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
  await log.append(recorded.entries, [present(recorded.summary, 'it is listed')]);
  for (const checkpoint of recorded.checkpoints) await log.saveCheckpoint(checkpoint);
  await log.close();
});

const run = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder }, ...argv);

const backupIn = (out: string): string => present(/^Backup: (\S+)$/m.exec(out)?.[1], out);

test('goes back to every older version and up again, and no entry is lost', async () => {
  for (let to = newest - 1; to >= 0; to -= 1) {
    const down = await run('migrate', '--down-to', `${to}`);
    expect(down).toMatchObject({ code: 0, err: '' });
    expect(down.out).toContain(`The database went from schema version ${newest} to ${to}.\n`);
    expect(await run('audit', 'verify')).toMatchObject({
      code: 1,
      err: expect.stringContaining(`schema version ${to}`),
    });
    expect((await run('migrate', '--json')).json()).toEqual({ from: to, to: newest });
    expect(await run('audit', 'verify')).toMatchObject({ code: 0 });
  }
  expect((await run('migrate')).out).toBe(`The database has schema version ${newest} already.\n`);
});

test('takes a version that there is, in the right direction', async () => {
  for (const flag of ['--to', '--down-to']) {
    for (const version of [`${newest + 1}`, '-1', 'two']) {
      expect(await run('migrate', `${flag}=${version}`)).toMatchObject({
        code: 2,
        err: expect.stringContaining(`${flag} takes a version from 0 to ${newest}`),
      });
    }
  }
  expect(await run('migrate', '--to', '2')).toMatchObject({
    code: 2,
    err: expect.stringContaining(`schema version ${newest}: --down-to 2 goes back, after a backup`),
  });
  expect(await run('migrate', '--to', '2', '--down-to', '2')).toMatchObject({ code: 2 });
  expect(await run('migrate', '--no-backup')).toMatchObject({ code: 2 });
  await run('migrate', '--down-to', '3');
  expect(await run('migrate', '--down-to', '4')).toMatchObject({
    code: 2,
    err: expect.stringContaining('schema version 3: --to 4 goes up'),
  });
  expect((await run('migrate', '--down-to', '3', '--json')).json()).toEqual({
    from: 3,
    to: 3,
    backup: null,
    dropped: [],
  });
});

test('the backup is the whole database in one file, as it was before', async () => {
  const now = (): number => Date.UTC(2026, 2, 1, 12, 30, 5);
  const down = await runCommand({ cwd: folder, now }, 'migrate', '--down-to', '4');
  const backup = backupIn(down.out);
  expect(backup).toBe(join(folder, 'data/quoteroom.db.before-down-to-4-2026-03-01T12-30-05Z'));
  expect(down.out).toMatch(
    /^Dropped: active_edits,.* quote_sessions, session_audit, session_participants, /m,
  );
  expect(existsSync(`${backup}-wal`)).toBe(false);

  mkdirSync(join(folder, 'restored'));
  copyFileSync(backup, join(folder, 'restored/quoteroom.db'));
  expect(await run('audit', 'verify', '--data', 'restored')).toMatchObject({ code: 0 });

  await run('migrate');
  const again = await runCommand({ cwd: folder, now }, 'migrate', '--down-to', '4');
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('there is a file of that name') });
  expect((await run('migrate')).out).toContain(`version ${newest} already`);
});

test('goes back without a backup where that is asked for', async () => {
  const { out } = await run('migrate', '--down-to', '4', '--no-backup');
  expect(out).toMatch(/^No backup was made\.\n/);
  expect(readdirSync(join(folder, 'data')).filter((name) => name.includes('before'))).toEqual([]);
});

test('stands back from a running server', async () => {
  const lock = lockDataFolder(join(folder, 'data'));
  expect(await run('migrate', '--down-to', '1')).toMatchObject({
    code: 1,
    err: expect.stringContaining('is in use by'),
  });
  lock.release();
  expect(readdirSync(join(folder, 'data')).filter((name) => name.includes('before'))).toEqual([]);
});

test('quotes that were edited in sessions are as they were left', async () => {
  folder = temporaryFolder();
  const served = await serveFolder(folder, HOLDING);
  const ann = ['ann', 'sales_manager'] as const;
  const fields = { title: 'Bolts', currency: 'EUR' };
  await served.call(ann, 'POST', '/api/quotes', {
    id: 'q1',
    fields,
    lineItems: [{ id: 'l1', quantity: '2' }],
  });
  await served.runAs(ann, 'session', 'create', 'q1', '--share');
  await served.runAs(ann, 'set', 'q1', 'lineItems/l1/quantity', '3');
  await served.runAs(['rita'], 'set', 'q1', 'fields/customer', 'ACME');
  const before = await served.call(ann, 'GET', '/api/quotes/q1');
  await served.stop();
  const rowsOf = (): unknown => {
    const db = openDatabase(join(folder, 'data/quoteroom.db'), { readonly: true });
    try {
      // What is newer than the version gone down to.
      const { source: _source, ...grants } =
        db.prepare<[], Record<string, unknown>>('SELECT * FROM grants').get() ?? {};
      const tables = ['quotes', 'entries', 'session_operations', 'policies'];
      return [grants, ...tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all())];
    } finally {
      db.close();
    }
  };
  const rows = rowsOf();
  const down = await run('migrate', '--down-to', '4');
  expect(down).toMatchObject({ code: 0, err: '' });
  expect(rowsOf()).toEqual(rows);

  expect(await run('migrate')).toMatchObject({ code: 0 });
  expect(rowsOf()).toEqual(rows);
  expect(await run('audit', 'verify')).toMatchObject({ code: 0 });
  const { out } = await run('quote', 'show', 'q1', '--json');
  expect(JSON.parse(out)).toMatchObject({ lineItems: [{ id: 'l1', quantity: '3' }] });
  const again = await serveFolder(folder, HOLDING);
  expect(await again.call(ann, 'GET', '/api/quotes/q1')).toEqual(before);
  expect((await again.runAs(ann, 'session', 'list', '--all', '--json')).json()).toEqual({ sessions: [] });
  expect(await again.runAs(ann, 'set', 'q1', 'lineItems/l1/quantity', '4')).toMatchObject({ code: 0 });
  await again.stop();
});

test('makes no database where there is none', async () => {
  expect(await run('migrate', '--data', 'elsewhere')).toMatchObject({
    code: 1,
    err: expect.stringContaining('/elsewhere/quoteroom.db: give its folder'),
  });
  expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
});
