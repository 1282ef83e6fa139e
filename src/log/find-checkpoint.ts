import type { QuoteId } from '../lib/ids.ts';
import type { Checkpoint, Log } from './log.ts';

/** The newest checkpoint not after an entry that is of use; those that are not are passed over. */
export async function findCheckpoint(
  log: Pick<Log, 'checkpoint'>,
  quote: QuoteId,
  { atMost, isUsable }: { readonly atMost: number; readonly isUsable: (checkpoint: Checkpoint) => boolean },
): Promise<Checkpoint | null> {
  for (let bound = atMost; bound > 0;) {
    const checkpoint = await log.checkpoint(quote, bound);
    // A damaged one may name another entry than it was asked for by, and would be asked for again without end.
    if (checkpoint === null || checkpoint.seq > bound) return null;
    if (isUsable(checkpoint)) return checkpoint;
    bound = checkpoint.seq - 1;
  }
  return null;
}
