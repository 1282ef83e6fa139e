import { type CellValue, noteRootName } from '../quote/cell.ts';
import type { CellChange, Write } from './cell-store.ts';

/**
 * What this user did, newest last, as plain data. Y.UndoManager cannot redo a write that the server has corrected, so
 * cells have their own rule, which never takes back the work of others:
 *
 * - undo writes the former value back if the cell still holds what this user wrote; redo writes it again if
 *   the cell still holds what undo had put there. Any other cell is skipped.
 * - a new row is undone by removing it, since rows are never deleted.
 * - a refused write is forgotten: undoing it would put an old value over the winner's. A later write of this user's that
 *   was made on top of it gets the winner's value as its former one.
 *
 * Steps of note text, and texts in a step of cells, are only placeholders here, for the order in time; `note-undo.ts` does
 * them.
 */
export type Step =
  | (CellStep & { readonly at: number })
  | { readonly kind: 'note'; readonly at: number; readonly note: string };

type Change = Omit<CellChange, 'cell'> & { readonly cell: string };

export type NewStep = CellStep | { readonly kind: 'note'; readonly note: string };

interface CellStep {
  readonly kind: 'cells';
  readonly changes: readonly Change[];
  readonly rows: readonly AddedRow[];
  /** Whose text was set along with the cells. */
  readonly notes?: readonly string[];
}

/** A row that was added, like `lineItems/l1`, with the position that it was given. */
export interface AddedRow {
  readonly row: string;
  readonly position: CellValue;
}

export interface UndoStack {
  readonly undo: readonly Step[];
  readonly redo: readonly Step[];
  /** Counts steps taken, to tell which write of a value was the last. */
  readonly time: number;
}

/** What to write to take a step back or again, and the cells that others have changed since. */
export interface Plan {
  readonly writes: readonly Write[];
  readonly skipped: readonly string[];
}

export type Direction = 'undo' | 'redo';

/** Steps that are remembered; the oldest one goes first. */
export const UNDO_STEPS_MAX = 200;

export const emptyUndoStack: UndoStack = { undo: [], redo: [], time: 0 };

/** After something new was done: nothing is left to redo. */
export function withStep(stack: UndoStack, step: NewStep): UndoStack {
  const time = stack.time + 1;
  return { undo: [...stack.undo, { ...step, at: time }].slice(-UNDO_STEPS_MAX), redo: [], time };
}

/** The writes for one step, given what the cells hold now. */
export function planStep(step: Step, direction: Direction, read: (cell: string) => CellValue): Plan {
  if (step.kind === 'note') return { writes: [], skipped: [] };
  const ways = allChanges(step).map(({ cell, before, after }) =>
    direction === 'undo' ? { cell, from: after, to: before } : { cell, from: before, to: after },
  );
  const gone = new Set(
    step.rows.filter(({ row }) => read(`${row}/position`) === null).map((row) => rowChange(row).cell),
  );
  const isMine = ({ cell, from }: { cell: string; from: CellValue }): boolean =>
    !gone.has(cell) && read(cell) === from;
  return {
    writes: ways.filter(isMine).map(({ cell, to }) => ({ cell, value: to })),
    skipped: ways.filter((way) => !isMine(way)).map(({ cell }) => cell),
  };
}

/**
 * After the newest step was taken back or again; only `done`, the cells really written and `note/<id>` for text, can be
 * taken the other way.
 */
export function withTaken(stack: UndoStack, direction: Direction, done: readonly string[]): UndoStack {
  const step = stack[direction].at(-1);
  if (step === undefined) return stack;
  const time = stack.time + 1;
  const rest = stack[direction].slice(0, -1);
  const isDone = new Set(done);
  const taken = onlyCells({ ...step, at: time }, (cell) => isDone.has(cell));
  const [undo, redo] = direction === 'undo' ? [rest, [...stack.redo]] : [[...stack.undo], rest];
  if (taken !== null) (direction === 'undo' ? redo : undo).push(taken);
  return { undo, redo, time };
}

/** Without the newest step of a direction, which turned out to change nothing. */
export function withoutNewest(stack: UndoStack, direction: Direction): UndoStack {
  return { ...stack, [direction]: stack[direction].slice(0, -1) };
}

/** After the server refused to put `offered` into `cell`, where `kept` stands now. */
export function withoutRefused(
  stack: UndoStack,
  refused: { readonly cell: string; readonly offered: unknown; readonly kept: CellValue },
): UndoStack {
  const { cell, offered, kept } = refused;
  const wrote = (step: Step, direction: Direction): boolean => {
    if (step.kind === 'note') return false;
    if (direction === 'undo' && step.rows.some((row) => cell === positionCell(row)))
      return step.rows.some((row) => cell === positionCell(row) && row.position === offered);
    return allChanges(step).some(
      (change) => change.cell === cell && (direction === 'undo' ? change.after : change.before) === offered,
    );
  };
  const undone = stack.undo.findLast((step) => wrote(step, 'undo'));
  const redone = stack.redo.findLast((step) => wrote(step, 'redo'));
  const newest = (undone?.at ?? -1) > (redone?.at ?? -1) ? undone : redone;
  if (newest === undefined) return stack;

  const without = (steps: readonly Step[]): Step[] =>
    steps.flatMap((step) => (step === newest ? (withoutCell(step, cell) ?? []) : step));
  const undo = without(stack.undo);
  const onTop = undo.findIndex((step) => step.at > newest.at && writesTo(step, cell));
  return {
    ...stack,
    undo: undo.map((step, index) =>
      index === onTop ? withFormer(step, { cell, from: offered, to: kept }) : step,
    ),
    redo: without(stack.redo),
  };
}

const writesTo = (step: Step, cell: string): boolean =>
  step.kind === 'cells' && step.changes.some((change) => change.cell === cell);

/** The step minus one refused cell, and minus the row that never came to be where that cell is its position. */
function withoutCell(step: Step, cell: string): Step | null {
  if (step.kind === 'note') return step;
  const never = step.rows.find((row) => cell === positionCell(row));
  const refused = never === undefined ? cell : rowChange(never).cell;
  return onlyCells(step, (own) => own !== refused);
}

/** The step with fewer cells and notes, or null if none is left. */
function onlyCells(step: Step, keeps: (cell: string) => boolean): Step | null {
  if (step.kind === 'note') return step;
  const changes = step.changes.filter(({ cell }) => keeps(cell));
  const rows = step.rows.filter((row) => keeps(rowChange(row).cell));
  if (step.notes === undefined) return changes.length + rows.length === 0 ? null : { ...step, changes, rows };
  const notes = step.notes.filter((note) => keeps(noteRootName(note)));
  return changes.length + rows.length + notes.length === 0 ? null : { ...step, changes, rows, notes };
}

function withFormer(step: Step, former: { cell: string; from: unknown; to: CellValue }): Step {
  if (step.kind !== 'cells') return step;
  const changes = step.changes.map((change) =>
    change.cell === former.cell && change.before === former.from ? { ...change, before: former.to } : change,
  );
  return { ...step, changes };
}

/** Adding a row seen as a change of one cell: without the step it would be removed. */
const rowChange = ({ row }: AddedRow): Change => ({ cell: `${row}/removed`, before: true, after: null });

const positionCell = ({ row }: AddedRow): string => `${row}/position`;

const allChanges = ({ changes, rows }: CellStep): readonly Change[] => [...changes, ...rows.map(rowChange)];
