import * as Y from 'yjs';
import type { ItemsByClient } from './incoming-update.ts';
import type { ListCosts } from './struct-list.ts';
import { CUT_STEPS, MOVES_PER_STEP } from './update-bounds.ts';

/**
 * Counts what Yjs would have to do to merge an update, beyond reading its structs. A step is one struct that a search for a
 * place passes. A cut through a struct is a few steps, and more the more structs of its client lie behind it, since
 * Yjs moves those.
 */
export interface MergeMeter extends ListCosts {
  steps(): number;
  /** More steps than are allowed. */
  isOver(): boolean;
}

export function createMergeMeter(doc: Y.Doc, itemsByClient: ItemsByClient, stepsMax: number): MergeMeter {
  let steps = 0;
  const cuts = new Map<number, number>();
  return {
    steps: () => steps,
    isOver: () => steps > stepsMax,
    passed: () => void (steps += 1),
    cut(client, clock) {
      const held = doc.store.clients.get(client) ?? [];
      const before = clock < Y.getState(doc.store, client) ? Y.findIndexSS(held, clock) : held.length;
      const own = cuts.get(client) ?? 0;
      const moved = held.length - before + (itemsByClient.get(client)?.length ?? 0) + own;
      cuts.set(client, own + 1);
      steps += CUT_STEPS + moved / MOVES_PER_STEP;
    },
  };
}
