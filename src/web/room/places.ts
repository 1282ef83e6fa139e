import type { OtherPresence, QuoteClient } from '../../client/connect-quote.ts';
import { createListeners } from './listeners.ts';

/** Who else is where: presence by cell, so that a cell hears only of who comes to it and goes. */
export interface Places {
  /** Others on a cell, or editing it; the same array until it changes. */
  at(cell: string): readonly OtherPresence[];
  observe(cell: string, listener: () => void): () => void;
  close(): void;
}

const nobody: readonly OtherPresence[] = [];

export function createPlaces({ presence }: Pick<QuoteClient, 'presence'>): Places {
  const listeners = createListeners<string>();
  let byCell = placesOf(presence.others());

  const off = presence.observe(() => {
    const before = byCell;
    byCell = placesOf(presence.others());
    for (const cell of new Set([...before.keys(), ...byCell.keys()])) {
      const was = before.get(cell);
      const is = byCell.get(cell);
      if (was !== undefined && is !== undefined && isSame(was, is)) byCell.set(cell, was);
      else listeners.call(cell);
    }
  });

  return { at: (cell) => byCell.get(cell) ?? nobody, observe: listeners.add, close: off };
}

function placesOf(others: readonly OtherPresence[]): Map<string, readonly OtherPresence[]> {
  const byCell = new Map<string, OtherPresence[]>();
  for (const other of others) {
    const cell = other.editing ?? other.cell;
    if (typeof cell !== 'string') continue;
    const here = byCell.get(cell);
    if (here === undefined) byCell.set(cell, [other]);
    else here.push(other);
  }
  return byCell;
}

const isSame = (a: readonly OtherPresence[], b: readonly OtherPresence[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ clientId, editing, user }, at) =>
      clientId === b[at]?.clientId && editing === b[at].editing && user.role === b[at].user.role,
  );
