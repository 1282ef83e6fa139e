import type { Command } from 'commander';
import { lockDataFolder } from '../log/data-lock.ts';
import { type NoteKey, formatNoteKey } from '../log/signed-note.ts';
import { keepAuditKey, readAuditKeys, rotateAuditKey } from './audit-key.ts';
import { publicKeyLines } from './audit-key-text.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { type DataOptions, addDataOptions, storeSettingsOf } from './command-settings.ts';
import type { StoreSettings } from './settings.ts';
import { type CommandContext, printJson, printLines } from './terminal.ts';

interface KeyOptions extends DataOptions {
  readonly all?: true;
  readonly rotate?: true;
  readonly json?: true;
}

export function addAuditKeyCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('key')
    .description('Print the public key that signed heads are checked with')
    .option('--all', 'every key that ever signed here, oldest first')
    .option(
      '--rotate',
      'make another key, while no server runs on the folder; it signs from the next start on',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Keep what it prints where nobody who runs the server can change it: it is what "audit verify --head FILE --key FILE"
takes. The private key is in the file audit-key of the data folder, made at the server's first start, or in
QUOTEROOM_AUDIT_KEY.

Examples:
  quoteroom audit key > quoteroom.pub
  quoteroom audit key --all
  quoteroom audit key --rotate`,
    );
  addDataOptions(command).action((options: KeyOptions) => showKeys(context, options));
}

function showKeys(context: CommandContext, options: KeyOptions): void {
  const settings = storeSettingsOf(context, options);
  if (options.rotate === true) rotate(settings);
  const keys = readAuditKeys(settings.data);
  const newest = keys.at(-1);
  if (newest === undefined) throw noKey(settings.data);
  const shown = options.all === true ? keys : [newest];
  if (options.json) printJson(context, { keys: shown.map(keyJson) });
  else printLines(context, shown.flatMap(publicKeyLines));
}

function rotate({ data, auditKey }: StoreSettings): void {
  if (auditKey !== null) {
    throw new UsageError(
      'the key that signs heads is set by audit.key (QUOTEROOM_AUDIT_KEY): put another one there and restart the server; ' +
        'it keeps the public key of the old one',
    );
  }
  if (readAuditKeys(data).length === 0) throw noKey(data);
  const lock = lockDataFolder(data);
  try {
    // The one that there is has to be in the list before another one takes its place.
    keepAuditKey(data, null);
    rotateAuditKey(data);
  } finally {
    lock.release();
  }
}

const noKey = (folder: string): Error =>
  new CommandFailure(
    'no_audit_key',
    `no heads were ever signed in ${folder}: the server makes a key when it first starts`,
  );

const keyJson = (key: NoteKey) => {
  const [, pem] = publicKeyLines(key);
  return { name: key.name, id: key.id, key: formatNoteKey(key), pem };
};
