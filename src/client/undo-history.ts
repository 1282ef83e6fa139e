import type * as Y from 'yjs';
import { defaultLimits } from '../lib/limits.ts';
import { noteRootName } from '../quote/cell.ts';
import { STATUSES, parseCellValue } from '../quote/columns.ts';
import type { Refused } from '../wire/messages.ts';
import { type CellChange, type Write, readCellValue, writeCells } from './cell-store.ts';
import { createNoteUndo } from './note-undo.ts';
import {
  type AddedRow,
  type Direction,
  type NewStep,
  type Step,
  type UndoStack,
  UNDO_STEPS_MAX,
  emptyUndoStack,
  planStep,
  withStep,
  withTaken,
  withoutNewest,
  withoutRefused,
} from './undo-stack.ts';

/** What `undo` or `redo` did. */
export type UndoOutcome =
  /** There was no step, or no right to edit. */
  | { readonly kind: 'nothing'; readonly reason: string }
  /**
   * `skipped`: cells that hold another value by now, and were left alone. Both lists name cells. `notes`: those whose text
   * changed along with the cells, where the step had any.
   */
  | {
      readonly kind: 'cells';
      readonly written: readonly string[];
      readonly skipped: readonly string[];
      readonly notes?: readonly string[];
    }
  /** `changed` is false where others had already put aside what was typed. */
  | { readonly kind: 'note'; readonly note: string; readonly changed: boolean };

/** This user's own edits of cells and notes in one order of time, to take back and to do again. */
export interface UndoHistory {
  noteText(note: string): Y.Text;
  /** Remembers one step of one or more cells; an empty one is none. */
  recordCells(changes: readonly CellChange[]): void;
  /** Remembers one step that added rows, and perhaps changed other cells too. */
  recordRows(rows: readonly AddedRow[], changes: readonly CellChange[]): void;
  /** Makes one step of the changes of cells that `write` gives and of the note texts that it sets. */
  recordTogether(write: () => readonly CellChange[]): void;
  /** Forgets what the server did not let stand. */
  forgetRefused(writes: Refused['writes']): void;
  take(direction: Direction): UndoOutcome;
  can(direction: Direction): boolean;
  close(): void;
}

/** `onChange` is called when what can be undone or redone may have changed. */
export function createUndoHistory(doc: Y.Doc, onChange: () => void): UndoHistory {
  let stack = emptyUndoStack;
  /** Notes whose text is being set along with cells. */
  let together: string[] | null = null;
  const notes = createNoteUndo(doc, (note) => {
    if (together === null) record({ kind: 'note', note });
    else together.push(note);
  });

  function become(next: UndoStack): void {
    stack = next;
    onChange();
  }

  function record(step: NewStep): void {
    const oldest = stack.undo.length === UNDO_STEPS_MAX ? stack.undo[0] : undefined;
    for (const note of oldest === undefined ? [] : notesOf(oldest)) notes.forgetOldest(note);
    notes.endTyping(step.kind === 'note' ? step.note : null);
    notes.forgetRedo();
    become(withStep(stack, step));
  }

  return {
    noteText: notes.text,
    recordCells(changes) {
      if (changes.length > 0) record({ kind: 'cells', changes: changes.map(withReadableFormer), rows: [] });
    },
    recordRows(rows, changes) {
      if (rows.length + changes.length === 0) return;
      record({ kind: 'cells', changes: changes.map(withReadableFormer), rows });
    },
    recordTogether(write) {
      notes.endTyping(null);
      const set: string[] = [];
      together = set;
      let changes: readonly CellChange[];
      try {
        changes = write();
      } finally {
        together = null;
      }
      if (changes.length + set.length === 0) return;
      record({ kind: 'cells', changes: changes.map(withReadableFormer), rows: [], notes: set });
    },
    forgetRefused(writes) {
      const next = writes.reduce(withoutRefused, stack);
      if (next !== stack) become(next);
    },
    take(direction) {
      const step = stack[direction].at(-1);
      if (step === undefined) return { kind: 'nothing', reason: `There is nothing to ${direction}.` };
      if (step.kind === 'note') {
        const changed = notes.take(step.note, direction);
        become(changed ? withTaken(stack, direction, []) : withoutNewest(stack, direction));
        return { kind: 'note', note: step.note, changed };
      }
      const { writes, skipped } = planStep(step, direction, (cell) => readCellValue(doc, cell));
      const fitting = writes.filter(isWritable);
      const written = fitting.map(({ cell }) => cell);
      writeCells(doc, fitting);
      // Each in a transaction of its own: Y.UndoManager takes any other for new typing.
      const changedNotes = (step.notes ?? []).filter((note) => notes.take(note, direction));
      become(withTaken(stack, direction, [...written, ...changedNotes.map(noteRootName)]));
      const unfit = writes.filter((write) => !isWritable(write)).map(({ cell }) => cell);
      return {
        kind: 'cells',
        written,
        skipped: [...skipped, ...unfit],
        ...(step.notes !== undefined && { notes: changedNotes }),
      };
    },
    can: (direction) => stack[direction].length > 0,
    close: notes.close,
  };
}

const notesOf = (step: Step): readonly string[] => (step.kind === 'note' ? [step.note] : (step.notes ?? []));

/** Not every former value can be written again: some columns can be empty at first, but not emptied. */
const isWritable = ({ cell, value }: Write): boolean =>
  parseCellValue(cell, value, defaultLimits.cellBytes).ok;

/** A status that was never set reads as the first one, and is taken back to it. */
const withReadableFormer = (change: CellChange): CellChange =>
  change.cell === 'fields/status' && change.before === null ? { ...change, before: STATUSES[0] } : change;
