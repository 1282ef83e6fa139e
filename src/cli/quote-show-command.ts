import type { Command } from 'commander';
import { present } from '../lib/assert.ts';
import type { QuoteId } from '../lib/ids.ts';
import { readDocumentAt } from '../log/document-at.ts';
import type { Totals } from '../quote/pricing.ts';
import { type Row, type Snapshot, readSnapshot } from '../quote/snapshot.ts';
import type { QuoteJson } from '../wire/http-schemas.ts';
import { quoteJson } from '../wire/quote-json.ts';
import { type DataOptions, WHERE_IT_READS, addSourceOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { fetchQuote } from './fetch-quote.ts';
import { findEntry, findQuote, parseQuoteId } from './find-quote.ts';
import { renderQuote } from './render-quote.ts';
import { type ServerOptions, goesToServer, serverOf } from './server-options.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface ShowOptions extends DataOptions, ServerOptions {
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
      `${WHERE_IT_READS}
Examples:
  quoteroom quote show q-acme-2026
  quoteroom quote show q-acme-2026 --url http://127.0.0.1:8080 --token $QUOTEROOM_TOKEN
  quoteroom quote show q-acme-2026 --at 12
  quoteroom quote show q-acme-2026 --at 2026-03-01T12:00:00Z --json`,
    );
  addSourceOptions(command).action((quote: string, options: ShowOptions) => show(context, quote, options));
}

async function show(context: CommandContext, text: string, options: ShowOptions): Promise<void> {
  const id = parseQuoteId(text);
  const quote = goesToServer(options, context.env)
    ? await fetchQuote(serverOf(options, context.env), id, options)
    : await readFromData(context, id, options);
  if (options.json) printJson(context, quote);
  else {
    const { snapshot, totals } = snapshotOfJson(quote);
    const width = context.isScreen ? context.size().columns : Infinity;
    printLines(context, [`${quote.id}, revision ${quote.revision}`, ...renderQuote(snapshot, totals, width)]);
  }
}

async function readFromData(
  context: CommandContext,
  quote: QuoteId,
  options: ShowOptions,
): Promise<QuoteJson> {
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    const found = await findQuote(data.log, quote, settings.data);
    const revision =
      options.at === undefined
        ? found.head.seq
        : await findEntry(data.log, found, { flag: '--at', text: options.at });
    const doc = present(await readDocumentAt(data.log, quote, revision), 'an entry that was found is there');
    return quoteJson({ id: quote, revision }, readSnapshot(doc, { removed: options.removed === true }));
  } finally {
    await data.close();
  }
}

/** What `quoteJson` made, taken apart again: a quote from a server has no document here. */
function snapshotOfJson({ fields, lineItems, discounts, notes, totals }: QuoteJson): {
  readonly snapshot: Snapshot;
  readonly totals: Totals;
} {
  const rowOf = ({ id, ...cells }: QuoteJson['lineItems'][number]): Row => ({ id, cells });
  return {
    snapshot: {
      fields,
      lineItems: lineItems.map(rowOf),
      discounts: discounts.map(rowOf),
      notes: notes.map(({ text, ...row }) => ({ ...rowOf(row), text })),
    },
    totals,
  };
}
