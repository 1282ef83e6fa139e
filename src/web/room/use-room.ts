import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import { present } from '../../lib/assert.ts';
import type {
  CellValue,
  Me,
  OtherPresence,
  QuoteClient,
  RowRoot,
  SaveState,
  Snapshot,
  Totals,
  Verdict,
} from '../../client/connect-quote.ts';
import type { Foreseen } from '../../client/foresight.ts';
import type { SessionEvent } from '../../wire/messages.ts';
import type { ConflictJson } from '../../wire/session-schemas.ts';
import { isHeldVerdict } from './conflicts/held-verdict.ts';
import type { Flash } from './marks.ts';
import type { Room } from './open-room.ts';

/**
 * The room, for components: each hook reads one thing and renders again only when that changes. Nobody reads the
 * document itself.
 */
export const RoomContext = createContext<Room | null>(null);

export const useRoom = (): Room => present(use(RoomContext), 'a room is open above');
export const useQuote = (): QuoteClient => useRoom().quote;

export function useCell(cell: string): CellValue {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.observe(cell, listener), [quote, cell]);
  return useSyncExternalStore(observe, () => quote.readCell(cell));
}

/** Rows on the quote, in order: changes only when rows come, go or move. */
export function useRowIds(root: RowRoot): readonly string[] {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.observe(root, listener), [quote, root]);
  return useSyncExternalStore(observe, () => quote.rowIds(root));
}

/** The whole quote. Renders at every change: for what needs all of it. */
export function useSnapshot(): Snapshot {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.observe('all', listener), [quote]);
  return useSyncExternalStore(observe, () => quote.snapshot());
}

export function useTotals(): Totals {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.observe('all', listener), [quote]);
  return useSyncExternalStore(observe, () => quote.totals());
}

export function useSaveState(): SaveState {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.on('state', listener), [quote]);
  return useSyncExternalStore(observe, () => quote.state());
}

export function useMe(): Me | null {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.on('me', listener), [quote]);
  return useSyncExternalStore(observe, () => quote.me());
}

/** The last hundred verdicts on this user's writes, newest last. */
export function useVerdicts(): readonly Verdict[] {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.on('verdicts', listener), [quote]);
  return useSyncExternalStore(observe, () => quote.verdicts());
}

export function useCanUndo(): boolean {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.on('undo', listener), [quote]);
  return useSyncExternalStore(observe, () => quote.canUndo());
}

export function useCanRedo(): boolean {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.on('undo', listener), [quote]);
  return useSyncExternalStore(observe, () => quote.canRedo());
}

/** All other connections: other people, and other tabs of one's own. */
export function useOthers(): readonly OtherPresence[] {
  const { presence } = useQuote();
  return useSyncExternalStore(presence.observe, () => presence.others());
}

/** Others on one cell, or editing it. */
export function useOthersAt(cell: string): readonly OtherPresence[] {
  const { places } = useRoom();
  const observe = useCallback((listener: () => void) => places.observe(cell, listener), [places, cell]);
  return useSyncExternalStore(observe, () => places.at(cell));
}

/** Whether this user may change the cell now, and if not, why. The same object while the answer is the same. */
export function useForeseen(cell: string): Foreseen {
  const { foresight } = useQuote();
  return useSyncExternalStore(foresight.observe, () => foresight.askOpen(cell));
}

/** What was told of the session last; null before. */
export function useSession(): SessionEvent | null {
  const quote = useQuote();
  const observe = useCallback((listener: () => void) => quote.on('session', listener), [quote]);
  return useSyncExternalStore(observe, () => quote.session());
}

/** Held conflicts that are open, by number. */
export function useConflicts(): readonly ConflictJson[] {
  const { conflicts } = useRoom();
  const observe = useCallback((listener: () => void) => conflicts.observe('all', listener), [conflicts]);
  return useSyncExternalStore(observe, conflicts.all);
}

/** The held conflict on the cell, or null. */
export function useConflictOn(cell: string): ConflictJson | null {
  const { conflicts } = useRoom();
  const observe = useCallback((listener: () => void) => conflicts.observe(cell, listener), [conflicts, cell]);
  return useSyncExternalStore(observe, () => conflicts.on(cell));
}

/** The newest verdict on the cell that was not dismissed. While a parked write waits, its conflict says so instead. */
export function useVerdictOn(cell: string): Verdict | null {
  const { marks } = useRoom();
  const observe = useCallback((listener: () => void) => marks.observe(cell, listener), [marks, cell]);
  const verdict = useSyncExternalStore(observe, () => marks.verdictOn(cell));
  const isWaiting = useConflictOn(cell) !== null && isHeldVerdict(verdict);
  return isWaiting ? null : verdict;
}

/** A change by somebody else that was just seen. */
export function useFlashOn(cell: string): Flash | null {
  const { marks } = useRoom();
  const observe = useCallback((listener: () => void) => marks.observe(cell, listener), [marks, cell]);
  return useSyncExternalStore(observe, () => marks.flashOn(cell));
}

/** Cells with a verdict that was not dismissed, oldest first. */
export function useMarkedCells(): readonly string[] {
  const { marks } = useRoom();
  const observe = useCallback((listener: () => void) => marks.observe('all', listener), [marks]);
  return useSyncExternalStore(observe, () => marks.cells());
}
