import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type HeadCheck, type HeadProblem, checkHead } from '../audit/check-head.ts';
import { type OpenedHead, openHead, parseHeadFile } from '../audit/head-file.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Result } from '../lib/result.ts';
import type { Log } from '../log/log.ts';
import { splitNote } from '../log/signed-note.ts';
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
  quotes: { readonly asked: QuoteId | null; readonly known: readonly QuoteId[] },
): Promise<HeadVerdict> {
  if (!head.ok) {
    const problems = [{ kind: 'signature' as const, message: head.reason }];
    return { ok: false, n: null, at: null, key: null, problems };
  }
  const { leaves, n, at, key } = head.value;
  const all = new Set([...quotes.known, ...leaves.map(({ quote }) => quote)]);
  const checked = await checkHead(log, leaves, quotes.asked === null ? [...all].toSorted() : [quotes.asked]);
  return { ok: checked.problems.length === 0, n, at, key: `${key.name}+${key.id}`, ...checked };
}

export function describeHead({ n, at, key, quotes = 0, after = 0, problems }: HeadVerdict): string[] {
  const lines = problems.map(({ kind, message }) => `[head: ${kind}] ${plain(message)}`);
  if (n === null || at === null) return [...lines, 'the head proves nothing: its signature is not good'];
  const found = problems.length === 0 ? 'the log still holds what it covers' : 'the log is not what it says';
  return [
    ...lines,
    `head ${n} of ${new Date(at).toISOString()}, signed by ${plain(key ?? '')}, covers ${counted(quotes, 'quote')}: ${found}`,
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
