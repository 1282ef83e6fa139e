import type { Presence } from '../../client/connect-quote.ts';
import { type EditingSign, createEditingSign } from '../cell/editing-sign.ts';
import { type GridStore, cellAt } from './grid-store.ts';
import { isRange } from './selection.ts';

/** Shows others where this person is in the grid: a first move at once, those that follow it fast one in 60 ms. */
const MOVE_EVERY_MS = 60;

/** Follows the store until the returned function is called. */
export function showPresence(presence: Presence, store: GridStore): () => void {
  let sign: EditingSign | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isDue = false;
  let shown: string | null = null;

  function show(): void {
    const selection = store.selection();
    if (selection === null) return;
    shown = cellAt(selection.head);
    const { anchor, head } = selection;
    presence.set({
      cell: shown,
      selection: isRange(selection) ? { anchor: { ...anchor }, head: { ...head } } : null,
    });
  }

  function moved(): void {
    if (timer !== null) {
      isDue = true;
      return;
    }
    show();
    timer = setTimeout(() => {
      timer = null;
      if (!isDue) return;
      isDue = false;
      moved();
    }, MOVE_EVERY_MS);
  }

  function drafted(): void {
    const selection = store.selection();
    const cell = store.draft() === null || selection === null ? null : cellAt(selection.head);
    if (cell === null) {
      sign?.rest();
      sign = null;
      return;
    }
    if (timer !== null) clearTimeout(timer);
    timer = null;
    shown = cell;
    sign ??= createEditingSign(presence, cell, Date.now);
    sign.type();
  }

  const offSelection = store.observe('selection', moved);
  const offDraft = store.observe('draft', drafted);
  return () => {
    offSelection();
    offDraft();
    if (timer !== null) clearTimeout(timer);
    sign?.rest();
    if (shown !== null && presence.own().cell === shown) presence.set({ cell: null, selection: null });
  };
}
