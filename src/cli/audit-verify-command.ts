import type { Command } from 'commander';
import { type Progress, type QuoteVerification, type Verification, verifyQuotes } from '../audit/verify.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type LocalOptions, addLocalOptions, refuseServer } from './audit-options.ts';
import { storeSettingsOf } from './command-settings.ts';
import { openDataForReading } from './data-folder.ts';
import { noSuchQuote, parseQuoteId } from './find-quote.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface VerifyOptions extends LocalOptions {
  readonly json?: true;
}

export function addAuditVerifyCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('verify')
    .argument('[quote]', 'its id; all quotes without it')
    .description('Check that the log is what it was when it was written')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Checks every hash and link of the chain, that no entry is missing, and that every decision, row, correction and
merged byte comes out again as recorded. Works while the server runs. Exits with 1 if anything is wrong.

Examples:
  quoteroom audit verify
  quoteroom audit verify q-acme-2026 --json`,
    );
  addLocalOptions(command).action((quote: string | undefined, options: VerifyOptions) =>
    verify(context, quote, options),
  );
}

async function verify(
  context: CommandContext,
  text: string | undefined,
  options: VerifyOptions,
): Promise<void> {
  refuseServer('audit verify', options);
  const settings = storeSettingsOf(context, options);
  const asked = text === undefined ? null : parseQuoteId(text);
  const data = openDataForReading(settings);
  try {
    const known = data.quoteIds();
    if (asked !== null && !known.includes(asked)) throw noSuchQuote(asked, settings.data);
    const quotes: readonly QuoteId[] = asked === null ? known : [asked];
    const result = await verifyQuotes(data.log, quotes, options.json ? undefined : showProgress(context));
    if (options.json) printJson(context, result);
    else printLines(context, describe(result));
    context.end(result.ok ? 0 : 1);
  } finally {
    await data.close();
  }
}

/** One line that is written over, where there is a screen to do it on. */
function showProgress(context: CommandContext): ((progress: Progress) => void) | undefined {
  if (!context.isScreen) return undefined;
  return ({ quote, done, of }) => {
    context.err(done === of ? '\r\u001b[K' : `\r\u001b[K${quote}: ${done} of ${of} entries`);
  };
}

function describe({ ok, quotes }: Verification): string[] {
  const entries = quotes.reduce((sum, quote) => sum + quote.entries, 0);
  const bad = quotes.filter((quote) => !quote.ok).length;
  const verdict = ok ? 'all as they were written' : `${bad} of ${quotes.length} quotes with problems`;
  return [
    ...quotes.flatMap(describeQuote),
    `${count(quotes.length, 'quote')}, ${count(entries, 'entry', 'entries')}: ${verdict}`,
  ];
}

const describeQuote = ({ quote, entries, ok, problems }: QuoteVerification): string[] => [
  `${quote}: ${count(entries, 'entry', 'entries')}, ${ok ? 'ok' : 'NOT OK'}`,
  ...problems.map(({ seq, kind, message }) => `  entry ${seq} [${kind}] ${message}`),
];

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
