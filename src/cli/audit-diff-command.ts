import type { Command } from 'commander';
import { diffQuote } from '../audit/diff.ts';
import { diffJson } from '../http/look-back-json.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { DiffJson } from '../wire/audit-schemas.ts';
import { type DataOptions, WHERE_IT_READS, addSourceOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { fetchDiff, requireOrder } from './fetch-look-back.ts';
import { findEntry, findQuote, parseQuoteId } from './find-quote.ts';
import { describeDiff } from './look-back-text.ts';
import { type ServerOptions, goesToServer, serverOf } from './server-options.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface DiffOptions extends DataOptions, ServerOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: true;
}

export function addAuditDiffCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('diff')
    .argument('<quote>', 'its id')
    .description('Show what changed between two points, and by whom')
    .requiredOption('--from <seq|time>', 'after that entry or at that time; 0 is before the first')
    .requiredOption('--to <seq|time>', 'after that entry or at that time')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${WHERE_IT_READS}
Of each cell both values and the last write that stood; rows that were added, removed, restored or moved; texts of notes.
What came back to the same value in between is not shown, nor are rows that came and went: "audit log" has everything.
A time is as 2026-03-01 or 2026-03-01T12:00:00Z; a day alone is its first second in UTC.

Examples:
  quoteroom audit diff q-acme-2026 --from 12 --to 40
  quoteroom audit diff q-acme-2026 --from 2026-03-01 --to 2026-03-02T12:00:00Z --json`,
    );
  addSourceOptions(command).action((quote: string, options: DiffOptions) => diff(context, quote, options));
}

async function diff(context: CommandContext, text: string, options: DiffOptions): Promise<void> {
  const quote = parseQuoteId(text);
  const found = goesToServer(options, context.env)
    ? await fetchDiff(serverOf(options, context.env), quote, options)
    : await readFromData(context, quote, options);
  if (options.json) printJson(context, found);
  else printLines(context, describeDiff(found));
}

async function readFromData(
  context: CommandContext,
  quote: QuoteId,
  options: DiffOptions,
): Promise<DiffJson> {
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    const found = await findQuote(data.log, quote, settings.data);
    const entryAt = (flag: string, text: string): Promise<number> =>
      findEntry(data.log, found, { flag, text, fromStart: true });
    const from = await entryAt('--from', options.from);
    const to = await entryAt('--to', options.to);
    requireOrder(from, to);
    // The log knows people by their ids.
    return diffJson(await diffQuote(data.log, quote, { from, to }), { nameOf: (user) => user });
  } finally {
    await data.close();
  }
}
