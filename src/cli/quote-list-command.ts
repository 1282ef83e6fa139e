import type { Command } from 'commander';
import type { QuoteSummary } from '../log/log.ts';
import { STATUSES } from '../quote/columns.ts';
import { type ListedQuote, quoteListSchema } from '../wire/http-schemas.ts';
import { callServer, serverFailure } from './call-server.ts';
import { type DataOptions, WHERE_IT_READS, addSourceOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { showTime } from './moment.ts';
import { type ServerAddress, type ServerOptions, goesToServer, serverOf } from './server-options.ts';
import { type TableColumn, renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { UsageError } from './command-errors.ts';

interface ListOptions extends DataOptions, ServerOptions {
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
    .addHelpText(
      'after',
      `${WHERE_IT_READS}
Examples:
  quoteroom quote list
  quoteroom quote list --search acme --json
  quoteroom quote list --url http://127.0.0.1:8080 --token $QUOTEROOM_TOKEN`,
    );
  addSourceOptions(command).action((options: ListOptions) => list(context, options));
}

const PAGE = 500;

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const { status } = options;
  if (status !== undefined && !STATUSES.some((one) => one === status)) {
    throw new UsageError(`--status is one of ${STATUSES.join(', ')}, not "${status}"`);
  }
  const quotes = goesToServer(options, context.env)
    ? await listAtServer(serverOf(options, context.env), options)
    : await listInData(context, options);
  const isFiltered = options.search !== undefined || status !== undefined;
  if (options.json) printJson(context, { quotes });
  else if (quotes.length === 0) context.out(isFiltered ? 'No quotes match.\n' : 'No quotes.\n');
  else printLines(context, renderTable(COLUMNS, quotes.map(cellsOf)));
}

async function listInData(context: CommandContext, options: ListOptions): Promise<QuoteSummary[]> {
  const { search, status } = options;
  const data = openDataForReading(storeSettingsOf(context, options));
  try {
    const quotes: QuoteSummary[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const page = await data.log.quotes({
        limit: PAGE,
        ...(search !== undefined && { text: search }),
        ...(status !== undefined && { status }),
        ...(after !== undefined && { after }),
      });
      quotes.push(...page.quotes);
      after = page.next;
    }
    return quotes;
  } finally {
    await data.close();
  }
}

/** As many as the server gives at once. */
const SERVER_PAGE = 200;

async function listAtServer(
  server: ServerAddress,
  { search, status }: Pick<ListOptions, 'search' | 'status'>,
): Promise<ListedQuote[]> {
  const quotes: ListedQuote[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const query = new URLSearchParams({
      limit: String(SERVER_PAGE),
      ...(search !== undefined && { q: search }),
      ...(status !== undefined && { status }),
      ...(after !== undefined && { after }),
    });
    const page = await callServer(server, { method: 'GET', path: `/api/quotes?${query}` }, quoteListSchema);
    if (!page.ok) throw serverFailure(page.reason);
    quotes.push(...page.value.quotes);
    after = page.value.next ?? null;
  }
  return quotes;
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'Quote' },
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
}: QuoteSummary | ListedQuote): string[] => [
  id,
  title,
  customer,
  status || 'draft',
  owner,
  total,
  currency,
  showTime(lastChange.at),
  typeof lastChange.by === 'string' ? lastChange.by : lastChange.by.name,
];
