import type { Command } from 'commander';
import { present } from '../lib/assert.ts';
import { readDocumentAt } from '../log/document-at.ts';
import { priceQuote } from '../quote/pricing.ts';
import { readSnapshot } from '../quote/snapshot.ts';
import { quoteJson } from '../wire/quote-json.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { findEntry, findQuote, parseQuoteId } from './find-quote.ts';
import { renderQuote } from './render-quote.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface ShowOptions extends DataOptions {
  readonly at?: string;
  readonly removed?: true;
  readonly json?: true;
}

export function addQuoteShowCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('show')
    .argument('<quote>', 'its id')
    .description('Show a quote with its totals, now or as it was')
    .option('--at <seq|time>', 'as it was after that entry or at that time')
    .option('--removed', 'show removed rows, too')
    .option('--json', 'print JSON, as GET /api/quotes/:id gives it')
    .addHelpText(
      'after',
      `
Examples:
  quoteroom quote show q-acme-2026
  quoteroom quote show q-acme-2026 --at 12
  quoteroom quote show q-acme-2026 --at 2026-03-01T12:00:00Z --json`,
    );
  addDataOptions(command).action((quote: string, options: ShowOptions) => show(context, quote, options));
}

async function show(context: CommandContext, text: string, options: ShowOptions): Promise<void> {
  const quote = parseQuoteId(text);
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    const found = await findQuote(data.log, quote, settings.data);
    const seq =
      options.at === undefined ? found.head.seq : await findEntry(data.log, found, '--at', options.at);
    const doc = present(await readDocumentAt(data.log, quote, seq), 'an entry that was found is there');
    const snapshot = readSnapshot(doc, { removed: options.removed === true });
    if (options.json) printJson(context, quoteJson({ id: quote, revision: seq }, snapshot));
    else printLines(context, [`${quote}, revision ${seq}`, ...renderQuote(snapshot, priceQuote(snapshot))]);
  } finally {
    await data.close();
  }
}
