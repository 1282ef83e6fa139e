import type { Command } from 'commander';
import { conflictsAnswerSchema } from '../wire/session-schemas.ts';
import { parseQuoteId } from './find-quote.ts';
import { plain } from './plain-text.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askQuote } from './session-requests.ts';
import { describeConflict } from './session-text.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface ConflictsOptions extends ServerOptions {
  readonly json?: true;
}

export function addSessionConflictsCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('conflicts')
    .argument('<quote>', 'its id')
    .description('List the held conflicts of a quote that wait for a person to choose')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Of two people of one role who wrote one cell without having seen each other, the first value is kept and the other is
parked, where the policy says "tie: hold". What is parked is shown to its author and to those who may choose.

Examples:
  quoteroom session conflicts q-acme-2026`,
    );
  addServerOptions(command).action((quote: string, options: ConflictsOptions) =>
    conflicts(context, quote, options),
  );
}

async function conflicts(context: CommandContext, text: string, options: ConflictsOptions): Promise<void> {
  const quote = parseQuoteId(text);
  const server = serverOf(options, context.env);
  const answer = await askQuote(server, { method: 'GET', quote, what: 'conflicts' }, conflictsAnswerSchema);
  if (options.json) printJson(context, answer);
  else if (answer.conflicts.length === 0) context.out('No conflict is open.\n');
  else printLines(context, answer.conflicts.flatMap(describeConflict).map(plain));
}
