import * as Y from 'yjs';
import { CLIENT_ID_MAX, CLIENTS_PER_UPDATE_MAX, STRUCT_CLOCKS_MAX } from '../lib/limits.ts';
import { type FreshItem, type Problem, type ReadContext, malformed, overQuota } from './incoming-update.ts';
import { CLIENTS_PER_USER_MAX, CLOCK_MAX, FRESH_STRUCTS_MAX } from './update-bounds.ts';
import type { RawUpdate } from './update-codec.ts';

/** By client: items that we do not hold, or hold only in part, contiguous from what we hold. */
export type Fresh = ReadonlyMap<number, readonly FreshItem[]>;

/** Leaves out what we hold and checks that the rest may come from this user and follows it without a hole. */
export function readFreshStructs({ structs }: RawUpdate, context: ReadContext): Fresh | Problem {
  const fresh = new Map<number, FreshItem[]>();
  const seen = new Set<number>();
  let current = -1;
  let count = 0;
  let held = 0;
  let own: FreshItem[] = [];
  for (const struct of structs) {
    const { client, clock } = struct.id;
    if (client !== current) {
      if (seen.has(client)) return malformed(`client ${client} comes in two blocks`);
      seen.add(client);
      current = client;
      held = Y.getState(context.doc.store, client);
      own = [];
    }
    if (!isSensible(clock, struct.length)) return malformed('a struct of no sensible length');
    if (clock + struct.length <= held) continue;
    const foreign = findForeign(client, context);
    if (foreign !== null) return foreign;
    if (clock > held) return { kind: 'gap' };
    if (!(struct instanceof Y.Item)) return malformed('a struct that is no item');
    if (own.length === 0) fresh.set(client, own);
    own.push({ item: struct, offset: held - clock });
    count += 1;
    held = clock + struct.length;
  }
  if (count > FRESH_STRUCTS_MAX) return malformed(`more than ${FRESH_STRUCTS_MAX} new structs in one update`);
  return findTooManyClients(fresh, context) ?? fresh;
}

const isSensible = (clock: number, length: number): boolean =>
  length > 0 && length <= STRUCT_CLOCKS_MAX && clock + length <= CLOCK_MAX;

/** Null if new structs of this client may come from this user. */
function findForeign(client: number, context: ReadContext): Problem | null {
  if (!Number.isInteger(client) || client < 0 || client > CLIENT_ID_MAX) {
    return malformed(`${client} is no client id`);
  }
  const owner = context.ownerOf(client);
  return owner === null || owner === context.user
    ? null
    : malformed(`client ${client} belongs to another user`);
}

/** A missing clock: an honest gap among the user's own, nonsense elsewhere. */
export const missing = (client: number, context: ReadContext): Problem =>
  findForeign(client, context) ?? { kind: 'gap' };

function findTooManyClients(fresh: Fresh, context: ReadContext): Problem | null {
  if (fresh.size > CLIENTS_PER_UPDATE_MAX) return malformed('too many clients in one update');
  let added = 0;
  for (const client of fresh.keys()) if (Y.getState(context.doc.store, client) === 0) added += 1;
  return added > 0 && context.clientsOfUser + added > CLIENTS_PER_USER_MAX
    ? overQuota(`you used more than ${CLIENTS_PER_USER_MAX} client ids in this quote; go on in a copy of it`)
    : null;
}

/** The first clock of a client that neither we nor the update hold. */
export function endOf(fresh: Fresh, client: number, doc: Y.Doc): number {
  const last = fresh.get(client)?.at(-1)?.item;
  return last === undefined ? Y.getState(doc.store, client) : last.id.clock + last.length;
}

/** The item of one client that covers a clock, or null. `items` are in the order of their clocks. */
export function findItem<Item extends FreshItem>(items: readonly Item[], clock: number): Item | null {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = items[middle];
    if (found === undefined) return null;
    if (clock < found.item.id.clock + found.offset) high = middle - 1;
    else if (clock >= found.item.id.clock + found.item.length) low = middle + 1;
    else return found;
  }
  return null;
}
