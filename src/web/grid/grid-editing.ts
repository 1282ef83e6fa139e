import type { CellValue, QuoteClient } from '../../client/connect-quote.ts';
import { unreachable } from '../../lib/assert.ts';
import { rowCell } from '../../quote/cell.ts';
import { type Commit, type Draft, commitOf, reconsidered } from '../cell/cell-draft.ts';
import { formatCellText } from './clipboard/format-cell-text.ts';
import { readCellText } from './clipboard/read-cell-text.ts';
import { type GridStore, cellAt } from './grid-store.ts';
import { NET } from './grid-columns.ts';
import { type Direction, moved, tabbed } from './navigation.ts';
import { type GridPoint, selectCell } from './selection.ts';

/**
 * Typing into the cell under the cursor: a draft is opened, changed, and committed as one write, or given up. Before a
 * write goes out the gate's answer is foreseen: what it would refuse is not sent, the reason is shown at the cell and the
 * draft stays for correction.
 */
export interface GridEditing {
  /**
   * Opens the cell: with what stands in it, or with text that replaces it; with no text, for an input method that has
   * still to say what it makes of the key. Says why where it is closed.
   */
  open(text?: string): void;
  type(text: string): void;
  /** Commits, and moves on where that went well. */
  commit(then: 'down' | 'up' | 'next' | 'previous'): void;
  /** The focus is going elsewhere: what cannot be taken is kept at its cell. */
  leave(): void;
  /** Drops the draft, or one that was kept here. True where there was one. */
  cancel(): boolean;
  /** What stood in the way of a draft at the cursor may be gone, or something else be there. Writes nothing. */
  askAgain(): void;
  /** Turns a yes into a no and back. */
  toggle(): void;
}

export function createGridEditing(quote: QuoteClient, store: GridStore): GridEditing {
  const cursor = (): GridPoint | null => store.selection()?.head ?? null;
  /** Opened empty, and nothing came: to commit it would empty the cell. */
  let untouched: Draft | null = null;

  function open(text?: string): void {
    const selection = store.selection();
    const point = cursor();
    if (selection === null || point === null || point.column === NET) return;
    // It may be scrolled out of sight.
    store.select(selection);
    const why = closedBecause(point);
    if (why !== null) return store.tell(why);
    const cell = cellAt(point);
    const value = cell === null ? null : quote.readCell(cell);
    const kept = cell === null ? null : store.keptDraft(cell);
    if (cell !== null && kept !== null) store.keepDraft(cell, null);
    if (text === undefined && kept !== null) return store.setDraft(kept);
    const draft = { text: text ?? formatCellText(point.column, value), base: value, problem: null };
    untouched = text === '' ? draft : null;
    store.setDraft(draft);
  }

  function closedBecause(point: GridPoint): string | null {
    const { kind, ...state } = quote.state();
    const cell = cellAt(point);
    if (cell === null) {
      return kind === 'readonly' && 'because' in state ? VIEW_ONLY : null;
    }
    const foreseen = quote.foresight.askOpen(cell);
    return foreseen.kind === 'closed' ? foreseen.message : null;
  }

  /** Null where it was taken, or there was nothing to take; else why not. */
  function take(point: GridPoint, draft: Draft, leaving: boolean): string | null {
    const { column } = point;
    const cell = cellAt(point);
    const outcome = outcomeOf(point, draft, leaving);
    switch (outcome.kind) {
      case 'nothing':
        return null;
      case 'unreadable':
        return outcome.problem;
      case 'write':
        return cell === null ? addLine(column, outcome.value) : write(cell, outcome.value);
      default:
        return unreachable(outcome);
    }
  }

  function outcomeOf(point: GridPoint, draft: Draft, leaving: boolean): Commit {
    const cell = cellAt(point);
    const current = cell === null ? null : quote.readCell(cell);
    const read = (text: string) => readCellText(point.column, text, { currency: currency() });
    return commitOf(draft, current, read, leaving);
  }

  function write(cell: string, value: CellValue): string | null {
    const foreseen = quote.foresight.ask(cell, value);
    if (foreseen.kind === 'closed') return foreseen.message;
    const set = quote.setCell(cell, value);
    return set.ok ? null : set.reason;
  }

  function addLine(column: string, value: CellValue): string | null {
    const foreseen = quote.foresight.ask(rowCell('lineItems', 'new', column), value);
    if (foreseen.kind === 'closed') return foreseen.message;
    const last = quote.rowIds('lineItems').at(-1);
    const group = last === undefined ? null : quote.readCell(rowCell('lineItems', last, 'group'));
    const added = quote.addRow('lineItems', { group, [column]: value });
    if (!added.ok) return added.reason;
    store.select(selectCell({ row: added.value, column }));
    return null;
  }

  function currency(): string {
    const value = quote.readCell('fields/currency');
    return typeof value === 'string' ? value : '';
  }

  function settle(leaving: boolean): boolean {
    const point = cursor();
    const draft = store.draft();
    if (point === null || draft === null) return true;
    const problem = draft === untouched ? null : take(point, draft, leaving);
    store.setDraft(problem === null ? null : { ...draft, problem });
    return problem === null;
  }

  return {
    open,
    type(text) {
      const draft = store.draft();
      if (draft !== null) store.setDraft({ ...draft, text, problem: null });
    },
    commit(then) {
      const from = cursor();
      if (!settle(then === 'next' || then === 'previous') || from === null) return;
      const selection = store.selection();
      if (selection === null) return;
      const axes = store.axes();
      if (then === 'next' || then === 'previous') {
        store.select(tabbed(selection.head, axes, then === 'next' ? 1 : -1) ?? selectCell(selection.head));
      } else {
        store.select(moved(selection, axes, { direction: then satisfies Direction, extend: false, page: 1 }));
      }
    },
    leave() {
      const point = cursor();
      if (settle(true) || point === null) return;
      const cell = cellAt(point);
      if (cell !== null) store.keepDraft(cell, store.draft());
      store.setDraft(null);
    },
    cancel() {
      const point = cursor();
      const cell = point === null ? null : cellAt(point);
      const had = store.draft() !== null || (cell !== null && store.keptDraft(cell) !== null);
      if (cell !== null) store.keepDraft(cell, null);
      store.setDraft(null);
      return had;
    },
    askAgain() {
      const point = cursor();
      const cell = point === null ? null : cellAt(point);
      if (point === null || cell === null) return;
      const again = (draft: Draft): Draft =>
        reconsidered(draft, outcomeOf(point, draft, false), (value) => quote.foresight.ask(cell, value));
      const draft = store.draft();
      if (draft !== null) store.setDraft(again(draft));
      const kept = store.keptDraft(cell);
      const next = kept === null ? null : again(kept);
      if (next !== kept) store.keepDraft(cell, next);
    },
    toggle() {
      const point = cursor();
      if (point === null) return;
      const cell = cellAt(point);
      const isYes = cell !== null && quote.readCell(cell) === true;
      store.tell(cell === null ? addLine(point.column, true) : write(cell, isYes ? null : true));
    },
  };
}

const VIEW_ONLY = 'You can only view this quote.';
