import type { Command } from 'commander';
import { createPolicy } from '../authority/policy.ts';
import { ROLES, type Role, isRole } from '../authority/role.ts';
import { Fault } from '../lib/fault.ts';
import { type UserId, isUserId } from '../lib/ids.ts';
import { defaultLimits } from '../lib/limits.ts';
import { isCurrencyCode } from '../quote/currency.ts';
import {
  type DecimalSign,
  type ImportProblem,
  type Imported,
  type ImportResult,
  describeProblem,
} from '../quote/import-result.ts';
import { noMetrics } from '../room/room-metrics.ts';
import { serverFailure } from './call-server.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { composeRooms } from './compose-rooms.ts';
import { createQuote, mayBeginWith } from './create-quote.ts';
import { type WritableData, openDataForWriting } from './data-folder.ts';
import { parseQuoteId } from './find-quote.ts';
import { plain } from './plain-text.ts';
import { postQuote } from './post-quote.ts';
import { type ImportReport, describeReport, reportImport } from './import-report.ts';
import { placeRefusals } from './import-refusals.ts';
import { type ImportFile, openImport, withGiven } from './read-import.ts';
import { type ServerOptions, addServerOptions, goesToServer, serverOf } from './server-options.ts';
import type { StoreSettings } from './settings.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';
import { UsageError, failure } from './usage-error.ts';

interface ImportOptions extends DataOptions, ServerOptions {
  readonly id?: string;
  readonly title?: string;
  readonly customer?: string;
  readonly currency?: string;
  readonly decimal?: string;
  readonly as?: string;
  readonly role?: string;
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
    .option('--currency <code>', 'ISO 4217, like EUR (default: that in the file, else USD)')
    .option('--decimal <sign>', 'how the file writes decimals: "." or "," (default: found out)')
    .option('--as <user>', 'whose quote it is, without a server (default: your account)')
    .option('--role <role>', `their role, without a server: one of ${ROLES.join(', ')} (default: admin)`)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A CSV file names its columns in the first line (SKU, Product Name, Quantity, Sales Price, Discount ...), as
spreadsheets, Salesforce and HubSpot export it; others become free columns, named x_... and told. A JSON file has the
form of POST /api/quotes. The currency is USD where neither --currency nor the file names one. If anything in the file
is wrong, all of it is told with its line, and nothing is imported.

With --url (or QUOTEROOM_URL) the quote goes to a running server, as the person of the token (so without --as and
--role); else, or with --data, into the data folder itself, which no server may be using.

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
  readonly report: ImportReport;
}

async function importQuote(context: CommandContext, file: string, given: ImportOptions): Promise<void> {
  const options = checkOptions(given);
  const into = goesToServer(options, context.env) ? importIntoServer : importIntoData;
  print(context, await into(context, file, options), options);
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
  if (options.as !== undefined || options.role !== undefined) {
    throw new UsageError(
      '--as and --role cannot be chosen at a server: the token says who imports. Leave them out, or give --data to import without a server',
    );
  }
  const server = serverOf(options, context.env);
  const opened = openImport(file, { ...options, cwd: context.cwd, limits: defaultLimits });
  const imported = orProblems(file, opened.read());
  const made = await postQuote(server, withGiven(imported.quote, givenFields(options), file));
  if (made.ok) {
    const { id, revision } = made.value;
    return { id, revision, report: reportOf(imported, opened, options) };
  }
  const { code, details = [] } = made.reason;
  if (details.length === 0) throw serverFailure(made.reason);
  throw notImported(file, placeRefusals(details, opened.read), code);
}

async function importIntoData(
  context: CommandContext,
  file: string,
  options: CheckedOptions,
): Promise<Created> {
  const creator = creatorOf(context, options);
  const settings = storeSettingsOf(context, options);
  const mayWrite = mayBeginWith(createPolicy(settings.policy, settings.limits), creator.role);
  const opened = openImport(file, { ...options, cwd: context.cwd, limits: settings.limits });
  const imported = orProblems(file, opened.read(mayWrite));
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
    const revision = await createQuote(rooms, id, quote, creator);
    await rooms.shutDown();
    return { id, revision, report: reportOf(imported, opened, options) };
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
  { as, role = 'admin' }: CheckedOptions,
): { user: UserId; name: string; role: Role } {
  const user = as ?? account ?? 'import';
  if (!isUserId(user))
    throw new UsageError(`--as takes the id of a user: 1 to 128 characters without spaces, not "${user}"`);
  if (!isRole(role)) throw new UsageError(`--role is one of ${ROLES.join(', ')}, not "${role}"`);
  return { user, name: user, role };
}

const givenFields = ({ id, title, customer, currency }: CheckedOptions) => ({
  ...(id !== undefined && { id }),
  ...(title !== undefined && { title }),
  ...(customer !== undefined && { customer }),
  ...(currency !== undefined && { currency }),
});

const reportOf = (imported: Imported, opened: ImportFile, { currency }: CheckedOptions): ImportReport =>
  reportImport(imported, opened.columns(), currency === undefined ? {} : { currency });

function orProblems(file: string, result: ImportResult): Imported {
  if (result.ok) return result.value;
  throw notImported(file, result.reason, 'invalid_file');
}

function notImported(file: string, problems: readonly ImportProblem[], code: string): Error {
  const lines = problems.map((problem) => `  ${plain(describeProblem(problem))}`);
  return failure(code, `${file} was not imported, nothing of it:\n${lines.join('\n')}`);
}

function print(context: CommandContext, { id, revision, report }: Created, { json }: CheckedOptions): void {
  if (json) return printJson(context, { id, revision, ...report });
  const { lineItems, warnings } = report;
  const lines = `${lineItems} ${lineItems === 1 ? 'line' : 'lines'}`;
  printLines(context, [`Imported ${lines} as quote ${id}.`, ...describeReport(report)]);
  for (const warning of warnings) context.err(`warning: ${warning}\n`);
}
