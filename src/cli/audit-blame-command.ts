import type { Command } from 'commander';
import { blameQuote } from '../audit/blame.ts';
import { blameJson } from '../http/look-back-json.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { BlameJson } from '../wire/audit-schemas.ts';
import { cellsOf } from './cells-option.ts';
import { type DataOptions, WHERE_IT_READS, addSourceOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { fetchBlame } from './fetch-look-back.ts';
import { findEntry, findQuote, parseQuoteId } from './find-quote.ts';
import { describeBlame } from './look-back-text.ts';
import { type ServerOptions, goesToServer, serverOf } from './server-options.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface BlameOptions extends DataOptions, ServerOptions {
  readonly cell?: string;
  readonly at?: string;
  readonly json?: true;
}

export function addAuditBlameCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('blame')
    .argument('<quote>', 'its id')
    .description('Show who is behind each cell: who set it, what it was before, and who was outvoted')
    .option('--cell <cells>', 'only this cell, row or part, or as in the policy; also where it is empty')
    .option('--at <seq|time>', 'as it was after that entry or at that time')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${WHERE_IT_READS}What others offered in vain a server shows to hosts and admins only.

Outvoted are those whose writes were refused or held since the cell came to the person who has it now, and whoever had
it before, if they were told that it was overridden. "before" is the last other value. A time is as 2026-03-01 or
2026-03-01T12:00:00Z; a day alone is its first second in UTC.

Examples:
  quoteroom audit blame q-acme-2026
  quoteroom audit blame q-acme-2026 --cell lineItems/l1/discountPercent
  quoteroom audit blame q-acme-2026 --cell 'lineItems/*/unitPrice' --at 2026-03-01T12:00:00Z`,
    );
  addSourceOptions(command).action((quote: string, options: BlameOptions) =>
    showBlame(context, quote, options),
  );
}

async function showBlame(context: CommandContext, text: string, options: BlameOptions): Promise<void> {
  const quote = parseQuoteId(text);
  const cells = options.cell === undefined ? undefined : cellsOf('--cell', options.cell);
  const { cell, at } = options;
  const found = goesToServer(options, context.env)
    ? await fetchBlame(serverOf(options, context.env), quote, { at, cell })
    : await readFromData(context, { quote, cells }, options);
  if (options.json) printJson(context, found);
  else printLines(context, describeBlame(found));
}

async function readFromData(
  context: CommandContext,
  { quote, cells }: { readonly quote: QuoteId; readonly cells: ReturnType<typeof cellsOf> | undefined },
  options: BlameOptions,
): Promise<BlameJson> {
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    const found = await findQuote(data.log, quote, settings.data);
    const at =
      options.at === undefined
        ? found.head.seq
        : await findEntry(data.log, found, { flag: '--at', text: options.at });
    const blame = await blameQuote(data.log, quote, { at, cells });
    // The log knows people by their ids; whoever has the folder sees all of it.
    return blameJson(blame, { nameOf: (user) => user, seesOfferOf: () => true });
  } finally {
    await data.close();
  }
}
