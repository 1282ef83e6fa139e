import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { HeadReport } from '../audit/check-kept-head.ts';
import { type OpenedHead, openHead, parseHeadFile } from '../audit/head-file.ts';
import type { Result } from '../lib/result.ts';
import { type NoteKey, signersOf } from '../log/signed-note.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { parsePublicKeys } from './audit-key-text.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { count } from './count-text.ts';
import { plain } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

/** A head that was kept elsewhere, with the keys that it may be signed by. */
export interface HeadOptions {
  readonly head?: string;
  readonly key?: string;
}

/** Null without `--head`. Throws where the files cannot be read, or hold something else. */
export function readHeadFile(
  { cwd }: Pick<Terminal, 'cwd'>,
  { head, key }: HeadOptions,
): Result<OpenedHead> | null {
  if (head === undefined && key === undefined) return null;
  if (head === undefined || key === undefined) {
    throw new UsageError(
      '--head and --key go together: the file of "quoteroom audit head", and that of "quoteroom audit key", as they were ' +
        'kept elsewhere',
    );
  }
  const file = parseHeadFile(readText(cwd, head));
  if (!file.ok) throw new CommandFailure('no_head', `${head}: ${plain(file.reason)}`);
  const keys = parsePublicKeys(readText(cwd, key), namesIn([file.value.note]));
  if (keys.length === 0) {
    throw new CommandFailure(
      'no_key',
      `${key}: there is no public key in it; "quoteroom audit key" prints one`,
    );
  }
  return openHead(file.value, keys);
}

/**
 * The keys that tombstones may be signed by: those that were kept elsewhere, where they are given, since whoever can change the
 * database may have put another key beside it.
 */
export function tombstoneKeys(
  { cwd }: Pick<Terminal, 'cwd'>,
  { key }: HeadOptions,
  known: { readonly tombstones: readonly Tombstone[]; readonly inFolder: () => readonly NoteKey[] },
): readonly NoteKey[] {
  if (known.tombstones.length === 0) return [];
  if (key === undefined) return known.inFolder();
  return parsePublicKeys(readText(cwd, key), namesIn(known.tombstones.map(({ note }) => note)));
}

/** Under which names these notes are signed: a key in PEM has none. */
const namesIn = (notes: readonly string[]): string[] => [
  ...new Set(notes.flatMap(signersOf).map(({ name }) => name)),
];

export function describeHead(report: HeadReport): string[] {
  const { n, at, key, quotes = 0, after = 0, purged = 0, problems } = report;
  const lines = problems.map(({ kind, message }) => `[head: ${kind}] ${plain(message)}`);
  if (n === null || at === null) return [...lines, 'the head proves nothing: its signature is not good'];
  const found = problems.length === 0 ? 'the log still holds what it covers' : 'the log is not what it says';
  return [
    ...lines,
    `head ${n} of ${new Date(at).toISOString()}, signed by ${plain(key ?? '')}, covers ${count(quotes, 'quote')}: ${found}`,
    ...(purged === 0
      ? []
      : [
          `${count(purged, 'of them was', 'of them were')} purged since, not before the entry that it covers`,
        ]),
    after === 0
      ? 'no entries came after it that the log knows of'
      : `${count(after, 'entry', 'entries')} came after it: it proves nothing of those`,
  ];
}

function readText(cwd: string, path: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandFailure('cannot_read', `cannot read ${path} (${code}): check the path`);
  }
}
