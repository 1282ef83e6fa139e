import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Terminal } from '../../src/cli/terminal.ts';
import { present } from '../../src/lib/assert.ts';
import { formatNoteKey, noteSigner } from '../../src/log/signed-note.ts';
import { type Tombstone, sealTombstone } from '../../src/log/tombstone.ts';
import { runVerifier } from '../support/audit-bundle.ts';
import { type ServedFolder, serveFolder } from '../support/served-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

const ann = ['ann', 'sales_rep'] as const;
const DAY_MS = 86_400_000;

let folder: string;
let server: ServedFolder;

/** A day later than what was done before. */
const later = { now: () => Date.now() + DAY_MS };
const run = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder, ...later }, ...argv);
const runWith = (given: Partial<Terminal>, ...argv: string[]): Promise<CommandResult> =>
  runCommand({ cwd: folder, ...later, ...given }, ...argv);
const purge = (...argv: string[]): Promise<CommandResult> => run('purge', '--older-than', '1h', ...argv);

beforeEach(async () => {
  folder = temporaryFolder();
  server = await serveFolder(folder);
  for (const id of ['q1', 'q2']) {
    const fields = { title: `Bolts of ${id}`, currency: 'EUR' };
    await server.call(ann, 'POST', '/api/quotes', { id, fields, lineItems: [{ id: 'l1', quantity: '2' }] });
  }
  await close('q1');
});

const close = (id: string): Promise<unknown> =>
  server.call(ann, 'PATCH', `/api/quotes/${id}/cells`, {
    writes: [{ cell: 'fields/status', value: 'accepted' }],
  });

const open = (): Database.Database => new Database(join(folder, 'data/quoteroom.db'));

function rowsOf(quote: string): Record<string, number> {
  const db = open();
  const count = (table: string, column = 'quote_id'): number =>
    Number(db.prepare(`SELECT count(*) FROM ${table} WHERE ${column} = ?`).pluck().get(quote));
  const rows = {
    entries: count('entries'),
    writes: count('session_operations'),
    checkpoints: count('checkpoints'),
    listed: count('quotes', 'id'),
    grants: count('grants'),
    versions: count('named_versions'),
    tombstones: count('quote_tombstones'),
  };
  db.close();
  return rows;
}

describe('purge --dry-run', () => {
  test('names closed quotes that are old enough, with title and last change, beside a running server', async () => {
    const { code, out } = await purge('--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(
      /q1 +Bolts of q1 +accepted +2 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n1 quote to purge\n$/,
    );
    expect(out).not.toContain('q2');
    const young = await run('purge', '--older-than', '2d', '--dry-run', '--json');
    expect(young.json()).toEqual({ dryRun: true, quotes: [] });
    await server.stop();
    expect(rowsOf('q1')).toMatchObject({ entries: 2, tombstones: 0 });
  });

  test.each([
    [['--quote', 'q2'], 1, 'quote q2 cannot be purged: its status is draft'],
    [['--quote', 'q9'], 1, 'there is no quote q9'],
    [['--quote', 'q 9'], 2, 'cannot be a quote'],
  ])('%s: %s %s', async (argv, code, words) => {
    expect(await purge('--dry-run', ...argv)).toMatchObject({ code, err: expect.stringContaining(words) });
    await server.stop();
  });

  test('a quote with an open session is left alone', async () => {
    await server.call(ann, 'POST', '/api/sessions', { quoteId: 'q1' });
    expect(await purge('--dry-run')).toMatchObject({ out: expect.stringContaining('nothing to purge') });
    expect(await purge('--dry-run', '--quote', 'q1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('it has an open session'),
    });
    await server.stop();
  });
});

