import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Result } from '../lib/result.ts';
import {
  type Settings,
  type SettingsSources,
  type StoreSettings,
  loadSettings,
  loadStoreSettings,
} from './settings.ts';
import type { SettingsProblem } from './settings-problems.ts';
import type { Terminal } from './terminal.ts';
import { addServerOptions } from './server-options.ts';
import { UsageError } from './command-errors.ts';

/** The flags that say where the data is, for every command that opens it. */
export interface DataOptions {
  readonly data?: string;
  readonly config?: string;
}

export const addDataOptions = (command: Command): Command =>
  command
    .option('--data <folder>', 'the data folder (default: ./data)')
    .option('--config <file>', 'the settings file (default: quoteroom.yaml)');

/** The flags of a command that reads from a running server where there is one to ask, else from the data folder. */
export const addSourceOptions = (command: Command): Command => addServerOptions(addDataOptions(command));

export const WHERE_IT_READS = `
With --url (or QUOTEROOM_URL) it asks that server, as the person of --token (or QUOTEROOM_TOKEN); else, or with --data,
it reads the data folder.
`;

/**
 * Settings of a command that serves people or signs tokens. Throws a `UsageError` that names all that is wrong with
 * them.
 */
export const settingsOf = (terminal: Terminal, flags: SettingsSources['flags']): Settings =>
  orUsageError(loadSettings(sourcesOf(terminal, flags)));

/** Settings of a command that only works on the data. */
export const storeSettingsOf = (terminal: Terminal, flags: SettingsSources['flags']): StoreSettings =>
  orUsageError(loadStoreSettings(sourcesOf(terminal, flags)));

const sourcesOf = ({ env, cwd }: Terminal, flags: SettingsSources['flags']): SettingsSources => ({
  flags,
  env,
  cwd,
  readFile(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  },
});

function orUsageError<T>(result: Result<T, SettingsProblem[]>): T {
  if (result.ok) return result.value;
  throw new UsageError(result.reason.map(({ message }) => message).join('\n'));
}
