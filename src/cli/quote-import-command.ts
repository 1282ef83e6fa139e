import type { Command } from 'commander';
import { ROLES } from '../authority/role.ts';
import { addDataOptions } from './command-settings.ts';
import { importIntoData } from './import-into-data.ts';
import { importIntoServer } from './import-into-server.ts';
import { type CheckedImport, type ImportOptions, checkImportOptions } from './import-options.ts';
import { type ImportedQuote, describeReport } from './import-report.ts';
import { addServerOptions, goesToServer } from './server-options.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

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
    .option('--allow-missing', 'import a CSV file without quantities and prices, too')
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

async function importQuote(context: CommandContext, file: string, given: ImportOptions): Promise<void> {
  const options = checkImportOptions(given);
  const into = goesToServer(options, context.env) ? importIntoServer : importIntoData;
  print(context, await into(context, file, options), options);
}

function print(
  context: CommandContext,
  { id, revision, report }: ImportedQuote,
  { json }: CheckedImport,
): void {
  if (json) return printJson(context, { id, revision, ...report });
  const { lineItems, warnings } = report;
  const lines = `${lineItems} ${lineItems === 1 ? 'line' : 'lines'}`;
  printLines(context, [`Imported ${lines} as quote ${id}.`, ...describeReport(report)]);
  for (const warning of warnings) context.err(`warning: ${warning}\n`);
}
