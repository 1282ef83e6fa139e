import type { QuoteId } from '../lib/ids.ts';
import type { Head, Log } from '../log/log.ts';

/** A point in the life of a quote: after an entry, or at a time (ms since 1970). */
export type Moment =
  | { readonly kind: 'seq'; readonly seq: number }
  | { readonly kind: 'time'; readonly at: number };

/** The number of the newest entry at that moment; 0 if there was none yet, null if there is no such entry. */
export async function seqAt(
  log: Pick<Log, 'entries'>,
  { quote, head }: { readonly quote: QuoteId; readonly head: Head },
  moment: Moment,
): Promise<number | null> {
  if (moment.kind === 'seq') return moment.seq <= head.seq ? moment.seq : null;
  // Times never decrease: look for the last entry that is not later.
  let [low, high] = [0, head.seq];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [entry] = await log.entries(quote, { after: middle - 1, limit: 1 });
    if (entry !== undefined && entry.at <= moment.at) low = middle;
    else high = middle - 1;
  }
  return low;
}
