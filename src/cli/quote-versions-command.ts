import type { Command } from 'commander';
import { type VersionJson, versionsSchema } from '../wire/version-schemas.ts';
import { parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askQuote } from './session-requests.ts';
import { type TableColumn, renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface VersionsOptions extends ServerOptions {
  readonly json?: true;
}

export function addQuoteVersionsCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('versions')
    .argument('<quote>', 'its id')
    .description('List the named versions of a quote, newest point first')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
"quoteroom quote show QUOTE --at ENTRY" shows the quote as it was in a version, and "quoteroom audit diff QUOTE" what
differs between two.

Examples:
  quoteroom quote versions q-acme-2026
  quoteroom quote versions q-acme-2026 --json`,
    );
  addServerOptions(command).action((quote: string, options: VersionsOptions) =>
    list(context, quote, options),
  );
}

async function list(context: CommandContext, text: string, options: VersionsOptions): Promise<void> {
  const server = serverOf(options, context.env);
  const quote = parseQuoteId(text);
  const found = await askQuote(server, { method: 'GET', quote, what: 'versions' }, versionsSchema);
  if (options.json) printJson(context, found);
  else if (found.versions.length === 0) context.out(`Quote ${quote} has no named versions.\n`);
  else printLines(context, renderTable(COLUMNS, found.versions.map(cellsOf)));
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'Entry', align: 'right' },
  { title: 'Name', widthMax: 60 },
  { title: 'Made (UTC)' },
  { title: 'Named by', widthMax: 30 },
  { title: 'Named (UTC)' },
];

const cellsOf = ({ seq, name, at, namedBy, namedAt }: VersionJson): string[] => [
  String(seq),
  name,
  showTime(at),
  namedBy.name,
  showTime(namedAt),
];
