import { createListeners } from './listeners.ts';

/** Asks whoever shows a cell to bring it into sight and put the cursor there: "go to where Dana is". */
export interface CellTarget {
  goTo(cell: string): void;
  /** Calls back with each cell that is asked for. Whoever does not show it ignores it. */
  observe(listener: (cell: string) => void): () => void;
}

export function createCellTarget(): CellTarget {
  const listeners = createListeners<'target'>();
  let target = '';
  return {
    goTo(cell) {
      target = cell;
      listeners.call('target');
    },
    observe: (listener) => listeners.add('target', () => listener(target)),
  };
}
