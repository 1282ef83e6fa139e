import type { QuoteClient, Verdict } from '../../client/connect-quote.ts';
import { colorOf } from '../../wire/person-color.ts';
import type { EntriesEvent } from '../../wire/messages.ts';
import type { KeptVerdicts } from './kept-verdicts.ts';
import { createListeners } from './listeners.ts';

/**
 * What is to be seen at single cells for a while. A verdict (my write was refused, or overridden) stays until somebody
 * looks at it and dismisses it, or writes the cell again, also where they leave the room before that; a flash tells of a change by somebody else and is gone by itself.
 */
export interface Marks {
  /** The newest verdict on a cell that was not dismissed, or null. */
  verdictOn(cell: string): Verdict | null;
  /** A change by somebody else that was just seen, or null. `key` is another one for each flash. */
  flashOn(cell: string): Flash | null;
  /** Cells with a verdict, oldest first; the same array until it changes. */
  cells(): readonly string[];
  dismiss(cell: string): void;
  /** Calls back when the cell's verdict or flash changed; `all`: when `cells()` did. */
  observe(cell: string, listener: () => void): () => void;
  close(): void;
}

export interface Flash {
  readonly key: number;
  readonly color: string;
}

/** As long as the animation in `tokens.css`. */
const FLASH_MS = 800;
/** An entry with more writes is a paste or an import: the whole grid would only flicker. */
const FLASHED_CELLS_MAX = 200;

export function createMarks(quote: QuoteClient, kept?: KeptVerdicts): Marks {
  const listeners = createListeners<string>();
  const verdicts = new Map(kept?.read().map((verdict) => [verdict.cell, verdict]));
  const flashes = new Map<string, Flash>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let cells: readonly string[] = [...verdicts.keys()];
  let seen = quote.verdicts();
  let flashCount = 0;

  function changed(cell: string): void {
    cells = [...verdicts.keys()];
    listeners.call(cell);
    listeners.call('all');
  }

  const keep = (): void => kept?.write([...verdicts.values()]);

  function dismiss(cell: string): void {
    if (!verdicts.delete(cell)) return;
    changed(cell);
    keep();
  }

  const offVerdicts = quote.on('verdicts', (all) => {
    const known = new Set(seen);
    seen = all;
    for (const verdict of all.filter((one) => !known.has(one))) {
      verdicts.delete(verdict.cell);
      verdicts.set(verdict.cell, verdict);
      changed(verdict.cell);
    }
    keep();
  });

  const offEntries = quote.on('entries', ({ entries }: EntriesEvent) => {
    const me = quote.me()?.user.id;
    for (const entry of entries.filter(({ user }) => user.id !== me)) {
      const writes = entry.writes ?? [];
      if (writes.length > FLASHED_CELLS_MAX) continue;
      for (const { cell, reason } of writes) if (reason === undefined) flash(cell, colorOf(entry.user.id));
    }
  });

  function flash(cell: string, color: string): void {
    flashCount += 1;
    const own = { key: flashCount, color };
    flashes.set(cell, own);
    listeners.call(cell);
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (flashes.get(cell) !== own) return;
      flashes.delete(cell);
      listeners.call(cell);
    }, FLASH_MS);
    timers.add(timer);
  }

  return {
    verdictOn: (cell) => verdicts.get(cell) ?? null,
    flashOn: (cell) => flashes.get(cell) ?? null,
    cells: () => cells,
    dismiss,
    observe: listeners.add,
    close() {
      offVerdicts();
      offEntries();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
