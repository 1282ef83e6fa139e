import { isSameBytes } from '../lib/bytes.ts';
import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import { hashOfEntry } from '../log/entry-hash.ts';
import type { HeadLeaf } from '../log/head-tree.ts';
import type { Entry, Log } from '../log/log.ts';
import type { Tombstone } from '../log/tombstone.ts';
import { contradictionOf } from './check-tombstone.ts';

/**
 * Does the log still hold what a head covers? A head names, for each quote, an entry and its hash. That entry must be there and
 * be what the hash was made of; with the chain before it, which `verifyQuotes` checks, everything up to it is then what it was
 * when the head was signed. So a cut tail shows, and so does a history that was written anew with all its hashes.
 *
 * Of a quote that was purged since, a tombstone with a good signature must stand for that entry, or for a later one.
 *
 * Of what came after the head it can say nothing: those entries could be other ones, or fewer, and it would be as good.
 */
export interface HeadCheck {
  /** Quotes that were looked at. */
  readonly quotes: number;
  /** Entries that came after the head, of which it proves nothing. */
  readonly after: number;
  /** Quotes that were purged since; left out where there are none. */
  readonly purged?: number;
  readonly problems: readonly HeadProblem[];
}

/**
 * - `cut`: the quote ends before the entry that the head covers, or is not there at all
 * - `missing`: that entry is not there, later ones are
 * - `rewritten`: it is another one than the head says
 * - `unreadable`: its row has not the form that we write
 */
export interface HeadProblem {
  readonly quote: QuoteId;
  /** The entry that the head covers. */
  readonly seq: number;
  readonly kind: 'cut' | 'missing' | 'rewritten' | 'unreadable';
  readonly message: string;
}

type CoveredLog = Pick<Log, 'entries' | 'head'>;

/**
 * Compares what the head covers with the log, all quotes or `only` some; the head itself was opened before, and so were
 * the tombstones of purged quotes.
 */
export async function checkHead(
  log: CoveredLog,
  leaves: readonly HeadLeaf[],
  only: readonly QuoteId[],
  tombstones: ReadonlyMap<QuoteId, Tombstone> = new Map(),
): Promise<HeadCheck> {
  const covered = new Map(leaves.map((leaf) => [leaf.quote, leaf]));
  const problems: HeadProblem[] = [];
  let [after, purged] = [0, 0];
  for (const quote of only) {
    const leaf = covered.get(quote);
    const last = (await log.head(quote))?.seq ?? 0;
    after += Math.max(0, last - (leaf?.seq ?? 0));
    if (leaf === undefined) continue;
    const tombstone = last === 0 ? tombstones.get(quote) : undefined;
    if (tombstone !== undefined) purged += 1;
    const problem =
      tombstone === undefined ? await checkLeaf(log, leaf, last) : checkPurgedLeaf(tombstone, leaf);
    if (problem !== null) problems.push(problem);
  }
  const quotes = only.filter((quote) => covered.has(quote)).length;
  return { quotes, after, ...(purged > 0 && { purged }), problems };
}

function checkPurgedLeaf(tombstone: Tombstone, leaf: HeadLeaf): HeadProblem | null {
  const message = contradictionOf(tombstone, leaf);
  const kind = leaf.seq > tombstone.seq ? 'cut' : 'rewritten';
  return message === null ? null : { quote: leaf.quote, seq: leaf.seq, kind, message };
}

async function checkLeaf(log: CoveredLog, leaf: HeadLeaf, last: number): Promise<HeadProblem | null> {
  const { quote, seq } = leaf;
  if (last === 0) {
    const message = `quote ${quote} is not in the database, a signed head covers its entries 1 to ${seq}`;
    return { quote, seq, kind: 'cut', message };
  }
  if (last < seq) {
    const message = `quote ${quote} ends at entry ${last}, a signed head covers ${seq}`;
    return { quote, seq, kind: 'cut', message };
  }
  const entry = await readEntry(log, quote, seq);
  if (entry === 'unreadable') {
    const message = `entry ${seq} of quote ${quote} cannot be read, so it cannot be what the head says`;
    return { quote, seq, kind: 'unreadable', message };
  }
  if (entry === null) {
    return {
      quote,
      seq,
      kind: 'missing',
      message: `entry ${seq} of quote ${quote}, which the head covers, is missing`,
    };
  }
  if (isSameBytes(hashOfEntry(entry), leaf.hash) && isSameBytes(entry.hash, leaf.hash)) return null;
  return {
    quote,
    seq,
    kind: 'rewritten',
    message: `entry ${seq} of quote ${quote} has another hash than the head says`,
  };
}

async function readEntry(log: CoveredLog, quote: QuoteId, seq: number): Promise<Entry | null | 'unreadable'> {
  try {
    const [entry] = await log.entries(quote, { after: seq - 1, limit: 1 });
    return entry?.seq === seq ? entry : null;
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'log_corrupt') throw error;
    return 'unreadable';
  }
}
