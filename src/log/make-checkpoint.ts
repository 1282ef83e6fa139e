import type { QuoteId } from '../lib/ids.ts';
import { createCheckpoint } from './checkpoint.ts';
import { loadGate } from './load-gate.ts';
import type { Log } from './log.ts';

/** Makes and stores a checkpoint from the log alone: the newest one before it, and all entries since. */
export async function makeCheckpoint(log: Log, quote: QuoteId): Promise<void> {
  const loaded = await loadGate(log, quote);
  if (loaded === null || loaded.checkpointSeq === loaded.gate.revision) return;
  await log.saveCheckpoint(createCheckpoint(quote, loaded.gate));
}
