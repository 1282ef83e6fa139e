import type { QuoteId } from '../lib/ids.ts';

/** Makes checkpoints away from where edits are handled. */
export interface Checkpointer {
  /** Makes a checkpoint of the quote's log as it is now. Resolves when it is stored; rejects with a `Fault`. */
  checkpoint(quote: QuoteId): Promise<void>;
  /** Waits a few seconds for those that were asked for; what is not made by then never is. May be called twice. */
  close(): Promise<void>;
}
