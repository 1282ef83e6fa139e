import type { Command } from 'commander';
import { type SessionAuditRow, sessionAuditSchema } from '../wire/session-schemas.ts';
import { showTime } from './moment.ts';
import { type ServerAddress, type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askSession, parseSessionId } from './session-requests.ts';
import { describePerson } from './session-text.ts';
import { type TableColumn, renderTable } from './table.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface SessionAuditOptions extends ServerOptions {
  readonly json?: true;
}

export function addSessionAuditCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('audit')
    .argument('<session>', 'its id')
    .description('Show what happened in a session: who did what and why, and what became of its state')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
For hosts of the quote, and for admins. What was written into the quote is in "quoteroom audit log".

Examples:
  quoteroom session audit 5f0c9a52-30c6-4a4e-8d8b-0f2b9f9b6b1e`,
    );
  addServerOptions(command).action((id: string, options: SessionAuditOptions) => audit(context, id, options));
}

async function audit(context: CommandContext, text: string, options: SessionAuditOptions): Promise<void> {
  const id = parseSessionId(text);
  const rows = await readAudit(serverOf(options, context.env), id);
  if (options.json) printJson(context, { rows });
  else printLines(context, renderTable(COLUMNS, rows.map(cellsOf)));
}

/** As many as the server gives at once. */
const PAGE = 1_000;

async function readAudit(server: ServerAddress, id: string): Promise<SessionAuditRow[]> {
  const rows: SessionAuditRow[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const what = `audit?limit=${PAGE}&after=${after}`;
    const page: { rows: SessionAuditRow[]; next?: number | undefined } = await askSession(
      server,
      { method: 'GET', id, what },
      sessionAuditSchema,
    );
    rows.push(...page.rows);
    after = page.next;
  }
  return rows;
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'N', align: 'right' },
  { title: 'Time (UTC)' },
  { title: 'Event' },
  { title: 'By', widthMax: 40 },
  { title: 'Why', widthMax: 40 },
  { title: 'State', widthMax: 40 },
  { title: 'Detail', widthMax: 80 },
];

const cellsOf = ({ n, at, event, from, to, by, why, detail }: SessionAuditRow): string[] => [
  String(n),
  showTime(at),
  event,
  by === undefined ? '' : describePerson(by),
  why ?? '',
  from === to ? to : `${from} -> ${to}`,
  detail === undefined ? '' : describeDetail(detail),
];

/** `role sales_rep, permission editor` */
function describeDetail(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return JSON.stringify(detail);
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
