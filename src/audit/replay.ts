import { hexOf } from '../lib/bytes.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type Totals, priceQuote } from '../quote/pricing.ts';
import { type Snapshot, readSnapshot } from '../quote/snapshot.ts';
import type { Finding } from './finding.ts';
import type { Progress } from './verify.ts';
import { type AuditedLog, createWalk } from './walk-quote.ts';

/**
 * Plays a quote again from its first entry: every decision is made anew and must come out as recorded, every
 * merged byte and hash too. Ends at the first difference.
 */
export interface Replay {
  readonly quote: QuoteId;
  readonly ok: boolean;
  /** The entry that the quote below stands after: the last one that was played and agreed; 0 for none. */
  readonly revision: number;
  /** Its server time, ms since 1970; null for none. */
  readonly at: number | null;
  /** Its hash in hex, which vouches for all entries up to it. */
  readonly hash: string | null;
  /** What differed first, or null. */
  readonly difference: Finding | null;
  readonly snapshot: Snapshot;
  readonly totals: Totals;
}

const PROGRESS_EVERY_ENTRIES = 500;

/** Plays entries 1 to `to`, or all. */
export async function replayQuote(
  log: AuditedLog,
  quote: QuoteId,
  options: {
    readonly to?: number | undefined;
    readonly onProgress?: ((progress: Omit<Progress, 'quote'>) => void) | undefined;
  } = {},
): Promise<Replay> {
  const last = (await log.head(quote))?.seq ?? 0;
  const to = Math.min(options.to ?? last, last);
  const walk = createWalk(log, quote, { to });
  for await (const { seq, findings } of walk.steps()) {
    const difference = findings[0];
    if (difference !== undefined) {
      options.onProgress?.({ done: to, of: to });
      // The gate has gone past it: play again up to there.
      return { ...(await replayQuote(log, quote, { to: seq - 1 })), ok: false, difference };
    }
    if (seq % PROGRESS_EVERY_ENTRIES === 0) options.onProgress?.({ done: seq, of: to });
  }
  options.onProgress?.({ done: to, of: to });
  const { head } = walk;
  const snapshot = readSnapshot(walk.gate.doc);
  return {
    quote,
    ok: true,
    revision: head?.seq ?? 0,
    at: head?.at ?? null,
    hash: head === null ? null : hexOf(head.hash),
    difference: null,
    snapshot,
    totals: priceQuote(snapshot),
  };
}
