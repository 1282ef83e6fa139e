import * as Y from 'yjs';
import type { UserId } from '../lib/ids.ts';
import { findItem } from './fresh-structs.ts';
import type { IncomingItem, IncomingUpdate } from './incoming-update.ts';
import type { StructId } from './struct-id.ts';
import type { StructIndex } from './struct-index.ts';

/**
 * What the author of a new struct must have seen when making it. Everyone learns of others only through the server and in
 * order, so who stands on a struct of somebody else has seen all entries up to the one that brought it; and who goes on
 * with a client id has seen what stood behind its earlier structs, back through their own.
 *
 * Yjs's replicas agree only if a struct was made between neighbours that stood side by side for its author. A forger may
 * name any two. Where something lies between them that its author must have seen, there never was such a moment, and
 * replicas would put the struct in different places, each by the order in which it learned of it.
 */
export interface Causality {
  /** By new item: the newest revision that its author must have seen of others. */
  readonly knowledge: ReadonlyMap<IncomingItem, number>;
  /** True if the author of `one` must have seen this clock, which is held or comes earlier in the update. */
  mustHaveSeen(one: IncomingItem, other: StructId): boolean;
}

export interface CausalityContext {
  readonly doc: Y.Doc;
  readonly user: UserId;
  readonly structs: Pick<StructIndex, 'find' | 'seenBy'>;
  readonly ownerOf: (client: number) => UserId | null;
  /** Counts structs that were looked through, and says when they are too many. */
  readonly meter: { passed(): void; isOver(): boolean };
}

const WALKED_PER_STEP = 16;

export function createCausality(
  { items, itemsByClient }: Pick<IncomingUpdate, 'items' | 'itemsByClient'>,
  { doc, user, structs, ownerOf, meter }: CausalityContext,
): Causality {
  const knowledge = new Map<IncomingItem, number>();
  const byClient = new Map<number, number>();

  const isOwn = (client: number): boolean => itemsByClient.has(client) || ownerOf(client) === user;
  const isHeld = ({ client, clock }: StructId): boolean => clock < Y.getState(doc.store, client);
  const freshAt = ({ client, clock }: StructId): IncomingItem | null =>
    findItem(itemsByClient.get(client) ?? [], clock);

  /** The newest revision that who stands on this struct has seen. */
  function shownBy(id: StructId | null): number {
    if (id === null) return 0;
    if (!isHeld(id)) {
      const fresh = freshAt(id);
      return fresh === null ? 0 : (knowledge.get(fresh) ?? 0);
    }
    const known = structs.find(id.client, id.clock);
    return known === null ? 0 : isOwn(id.client) ? known.k : known.seq;
  }

  for (const one of items) {
    const { client } = one.item.id;
    const before = byClient.get(client) ?? structs.seenBy(client);
    const seen = Math.max(before, shownBy(one.origin), shownBy(one.item.rightOrigin));
    knowledge.set(one, seen);
    byClient.set(client, seen);
  }

  /** By client of the update: what was found for the last of its items that was asked about. It only grows from one to the next. */
  const endsOf = new Map<number, Map<number, number>>();
  let walked = 0;

  /** The author's own clocks that they must have seen: by client, the first that they need not. */
  function ownSeen(one: IncomingItem): ReadonlyMap<number, number> {
    const ends = endsOf.get(one.item.id.client) ?? new Map<number, number>();
    endsOf.set(one.item.id.client, ends);
    goBack(one, ends);
    return ends;
  }

  /** Goes back through the author's own structs, down to those that everyone has seen who knows as much of others. */
  function goBack(one: IncomingItem, ends: Map<number, number>): void {
    const known = knowledge.get(one) ?? 0;
    const { id, rightOrigin } = one.item;
    const open = [one.origin, rightOrigin, { client: id.client, clock: id.clock + one.offset - 1 }];
    for (let next = open.pop(); next !== undefined && !meter.isOver(); next = open.pop()) {
      if (next === null || !isOwn(next.client)) continue;
      const { client } = next;
      const end = ends.get(client) ?? 0;
      ends.set(client, Math.max(end, next.clock + 1));
      for (let { clock } = next; clock >= end && !isKnown({ client, clock }, known) && !meter.isOver();) {
        // Looking at a struct costs far less than Yjs's passing one.
        if ((walked += 1) % WALKED_PER_STEP === 0) meter.passed();
        const struct = structAt({ client, clock });
        if (struct === null) break;
        open.push(struct.origin, struct.rightOrigin);
        clock = struct.id.clock - 1;
      }
    }
  }

  /** It came with an entry that is not above this revision. */
  const isKnown = (id: StructId, revision: number): boolean =>
    isHeld(id) && (structs.find(id.client, id.clock)?.seq ?? Infinity) <= revision;

  function structAt(id: StructId): Y.Item | null {
    if (!isHeld(id)) return freshAt(id)?.item ?? null;
    const struct = Y.getItem(doc.store, Y.createID(id.client, id.clock));
    return struct instanceof Y.Item ? struct : null;
  }

  return {
    knowledge,
    mustHaveSeen(one, other) {
      if (other.client === one.item.id.client) return true;
      if (isKnown(other, knowledge.get(one) ?? 0)) return true;
      return isOwn(other.client) && other.clock < (ownSeen(one).get(other.client) ?? 0);
    },
  };
}
