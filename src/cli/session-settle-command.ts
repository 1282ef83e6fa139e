import type { Command } from 'commander';
import { REASON_TEXTS } from '../authority/explain-refusal.ts';
import { type CellValue, parseCellId } from '../quote/cell.ts';
import { readTypedValue } from '../quote/columns.ts';
import { type ConflictChoice, chosenValue } from '../wire/conflict-choice.ts';
import { type VerdictJson, patchAnswerSchema } from '../wire/http-schemas.ts';
import { type ConflictJson, conflictsAnswerSchema } from '../wire/session-schemas.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { parseQuoteId } from './find-quote.ts';
import { plain, plainValue } from './plain-text.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askQuote } from './session-requests.ts';
import { describePerson } from './session-text.ts';
import { type CommandContext, printJson } from './terminal.ts';

interface SettleOptions extends ServerOptions {
  readonly value?: string;
  readonly clear?: true;
  readonly revision?: string;
  readonly json?: true;
}

export function addSessionSettleCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('settle')
    .argument('<quote>', 'its id')
    .argument('<n>', 'the number of the conflict, as "session conflicts" shows it')
    .argument('[choice]', 'kept or parked')
    .description('Settle a held conflict: keep what stands, take what is parked, or give a third value')
    .option('--value <value>', 'a third value')
    .option('--clear', 'empty the cell')
    .option(
      '--revision <revision>',
      'of several parked values, the one with this revision (default: the newest)',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
For editors and hosts whose role is at least that of those who wrote. It is a write of yours like any other: exits
with 1 if it was refused, and then the conflict stays open.

Examples:
  quoteroom session settle q-acme-2026 1 kept
  quoteroom session settle q-acme-2026 1 parked
  quoteroom session settle q-acme-2026 1 --value "30 days net"`,
    );
  addServerOptions(command).action(
    (quote: string, n: string, choice: string | undefined, options: SettleOptions) =>
      settle(context, { quote, n, choice }, options),
  );
}

interface Asked {
  readonly quote: string;
  readonly n: string;
  readonly choice: string | undefined;
}

async function settle(context: CommandContext, asked: Asked, options: SettleOptions): Promise<void> {
  const quote = parseQuoteId(asked.quote);
  const n = numberOf('the number of a conflict', asked.n);
  const choose = choiceOf(asked, options);
  const server = serverOf(options, context.env);
  const { conflicts } = await askQuote(
    server,
    { method: 'GET', quote, what: 'conflicts' },
    conflictsAnswerSchema,
  );
  const conflict = conflicts.find((one) => one.n === n);
  if (conflict === undefined) {
    throw new CommandFailure(
      'not_found',
      `quote ${quote} has no open conflict ${n}: "quoteroom session conflicts ${quote}" shows those that there are`,
    );
  }
  const body = choose(conflict);
  const request = { method: 'POST', quote, what: `conflicts/${n}/settle`, body } as const;
  const { revision, verdicts } = await askQuote(server, request, patchAnswerSchema);
  const refused = verdicts.find(({ accepted }) => !accepted);
  if (options.json) printJson(context, { ...(refused ?? { cell: conflict.cell, accepted: true }), revision });
  else context.out(`${refused === undefined ? describeSettled(conflict, body) : describeRefused(refused)}\n`);
  context.end(refused === undefined ? 0 : 1);
}

/** Throws a `UsageError` unless it is one choice. A value is read as its cell takes it, which only the conflict says. */
function choiceOf({ choice }: Asked, options: SettleOptions): (conflict: ConflictJson) => ConflictChoice {
  const { value, clear, revision } = options;
  const given = [choice, value, clear].filter((one) => one !== undefined);
  if (given.length !== 1 || (choice !== undefined && choice !== 'kept' && choice !== 'parked'))
    throw new UsageError('give one of kept, parked, --value VALUE or --clear');
  if (revision !== undefined && choice !== 'parked') throw new UsageError('--revision goes with parked');
  const parkedAt = revision === undefined ? {} : { revision: numberOf('--revision', revision) };
  if (choice === 'kept') return () => ({ choose: 'kept' });
  if (choice === 'parked') return () => ({ choose: 'parked', ...parkedAt });
  return ({ cell }) => ({ choose: 'value', value: value === undefined ? null : valueIn(cell, value) });
}

function valueIn(id: string, typed: string): CellValue {
  const cell = parseCellId(id);
  return cell === null ? typed : readTypedValue(cell, typed);
}

function numberOf(what: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`${what} is a whole number, not "${text}"`);
}

const describeSettled = (conflict: ConflictJson, choice: ConflictChoice): string =>
  plain(`settled: ${conflict.cell} is ${plainValue(chosenValue(conflict, choice))}`);

function describeRefused({ cell, reason, by, kept, message }: VerdictJson): string {
  const why = message ?? (reason === undefined ? '' : REASON_TEXTS[reason]);
  const winner = by === undefined ? '' : `, by ${describePerson(by)}`;
  return plain(
    `refused: ${cell}: ${reason ?? 'not_permitted'} (${why})${winner}; it stays ${plainValue(kept)}`,
  );
}
