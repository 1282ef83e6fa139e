import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { lockDataFolder } from '../log/data-lock.ts';
import { migrateDown, migrateUp, migrationVersion, readMigrations, refuseNewer } from '../log/migrate.ts';
import { backupDatabase } from '../log/sqlite-backup.ts';
import { type SqliteDatabase, openDatabase } from '../log/sqlite-database.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { databaseIn } from './data-folder.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { CommandFailure, UsageError } from './command-errors.ts';

interface MigrateOptions extends DataOptions {
  readonly to?: string;
  readonly downTo?: string;
  readonly backup: boolean;
  readonly json?: true;
}

export function addMigrateCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('migrate')
    .description('Bring the database to the schema of this quoteroom, or back to that of an older one')
    .option('--to <version>', 'go up to this version of the schema (default: the newest)')
    .option('--down-to <version>', 'go back to this version, after a backup')
    .option('--no-backup', 'go back without a backup')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
"serve" brings the database up to date by itself. To go back to an older quoteroom, stop the server, run this with
--down-to and the newer one, and then start the older one, which says what version it knows.

Going back drops the tables that the older one does not know, and names them: 4 is the last version without sessions
and share links. Quotes stay as they were left, and the log of each is kept whole. First the database is copied to
quoteroom.db.before-down-to-VERSION-TIME beside it, and the copy is checked. To undo it all, stop the server and put
the copy in the place of quoteroom.db, without the files quoteroom.db-wal and quoteroom.db-shm.

Examples:
  quoteroom migrate
  quoteroom migrate --down-to 4
  quoteroom migrate --down-to 4 --data ./deals --json`,
    );
  addDataOptions(command).action((options: MigrateOptions) => migrate(context, options));
}

async function migrate(context: CommandContext, options: MigrateOptions): Promise<void> {
  const way = wayOf(options);
  const { data } = storeSettingsOf(context, options);
  const path = databaseIn(data);
  if (!existsSync(path))
    throw new CommandFailure('no_database', `there is no database ${path}: give its folder with --data`);
  const lock = lockDataFolder(data);
  try {
    const db = openDatabase(path);
    try {
      const done = way.isDown ? await goDown(context, db, way) : goUp(db, way.to);
      if (options.json) printJson(context, done);
      else printLines(context, describe(done));
    } finally {
      db.close();
    }
  } finally {
    lock.release();
  }
}

interface Way {
  readonly isDown: boolean;
  readonly to: number;
  readonly isBackedUp: boolean;
}

function wayOf({ to, downTo, backup }: MigrateOptions): Way {
  const newest = readMigrations().length;
  if (to !== undefined && downTo !== undefined) throw new UsageError('give either --to or --down-to');
  if (!backup && downTo === undefined)
    throw new UsageError('--no-backup goes with --down-to: going up makes no backup');
  const flag = downTo === undefined ? '--to' : '--down-to';
  const text = downTo ?? to ?? `${newest}`;
  const version = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (version <= newest) return { isDown: downTo !== undefined, to: version, isBackedUp: backup };
  throw new UsageError(`${flag} takes a version from 0 to ${newest}, not "${text}"`);
}

interface Migrated {
  readonly from: number;
  readonly to: number;
  /** Only of going down. Null where none was made. */
  readonly backup?: string | null;
  readonly dropped?: readonly string[];
}

function goUp(db: SqliteDatabase, to: number): Migrated {
  const from = migrationVersion(db);
  if (to < from) {
    throw new UsageError(
      `--to only goes up, and the database has schema version ${from}: --down-to ${to} goes back, after a backup`,
    );
  }
  migrateUp(db, readMigrations().slice(0, to));
  return { from, to };
}

async function goDown(
  { now }: Pick<CommandContext, 'now'>,
  db: SqliteDatabase,
  { to, isBackedUp }: Way,
): Promise<Migrated> {
  const from = migrationVersion(db);
  if (to > from) {
    throw new UsageError(
      `--down-to only goes back, and the database has schema version ${from}: --to ${to} goes up`,
    );
  }
  refuseNewer(db, readMigrations());
  if (to === from) return { from, to, backup: null, dropped: [] };
  const time = new Date(now()).toISOString().slice(0, 19).replaceAll(':', '-');
  const backup = isBackedUp ? `${db.name}.before-down-to-${to}-${time}Z` : null;
  if (backup !== null) await backupDatabase(db, backup, { advice: HOW_WITHOUT_BACKUP });
  const before = tablesOf(db);
  migrateDown(db, to);
  const after = tablesOf(db);
  return { from, to, backup, dropped: before.filter((table) => !after.includes(table)) };
}

const HOW_WITHOUT_BACKUP = 'check the disk, or make a copy by hand and leave this one out with --no-backup';

const tablesOf = (db: SqliteDatabase): string[] =>
  db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all();

function describe({ from, to, backup, dropped = [] }: Migrated): string[] {
  if (from === to) return [`The database has schema version ${to} already.`];
  return [
    ...(backup === undefined ? [] : [backup === null ? 'No backup was made.' : `Backup: ${backup}`]),
    `The database went from schema version ${from} to ${to}.`,
    ...(dropped.length === 0
      ? []
      : [`Dropped: ${dropped.join(', ')}. Quotes and their log are as they were.`]),
  ];
}
