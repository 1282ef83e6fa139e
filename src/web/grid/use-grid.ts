import { createContext, use, useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { present } from '../../lib/assert.ts';
import { useRoom } from '../room/use-room.ts';
import { type GridEditing, createGridEditing } from './grid-editing.ts';
import { showPresence } from './grid-presence.ts';
import { type CellMark, type GridStore, createGridStore } from './grid-store.ts';
import { type LineActions, createLineActions } from './line-actions.ts';
import { type LineSheet, createLineSheet } from './line-sheet.ts';

/** The parts of one grid, made once: its cells read them and render when their own part changes. */
export interface Grid {
  readonly sheet: LineSheet;
  readonly store: GridStore;
  readonly editing: GridEditing;
  readonly lines: LineActions;
}

export const GridContext = createContext<Grid | null>(null);

export const useGrid = (): Grid => present(use(GridContext), 'a grid is around');

/** Made once for a quote; listens to it as long as it is shown. */
export function useGridParts(): Grid {
  const { quote } = useRoom();
  const grid = useMemo(() => {
    const sheet = createLineSheet(quote);
    const store = createGridStore(sheet);
    return { sheet, store, editing: createGridEditing(quote, store), lines: createLineActions(quote, store) };
  }, [quote]);
  useEffect(() => {
    // The store first: it hears of rows before those that show them.
    const ends = [grid.store.start(), grid.sheet.start(), showPresence(quote.presence, grid.store)];
    return () => {
      for (const end of ends) end();
    };
  }, [grid, quote]);
  return grid;
}

/** Where the cell is within the selection. */
export function useCellMark(row: string, column: string): CellMark {
  const { store } = useGrid();
  const observe = useCallback((listener: () => void) => store.observe('selection', listener), [store]);
  return useSyncExternalStore(observe, () => store.markOf(row, column));
}

/** What is being typed at the cursor. */
export function useDraft() {
  const { store } = useGrid();
  const observe = useCallback((listener: () => void) => store.observe('draft', listener), [store]);
  return useSyncExternalStore(observe, store.draft);
}

/** What was typed into a cell and could not be taken, after the cursor left it. */
export function useKeptDraft(cell: string) {
  const { store } = useGrid();
  const observe = useCallback(
    (listener: () => void) => store.observe(`kept ${cell}`, listener),
    [store, cell],
  );
  return useSyncExternalStore(observe, () => store.keptDraft(cell));
}

/** Why nothing happened at the cursor. */
export function useTold(): string | null {
  const { store } = useGrid();
  const observe = useCallback((listener: () => void) => store.observe('told', listener), [store]);
  return useSyncExternalStore(observe, store.told);
}

/** What a line costs; renders only where the amount is another one. */
export function useLineNet(line: string): string {
  const { sheet } = useGrid();
  const observe = useCallback(
    (listener: () => void) => sheet.observe(`net ${line}`, listener),
    [sheet, line],
  );
  return useSyncExternalStore(observe, () => sheet.netOf(line));
}

export function useSubtotal(group: string): string {
  const { sheet } = useGrid();
  const observe = useCallback(
    (listener: () => void) => sheet.observe(`subtotal ${group}`, listener),
    [sheet, group],
  );
  return useSyncExternalStore(observe, () => sheet.subtotalOf(group));
}

export function usePlan() {
  const { sheet } = useGrid();
  const observe = useCallback((listener: () => void) => sheet.observe('rows', listener), [sheet]);
  return useSyncExternalStore(observe, sheet.plan);
}
