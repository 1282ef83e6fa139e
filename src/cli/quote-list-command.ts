import type { Command } from 'commander';
import type { QuoteSummary } from '../log/log.ts';
import { STATUSES } from '../quote/columns.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { showTime } from './moment.ts';
import { type TableColumn, renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { UsageError } from './usage-error.ts';

interface ListOptions extends DataOptions {
  readonly search?: string;
  readonly status?: string;
  readonly json?: true;
}

export function addQuoteListCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('list')
    .description('List the quotes, last changed first')
    .option('--search <text>', 'part of title, customer or id')
    .option('--status <status>', `one of ${STATUSES.join(', ')}`)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  quoteroom quote list\n  quoteroom quote list --search acme --json');
  addDataOptions(command).action((options: ListOptions) => list(context, options));
}

const PAGE = 500;

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const { status } = options;
  if (status !== undefined && !STATUSES.some((one) => one === status)) {
    throw new UsageError(`--status is one of ${STATUSES.join(', ')}, not "${status}"`);
  }
  const data = openDataForReading(storeSettingsOf(context, options));
  try {
    const quotes: QuoteSummary[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const page = await data.log.quotes({
        limit: PAGE,
        ...(options.search !== undefined && { text: options.search }),
        ...(status !== undefined && { status }),
        ...(after !== undefined && { after }),
      });
      quotes.push(...page.quotes);
      after = page.next;
    }
    if (options.json) printJson(context, { quotes });
    else if (quotes.length === 0) context.out('No quotes.\n');
    else printLines(context, renderTable(COLUMNS, quotes.map(cellsOf)));
  } finally {
    await data.close();
  }
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'Quote', widthMax: 32 },
  { title: 'Title', widthMax: 40 },
  { title: 'Customer', widthMax: 30 },
  { title: 'Status' },
  { title: 'Owner', widthMax: 20 },
  { title: 'Total', align: 'right' },
  { title: '' },
  { title: 'Changed (UTC)' },
  { title: 'By', widthMax: 20 },
];

const cellsOf = ({
  id,
  title,
  customer,
  status,
  owner,
  total,
  currency,
  lastChange,
}: QuoteSummary): string[] => [
  id,
  title,
  customer,
  status || 'draft',
  owner,
  total,
  currency,
  showTime(lastChange.at),
  lastChange.by,
];
