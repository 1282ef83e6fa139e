import type { Command } from 'commander';
import type { QuoteClient } from '../client/connect-quote.ts';
import type { Write } from '../client/cell-store.ts';
import type { Verdict } from '../client/verdicts.ts';
import { type CellValue, parseCellId } from '../quote/cell.ts';
import { readTypedValue } from '../quote/columns.ts';
import { NOT_ON_QUOTE, isSeen } from '../quote/on-quote.ts';
import { parseQuoteId } from './find-quote.ts';
import { openLiveQuote, withinTime } from './open-live-quote.ts';
import { planWrites } from './plan-writes.ts';
import { plainValue } from './plain-text.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { type CommandContext, printJson } from './terminal.ts';
import { UsageError } from './command-errors.ts';
import { describeVerdict } from './verdict-text.ts';

interface SetOptions extends ServerOptions {
  readonly clear?: true;
  readonly new?: true;
  readonly json?: true;
}

export function addSetCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('set')
    .argument('<quote>', 'its id')
    .argument('<cell>', 'like lineItems/l1/quantity or fields/title')
    .argument('[value]', 'numbers with a decimal point; true or false where the column has those')
    .description('Write one cell of a live quote')
    .option('--clear', 'empty the cell, instead of a value')
    .option('--new', 'make the row if the quote has none of that id, as the last one')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Waits until the server has decided. Exits with 1 if the write was refused, and says why and by whom.

Examples:
  quoteroom set q-acme-2026 lineItems/drives/discountPercent 12.5
  quoteroom set q-acme-2026 fields/title "Conveyor line 4"
  quoteroom set q-acme-2026 fields/contact --clear
  quoteroom set q-acme-2026 lineItems/belts/name "Belt, 12 m" --new`,
    );
  addServerOptions(command).action(
    (quote: string, cell: string, value: string | undefined, options: SetOptions) =>
      set(context, { quote, cell, value }, options),
  );
}

interface Asked {
  readonly quote: string;
  readonly cell: string;
  readonly value: string | undefined;
}

async function set(context: CommandContext, asked: Asked, options: SetOptions): Promise<void> {
  const value = valueOf(asked, options);
  const server = serverOf(options, context.env);
  const client = await openLiveQuote(server, parseQuoteId(asked.quote));
  try {
    const writes = planWrites(client, {
      quote: asked.quote,
      cell: asked.cell,
      value,
      isNew: options.new === true,
    });
    const outcome = await withinTime(server, write(client, { cell: asked.cell, value }, writes));
    if (options.json) printJson(context, outcome.json);
    else context.out(`${outcome.text}\n`);
    context.end(outcome.accepted ? 0 : 1);
  } finally {
    client.destroy();
  }
}

/** Throws a `UsageError` where there is no such cell, or not one value. */
function valueOf({ cell: name, value }: Asked, { clear }: SetOptions): CellValue {
  const cell = parseCellId(name);
  if (cell === null)
    throw new UsageError(`"${name}" is not a cell: those are like lineItems/l1/quantity or fields/title`);
  if ((value === undefined) !== (clear === true)) {
    throw new UsageError('give either a value or --clear; a value that begins with "-" goes after "--"');
  }
  if (value === undefined) return null;
  return readTypedValue(cell, value);
}

interface Outcome {
  readonly accepted: boolean;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

async function write(
  client: QuoteClient,
  { cell, value }: Write,
  writes: readonly Write[],
): Promise<Outcome> {
  let revision: number | null = null;
  client.on('ack', (ack) => void (revision = ack.revision));
  const written = client.setCells(writes);
  if (!written.ok) {
    const reason = client.me()?.permission === 'viewer' ? 'not_permitted' : 'invalid_value';
    const kept = client.readCell(cell);
    const json = { cell, accepted: false, reason, message: written.reason, kept };
    return { accepted: false, text: `refused: ${written.reason}`, json };
  }
  await client.whenSaved();
  const refusal = client.verdicts().find((verdict) => verdict.cell === cell && verdict.kind === 'refused');
  if (refusal !== undefined) return refused(refusal);
  const unchanged = written.value.length === 0 ? ' already' : '';
  const place = parseCellId(cell);
  const hidden = place === null || isSeen(client.readCell, place) ? '' : `; but ${NOT_ON_QUOTE}`;
  return {
    accepted: true,
    text: `accepted: ${cell} is ${plainValue(value)}${unchanged}${hidden}`,
    json: { cell, accepted: true, value, revision },
  };
}

const refused = (verdict: Verdict): Outcome => ({
  accepted: false,
  text: describeVerdict(verdict),
  json: {
    cell: verdict.cell,
    accepted: false,
    ...(verdict.kind === 'refused' && {
      reason: verdict.reason,
      ...(verdict.message !== undefined && { message: verdict.message }),
    }),
    ...(verdict.by !== undefined && { by: verdict.by }),
    kept: verdict.kept,
    revision: verdict.revision,
  },
});
