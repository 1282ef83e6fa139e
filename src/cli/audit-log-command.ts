import type { Command } from 'commander';
import type { LogPage, LogQuery } from '../audit/log-selection.ts';
import { type LogEntry, viewLog } from '../audit/log-view.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type DataOptions, WHERE_IT_READS, addSourceOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { type ShownEntry, type ShownWrite, fetchLog } from './fetch-log.ts';
import { findQuote, parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { plain, plainValue } from './plain-text.ts';
import { type ServerOptions, goesToServer, serverOf } from './server-options.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { UsageError } from './command-errors.ts';

interface LogOptions extends DataOptions, ServerOptions {
  readonly after: string;
  readonly limit: string;
  readonly refused?: true;
  readonly user?: string;
  readonly cell?: string;
  readonly json?: true;
}

export function addAuditLogCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('log')
    .argument('<quote>', 'its id')
    .description('Show who wrote what when, and what was refused, why and for whom')
    .option('--after <seq>', 'entries after this number', '0')
    .option('--limit <count>', 'at most so many entries', '100')
    .option('--refused', 'only what was refused')
    .option('--user <id>', 'only what this person wrote')
    .option(
      '--cell <cell>',
      'only writes to this cell, row or part: lineItems/l1/quantity, lineItems/l1, fields',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${WHERE_IT_READS}What others offered in vain is shown by a server to hosts and admins only.

Examples:
  quoteroom audit log q-acme-2026
  quoteroom audit log q-acme-2026 --refused
  quoteroom audit log q-acme-2026 --cell lineItems/l1/discountPercent --user rita`,
    );
  addSourceOptions(command).action((quote: string, options: LogOptions) => showLog(context, quote, options));
}

async function showLog(context: CommandContext, text: string, options: LogOptions): Promise<void> {
  const { user, cell } = options;
  const after = countOf('--after', options.after, 0);
  const limit = countOf('--limit', options.limit, 1);
  const quote = parseQuoteId(text);
  const query = {
    after,
    limit,
    refused: options.refused === true,
    ...(user !== undefined && { user }),
    ...(cell !== undefined && { cell }),
  };
  const page = goesToServer(options, context.env)
    ? await fetchLog(serverOf(options, context.env), quote, query)
    : await readFromData(context, { quote, query }, options);
  if (options.json) printJson(context, page);
  else printLines(context, describe(page));
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
