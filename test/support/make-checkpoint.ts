import type { QuoteId } from '../../src/lib/ids.ts';
import type { Log } from '../../src/log/log.ts';
import { createCheckpointMaker } from '../../src/log/make-checkpoint.ts';

/** One checkpoint, with nothing kept for the next. */
export async function makeCheckpoint(log: Log, quote: QuoteId): Promise<void> {
  await createCheckpointMaker(log).make(quote);
}
