import { inflateSync } from 'node:zlib';
import * as Y from 'yjs';
import type { QuoteId } from '../lib/ids.ts';
import type { Log } from './log.ts';

/**
 * A quote's document as it was after entry `seq`: the newest checkpoint before it, then what each later entry sent to
 * everyone. Nothing is decided again. Null where the quote has no such entry. Lets others work between two batches.
 */
export async function readDocumentAt(
  log: Pick<Log, 'checkpoint' | 'entries' | 'head'>,
  quote: QuoteId,
  seq: number,
): Promise<Y.Doc | null> {
  const head = await log.head(quote);
  if (head === null || seq < 1 || seq > head.seq) return null;
  const doc = new Y.Doc();
  const checkpoint = await log.checkpoint(quote, seq);
  if (checkpoint !== null) Y.applyUpdateV2(doc, inflateSync(checkpoint.state));
  for (let after = checkpoint?.seq ?? 0; after < seq;) {
    const entries = await log.entries(quote, { after, limit: Math.min(ENTRIES_AT_ONCE, seq - after) });
    for (const { merged } of entries) if (merged !== null) Y.applyUpdate(doc, merged);
    after = entries.at(-1)?.seq ?? seq;
    await new Promise((resolve) => void setImmediate(resolve));
  }
  return doc;
}

const ENTRIES_AT_ONCE = 250;
