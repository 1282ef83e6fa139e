import { expect, test } from 'vitest';
import { createStrayRows } from '../../src/audit/sqlite-stray-rows.ts';
import { quoteId } from '../support/build-entry.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Column {
  readonly name: string;
  readonly type: string;
}

test('a row of a purged quote is found in each table that a purge clears', () => {
  const db = openMigrated(temporaryFolder());
  const strayRows = createStrayRows(db);
  const purge = db
    .prepare<[], string>(`SELECT sql FROM sqlite_schema WHERE name = 'quote_tombstones_purge'`)
    .pluck()
    .get();
  const cleared = [...(purge ?? '').matchAll(/DELETE FROM (\w+) WHERE (\w+) = NEW\.quote_id/g)];
  expect(cleared.length).toBeGreaterThan(8);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all())
    db.exec(`DROP TRIGGER ${String(name)}`);
  for (const [, table = '', key = ''] of cleared) {
    expect(strayRows.isLeft(quoteId('q1')), table).toBe(false);
    const columns = db.prepare<[], Column>(`PRAGMA table_info(${table})`).all();
    const values = columns.map(({ name, type }) => {
      if (name === key) return 'q1';
      if (type === 'INTEGER') return 1;
      return type === 'BLOB' ? Buffer.alloc(32) : 'x';
    });
    db.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`).run(...values);
    expect(strayRows.isLeft(quoteId('q1')), table).toBe(true);
    expect(strayRows.isLeft(quoteId('q2')), table).toBe(false);
    db.exec(`DELETE FROM ${table}`);
  }
});
