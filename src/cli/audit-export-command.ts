import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Manifest, exportBundle } from '../audit/export-bundle.ts';
import { exportHead } from '../audit/export-head.ts';
import { readAuditKeys } from './audit-key.ts';
import { type LocalOptions, addLocalOptions, refuseServer } from './audit-options.ts';
import { UsageError } from './command-errors.ts';
import { storeSettingsOf } from './command-settings.ts';
import { count } from './count-text.ts';
import { openDataForReading } from './data-folder.ts';
import { missingQuote, parseQuoteId } from './find-quote.ts';
import { programVersion } from './program-version.ts';
import { plain } from './plain-text.ts';
import { showProgress } from './show-progress.ts';
import { untilStopped } from './until-stopped.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface ExportOptions extends LocalOptions {
  readonly out: string;
  readonly all?: true;
  readonly json?: true;
}

export function addAuditExportCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('export')
    .argument('[quote]', 'its id')
    .description('Write a quote out for somebody without quoteroom, with a program that checks it')
    .requiredOption('--out <folder>', 'a folder that is not there yet, or empty')
    .option('--all', 'all quotes, into one folder')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The folder holds every entry and every write as JSON lines (complete: the hashes can be made again from them) and as
CSV for a spreadsheet, the policies, the newest signed head with the proof that it covers these quotes, a manifest
with the SHA-256 of each file, and verify.mjs, which checks all that with Node 20 alone:

  node FOLDER/verify.mjs --key FILE      FILE: what "quoteroom audit key" printed, from elsewhere

It ends with 0 if all is as it should be, with 1 if something is wrong, with 2 if it was called in a wrong way, and with 3
if it is sound in itself, but not proven by the head: there is none, or it does not cover all of it.

What is exported can be read by whoever gets it, internal notes and
refused values included. Works while the server runs; entries that come in meanwhile are left out.

Examples:
  quoteroom audit export q-acme-2026 --out ./q-acme-2026-log
  quoteroom audit export --all --out ./everything --json`,
    );
  addLocalOptions(command).action((quote: string | undefined, options: ExportOptions) =>
    exportQuotes(context, quote, options),
  );
}

async function exportQuotes(
  context: CommandContext,
  text: string | undefined,
  options: ExportOptions,
): Promise<void> {
  refuseServer('audit export', options);
  if ((text === undefined) === (options.all === undefined))
    throw new UsageError('give the id of a quote, or --all for all of them');
  const asked = text === undefined ? null : parseQuoteId(text);
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    const known = data.quoteIds();
    if (asked !== null && !known.includes(asked)) throw await missingQuote(data.log, asked, settings.data);
    const folder = resolve(context.cwd, options.out);
    const head = await exportHead(data.heads);
    const purged = await data.log.tombstones();
    const gone = new Set(purged.map(({ quote }) => quote));
    // Also those that the head covers and the log no longer has, so that it shows, but for those that were purged.
    const all = [...new Set([...known, ...(head?.covered ?? [])])].filter((id) => !gone.has(id)).toSorted();
    const manifest = await untilStopped(context, (stop) =>
      exportBundle(data.log, asked === null ? all : [asked], {
        ...{ folder, head, stop },
        purged: asked === null ? purged : [],
        at: context.now(),
        by: `quoteroom ${programVersion()}`,
        keys: readAuditKeys(settings.data),
        onProgress: options.json ? undefined : showProgress(context),
      }),
    );
    if (options.json) printJson(context, { folder, ...manifest });
    else printLines(context, describe(folder, manifest));
  } finally {
    await data.close();
  }
}

function describe(folder: string, { quotes, head, purged = [] }: Manifest): string[] {
  const covered =
    head === null
      ? 'No head was signed yet: a running server signs them.'
      : `Head ${head.number} of ${head.at}, signed by ${head.signedBy.join(', ')}`;
  return [
    ...quotes.map(({ id, entries, writes, last }) => {
      const newest = last === null ? '' : `, last hash ${last.hash}`;
      return `${plain(id)}: ${count(entries, 'entry', 'entries')}, ${count(writes, 'write')}${newest}`;
    }),
    ...purged.map(
      ({ id, last }) => `${plain(id)}: was purged, last entry ${last.seq}; its tombstone is in the manifest`,
    ),
    covered,
    `Check it with: node ${join(folder, 'verify.mjs')}`,
    'Whoever gets it should have the key from elsewhere ("quoteroom audit key"), and give it with --key: only then does it',
    'show that nothing was made anew.',
  ];
}
