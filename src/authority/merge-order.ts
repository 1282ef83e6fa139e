import { present } from '../lib/assert.ts';
import type { IncomingItem, IncomingUpdate } from './incoming-update.ts';
import type { StructId } from './struct-id.ts';

/**
 * The order in which Yjs merges the items of an update: the highest client first, and where an item stands on one of
 * another client that is not merged yet, that client's up to it. What the search for a place costs depends on it.
 */
export function orderOfMerging({
  items,
  itemsByClient,
}: Pick<IncomingUpdate, 'items' | 'itemsByClient'>): readonly IncomingItem[] {
  if (itemsByClient.size < 2) return items;
  const queues = new Map(
    [...itemsByClient].map(([client, own]) => [client, { own, next: 0, end: startOf(own[0]) }]),
  );
  const merged: IncomingItem[] = [];
  const stack: IncomingItem[] = [];

  /** The client of a neighbour that is not merged yet, or null. */
  function awaited(id: StructId | null): number | null {
    const end = id === null ? undefined : queues.get(id.client)?.end;
    return id !== null && end !== undefined && id.clock >= end ? id.client : null;
  }

  function take(client: number): void {
    const queue = present(queues.get(client), 'only clients of the update are awaited');
    stack.push(present(queue.own[queue.next], 'what an item stands on is held or in the update'));
    queue.next += 1;
  }

  for (const [client, queue] of [...queues].toSorted(([a], [b]) => b - a)) {
    while (queue.next < queue.own.length) {
      take(client);
      for (let one = stack.at(-1); one !== undefined; one = stack.at(-1)) {
        const { item, origin } = one;
        const other = awaited(origin) ?? awaited(item.rightOrigin);
        if (other !== null) {
          take(other);
          continue;
        }
        stack.pop();
        merged.push(one);
        present(queues.get(item.id.client), 'an item is of its client').end = item.id.clock + item.length;
      }
    }
  }
  return merged;
}

const startOf = (one: IncomingItem | undefined): number =>
  one === undefined ? 0 : one.item.id.clock + one.offset;
