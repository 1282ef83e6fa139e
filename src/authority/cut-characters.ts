import * as Y from 'yjs';
import type { IncomingItem } from './incoming-update.ts';
import type { StructId } from './struct-id.ts';
import type { DeleteRange } from './update-codec.ts';

/**
 * Some characters (emoji) are two clocks long. Yjs puts U+FFFD for both halves where a struct or a deletion comes between them,
 * in every replica, whether or not we refuse it. So whoever cuts a character in two deletes it: a deletion of one half
 * takes the other, an insertion into the middle deletes both. If that is refused, the character is typed back in whole.
 */
export function deleteCutCharacters(
  rangesOf: ReadonlyMap<number, readonly DeleteRange[]>,
  items: readonly IncomingItem[],
  doc: Y.Doc,
): ReadonlyMap<number, readonly DeleteRange[]> {
  if (!items.some(({ place }) => place.kind === 'text')) return rangesOf;
  const cut = new Map<number, DeleteRange[]>();
  const add = (client: number, clock: number): void => {
    const ranges = cut.get(client);
    if (ranges === undefined) cut.set(client, [{ clock, len: 2 }]);
    else if (ranges.at(-1)?.clock !== clock) ranges.push({ clock, len: 2 });
  };
  for (const { item, origin, place } of items) {
    if (place.kind !== 'text') continue;
    if (origin !== null && isCut(doc, origin.client, origin.clock)) add(origin.client, origin.clock);
    const right: StructId | null = item.rightOrigin;
    if (right !== null && isCut(doc, right.client, right.clock - 1)) add(right.client, right.clock - 1);
  }
  if (cut.size === 0) return rangesOf;
  const all = new Map(rangesOf);
  for (const [client, ranges] of cut) all.set(client, [...(all.get(client) ?? []), ...ranges]);
  return all;
}

/** True if a held character begins at this clock and ends at the next. */
function isCut(doc: Y.Doc, client: number, clock: number): boolean {
  if (clock < 0 || clock >= Y.getState(doc.store, client)) return false;
  const item = Y.getItem(doc.store, Y.createID(client, clock));
  return item.content instanceof Y.ContentString && isPair(item.content.str, clock - item.id.clock);
}

/** Clocks `from` to `to` of an item, wider by a half where they would cut a character. */
export function wholeCharacters(item: Y.Item, from: number, to: number): { from: number; to: number } {
  if (!(item.content instanceof Y.ContentString)) return { from, to };
  const { str } = item.content;
  const { clock } = item.id;
  return {
    from: isPair(str, from - clock - 1) ? from - 1 : from,
    to: isPair(str, to - clock - 1) ? to + 1 : to,
  };
}

const isPair = (text: string, index: number): boolean =>
  /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(index, index + 2));
