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
  return lastNotAfter(moment.at, head.seq, async (seq) => {
    const [entry] = await log.entries(quote, { after: seq - 1, limit: 1 });
    return entry?.at ?? Infinity;
  });
}

/** The last of the entries 1 to `newest` that is not later than a time; 0 where all are. Their times never decrease. */
export async function lastNotAfter(
  at: number,
  newest: number,
  timeOf: (seq: number) => Promise<number>,
): Promise<number> {
  let [low, high] = [0, newest];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((await timeOf(middle)) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
