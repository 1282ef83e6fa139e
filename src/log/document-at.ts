import * as Y from 'yjs';
import type { QuoteId } from '../lib/ids.ts';
import { isIntact, openDocument } from './checkpoint.ts';
import { findCheckpoint } from './find-checkpoint.ts';
import type { Log } from './log.ts';
import { readDecisions } from './read-decisions.ts';

/**
 * A quote's document as it was after entry `seq`: the newest intact checkpoint before it, then what each later entry sent
 * to everyone. Nothing is decided again. Null where the quote has no such entry. Lets others work between two batches.
 */
export async function readDocumentAt(
  log: Pick<Log, 'checkpoint' | 'decisions' | 'head'>,
  quote: QuoteId,
  seq: number,
): Promise<Y.Doc | null> {
  const head = await log.head(quote);
  if (head === null || seq < 1 || seq > head.seq) return null;
  const checkpoint = await findCheckpoint(log, quote, { atMost: seq, isUsable: isIntact });
  const doc = checkpoint === null ? new Y.Doc() : openDocument(checkpoint);
  for await (const decisions of readDecisions(log, quote, { after: checkpoint?.seq ?? 0, to: seq })) {
    for (const { merged } of decisions) if (merged !== null) Y.applyUpdate(doc, merged);
  }
  return doc;
}
