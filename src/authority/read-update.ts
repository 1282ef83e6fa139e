import { readFreshStructs } from './fresh-structs.ts';
import { type IncomingUpdate, type Problem, type ReadContext, malformed } from './incoming-update.ts';
import { placeInOrder } from './place-structs.ts';
import { readDeletions } from './read-deletions.ts';
import { decodeUpdate } from './update-codec.ts';
import { findCostlyStructure } from './update-cost.ts';

/**
 * Reads a client's update and fails closed. What comes out can be merged: every struct is new, follows what we hold without
 * a hole, belongs to this user, lies in one of the quote's roots with content that a stock client puts there, and stands
 * on structs that we hold or that come before it in the list.
 *
 * `malformed` is what no correct client can send. `gap` is honest: clocks of the user's own that got lost with
 * an earlier connection; asking for them heals it.
 */
export type ReadUpdate = Problem | IncomingUpdate;

export function readUpdate(update: Uint8Array, context: ReadContext): ReadUpdate {
  const raw = decodeUpdate(update);
  if (!raw.ok) return malformed(raw.reason);
  const fresh = readFreshStructs(raw.value, context);
  if ('kind' in fresh) return fresh;
  const items = fresh.size === 0 ? [] : placeInOrder(fresh, context);
  if ('kind' in items) return items;
  const read = readDeletions(raw.value.deletions, { items, fresh }, context);
  if (read.kind !== 'update') return read;
  const costly = findCostlyStructure(read, context);
  return costly === null ? read : malformed(costly);
}
