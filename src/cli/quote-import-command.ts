import type { Command } from 'commander';
import { createPolicy } from '../authority/policy.ts';
import { ROLES, type Role, isRole } from '../authority/role.ts';
import { Fault } from '../lib/fault.ts';
import { type UserId, isUserId } from '../lib/ids.ts';
import { defaultLimits } from '../lib/limits.ts';
import { isCurrencyCode } from '../quote/currency.ts';
import {
  type DecimalSign,
  type Imported,
  type ImportResult,
  describeProblem,
} from '../quote/import-result.ts';
import { noMetrics } from '../room/room-metrics.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { composeRooms } from './compose-rooms.ts';
import { createQuote, mayBeginWith } from './create-quote.ts';
import { type WritableData, openDataForWriting } from './data-folder.ts';
import { parseQuoteId } from './find-quote.ts';
import { plain } from './plain-text.ts';
import { postQuote } from './post-quote.ts';
import { readImport, withGiven } from './read-import.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import type { StoreSettings } from './settings.ts';
import { type CommandContext, printJson } from './terminal.ts';
import { UsageError, failure } from './usage-error.ts';

interface ImportOptions extends DataOptions, ServerOptions {
  readonly id?: string;
  readonly title?: string;
  readonly customer?: string;
  readonly currency?: string;
  readonly decimal?: string;
  readonly as?: string;
  readonly role: string;
  readonly json?: true;
}

export function addQuoteImportCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('import')
    .argument('<file>', 'a CSV or JSON file')
    .description('Make a quote out of a file')
    .option('--id <id>', 'the id of the new quote (default: that in the file, else made of its name)')
    .option('--title <title>', 'its title (default: that in the file, else its name)')
    .option('--customer <name>', 'who it is for')
    .option('--currency <code>', 'ISO 4217, like EUR')
    .option('--decimal <sign>', 'how the file writes decimals: "." or "," (default: found out)')
    .option('--as <user>', 'whose quote it is, with --data (default: your account)')
    .option('--role <role>', `their role, with --data: one of ${ROLES.join(', ')}`, 'admin')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A CSV file names its columns in the first line (SKU, Product Name, Quantity, Sales Price, Discount ...), as
spreadsheets, Salesforce and HubSpot export it; a JSON file has the form of POST /api/quotes. If anything in the
file is wrong, all of it is told with its line, and nothing is imported.

With --url (or QUOTEROOM_URL) the quote goes to a running server, as the person of the token; else, or with --data,
into the data folder itself, which no server may be using.

Examples:
  quoteroom quote import lines.csv --id q-acme-2026 --customer "ACME GmbH" --currency EUR
  quoteroom quote import quote.json --url http://127.0.0.1:8080 --token $QUOTEROOM_TOKEN`,
    );
  addServerOptions(addDataOptions(command)).action((file: string, options: ImportOptions) =>
    importQuote(context, file, options),
  );
}

interface Created {
  readonly id: string;
  readonly revision: number;
  readonly imported: Imported;
}

async function importQuote(context: CommandContext, file: string, given: ImportOptions): Promise<void> {
  const options = checkOptions(given);
  const goesToServer = options.data === undefined && Boolean(options.url ?? context.env['QUOTEROOM_URL']);
  const created = await (goesToServer ? importIntoServer : importIntoData)(context, file, options);
  report(context, created, options);
}

type CheckedOptions = Omit<ImportOptions, 'decimal'> & { readonly decimal?: DecimalSign };

function checkOptions({ decimal, ...options }: ImportOptions): CheckedOptions {
  const { id, currency } = options;
  if (id !== undefined) parseQuoteId(id);
  if (currency !== undefined && !isCurrencyCode(currency)) {
    throw new UsageError(`--currency takes a code of ISO 4217, like EUR, not "${currency}"`);
  }
  if (decimal === undefined) return options;
  if (decimal !== '.' && decimal !== ',') throw new UsageError(`--decimal is "." or ",", not "${decimal}"`);
  return { ...options, decimal };
}

async function importIntoServer(
  context: CommandContext,
  file: string,
  options: CheckedOptions,
): Promise<Created> {
  const server = serverOf(options, context.env);
  const read = readImport(file, { ...options, cwd: context.cwd, limits: defaultLimits });
  const imported = orProblems(file, read);
  return { ...(await postQuote(server, withGiven(imported.quote, givenFields(options), file))), imported };
}

async function importIntoData(
  context: CommandContext,
  file: string,
  options: CheckedOptions,
): Promise<Created> {
  const creator = creatorOf(context, options);
  const settings = storeSettingsOf(context, options);
  const mayWrite = mayBeginWith(createPolicy(settings.policy, settings.limits), creator.role);
  const read = readImport(file, { ...options, cwd: context.cwd, limits: settings.limits, mayWrite });
  const imported = orProblems(file, read);
  const quote = withGiven(imported.quote, givenFields(options), file);
  const id = parseQuoteId(quote.id);
  const data = await openUnused(settings, context.now);
  try {
    const rooms = composeRooms(data, settings, {
      // The server makes the first one when it needs it.
      checkpointer: { checkpoint: () => Promise.resolve(), close: () => Promise.resolve() },
      metrics: noMetrics,
      now: context.now,
      // Whoever creates the quote is told of the same fault.
      report: () => undefined,
    });
    const revision = await createQuote(
      { rooms, directory: data.directory, now: context.now },
      id,
      quote,
      creator,
    );
    await rooms.shutDown();
    return { id, revision, imported };
  } finally {
    await data.close();
  }
}

async function openUnused(settings: StoreSettings, now: () => number): Promise<WritableData> {
  try {
    return await openDataForWriting(settings, now);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'data_locked') throw error;
    throw failure(
      'data_locked',
      `${error.message}. While a server runs, import through it: quoteroom quote import FILE --url URL --token TOKEN, or POST /api/quotes`,
    );
  }
}

function creatorOf(
  { account }: CommandContext,
  options: CheckedOptions,
): { user: UserId; name: string; role: Role } {
  const user = options.as ?? account ?? 'import';
  if (!isUserId(user))
    throw new UsageError(`--as takes the id of a user: 1 to 128 characters without spaces, not "${user}"`);
  if (!isRole(options.role))
    throw new UsageError(`--role is one of ${ROLES.join(', ')}, not "${options.role}"`);
  return { user, name: user, role: options.role };
}

const givenFields = ({ id, title, customer, currency }: CheckedOptions) => ({
  ...(id !== undefined && { id }),
  ...(title !== undefined && { title }),
  ...(customer !== undefined && { customer }),
  ...(currency !== undefined && { currency }),
});

function orProblems(file: string, result: ImportResult): Imported {
  if (result.ok) return result.value;
  const lines = result.reason.map((problem) => `  ${plain(describeProblem(problem))}`);
  throw failure('invalid_file', `${file} was not imported, nothing of it:\n${lines.join('\n')}`);
}

function report(
  context: CommandContext,
  { id, revision, imported }: Created,
  { json }: CheckedOptions,
): void {
  const { ignoredColumns, decimal, quote } = imported;
  if (json)
    return printJson(context, { id, revision, lineItems: quote.lineItems.length, ignoredColumns, decimal });
  context.out(`Imported ${quote.lineItems.length} lines as quote ${id}.\n`);
  if (ignoredColumns.length > 0) {
    context.out(
      `Not taken over: ${ignoredColumns.map((name) => plain(name === '' ? '(no name)' : name)).join(', ')}\n`,
    );
  }
}
