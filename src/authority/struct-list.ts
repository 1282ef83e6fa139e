import * as Y from 'yjs';
import { present } from '../lib/assert.ts';
import type { StructId } from './struct-id.ts';
import type { IncomingItem, Place } from './incoming-update.ts';

/**
 * Texts and cells as lists of structs, the way Yjs would chain them while it merges an update, without touching the
 * document. What the document holds is taken up only where somebody looks at it, so that an edit in a long text costs what
 * it touches.
 */
export interface StructList {
  /** The struct that holds a clock. */
  find(id: StructId): Part;
  /** The same, cut so that it ends with this clock. */
  findEnd(id: StructId): Part;
  /** The same, cut so that it begins with this clock. */
  findStart(id: StructId): Part;
  leftOf(part: Part): Part | null;
  rightOf(part: Part): Part | null;
  /** The first struct of a text or a cell. */
  first(place: Place): Part | null;
  /** Puts a new item behind `left`, or first. */
  insert(one: IncomingItem, left: Part | null): void;
}

/** A struct, or a piece of one that was cut. */
export interface Part extends StructId {
  /** Its first clock. */
  readonly clock: number;
  /** The first clock behind it. */
  end: number;
  readonly origin: StructId | null;
  readonly rightOrigin: StructId | null;
  /** Neighbours; undefined as long as they are those of the document. */
  left: Part | null | undefined;
  right: Part | null | undefined;
  /** The struct of the document that it is, or is a piece of. */
  readonly held: Y.Item | null;
  /** Marks of the searches for a place: the last that passed it, and the last that took it for a rival. */
  passed: number;
  rival: number;
}

interface Client {
  /** The first clock that the document does not hold. */
  readonly heldEnd: number;
  /** New items, in the order of their clocks. */
  readonly fresh: Part[];
}

/** What Yjs has to do beside searching. */
export interface ListCosts {
  /** A struct of this client was cut: those behind it move. */
  cut(client: number, clock: number): void;
  /** One more struct was passed: in a search for a place, or on the way to the first one of a cell, of which Yjs knows the last. */
  passed(): void;
}

export function createStructList(doc: Y.Doc, costs: ListCosts): StructList {
  const heldParts = new Map<Y.Item, Part[]>();
  const clients = new Map<number, Client>();
  const firsts = new Map<string, Part>();
  const lasts = new Map<string, Part>();

  function partsOf(held: Y.Item): Part[] {
    const known = heldParts.get(held);
    if (known !== undefined) return known;
    const parts = [createPart(held.id, held.id.clock + held.length, held, held)];
    heldParts.set(held, parts);
    return parts;
  }

  function clientOf(id: number): Client {
    let client = clients.get(id);
    if (client === undefined) {
      client = { heldEnd: Y.getState(doc.store, id), fresh: [] };
      clients.set(id, client);
    }
    return client;
  }

  function partsAt({ client, clock }: StructId): Part[] {
    const { heldEnd, fresh } = clientOf(client);
    return clock >= heldEnd ? fresh : partsOf(Y.getItem(doc.store, Y.createID(client, clock)));
  }

  function leftOf(part: Part): Part | null {
    if (part.left === undefined) part.left = lastPartOf(part.held?.left ?? null);
    return part.left;
  }

  function rightOf(part: Part): Part | null {
    if (part.right === undefined) part.right = firstPartOf(part.held?.right ?? null);
    return part.right;
  }

  const firstPartOf = (held: Y.Item | null): Part | null =>
    held === null ? null : (partsOf(held)[0] ?? null);
  const lastPartOf = (held: Y.Item | null): Part | null =>
    held === null ? null : (partsOf(held).at(-1) ?? null);

  /** Cuts a part before a clock of it, and gives the second piece. */
  function cut(parts: Part[], index: number, part: Part, clock: number): Part {
    costs.cut(part.client, clock);
    const { client, end, rightOrigin, held } = part;
    const right = rightOf(part);
    const piece = createPart(
      { client, clock },
      end,
      { origin: { client, clock: clock - 1 }, rightOrigin },
      held,
    );
    piece.left = part;
    piece.right = right;
    if (right !== null) right.left = piece;
    part.right = piece;
    part.end = clock;
    parts.splice(index + 1, 0, piece);
    return piece;
  }

  function findLast(place: Place & { readonly kind: 'cell' }): Part | null {
    const held = doc.share.get(place.root)?._map.get(place.key) ?? null;
    let last = lasts.get(place.cell) ?? lastPartOf(held);
    for (let next = last; next !== null; next = rightOf(next)) last = next;
    if (last !== null) lasts.set(place.cell, last);
    return last;
  }

  function first(place: Place): Part | null {
    if (place.kind === 'text') {
      return firsts.get(place.root) ?? firstPartOf(doc.share.get(place.root)?._start ?? null);
    }
    let part = findLast(place);
    for (let left = part; left !== null; left = leftOf(left)) {
      part = left;
      costs.passed();
    }
    return part;
  }

  return {
    find(id) {
      const parts = partsAt(id);
      return present(parts[indexOf(parts, id.clock)], 'a struct that others stand on comes before them');
    },
    findEnd(id) {
      const parts = partsAt(id);
      const index = indexOf(parts, id.clock);
      const part = present(parts[index], 'a left neighbour comes before its right one');
      if (id.clock + 1 < part.end) cut(parts, index, part, id.clock + 1);
      return part;
    },
    findStart(id) {
      const parts = partsAt(id);
      const index = indexOf(parts, id.clock);
      const part = present(parts[index], 'a right neighbour comes before its left one');
      return part.clock < id.clock ? cut(parts, index, part, id.clock) : part;
    },
    leftOf,
    rightOf,
    first,
    insert({ item, offset, origin, place }, left) {
      const { client, clock } = item.id;
      const { rightOrigin } = item;
      const right = left === null ? first(place) : rightOf(left);
      const part = createPart(
        { client, clock: clock + offset },
        clock + item.length,
        { origin, rightOrigin },
        null,
      );
      part.left = left;
      part.right = right;
      if (left !== null) left.right = part;
      else if (place.kind === 'text') firsts.set(place.root, part);
      if (right !== null) right.left = part;
      else if (place.kind === 'cell') lasts.set(place.cell, part);
      clientOf(client).fresh.push(part);
    },
  };
}

const createPart = (
  { client, clock }: StructId,
  end: number,
  { origin, rightOrigin }: { readonly origin: StructId | null; readonly rightOrigin: StructId | null },
  held: Y.Item | null,
): Part => ({
  client,
  clock,
  end,
  origin,
  rightOrigin,
  left: undefined,
  right: undefined,
  held,
  passed: 0,
  rival: 0,
});

/** Index of the part that holds a clock, of those of one client in order. */
function indexOf(parts: readonly Part[], clock: number): number {
  let low = 0;
  let high = parts.length - 1;
  // Most often it is the last.
  for (let middle = high; low < high; middle = (low + high + 1) >>> 1) {
    if ((parts[middle]?.clock ?? 0) <= clock) low = middle;
    else high = middle - 1;
  }
  return low;
}