describe('purge', () => {
  test('is refused beside a server, without a folder, without a yes, and then nothing is changed', async () => {
    expect(await purge('--export', 'gone', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('in use by process'),
    });
    await server.stop();
    expect(await purge()).toMatchObject({ code: 2, err: expect.stringContaining('--export') });
    expect(await purge('--export', 'gone')).toMatchObject({
      code: 2,
      err: expect.stringContaining('add --yes'),
    });
    expect(
      await runWith({ ask: async () => 'no' }, 'purge', '--older-than', '1h', '--export', 'gone'),
    ).toMatchObject({ code: 1, err: expect.stringContaining('nothing was changed') });
    expect(existsSync(join(folder, 'gone'))).toBe(false);
    expect(rowsOf('q1')).toMatchObject({ entries: 2, tombstones: 0 });
  });

  test('exports, checks the bundle, deletes all of the quote, and leaves a tombstone that names the bundle', async () => {
    await server.call(ann, 'POST', '/api/quotes/q1/versions', { name: 'as accepted', seq: 2 });
    await server.stop();
    expect(rowsOf('q1')).toMatchObject({ entries: 2, grants: 1, versions: 1 });
    const { code, out, err } = await runWith(
      { ask: async () => 'yes' },
      ...['purge', '--older-than', '1h', '--export', 'gone'],
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /q1: purged, last entry 2 with the hash [0-9a-f]{64}\nThe database was .*\nExported to .*gone: keep it/,
    );
    expect(rowsOf('q1')).toEqual({
      ...{ entries: 0, writes: 0, checkpoints: 0, listed: 0, grants: 0, versions: 0 },
      tombstones: 1,
    });
    expect(rowsOf('q2')).toMatchObject({ entries: 1, listed: 1, tombstones: 0 });
    const bundle = await runVerifier(join(folder, 'gone'));
    expect(bundle).toMatchObject({
      code: 0,
      out: expect.stringContaining('the signed head covers them all'),
    });

    const verified = await run('audit', 'verify');
    expect(verified.out).toMatch(
      /^q1: purged on .* UTC by tester, last entry 2 with the hash [0-9a-f]{64}, ok$/m,
    );
    expect(verified.code).toBe(0);
    const { ok, quotes } = (await run('audit', 'verify', 'q1', '--json')).json();
    expect(ok).toBe(true);
    expect(quotes).toEqual([
      {
        ...{ quote: 'q1', entries: 0, ok: true, problems: [] },
        purged: expect.objectContaining({ seq: 2, by: 'tester', why: 'accepted, and not changed for 1h' }),
      },
    ]);
    expect(await run('audit', 'log', 'q1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('quote q1 was purged on'),
    });
    expect((await purge('--export', 'again', '--yes', '--json')).json()).toEqual({
      folder: null,
      purged: [],
    });
  });

  test('leaves no bytes of it in the file', async () => {
    for (let round = 0; round < 60; round += 1) {
      for (const id of ['q2', 'q3']) {
        if (round === 0) await server.call(ann, 'POST', '/api/quotes', { id, fields: { title: 'x' } });
        const value = id === 'q3' ? `Nuts of round ${round}, ${'n'.repeat(300)}` : `Nails ${round}`;
        await server.call(ann, 'PATCH', `/api/quotes/${id}/cells`, {
          writes: [{ cell: 'fields/title', value }],
        });
      }
    }
    await close('q3');
    await server.stop();
    const bytes = (): string => readFileSync(join(folder, 'data/quoteroom.db'), 'latin1');
    expect(bytes()).toMatch(/Nuts of round|Bolts of q1/);
    expect(await purge('--export', 'gone', '--yes')).toMatchObject({
      code: 0,
      out: expect.stringContaining('The database was written anew'),
    });
    expect(bytes()).not.toMatch(/Nuts of round|Bolts of q1/);
    expect(bytes()).toContain('Nails');
    expect(await run('audit', 'verify')).toMatchObject({ code: 0 });
  });

  test('the server goes on signing, answers that it was purged, and gives the id to nobody', async () => {
    await server.runAs(['casey', 'admin'], 'audit', 'head', '--out', 'kept.txt');
    writeFileSync(join(folder, 'kept.pub'), (await run('audit', 'key')).out);
    await server.stop();
    expect(await purge('--export', 'gone', '--yes')).toMatchObject({ code: 0 });
    server = await serveFolder(folder);
    const words = expect.stringMatching(/^Quote q1 was purged on \d{4}-\d\d-\d\d; its last entry was 2\./);
    for (const path of ['', '?at=1', '/log', '/people', '/versions', '/blame'])
      expect(await server.call(['casey', 'admin'], 'GET', `/api/quotes/q1${path}`)).toEqual({
        error: { code: 'purged', message: words },
      });
    expect(await server.call(ann, 'POST', '/api/quotes', { id: 'q1', fields: { title: 'x' } })).toMatchObject(
      {
        error: { code: 'id_taken' },
      },
    );
    await close('q2');
    expect(await server.runAs(['casey', 'admin'], 'audit', 'head')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/\["q1",2,"[0-9a-f]{64}"\]\n\["q2",2,/),
    });
    await server.stop();
    const kept = ['audit', 'verify', '--head', 'kept.txt', '--key', 'kept.pub'];
    expect(await run(...kept)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 of them was purged since, not before the entry that it covers'),
    });
    await run('audit', 'export', '--all', '--out', 'all');
    const all = await runVerifier(join(folder, 'all'), '--key', join(folder, 'kept.pub'));
    expect(all).toMatchObject({
      code: 0,
      out: expect.stringMatching(/q1: purged on \S+, the last entry was 2/),
    });
    const path = join(folder, 'all/manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('accepted, and not', 'accepted, but not'));
    expect((await runVerifier(join(folder, 'all'))).out).toContain(
      'WRONG  quote q1: its tombstone has no good',
    );
  });

  test('a quote that is not as it was written is not purged', async () => {
    await server.stop();
    const db = open();
    db.exec(
      `DROP TRIGGER entries_no_update; UPDATE entries SET user_id = 'bob' WHERE quote_id = 'q1' AND seq = 1`,
    );
    db.close();
    expect(await purge('--export', 'gone', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing was purged: q1 is not as written'),
    });
    expect(rowsOf('q1')).toMatchObject({ entries: 2, tombstones: 0 });
  });

  test('nor is one with rows that belong to no entry', async () => {
    await server.stop();
    const db = open();
    db.pragma('foreign_keys = OFF');
    const rest = 'n, operation, cell, before, offered, applied, verdict, reason, by_user_id, by_role';
    db.exec(
      `DROP TRIGGER session_operations_complete;
       INSERT INTO session_operations (quote_id, seq, ${rest})
       SELECT quote_id, 9, ${rest} FROM session_operations WHERE quote_id = 'q1' AND seq = 2`,
    );
    db.close();
    expect(await purge('--export', 'gone', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing was purged: q1 is not as written'),
    });
    expect(rowsOf('q1')).toMatchObject({ entries: 2, tombstones: 0 });
  });

  test('a folder that is taken: nothing is purged', async () => {
    await server.stop();
    expect(await purge('--export', '.', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there already'),
    });
    expect(rowsOf('q1')).toMatchObject({ entries: 2, tombstones: 0 });
  });
});

