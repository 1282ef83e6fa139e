import type { Command } from 'commander';
import { versionSchema } from '../wire/version-schemas.ts';
import { fetchQuote, findRevision } from './fetch-quote.ts';
import { parseQuoteId } from './find-quote.ts';
import { showTime } from './moment.ts';
import { plain } from './plain-text.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askQuote } from './session-requests.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface NameOptions extends ServerOptions {
  readonly at?: string;
  readonly json?: true;
}

export function addQuoteNameVersionCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('name-version')
    .argument('<quote>', 'its id')
    .argument('<name>', 'the name, once in a quote')
    .description('Give a name to what a quote is, or was at some point')
    .option('--at <seq|time>', 'after that entry or at that time (default: now)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
For editors and hosts of the quote. Naming changes nothing of the quote and is not in its log.

Examples:
  quoteroom quote name-version q-acme-2026 'Sent to ACME'
  quoteroom quote name-version q-acme-2026 'Before the review' --at 41
  quoteroom quote name-version q-acme-2026 'First of March' --at 2026-03-01T12:00:00Z`,
    );
  addServerOptions(command).action((quote: string, name: string, options: NameOptions) =>
    nameVersion(context, { quote, name }, options),
  );
}

async function nameVersion(
  context: CommandContext,
  given: { readonly quote: string; readonly name: string },
  options: NameOptions,
): Promise<void> {
  const server = serverOf(options, context.env);
  const quote = parseQuoteId(given.quote);
  const seq =
    options.at === undefined
      ? (await fetchQuote(server, quote, {})).revision
      : await findRevision(server, quote, { flag: '--at', text: options.at });
  const body = { name: given.name, seq };
  const version = await askQuote(server, { method: 'POST', quote, what: 'versions', body }, versionSchema);
  if (options.json) printJson(context, version);
  else
    printLines(context, [
      plain(`Entry ${version.seq} of quote ${quote}, ${showTime(version.at)} UTC, is named: ${version.name}`),
    ]);
}
