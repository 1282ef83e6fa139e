import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import { count } from './count-text.ts';
import { openDataForReading } from './data-folder.ts';
import { showProgress } from './show-progress.ts';
import { untilStopped } from './until-stopped.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface BackupOptions extends DataOptions {
  readonly json?: true;
}

export function addBackupCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('backup')
    .argument('<file>', 'where the copy goes; must not be there yet')
    .description('Copy the database while the server runs, and check the copy')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Do not copy quoteroom.db by hand while the server runs: what was written last is in quoteroom.db-wal beside it, and
such a copy would be without it, or damaged. This command makes one file with everything that was written before it
began; reads it again; compares the last hash of every quote; and only then gives it its name.

The copy holds all quotes, their log, people, permissions and sessions. It does not hold what lies outside of the
database: the settings (quoteroom.yaml), the secret that signs tokens, and any key that signs heads of the log. Keep
those elsewhere. Whoever has the copy can read every quote.

To go back to it, stop the server and put it in the place of quoteroom.db, without the files quoteroom.db-wal and
quoteroom.db-shm. Then run "quoteroom audit verify".

Examples:
  quoteroom backup /backups/quoteroom-2026-03-01.db
  quoteroom backup ./copy.db --data ./deals --json`,
    );
  addDataOptions(command).action((file: string, options: BackupOptions) => backup(context, file, options));
}

async function backup(context: CommandContext, file: string, options: BackupOptions): Promise<void> {
  const path = resolve(context.cwd, file);
  const data = openDataForReading(storeSettingsOf(context, options));
  try {
    const { bytes, quotes, entries } = await untilStopped(context, (stop) =>
      data.backUp(path, { stop, onProgress: options.json ? undefined : showProgress(context, 'pages') }),
    );
    if (options.json) printJson(context, { file: path, bytes, quotes, entries });
    else {
      const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
      printLines(context, [
        `${path}: ${size}, ${count(quotes, 'quote')}, ${count(entries, 'entry', 'entries')}; read again, and the newest entry of each quote compared`,
      ]);
    }
  } finally {
    await data.close();
  }
}
