import type { Command } from 'commander';
import { type LogEntry, type LogPage, type LogWrite, viewLog } from '../audit/log-view.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { findQuote, parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { plain, plainValue } from './plain-text.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { UsageError } from './command-errors.ts';

interface LogOptions extends DataOptions {
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
      `
Examples:
  quoteroom audit log q-acme-2026
  quoteroom audit log q-acme-2026 --refused
  quoteroom audit log q-acme-2026 --cell lineItems/l1/discountPercent --user rita`,
    );
  addDataOptions(command).action((quote: string, options: LogOptions) => showLog(context, quote, options));
}

async function showLog(context: CommandContext, text: string, options: LogOptions): Promise<void> {
  const { user, cell } = options;
  const after = countOf('--after', options.after, 0);
  const limit = countOf('--limit', options.limit, 1);
  const quote = parseQuoteId(text);
  const settings = storeSettingsOf(context, options);
  const data = openDataForReading(settings);
  try {
    await findQuote(data.log, quote, settings.data);
    const page = await viewLog(data.log, quote, {
      after,
      limit,
      refused: options.refused === true,
      ...(user !== undefined && { user }),
      ...(cell !== undefined && { cell }),
    });
    if (options.json) printJson(context, page);
    else printLines(context, describe(page));
  } finally {
    await data.close();
  }
}

function countOf(flag: string, text: string, min: number): number {
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= min) return count;
  throw new UsageError(`${flag} takes a whole number from ${min}, not "${text}"`);
}

function describe({ entries, next }: LogPage): string[] {
  if (entries.length === 0) return ['No such entries.'];
  return [...entries.flatMap(describeEntry), ...(next === undefined ? [] : [`More with --after ${next}`])];
}

function describeEntry({ seq, at, user, role, origin, writes }: LogEntry): string[] {
  const what = writes.length === 0 ? ': text of notes, or nothing new' : '';
  return [
    `${seq}  ${showTime(at)}  ${plain(user)} (${role}), ${origin}${what}`,
    ...writes.map((write) => `    ${describeWrite(write)}`),
  ];
}

function describeWrite({ cell, target, verdict, before, offered, applied, reason, by }: LogWrite): string {
  const name = plain(cell);
  if (verdict === 'accepted') return `${name}: ${plainValue(before)} -> ${plainValue(applied)}`;
  const winner = by === undefined ? '' : ` by ${plain(by.id)} (${by.role})`;
  // The log keeps the text of notes in its bytes only.
  const values =
    target.column === 'text' ? ['text', ''] : [plainValue(offered), `; stays ${plainValue(applied)}`];
  return `${name}: ${verdict} ${values[0]}: ${reason ?? ''}${winner}${values[1]}`;
}
