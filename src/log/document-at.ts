import * as Y from 'yjs';
import type { QuoteId } from '../lib/ids.ts';
import { isIntact, openDocument } from './checkpoint.ts';
import { findCheckpoint } from './find-checkpoint.ts';
import type { Log } from './log.ts';
import { readDecisions } from './read-decisions.ts';

/** A quote's document as it was after an entry. */
export interface DocumentAt {
  readonly seq: number;
  readonly doc: Y.Doc;
}

/**
 * A quote's document as it was after entry `seq`: the newest intact checkpoint before it, or `from`, which is moved on, then
 * what each later entry sent to everyone. Nothing is decided again. Null where the quote has no such entry. Lets others
 * work between two batches.
 */
export async function readDocumentAt(
  log: Pick<Log, 'checkpoint' | 'decisions' | 'head'>,
  quote: QuoteId,
  seq: number,
  from?: DocumentAt,
): Promise<Y.Doc | null> {
  const head = await log.head(quote);
  if (head === null || seq < 1 || seq > head.seq) return null;
  const start = from ?? (await nearestBefore(log, quote, seq));
  const { doc } = start;
  for await (const decisions of readDecisions(log, quote, { after: start.seq, to: seq })) {
    // In one transaction: nobody looks in between, and to end one costs more than to apply most updates.
    doc.transact(() => {
      for (const { merged } of decisions) if (merged !== null) Y.applyUpdate(doc, merged);
    });
  }
  return doc;
}

async function nearestBefore(log: Pick<Log, 'checkpoint'>, quote: QuoteId, seq: number): Promise<DocumentAt> {
  const checkpoint = await findCheckpoint(log, quote, { atMost: seq, isUsable: isIntact });
  return checkpoint === null
    ? { seq: 0, doc: new Y.Doc() }
    : { seq: checkpoint.seq, doc: openDocument(checkpoint) };
}
