import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Entry, Log } from '../log/log.ts';

/** An entry as it stands in the log, or the place where one cannot be read. */
export type ReadEntry =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'unreadable'; readonly seq: number; readonly message: string };

const ENTRIES_AT_ONCE = 500;
/** Bytes read at once above which less is read the next time: an entry may have megabytes. */
const BYTES_AT_ONCE = 4 * 2 ** 20;
const BYTES_PER_WRITE = 250;

/**
 * Entries of a quote in order, `to` included. Reads a bounded number at a time; where a row cannot be read it goes one by
 * one, so that its neighbours are still looked at.
 */
export async function* readEntries(
  log: Pick<Log, 'entries'>,
  quote: QuoteId,
  range: { readonly after: number; readonly to: number },
): AsyncGenerator<ReadEntry> {
  let limit = ENTRIES_AT_ONCE;
  for (let after = range.after; after < range.to;) {
    const batch = await readBatch(log, quote, { after, limit: Math.min(limit, range.to - after) });
    if (batch.length === 0) return;
    limit = nextLimit(batch);
    for (const read of batch) {
      const seq = read.kind === 'entry' ? read.entry.seq : read.seq;
      if (seq > range.to) return;
      yield read;
      after = seq;
    }
  }
}

/** As many as the last ones promise to be of the right size. */
function nextLimit(batch: readonly ReadEntry[]): number {
  const bytes = batch.reduce((sum, read) => sum + (read.kind === 'entry' ? sizeOf(read.entry) : 0), 0);
  return Math.min(ENTRIES_AT_ONCE, Math.max(1, Math.floor((BYTES_AT_ONCE * batch.length) / (bytes + 1))));
}

const sizeOf = ({ received, merged, writes }: Entry): number =>
  received.length + (merged?.length ?? 0) + writes.length * BYTES_PER_WRITE;

async function readBatch(
  log: Pick<Log, 'entries'>,
  quote: QuoteId,
  range: { readonly after: number; readonly limit: number },
): Promise<ReadEntry[]> {
  try {
    const entries = await log.entries(quote, range);
    return entries.map((entry) => ({ kind: 'entry', entry }));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'log_corrupt') throw error;
    if (range.limit === 1)
      return [{ kind: 'unreadable', seq: seqOf(error) ?? range.after + 1, message: error.message }];
    return readBatch(log, quote, { after: range.after, limit: 1 });
  }
}

/** The row's own number: it may be far from the one before. */
function seqOf({ cause }: Fault): number | null {
  const isRow = typeof cause === 'object' && cause !== null && 'seq' in cause;
  return isRow && typeof cause.seq === 'number' ? cause.seq : null;
}
