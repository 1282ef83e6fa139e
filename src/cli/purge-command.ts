import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { hexOf } from '../lib/bytes.ts';
import { parseDuration } from '../lib/duration.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { TombstoneText } from '../log/tombstone.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { confirm } from './confirm.ts';
import { count } from './count-text.ts';
import { type ReadableData, databaseIn, openDataForReading, openDataForWriting } from './data-folder.ts';
import { type Purgeable, findPurgeable, lookAtOne } from './find-purgeable.ts';
import { missingQuote, parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { plain } from './plain-text.ts';
import { purgeQuotes } from './purge-quotes.ts';
import type { StoreSettings } from './settings.ts';
import { showProgress } from './show-progress.ts';
import { renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

interface PurgeOptions extends DataOptions {
  readonly olderThan: string;
  readonly quote?: string;
  readonly export?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function addPurgeCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('purge')
    .description('Export closed quotes that are old, and delete them for good')
    .requiredOption('--older-than <time>', 'without a change for this long: 365d')
    .option('--quote <id>', 'only this one')
    .option('--export <folder>', 'where they are exported to before; not there yet, or empty')
    .option('--dry-run', 'only name them')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Takes whole quotes: those whose status is accepted, declined or expired, without an open session, whose last entry is
older than that. Stop the server first; --dry-run works beside it.

First each quote is verified, a signed head covers it, all are exported to the folder as by "quoteroom audit export",
and the program in there checks what was exported. Only then are they deleted, one after another: entries and writes,
checkpoints, sessions and who took part, named versions, share links and permissions. The folder has the entries and
writes; of the rest only a backup keeps a copy. At last the database is written anew, so that its file holds no
bytes of them; that takes room for twice its size.

In place of each quote a tombstone stays, signed with the key that signs heads: how many entries it had, the hash of the
last one, when it was purged, by whom and why, and the hash of the folder's manifest. "quoteroom audit verify" checks
it, and nobody can make a quote of that id again.

Examples:
  quoteroom purge --older-than 365d --dry-run
  quoteroom purge --older-than 365d --export /archive/2026-03-01
  quoteroom purge --older-than 90d --quote q-acme-2026 --export ./q-acme-2026 --yes`,
    );
  addDataOptions(command).action((options: PurgeOptions) => purge(context, options));
}

async function purge(context: CommandContext, options: PurgeOptions): Promise<void> {
  const age = parseDuration(options.olderThan);
  if (!age.ok) throw new UsageError(`--older-than: ${age.reason}`);
  if (options.dryRun === undefined && options.export === undefined)
    throw new UsageError('give a folder with --export, or --dry-run to see what would be purged');
  const asked = options.quote === undefined ? null : parseQuoteId(options.quote);
  const settings = storeSettingsOf(context, options);
  const path = databaseIn(settings.data);
  if (!existsSync(path))
    throw new CommandFailure('no_database', `there is no database ${path}: give its folder with --data`);
  const wanted = { asked, before: context.now() - age.value, folder: settings.data };
  if (options.dryRun === true) await showThem(context, settings, { wanted, options });
  else await purgeThem(context, settings, { wanted, options });
}

interface Wanted {
  readonly asked: QuoteId | null;
  /** Of the last entry, ms since 1970. */
  readonly before: number;
  readonly folder: string;
}

interface Order {
  readonly wanted: Wanted;
  readonly options: PurgeOptions;
}

async function showThem(
  context: CommandContext,
  settings: StoreSettings,
  { wanted, options }: Order,
): Promise<void> {
  const data = openDataForReading(settings);
  try {
    const found = await find(data, wanted);
    if (options.json) printJson(context, { dryRun: true, quotes: found.map(purgeableJson) });
    else printLines(context, describe(found));
  } finally {
    await data.close();
  }
}

async function purgeThem(
  context: CommandContext,
  settings: StoreSettings,
  { wanted, options }: Order,
): Promise<void> {
  const folder = resolve(context.cwd, options.export ?? '');
  const data = await openDataForWriting(settings, context.now);
  try {
    const found = await find(data, wanted);
    if (found.length === 0) {
      // An earlier run may have been stopped, or had no room, before the file was written anew.
      if ((await data.log.tombstones()).length > 0) data.overwriteDeleted();
      if (options.json) printJson(context, { folder: null, purged: [] });
      else printLines(context, describe(found));
      return;
    }
    if (!options.json) printLines(context, describe(found));
    await confirm(context, `Export them to ${folder} and delete them for good?`, options);
    const purged = await untilStopped(context, (stop) =>
      purgeQuotes(data, settings, {
        ...{ folder, stop, purgeables: found, now: context.now },
        by: context.account ?? 'unknown',
        why: ({ status }) => `${status}, and not changed for ${options.olderThan}`,
        onProgress: options.json ? undefined : showProgress(context),
        onPurged: (tombstone) => {
          if (!options.json) printLines(context, [lineOf(tombstone)]);
        },
      }),
    );
    if (options.json) printJson(context, { folder, purged: purged.map(tombstoneJson) });
    else
      printLines(context, [
        'The database was written anew: its file holds nothing of them any more.',
        `Exported to ${folder}: keep it as long as you must be able to show them.`,
      ]);
  } finally {
    await data.close();
  }
}

type Searched = Pick<ReadableData, 'log' | 'sessionStore'>;

async function find(data: Searched, { asked, before, folder }: Wanted): Promise<readonly Purgeable[]> {
  if (asked === null) return findPurgeable(data, before);
  if ((await data.log.head(asked)) === null) throw await missingQuote(data.log, asked, folder);
  const looked = await lookAtOne(data, asked, before);
  if (typeof looked !== 'string') return [looked];
  throw new CommandFailure('not_purgeable', `quote ${asked} cannot be purged: ${looked}`);
}

function describe(found: readonly Purgeable[]): string[] {
  if (found.length === 0) return ['No closed quote is that old: there is nothing to purge.'];
  const rows = found.map(({ quote, title, status, seq, lastEntryAt }) => [
    ...[quote, title, status, `${seq}`],
    `${showTime(lastEntryAt)} UTC`,
  ]);
  return [...renderTable(COLUMNS, rows), `${count(found.length, 'quote')} to purge`];
}

const COLUMNS = [
  { title: 'ID' },
  { title: 'TITLE', widthMax: 40 },
  { title: 'STATUS' },
  { title: 'ENTRIES', align: 'right' },
  { title: 'LAST CHANGE' },
] as const;

const lineOf = ({ quote, seq, hash }: TombstoneText): string =>
  `${plain(quote)}: purged, last entry ${seq} with the hash ${hexOf(hash)}`;

const purgeableJson = ({ quote, title, status, seq, lastEntryAt }: Purgeable): unknown => ({
  quote,
  title,
  status,
  entries: seq,
  lastEntryAt,
});

const tombstoneJson = ({ quote, seq, hash, at, by, why, bundle }: TombstoneText): unknown => ({
  ...{ quote, entries: seq, hash: hexOf(hash), at, by, why, bundle },
});
