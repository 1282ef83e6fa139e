import type { Command } from 'commander';
import { sessionSchema } from '../wire/session-schemas.ts';
import { showTime } from './moment.ts';
import { type ServerOptions, addServerOptions, serverOf } from './server-options.ts';
import { askSession, parseSessionId } from './session-requests.ts';
import { type CommandContext, printJson } from './terminal.ts';

interface KeepOpenOptions extends ServerOptions {
  readonly json?: true;
}

export function addSessionKeepOpenCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('keep-open')
    .argument('<session>', 'its id')
    .description('Keep a session open that is about to end for want of activity')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  quoteroom session keep-open 5f0c9a52-30c6-4a4e-8d8b-0f2b9f9b6b1e`,
    );
  addServerOptions(command).action((id: string, options: KeepOpenOptions) => keepOpen(context, id, options));
}

async function keepOpen(context: CommandContext, text: string, options: KeepOpenOptions): Promise<void> {
  const id = parseSessionId(text);
  const server = serverOf(options, context.env);
  const session = await askSession(server, { method: 'POST', id, what: 'keep-open' }, sessionSchema);
  if (options.json) printJson(context, session);
  else
    context.out(`Session ${id} stays open until ${showTime(session.endsAt)} UTC, or longer with activity.\n`);
}
