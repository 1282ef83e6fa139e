import type { QuoteClient } from '../../../client/connect-quote.ts';
import type { ConflictJson } from '../../../wire/session-schemas.ts';
import { createListeners } from '../listeners.ts';
import type { Marks } from '../marks.ts';
import { isHeldVerdict } from './held-verdict.ts';

/**
 * The held conflicts of the quote, by cell, so that a cell hears only of its own. The server tells all of them at each change;
 * one that says the same stays the same object. With a conflict goes the mark on the reader's parked write: what became of it
 * is told as a verdict of its own.
 */
export interface HeldConflicts {
  /** By number; the same array until one of them changes. */
  all(): readonly ConflictJson[];
  on(cell: string): ConflictJson | null;
  /** Calls back when the cell's conflict changed; `all`: when any did. */
  observe(cell: string, listener: () => void): () => void;
  /** The reader has it before them to choose: everyone is told, until the last of the functions that this returns was called. */
  lookAt(n: number): () => void;
  close(): void;
}

export function createHeldConflicts(quote: QuoteClient, marks: Marks): HeldConflicts {
  const listeners = createListeners<string>();
  const looks = new Map<number, number>();
  let all: readonly ConflictJson[] = [];
  let byCell = new Map<string, ConflictJson>();

  function take(told: readonly ConflictJson[]): readonly string[] {
    const before = byCell;
    all = told.map((conflict) => {
      const known = before.get(conflict.cell);
      return known !== undefined && JSON.stringify(known) === JSON.stringify(conflict) ? known : conflict;
    });
    byCell = new Map(all.map((conflict) => [conflict.cell, conflict]));
    const changed = [...new Set([...before.keys(), ...byCell.keys()])].filter(
      (cell) => before.get(cell) !== byCell.get(cell),
    );
    for (const cell of changed) listeners.call(cell);
    if (changed.length > 0) listeners.call('all');
    return changed;
  }

  take(quote.conflicts());
  const ends = [
    quote.on('conflicts', ({ conflicts }) => {
      for (const cell of take(conflicts)) {
        if (!byCell.has(cell) && isHeldVerdict(marks.verdictOn(cell))) marks.dismiss(cell);
      }
    }),
  ];

  // What everyone sees of it comes by the live connection; whether this reached the server changes nothing here.
  const tell = (call: Promise<void>): void => void call.catch(() => undefined);

  return {
    all: () => all,
    on: (cell) => byCell.get(cell) ?? null,
    observe: listeners.add,
    lookAt(n) {
      const before = looks.get(n) ?? 0;
      looks.set(n, before + 1);
      if (before === 0) tell(quote.openConflict(n));
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const left = (looks.get(n) ?? 1) - 1;
        if (left > 0) looks.set(n, left);
        else looks.delete(n);
        if (left === 0 && all.some((conflict) => conflict.n === n)) tell(quote.releaseConflict(n));
      };
    },
    close() {
      for (const end of ends) end();
    },
  };
}
