import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

/**
 * The database's schema, in steps: `schema/NNNN_name.sql`, numbered 1, 2, 3 ..., each with a part after `-- up` and one after
 * `-- down`. Each step runs in one transaction together with the note that it ran. A step that ran anywhere is
 * never edited again, and no `down` drops the log of a quote.
 */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** Beside `src` and `dist` alike, which is where this module lies one folder deep. */
const SCHEMA_FOLDER = fileURLToPath(new URL('../../schema/', import.meta.url));

export function readMigrations(folder: string = SCHEMA_FOLDER): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  const migrations = files
    .toSorted()
    .map((file) => parseMigration(file, readFileSync(`${folder}/${file}`, 'utf8')));
  migrations.forEach(({ version, name }, at) =>
    assert(version === at + 1, `migration ${name} has the number after the one before it`),
  );
  return migrations;
}

function parseMigration(file: string, text: string): Migration {
  const [, number, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
  const [, up, down] = /^-- up$(.*)^-- down$(.*)/ms.exec(text) ?? [];
  assert(number !== undefined && name !== undefined, `${file} is named NNNN_name.sql`);
  assert(up !== undefined && down !== undefined, `${file} has a line "-- up" and after it a line "-- down"`);
  return { version: Number(number), name, up, down };
}

/** The number of the newest migration that ran; 0 for an empty database. */
export function migrationVersion(db: SqliteDatabase): number {
  const table = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'`).get();
  if (table === undefined) return 0;
  return Number(db.prepare('SELECT coalesce(max(version), 0) FROM schema_migrations').pluck().get());
}

/** Runs what is missing. Throws `Fault` with code `schema_newer` where a newer quoteroom was here. */
export function migrateUp(db: SqliteDatabase, migrations: readonly Migration[] = readMigrations()): void {
  refuseNewer(db, migrations);
  db.exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
  ) STRICT`);
  for (const migration of migrations) {
    db.transaction(() => {
      if (migrationVersion(db) >= migration.version) return;
      db.exec(migration.up);
      db.prepare('INSERT INTO schema_migrations (version, name) VALUES (?, ?)').run(
        migration.version,
        migration.name,
      );
    }).immediate();
  }
}

/** Rolls back, newest first, until version `to` is the newest. The log of a quote is kept whatever `to` is. */
export function migrateDown(
  db: SqliteDatabase,
  to: number,
  migrations: readonly Migration[] = readMigrations(),
): void {
  refuseNewer(db, migrations);
  for (const migration of migrations.filter(({ version }) => version > to).toReversed()) {
    db.transaction(() => {
      if (migrationVersion(db) !== migration.version) return;
      db.exec(migration.down);
      db.prepare('DELETE FROM schema_migrations WHERE version = ?').run(migration.version);
    }).immediate();
  }
}

/** For those who do not migrate, like readers: throws `schema_newer` or `schema_older` unless the schema is this code's. */
export function requireSchema(db: SqliteDatabase, migrations: readonly Migration[] = readMigrations()): void {
  refuseNewer(db, migrations);
  const version = migrationVersion(db);
  if (version === migrations.length) return;
  throw new Fault({
    code: 'schema_older',
    message:
      `the database ${db.name} has schema version ${version}, this quoteroom needs ${migrations.length}: ` +
      'start its server once with this version, or run "quoteroom migrate", which brings it up to date',
    retryable: false,
  });
}

/** Throws `schema_newer` where a newer quoteroom was here. */
export function refuseNewer(db: SqliteDatabase, migrations: readonly Migration[]): void {
  const version = migrationVersion(db);
  if (version <= migrations.length) return;
  throw new Fault({
    code: 'schema_newer',
    message:
      `the database ${db.name} has schema version ${version}, this quoteroom knows versions up to ${migrations.length}: ` +
      `run the newer quoteroom, or roll the database back with it: quoteroom migrate --down-to ${migrations.length}`,
    retryable: false,
  });
}
