import type { Awareness } from 'y-protocols/awareness';
import { z } from 'zod';
import { noteRootName } from '../../../quote/cell.ts';

/**
 * Presence as the editor of one note needs it: of all the carets that others tell of, those in this note. A stock
 * binding asks presence for carets without asking in which text they are, and leaves one behind that went to another.
 */
export function caretsIn(note: string, awareness: Awareness): Awareness {
  const root = noteRootName(note);
  return Object.assign(Object.create(awareness) as Awareness, {
    getStates: () =>
      new Map(
        [...awareness.getStates()].map(([client, state]) => [
          client,
          isIn(root, state['cursor']) ? state : { ...state, cursor: null },
        ]),
      ),
  });
}

const placeSchema = z.object({ tname: z.string() });
const caretSchema = z.object({ anchor: placeSchema, head: placeSchema });

function isIn(root: string, caret: unknown): boolean {
  const parsed = caretSchema.safeParse(caret);
  return parsed.success && parsed.data.anchor.tname === root && parsed.data.head.tname === root;
}
