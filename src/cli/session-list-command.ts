import type { Command } from 'commander';
import type { QuoteId } from '../lib/ids.ts';
import { type SessionJson, sessionsSchema } from '../wire/session-schemas.ts';
import { callServer, serverFailure } from './call-server.ts';
import { parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { type ServerAddress, type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { type TableColumn, renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface ListOptions extends ServerOptions {
  readonly quote?: string;
  readonly all?: true;
  readonly json?: true;
}

export function addSessionListCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('list')
    .description('List the open sessions, newest first')
    .option('--quote <quote>', 'only those of this quote')
    .option('--all', 'those that ended, too')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Shows sessions of quotes that you may see.

Examples:
  quoteroom session list
  quoteroom session list --quote q-acme-2026 --all --json`,
    );
  addServerOptions(command).action((options: ListOptions) => list(context, options));
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const server = serverOf(options, context.env);
  const quote = options.quote === undefined ? null : parseQuoteId(options.quote);
  const sessions = await listSessions(server, { quote, isOpenOnly: options.all !== true });
  if (options.json) printJson(context, { sessions });
  else if (sessions.length === 0) context.out(options.all ? 'No sessions.\n' : 'No open sessions.\n');
  else printLines(context, renderTable(COLUMNS, sessions.map(cellsOf)));
}

/** As many as the server gives at once. */
const PAGE = 200;

async function listSessions(
  server: ServerAddress,
  { quote, isOpenOnly }: { readonly quote: QuoteId | null; readonly isOpenOnly: boolean },
): Promise<SessionJson[]> {
  const sessions: SessionJson[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const query = new URLSearchParams({
      limit: String(PAGE),
      ...(quote !== null && { quote }),
      ...(isOpenOnly && { open: '1' }),
      ...(after !== undefined && { after }),
    });
    const page = await callServer(server, { method: 'GET', path: `/api/sessions?${query}` }, sessionsSchema);
    if (!page.ok) throw serverFailure(page.reason);
    sessions.push(...page.value.sessions);
    after = page.value.next ?? null;
  }
  return sessions;
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'Session' },
  { title: 'Quote' },
  { title: 'State' },
  { title: 'Here', widthMax: 40 },
  { title: 'Started (UTC)' },
  { title: 'Last activity (UTC)' },
  { title: 'Ended (UTC)' },
  { title: 'Why' },
];

const cellsOf = (session: SessionJson): string[] => [
  session.id,
  session.quoteId,
  session.state,
  session.participants.map(({ user }) => user.name).join(', '),
  showTime(session.startedAt),
  showTime(session.lastActivityAt),
  session.endedAt === undefined ? '' : showTime(session.endedAt),
  session.why ?? '',
];
