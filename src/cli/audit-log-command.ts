import type { Command } from 'commander';
import type { LogPage, LogQuery } from '../audit/log-selection.ts';
import { type LogEntry, viewLog } from '../audit/log-view.ts';
import { type Role, ROLES, isRole } from '../authority/role.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type DataOptions, WHERE_IT_READS, addSourceOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { cellsOf } from './cells-option.ts';
import { type AskedLog, type ShownEntry, type ShownWrite, fetchLog } from './fetch-log.ts';
import { findQuote, parseQuoteId } from './find-quote.ts';
import { parseMoment, showTime } from './moment.ts';
import { plain, plainValue } from './plain-text.ts';
import { type ServerOptions, goesToServer, serverOf } from './server-options.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { UsageError } from './command-errors.ts';

interface LogOptions extends DataOptions, ServerOptions {
  readonly after: string;
  readonly limit: string;
  readonly refused?: true;
  readonly user?: string;
  readonly role?: string;
  readonly cell?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: true;
}

export function addAuditLogCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('log')
    .argument('<quote>', 'its id')
    .description('Show who wrote what when, and what was refused, why and for whom')
    .option('--after <seq>', 'entries after this number', '0')
    .option('--limit <count>', 'at most so many entries', '100')
    .option('--refused', 'only what was refused or held')
    .option('--user <id>', 'only what this person wrote')
    .option('--role <role>', `only what people in this role wrote: ${ROLES.join(', ')}`)
    .option(
      '--cell <cells>',
      'only writes to this cell, row or part, or as in the policy: lineItems/*/quantity',
    )
    .option('--since <time>', 'only entries from this time on')
    .option('--until <time>', 'only entries up to this time')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${WHERE_IT_READS}Only what all of the flags take is shown. What others offered in vain a server shows to hosts and admins only. A time
is as 2026-03-01 or 2026-03-01T12:00:00Z; a day alone is its first second in UTC.

Examples:
  quoteroom audit log q-acme-2026
  quoteroom audit log q-acme-2026 --refused
  quoteroom audit log q-acme-2026 --cell lineItems/l1/discountPercent --user rita
  quoteroom audit log q-acme-2026 --cell 'lineItems/*/unitPrice,discounts' --role sales_rep --since 2026-03-01`,
    );
  addSourceOptions(command).action((quote: string, options: LogOptions) => showLog(context, quote, options));
}

async function showLog(context: CommandContext, text: string, options: LogOptions): Promise<void> {
  const quote = parseQuoteId(text);
  const { cells, ...query } = queryOf(options);
  const page = goesToServer(options, context.env)
    ? await fetchLog(serverOf(options, context.env), quote, query)
    : await readFromData(
        context,
        { quote, query: { ...query, ...(cells !== undefined && { cells }) } },
        options,
      );
  if (options.json) printJson(context, page);
  else printLines(context, describe(page));
}

/** With the cells as they were named, for a server, and as a filter. */
function queryOf(options: LogOptions): AskedLog & Pick<LogQuery, 'cells'> {
  const { user, role, cell, since, until } = options;
  return {
    after: countOf('--after', options.after, 0),
    limit: countOf('--limit', options.limit, 1),
    refused: options.refused === true,
    ...(user !== undefined && { user }),
    ...(role !== undefined && { role: parseRole(role) }),
    ...(cell !== undefined && { cell, cells: cellsOf('--cell', cell) }),
    ...(since !== undefined && { since: timeOf('--since', since) }),
    ...(until !== undefined && { until: timeOf('--until', until) }),
  };
}

async function readFromData(
  context: CommandContext,
  { quote, query }: { readonly quote: QuoteId; readonly query: LogQuery },
  options: LogOptions,
): Promise<LogPage<LogEntry>> {
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    await findQuote(data.log, quote, settings.data);
    return await viewLog(data.log, quote, query);
  } finally {
    await data.close();
  }
}

function parseRole(text: string): Role {
  if (isRole(text)) return text;
  throw new UsageError(`--role is one of ${ROLES.join(', ')}, not "${text}"`);
}

function timeOf(flag: string, text: string): number {
  const moment = parseMoment(text);
  if (moment.ok && moment.value.kind === 'time') return moment.value.at;
  throw new UsageError(`${flag} takes a time, 2026-03-01 or 2026-03-01T12:00:00Z, not "${text}"`);
}

function countOf(flag: string, text: string, min: number): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= min) return count;
  throw new UsageError(`${flag} takes a whole number from ${min}, not "${text}"`);
}

function describe({ entries, next }: LogPage<ShownEntry>): string[] {
  if (entries.length === 0) return ['No such entries.'];
  return [...entries.flatMap(describeEntry), ...(next === undefined ? [] : [`More with --after ${next}`])];
}

function describeEntry({ seq, at, user, role, origin, writes }: ShownEntry): string[] {
  const what = writes.length === 0 ? ': text of notes, or nothing new' : '';
  return [
    `${seq}  ${showTime(at)}  ${plain(user)} (${role}), ${origin}${what}`,
    ...writes.map((write) => `    ${describeWrite(write)}`),
  ];
}

function describeWrite({ cell, target, verdict, before, offered, applied, reason, by }: ShownWrite): string {
  const name = plain(cell);
  if (verdict === 'accepted') return `${name}: ${plainValue(before)} -> ${plainValue(applied)}`;
  const winner = by === undefined ? '' : ` by ${plain(by.id)} (${by.role})`;
  // The log keeps the text of notes in its bytes only.
  const isText = target.column === 'text';
  const value = isText ? ' text' : offered === undefined ? '' : ` ${plainValue(offered)}`;
  const kept = isText ? '' : `; stays ${plainValue(applied)}`;
  return `${name}: ${verdict}${value}: ${reason ?? ''}${winner}${kept}`;
}
