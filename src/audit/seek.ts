import type * as Y from 'yjs';
import { present } from '../lib/assert.ts';
import type { QuoteId } from '../lib/ids.ts';
import { readDocumentAt } from '../log/document-at.ts';
import type { Log } from '../log/log.ts';
import { type Snapshot, readSnapshot } from '../quote/snapshot.ts';

/**
 * Shows a quote as it was after an entry, again and again for whoever moves through its history: the nearest checkpoint
 * before it and the entries since, or, a little further on than the last time, only the entries in between.
 */
export interface Seeker {
  /** The entry must be there. */
  snapshotAt(quote: QuoteId, point: { readonly at: number; readonly removed: boolean }): Promise<Snapshot>;
}

/** Documents that are kept, one for each of the last quotes; each of up to `documentBytes`. */
const QUOTES_MAX = 4;
/** Further on than this a checkpoint is likely to be nearer. */
const STEP_MAX = 1_000;

interface Kept {
  readonly seq: number;
  readonly doc: Y.Doc;
}

export function createSeeker(log: Pick<Log, 'checkpoint' | 'decisions' | 'head'>): Seeker {
  const kept = new Map<QuoteId, Kept>();

  return {
    async snapshotAt(quote, { at, removed }) {
      const last = kept.get(quote);
      // It is moved on: whoever else asks meanwhile begins at a checkpoint.
      kept.delete(quote);
      const isNear = last !== undefined && last.seq <= at && at - last.seq <= STEP_MAX;
      const found = await readDocumentAt(log, quote, at, isNear ? last : undefined);
      const doc = present(found, 'who asks has looked whether the entry is there');
      kept.delete(quote);
      kept.set(quote, { seq: at, doc });
      const [oldest] = kept.keys();
      if (kept.size > QUOTES_MAX && oldest !== undefined) kept.delete(oldest);
      return readSnapshot(doc, { removed });
    },
  };
}