describe('a tombstone that is not what was signed, or stands for nothing', () => {
  beforeEach(async () => {
    await server.stop();
    expect(await purge('--export', 'gone', '--yes')).toMatchObject({ code: 0 });
  });

  const tamper = (sql: string): void => {
    const db = open();
    const guards = `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'quote_tombstones'`;
    for (const name of db.prepare(guards).pluck().all()) db.exec(`DROP TRIGGER ${String(name)}`);
    db.exec(sql);
    db.close();
  };

  test.each([
    ['its number', 'UPDATE quote_tombstones SET seq = 1', 'the row says otherwise'],
    ['its hash', 'UPDATE quote_tombstones SET hash = zeroblob(32)', 'the row says otherwise'],
    ['its time', 'UPDATE quote_tombstones SET at = at + 1', 'the row says otherwise'],
    ['its reason', `UPDATE quote_tombstones SET note = replace(note, 'accepted', 'expired')`, 'is wrong'],
    ['its quote', `UPDATE quote_tombstones SET quote_id = 'q0'`, 'no tombstone says that it was purged'],
    ['taken away', 'DELETE FROM quote_tombstones', 'no tombstone says that it was purged'],
    [
      'put over a quote that is there',
      `UPDATE quote_tombstones SET quote_id = 'q2', note = replace(note, 'quote q1', 'quote q2')`,
      'quote q2 has a tombstone, but rows of it are in the database',
    ],
  ])('%s', async (_what, sql, words) => {
    tamper(sql);
    expect(await run('audit', 'verify')).toMatchObject({ code: 1, out: expect.stringContaining(words) });
  });

  test('signed with a key that somebody put beside the true one: found with the key that was kept elsewhere', async () => {
    writeFileSync(join(folder, 'kept.pub'), (await run('audit', 'key')).out);
    server = await serveFolder(folder);
    await server.runAs(['casey', 'admin'], 'audit', 'head', '--out', 'kept.txt');
    await server.stop();
    const kept = ['audit', 'verify', '--head', 'kept.txt', '--key', 'kept.pub'];
    expect(await run(...kept)).toMatchObject({ code: 0 });

    const [name = ''] = readFileSync(join(folder, 'data/audit-keys'), 'utf8').split('+');
    const stranger = noteSigner(name, generateKeyPairSync('ed25519').privateKey);
    const db = open();
    const { quote, seq, hash, at } = present(
      db.prepare<[], Tombstone>('SELECT quote_id AS quote, seq, hash, at, note FROM quote_tombstones').get(),
      'q1 was purged',
    );
    db.close();
    const forged = sealTombstone(
      { quote, seq, hash, at, by: 'max', why: 'x', bundle: '0'.repeat(64) },
      stranger,
    );
    tamper(`UPDATE quote_tombstones SET note = '${forged.note}'`);
    appendFileSync(join(folder, 'data/audit-keys'), `${formatNoteKey(stranger)}\n`);
    // Whoever believes the folder believes all keys in it.
    expect(await run('audit', 'verify')).toMatchObject({ code: 0, out: expect.stringContaining('by max') });
    const { code, out } = await run(...kept);
    expect(code).toBe(1);
    expect(out).toContain('[tombstone] the tombstone of quote q1 is not what was signed');
    expect(out).toContain('[head: cut] quote q1 is not in the database');
  });

  test('the server signs no heads over it', async () => {
    tamper('UPDATE quote_tombstones SET seq = 1');
    server = await serveFolder(folder);
    const { code } = await server.runAs(['casey', 'admin'], 'audit', 'head');
    expect(code).toBe(1);
    await server.stop();
  });
});
