import { CommanderError } from 'commander';
import { Fault } from '../lib/fault.ts';
import { type ExitCode, type Terminal, printJson } from './terminal.ts';

/** The command was called in a way that cannot be meant: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for could not be done, and the message says all there is to say: exit code 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Commander puts its guess at what was meant on a line of its own. */
export const onOneLine = (message: string): string => message.replace(/\n(?=\(Did you mean )/, ' ');

/** Tells a person why a command ended, and gives its exit code. With `--json` the reason is the one document, too. */
export function explain(error: unknown, terminal: Terminal, options: { readonly json: boolean }): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    return tell({ code: 'usage', message: onOneLine(error.message.replace(/^error: /, '')) }, 2);
  }
  if (error instanceof UsageError) {
    terminal.err(`error: ${error.message}\n`);
    return tell({ code: 'usage', message: error.message }, 2);
  }
  if (error instanceof CommandFailure || error instanceof Fault) {
    terminal.err(`error: ${error.message}\n`);
    return tell({ code: error.code, message: error.message }, 1);
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`This is a mistake in quoteroom itself, please report it:\n${detail}\n`);
  return tell({ code: 'internal', message: 'a mistake in quoteroom itself' }, 1);

  function tell(reason: { readonly code: string; readonly message: string }, code: ExitCode): ExitCode {
    if (options.json) printJson(terminal, { error: reason });
    return code;
  }
}
