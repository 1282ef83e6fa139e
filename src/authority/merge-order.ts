import { present } from '../lib/assert.ts';
import type { StructId } from './cell-record.ts';
import type { IncomingItem } from './incoming-update.ts';

/** New items by client, in the order of their clocks. */
export type ItemsByClient = ReadonlyMap<number, readonly IncomingItem[]>;

export function groupByClient(items: readonly IncomingItem[]): ItemsByClient {
  const byClient = new Map<number, IncomingItem[]>();
  for (const one of items) {
    const own = byClient.get(one.item.id.client);
    if (own === undefined) byClient.set(one.item.id.client, [one]);
    else own.push(one);
  }
  return byClient;
}

/**
 * The order in which Yjs merges the items of an update: the highest client first, and where an item stands on one of
 * another client that is not merged yet, that client's up to it. What the search for a place costs depends on it.
 */
export function orderOfMerging(
  items: readonly IncomingItem[],
  byClient: ItemsByClient,
): readonly IncomingItem[] {
  if (byClient.size < 2) return items;
  const queues = new Map(
    [...byClient].map(([client, own]) => [client, { own, next: 0, end: startOf(own[0]) }]),
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
