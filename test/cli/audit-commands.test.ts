import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { playSession, record } from '../support/recorded-quote.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

let folder: string;
let count: number;

/** A data folder with two quotes in it. */
beforeEach(async () => {
  folder = temporaryFolder();
  const db = openDatabase(join(folder, 'data/quoteroom.db'));
  migrateUp(db);
  const log = createSqliteLog(db);
  for (const quote of ['q1', 'q2']) {
    const recorded = record(playSession(), quote);
    count = recorded.entries.length;
    for (const policy of recorded.policies) await log.savePolicy(policy);
    await log.append(recorded.entries, [present(recorded.summary, 'it is listed')]);
    for (const checkpoint of recorded.checkpoints) await log.saveCheckpoint(checkpoint);
  }
  await log.close();
});

const run = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder }, 'audit', ...argv);

/** As somebody with the file in their hands, who knows how to take the triggers off. */
function tamper(sql: string): void {
  const db = new Database(join(folder, 'data/quoteroom.db'));
  const triggers = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all();
  for (const name of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  db.exec(sql);
  db.close();
}

test('verify: a good log is 0, in words and as JSON', async () => {
  const { code, out, err } = await run('verify');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(`q1: ${count} entries, ok`);
  expect(out).toContain(`2 quotes, ${2 * count} entries: all as they were written`);
  const all = { ok: true, problems: [], entries: count };
  expect((await run('verify', '--json')).json()).toEqual({
    ok: true,
    quotes: [
      { quote: 'q1', ...all },
      { quote: 'q2', ...all },
    ],
  });
  expect((await run('verify', 'q2', '--json')).json().quotes).toEqual([{ quote: 'q2', ...all }]);
});

test.each([
  [
    'a verdict',
    `UPDATE session_operations SET verdict = 'accepted', reason = NULL WHERE quote_id = 'q1' AND seq = 3`,
    3,
  ],
  ['a value', `UPDATE session_operations SET applied = '"x"' WHERE quote_id = 'q1' AND seq = 3 AND n = 1`, 3],
  ['a row', `DELETE FROM session_operations WHERE quote_id = 'q1' AND seq = 2 AND n = 1`, 2],
  [
    'a byte',
    `UPDATE entries SET received = CAST(received || x'00' AS BLOB) WHERE quote_id = 'q1' AND seq = 4`,
    4,
  ],
  ['a role', `UPDATE entries SET role = 'admin' WHERE quote_id = 'q1' AND seq = 4`, 4],
  ['an entry', `DELETE FROM entries WHERE quote_id = 'q1' AND seq = 5`, 5],
  [
    'the last entry',
    `DELETE FROM entries WHERE quote_id = 'q1' AND seq = (SELECT max(seq) FROM entries)`,
    null,
  ],
  ['a form', `UPDATE entries SET clocks = 'no' WHERE quote_id = 'q1' AND seq = 6`, 6],
  ['the list', `DELETE FROM quotes WHERE id = 'q1'`, 1],
  ['a title in the list', `UPDATE quotes SET title = 'Cheaper' WHERE id = 'q1'`, null],
  ['a total in the list', `UPDATE quotes SET total = '1.00' WHERE id = 'q1'`, null],
  ['the last change in the list', `UPDATE quotes SET last_change_by = 'ada' WHERE id = 'q1'`, null],
  ['the text it is found by', `UPDATE quotes SET search = 'nothing' WHERE id = 'q1'`, null],
  ['the place in the list', `UPDATE quotes SET seq = 4 WHERE id = 'q1'`, 4],
  ['how many writes an entry has', `UPDATE entries SET write_count = 9 WHERE quote_id = 'q1' AND seq = 2`, 2],
  [
    'a winner without a role',
    `UPDATE session_operations SET by_user_id = 'ada' WHERE quote_id = 'q1' AND seq = 2 AND n = 1`,
    2,
  ],
  [
    'rows of no entry',
    `INSERT INTO session_operations (quote_id, seq, n, operation, cell, verdict) VALUES ('q1', 99, 1, 'update', 'fields/title', 'accepted')`,
    99,
  ],
  [
    'an entry before the first',
    `INSERT INTO entries SELECT quote_id, -1, at, user_id, role, permission, session_id, connection_id, origin, kind, clocks,
       received, merged, policy_hash, gate_version, seen_kind, seen_revision, active_edits, aliases, 0, previous_hash, hash
     FROM entries WHERE quote_id = 'q1' AND seq = 3`,
    -1,
  ],
  [
    'a checkpoint of no entry',
    `INSERT INTO checkpoints SELECT quote_id, 0, gate_version, state, snapshot, memory, hash FROM checkpoints
     WHERE quote_id = 'q1' AND seq = 4`,
    0,
  ],
  ['a checkpoint', `UPDATE checkpoints SET hash = zeroblob(32) WHERE quote_id = 'q1' AND seq = 4`, 4],
])('verify: %s that was tampered with is 1 and named', async (_what, sql, seq) => {
  tamper(sql);
  const { code, json } = await run('verify', '--json');
  expect(code).toBe(1);
  const { ok, quotes } = json();
  expect(ok).toBe(false);
  expect(quotes[0].quote).toBe('q1');
  expect(quotes[0].problems[0].seq).toBe(seq ?? count);
  expect(quotes[1]).toMatchObject({ quote: 'q2', ok: true });
  const text = await run('verify', 'q1');
  expect(text.code).toBe(1);
  expect(text.out).toContain(`entry ${seq ?? count} [`);
});

test('verify: rows of a quote that is nowhere else, and a quote of the list without entries', async () => {
  tamper(`INSERT INTO session_operations (quote_id, seq, n, operation, cell, verdict)
      VALUES ('q3', 1, 1, 'update', 'fields/title', 'accepted');
    INSERT INTO quotes SELECT 'q4', title, customer, status, owner, currency, total, seq, created_by, last_change_at,
      last_change_by, last_change_cell, search FROM quotes WHERE id = 'q1'`);
  const { code, json } = await run('verify', '--json');
  expect(code).toBe(1);
  const quotes: readonly { problems: { kind: string; message: string }[] }[] = json().quotes;
  expect(quotes.map(({ problems }) => problems[0]?.kind)).toEqual([undefined, undefined, 'rows', 'missing']);
  expect(quotes[3]?.problems.at(-1)).toMatchObject({
    kind: 'list',
    message: 'quote q4 is in the list of quotes, but none of its entries are there',
  });
});

test('verify: a total that an earlier entry led to was left behind by a server that was killed', async () => {
  tamper(`UPDATE quotes SET total = '20.00' WHERE id = 'q1'`);
  expect(await run('verify', 'q1')).toMatchObject({ code: 0 });
});

test('verify: a policy that no entry names is looked at, too', async () => {
  tamper(`INSERT INTO policies (hash, json, at) VALUES ('${'ab'.repeat(32)}', '{}', 1)`);
  const { code, json } = await run('verify', '--json');
  expect(code).toBe(1);
  expect(json()).toMatchObject({
    ok: false,
    quotes: [{ ok: true }, { ok: true }],
    policies: [{ policy: 'ab'.repeat(32), message: expect.stringContaining('was changed after') }],
  });
  expect((await run('verify')).out).toContain('not all policies are');
  expect(await run('verify', 'q1')).toMatchObject({ code: 0 });
});

test('replay: the state, the totals and the hash, now and then', async () => {
  const { code, out } = await run('replay', 'q1');
  expect(code).toBe(0);
  expect(out).toMatch(/Total EUR +24\.22/);
  expect(out).toMatch(/Hash [0-9a-f]{64}\nEvery decision came out as recorded\.\n$/);
  const first = (await run('replay', 'q1', '--to', '1', '--json')).json();
  expect(first).toMatchObject({
    ok: true,
    revision: 1,
    difference: null,
    state: { revision: 1, totals: { total: '20.00' } },
  });
  const byTime = (await run('replay', 'q1', '--to', '2023-11-14T22:13:21.500Z', '--json')).json();
  expect(byTime).toEqual(first);
});

test('replay: ends with 1 at the first difference and shows both sides', async () => {
  tamper(`UPDATE session_operations SET verdict = 'accepted', reason = NULL, by_user_id = NULL, by_role = NULL
    WHERE quote_id = 'q1' AND seq = 3`);
  const { code, out } = await run('replay', 'q1');
  expect(code).toBe(1);
  expect(out).toContain('q1, after entry 2');
  expect(out).toContain('Entry 3 differs');
});

test('log: who wrote what, what was refused and who won', async () => {
  const { code, out } = await run('log', 'q1');
  expect(code).toBe(0);
  expect(out).toContain('1  2023-11-14 22:13:21  rita (sales_rep), browser');
  expect(out).toContain('    lineItems/l1/quantity: empty -> "2"');
  expect(out).toContain(
    '    fields/title: refused "Nuts": authority_overridden by max (sales_manager); stays "Bolts for ACME"',
  );
  const refused = (await run('log', 'q1', '--refused', '--user', 'rita', '--json')).json();
  expect(refused.entries.length).toBeGreaterThan(2);
  const page = await run('log', 'q1', '--limit', '2', '--after', '1');
  expect(page.out).toMatch(/More with --after 3\n$/);
  expect((await run('log', 'q1', '--cell', 'fields/nothing')).out).toBe('No such entries.\n');
});

test('a quote that is not there', async () => {
  for (const command of ['verify', 'replay', 'log']) {
    expect(await run(command, 'q9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no quote q9'),
    });
  }
});

test('a folder without a database, and one of something else', async () => {
  const other = temporaryFolder();
  expect(await runCommand({ cwd: other }, 'audit', 'verify')).toMatchObject({ code: 1 });
  writeFileSync(
    join(other, 'quoteroom.db'),
    'this is no database, but long enough to be looked at'.repeat(100),
  );
  const { code, err } = await runCommand({ cwd: other }, 'audit', 'verify', '--data', '.');
  expect(code).toBe(1);
  expect(err).toContain('cannot open the database');
});
