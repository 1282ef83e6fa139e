import { expect, test } from 'vitest';
import type { CellId } from '../../src/lib/ids.ts';
import type { SqliteDatabase } from '../../src/log/sqlite-database.ts';
import {
  buildChain,
  buildSummary,
  buildWrite,
  quoteId,
  storedPolicy,
  userId,
} from '../support/build-entry.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function openWithEntries(): Promise<SqliteDatabase> {
  const { db, log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  await log.append(buildChain('q1', 3, { writes: [buildWrite(), buildWrite()] }), [buildSummary('q1')]);
  return db;
}

const dump = (db: SqliteDatabase): unknown =>
  ['entries', 'session_operations', 'policies'].map((table) => db.prepare(`SELECT * FROM ${table}`).all());

const copyOfEntry = (changed: string, from = 3): string => {
  const columns = `at, user_id, role, permission, session_id, connection_id, origin, kind, clocks, received, merged,
    policy_hash, gate_version, seen_kind, seen_revision, active_edits, aliases, write_count, previous_hash, hash`;
  return `INTO entries (${changed.split('=')[0]}, ${columns})
    SELECT ${changed.split('=')[1]}, ${columns} FROM entries WHERE seq = ${from}`;
};

test.each([
  ['UPDATE entries SET user_id = user_id'],
  ["UPDATE entries SET role = 'admin' WHERE seq = 2"],
  ['UPDATE OR REPLACE entries SET seq = 1 WHERE seq = 2'],
  ['DELETE FROM entries'],
  ['DELETE FROM entries WHERE seq = 3'],
  [`INSERT OR REPLACE ${copyOfEntry("quote_id, seq = 'q1', 3")}`],
  [`REPLACE ${copyOfEntry("rowid, quote_id, seq = 2, 'q9', 1", 1)}`],
  ["UPDATE session_operations SET verdict = 'accepted'"],
  ["UPDATE session_operations SET by_user_id = 'carl' WHERE n = 1"],
  ['DELETE FROM session_operations WHERE seq = 1'],
  ["UPDATE policies SET json = '{}'"],
  ['DELETE FROM policies'],
])('[L19] the database itself refuses: %s', async (tampering) => {
  const db = await openWithEntries();
  const before = dump(db);
  for (const checked of ['ON', 'OFF']) {
    db.pragma(`foreign_keys = ${checked}`);
    expect(() => db.exec(tampering)).toThrow(/append-only|log_fenced/);
    expect(dump(db)).toEqual(before);
  }
});

test.each(['INSERT', 'INSERT OR REPLACE', 'INSERT OR IGNORE', 'INSERT OR ROLLBACK'])(
  '[L19] %s of a policy that is there changes nothing',
  async (insert) => {
    const db = await openWithEntries();
    db.prepare(`${insert} INTO policies (hash, json, at) VALUES (?, '{}', 5)`).run(storedPolicy.hash);
    expect(db.prepare('SELECT json, at FROM policies').all()).toEqual([
      { json: storedPolicy.json, at: storedPolicy.at },
    ]);
  },
);

test.each([
  ['one more', 1, 3],
  ['one that is there', 1, 2],
  ['one of an entry to come', 4, 1],
])('[L20] a row per write cannot be added to an entry or put over another: %s', async (_, seq, n) => {
  const db = await openWithEntries();
  for (const insert of ['INSERT', 'INSERT OR REPLACE']) {
    expect(() =>
      db
        .prepare(
          `${insert} INTO session_operations (quote_id, seq, n, operation, cell, verdict)
           VALUES ('q1', ?, ?, 'update', 'fields/title', 'accepted')`,
        )
        .run(seq, n),
    ).toThrow(/append-only/);
  }
});

test.each([
  ['fields/title', 'quote_field', null, 'title'],
  ['fields/x_po/number', 'quote_field', null, 'x_po/number'],
  ['lineItems/l1/quantity', 'line_item', 'l1', 'quantity'],
  ['lineItems/l1/a/b', 'line_item', 'l1', 'a/b'],
  ['lineItems/nonsense', 'line_item', null, 'nonsense'],
  ['lineItems/', 'line_item', null, ''],
  ['discounts/d1/value', 'discount', 'd1', 'value'],
  ['notes/n1/audience', 'note', 'n1', 'audience'],
  ['note/n1', 'note', 'n1', 'text'],
])('[L21] the row of a write to %s says what it aims at', async (cell, target, id, column) => {
  const { db, log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  await log.append(buildChain('q1', 1, { writes: [buildWrite({ cell: cell as CellId })] }), []);
  expect(db.prepare('SELECT target, target_id, column_name FROM session_operations').get()).toEqual({
    target,
    target_id: id,
    column_name: column,
  });
});

test('[L21] the view of writes reads without knowing Yjs: when, who, what, from, to, why', async () => {
  const { db, log } = openSqliteLog(temporaryFolder());
  await log.savePolicy(storedPolicy);
  const refused = buildWrite({
    offered: '20',
    applied: '1',
    verdict: 'refused',
    reason: 'authority_overridden',
    by: { user: userId('vera'), role: 'vp_sales' },
  });
  const [entry] = buildChain('q1', 1, { writes: [refused] });
  await log.append(entry === undefined ? [] : [entry], []);
  expect(db.prepare('SELECT * FROM writes').all()).toEqual([
    {
      quote_id: quoteId('q1'),
      seq: 1,
      n: 1,
      at: '2023-11-14T22:13:21.000Z',
      user_id: 'ann',
      role: 'sales_rep',
      permission: 'editor',
      session_id: 's1',
      origin: 'browser',
      operation: 'update',
      target: 'line_item',
      target_id: 'l1',
      column_name: 'quantity',
      cell: 'lineItems/l1/quantity',
      before: '"1"',
      offered: '"20"',
      applied: '"1"',
      verdict: 'refused',
      reason: 'authority_overridden',
      by_user_id: 'vera',
      by_role: 'vp_sales',
      entry_hash: Buffer.from(entry?.hash ?? []).toString('hex'),
    },
  ]);
});
