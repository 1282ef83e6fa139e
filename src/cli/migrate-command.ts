import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { lockDataFolder } from '../log/data-lock.ts';
import { migrateDown, migrateUp, migrationVersion, readMigrations } from '../log/migrate.ts';
import { openDatabase } from '../log/sqlite-database.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { databaseIn } from './data-folder.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { CommandFailure, UsageError } from './command-errors.ts';

interface MigrateOptions extends DataOptions {
  readonly to?: string;
  readonly json?: true;
}

export function addMigrateCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('migrate')
    .description('Bring the database to the schema of this quoteroom, or back to that of an older one')
    .option('--to <version>', 'the version of the schema to end with (default: the newest)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
"serve" brings the database up to date by itself. To go back to an older quoteroom, stop the server, run this with
the newer one, and then start the older one, which says what version it knows. The log of every quote is kept.

Examples:
  quoteroom migrate
  quoteroom migrate --to 2`,
    );
  addDataOptions(command).action((options: MigrateOptions) => migrate(context, options));
}

function migrate(context: CommandContext, options: MigrateOptions): void {
  const { data } = storeSettingsOf(context, options);
  const newest = readMigrations().length;
  const to = options.to === undefined ? newest : versionOf(options.to, newest);
  const path = databaseIn(data);
  if (!existsSync(path))
    throw new CommandFailure('no_database', `there is no database ${path}: give its folder with --data`);
  const lock = lockDataFolder(data);
  try {
    const db = openDatabase(path);
    try {
      const before = migrationVersion(db);
      if (to < before) migrateDown(db, to);
      else migrateUp(db, readMigrations().slice(0, to));
      if (options.json) printJson(context, { from: before, to });
      else printLines(context, [describe(before, to)]);
    } finally {
      db.close();
    }
  } finally {
    lock.release();
  }
}

function versionOf(text: string, newest: number): number {
  const version = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (version <= newest) return version;
  throw new UsageError(`--to takes a version from 0 to ${newest}, not "${text}"`);
}

const describe = (from: number, to: number): string =>
  from === to
    ? `The database has schema version ${to} already.`
    : `The database went from schema version ${from} to ${to}.`;
