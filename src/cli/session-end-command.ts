import type { Command } from 'commander';
import { endedSessionSchema } from '../wire/session-schemas.ts';
import { plain } from './plain-text.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askSession, parseSessionId } from './session-requests.ts';
import { describePeople, describeSession } from './session-text.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface EndOptions extends ServerOptions {
  readonly json?: true;
}

export function addSessionEndCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('end')
    .argument('<session>', 'its id')
    .description('End a session: everyone in it is let go, the quote and its log stay')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Asks nothing. For hosts of the quote, and for admins. Held conflicts are settled for the latest value.

Examples:
  quoteroom session end 5f0c9a52-30c6-4a4e-8d8b-0f2b9f9b6b1e`,
    );
  addServerOptions(command).action((id: string, options: EndOptions) => end(context, id, options));
}

async function end(context: CommandContext, text: string, options: EndOptions): Promise<void> {
  const id = parseSessionId(text);
  const server = serverOf(options, context.env);
  const { letGo, ...session } = await askSession(
    server,
    { method: 'POST', id, what: 'end' },
    endedSessionSchema,
  );
  if (options.json) printJson(context, { session, letGo: (letGo ?? []).map(({ user }) => user) });
  else if (letGo === undefined)
    printLines(context, ['It had ended already.', ...describeSession(session)].map(plain));
  else printLines(context, [...describeSession(session), `  let go: ${describePeople(letGo)}`].map(plain));
}
