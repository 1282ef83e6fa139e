import type { QuoteId } from '../lib/ids.ts';
import { type Heads, newestHead } from '../log/heads.ts';
import type { Log } from '../log/log.ts';
import { type NoteKey, splitNote } from '../log/signed-note.ts';
import { checkHead } from './check-head.ts';
import type { Problem } from './finding.ts';
import { openHead } from './head-file.ts';

/** What the newest signed head says of a quote. The keys are those of this log, see `head-signer.ts`. */
export interface Vouching {
  /** Null where no head of ours covers the quote, or the newest does not agree with the log. */
  readonly head: VouchingHead | null;
  /** Why it does not agree. */
  readonly problem: Problem | null;
}

export interface VouchingHead {
  readonly n: number;
  /** When it was signed, ms since 1970. */
  readonly at: number;
  readonly keyId: string;
  /** It vouches for entries 1 to this one. */
  readonly covers: number;
}

export interface KeptHeads {
  readonly heads: Pick<Heads, 'newest' | 'leaves'>;
  readonly keys: readonly NoteKey[];
}

const NONE: Vouching = { head: null, problem: null };

export async function findVouching(
  { log, heads, keys }: KeptHeads & { readonly log: Pick<Log, 'entries' | 'head'> },
  quote: QuoteId,
): Promise<Vouching> {
  const newest = await newestHead(heads);
  if (newest === null) return NONE;
  const leaf = newest.leaves.find((one) => one.quote === quote);
  // After another key was put in, a new head is signed within seconds.
  if (leaf === undefined || isOfOthers(newest.note, keys)) return NONE;
  const opened = openHead(newest, keys);
  if (!opened.ok) {
    const message = `signed head ${newest.n} in the database is not what was signed: ${opened.reason}`;
    return { head: null, problem: { seq: leaf.seq, kind: 'head', message } };
  }
  const { n, at, key } = opened.value;
  const [problem] = (await checkHead(log, [leaf], [quote])).problems;
  if (problem !== undefined) {
    const { seq, message } = problem;
    return { head: null, problem: { seq, kind: 'head', message: `signed head ${n}: ${message}` } };
  }
  return { head: { n, at, keyId: key.id, covers: leaf.seq }, problem: null };
}

function isOfOthers(note: string, keys: readonly NoteKey[]): boolean {
  const parts = splitNote(note);
  return parts.ok && !parts.value.signatures.some(({ id }) => keys.some((key) => key.id === id));
}
