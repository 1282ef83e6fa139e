import { type Command, Option } from 'commander';
import { type DataOptions, addDataOptions } from './command-settings.ts';
import { UsageError } from './command-errors.ts';
import type { ServerOptions } from './server-options.ts';

/**
 * The flags of what checks the log itself, which needs the folder: what a server said of its own log would prove
 * nothing. Those of a server are taken in order to say so.
 */
export type LocalOptions = DataOptions & ServerOptions;

export const addLocalOptions = (command: Command): Command =>
  addDataOptions(command)
    .addOption(new Option('--url <url>').hideHelp())
    .addOption(new Option('--token <token>').hideHelp());

export function refuseServer(command: string, { url, token }: ServerOptions): void {
  if (url === undefined && token === undefined) return;
  throw new UsageError(
    `"${command}" checks the data folder itself, without a server: leave out --url and --token, and run it where the ` +
      'folder or a copy of it is, with --data; "audit log" and "quote show" ask a server',
  );
}
