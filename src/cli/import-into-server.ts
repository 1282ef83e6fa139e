import { defaultLimits } from '../lib/limits.ts';
import { serverFailure } from './call-server.ts';
import { UsageError } from './command-errors.ts';
import type { CheckedImport } from './import-options.ts';
import { placeRefusals } from './import-refusals.ts';
import { type ImportedQuote, reportImport } from './import-report.ts';
import { postQuote } from './post-quote.ts';
import { notImported, openImport, quoteToMake, readOrProblems } from './read-import.ts';
import { serverOf } from './server-options.ts';
import type { CommandContext } from './terminal.ts';

/** Makes a quote out of a file at a running server, as the person of the token. */
export async function importIntoServer(
  context: CommandContext,
  file: string,
  options: CheckedImport,
): Promise<ImportedQuote> {
  if (options.as !== undefined || options.role !== undefined) {
    throw new UsageError(
      '--as and --role cannot be chosen at a server: the token says who imports. Leave them out, ' +
        'or give --data to import without a server',
    );
  }
  const server = serverOf(options, context.env);
  const opened = openImport(file, { ...options, cwd: context.cwd, limits: defaultLimits });
  const imported = readOrProblems(file, opened, options);
  const made = await postQuote(server, quoteToMake(imported.quote, options.quote, file));
  if (made.ok) {
    const { id, revision } = made.value;
    return { id, revision, report: reportImport(imported, opened.columns(), options.quote) };
  }
  const { code, details = [] } = made.reason;
  if (details.length === 0) throw serverFailure(made.reason);
  throw notImported(file, placeRefusals(details, opened.read), code);
}
