import { Fault } from '../lib/fault.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Entry, Log } from '../log/log.ts';

/** An entry as it stands in the log, or the place where one cannot be read. */
export type ReadEntry =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'unreadable'; readonly seq: number; readonly message: string };

const ENTRIES_AT_ONCE = 500;

/**
 * Entries of a quote in order, `to` included. Reads a bounded number at a time; where a row cannot be read it goes one by
 * one, so that its neighbours are still looked at.
 */
export async function* readEntries(
  log: Pick<Log, 'entries'>,
  quote: QuoteId,
  range: { readonly after: number; readonly to: number },
): AsyncGenerator<ReadEntry> {
  for (let after = range.after; after < range.to;) {
    const batch = await readBatch(log, quote, { after, limit: Math.min(ENTRIES_AT_ONCE, range.to - after) });
    if (batch.length === 0) return;
    for (const read of batch) {
      const seq = read.kind === 'entry' ? read.entry.seq : read.seq;
      if (seq > range.to) return;
      yield read;
      after = seq;
    }
  }
}

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
    if (range.limit === 1) return [{ kind: 'unreadable', seq: range.after + 1, message: error.message }];
    return readBatch(log, quote, { after: range.after, limit: 1 });
  }
}
