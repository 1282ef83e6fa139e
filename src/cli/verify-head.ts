import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type HeadCheck, type HeadProblem, checkHead } from '../audit/check-head.ts';
import { type OpenedHead, openHead, parseHeadFile } from '../audit/head-file.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Result } from '../lib/result.ts';
import type { Log } from '../log/log.ts';
import { type NoteKey, splitNote } from '../log/signed-note.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { parsePublicKeys } from './audit-key-text.ts';
import { CommandFailure, UsageError } from './command-errors.ts';
import { plain } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

/** A head that was kept elsewhere, with the keys that it may be signed by. */
export interface HeadOptions {
  readonly head?: string;
  readonly key?: string;
}

/** What `audit verify --head` has to say, also as JSON. */
export interface HeadVerdict extends Partial<Omit<HeadCheck, 'problems'>> {
  readonly ok: boolean;
  /** Null where its signature is not good. */
  readonly n: number | null;
  readonly at: number | null;
  readonly key: string | null;
  readonly problems: readonly (HeadProblem | { readonly kind: 'signature'; readonly message: string })[];
}

/** Null without `--head`. Throws where the files cannot be read, or hold something else. */
export function readHead(
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
  const note = splitNote(file.value.note);
  const signers = note.ok ? note.value.signatures.map(({ name }) => name) : [];
  const keys = parsePublicKeys(readText(cwd, key), [...new Set(signers)]);
  if (keys.length === 0) {
    throw new CommandFailure(
      'no_key',
      `${key}: there is no public key in it; "quoteroom audit key" prints one`,
    );
  }
  return openHead(file.value, keys);
}

/** `quotes` are those to look at; all that the database holds and all that the head covers without it. */
export async function verifyHead(
  log: Pick<Log, 'entries' | 'head'>,
  head: Result<OpenedHead>,
  quotes: {
    readonly asked: QuoteId | null;
    readonly known: readonly QuoteId[];
    /** Of purged quotes, with good signatures. */
    readonly tombstones: ReadonlyMap<QuoteId, Tombstone>;
  },
): Promise<HeadVerdict> {
  if (!head.ok) {
    const problems = [{ kind: 'signature' as const, message: head.reason }];
    return { ok: false, n: null, at: null, key: null, problems };
  }
  const { leaves, n, at, key } = head.value;
  const all = new Set([...quotes.known, ...leaves.map(({ quote }) => quote)]);
  const asked = quotes.asked === null ? [...all].toSorted() : [quotes.asked];
  const checked = await checkHead(log, leaves, asked, quotes.tombstones);
  return { ok: checked.problems.length === 0, n, at, key: `${key.name}+${key.id}`, ...checked };
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
  const notes = known.tombstones.map(({ note }) => splitNote(note));
  const signers = notes.flatMap((note) => (note.ok ? note.value.signatures.map(({ name }) => name) : []));
  return parsePublicKeys(readText(cwd, key), [...new Set(signers)]);
}

export function describeHead(verdict: HeadVerdict): string[] {
  const { n, at, key, quotes = 0, after = 0, purged = 0, problems } = verdict;
  const lines = problems.map(({ kind, message }) => `[head: ${kind}] ${plain(message)}`);
  if (n === null || at === null) return [...lines, 'the head proves nothing: its signature is not good'];
  const found = problems.length === 0 ? 'the log still holds what it covers' : 'the log is not what it says';
  return [
    ...lines,
    `head ${n} of ${new Date(at).toISOString()}, signed by ${plain(key ?? '')}, covers ${counted(quotes, 'quote')}: ${found}`,
    ...(purged === 0
      ? []
      : [
          `${counted(purged, 'of them was', 'of them were')} purged since, not before the entry that it covers`,
        ]),
    after === 0
      ? 'no entries came after it that the log knows of'
      : `${counted(after, 'entry', 'entries')} came after it: it proves nothing of those`,
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

const counted = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
