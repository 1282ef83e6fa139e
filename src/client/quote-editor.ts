import type * as Y from 'yjs';
import { present } from '../lib/assert.ts';
import type { CellId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { rowCell } from '../quote/cell.ts';
import { type CellChange, type Write, readCellValue, writeCells } from './cell-store.ts';
import { type NoteTextWrite, replaceText } from './note-text.ts';
import type { QuoteClient } from './quote-client.ts';
import { addRowsWrites, moveRowWrites, removedWrite } from './row-writes.ts';
import type { SaveState } from './save-state.ts';
import type { UndoHistory } from './undo-history.ts';

/** The part of a `QuoteClient` that reads and writes cells. */
export type QuoteEditor = Pick<
  QuoteClient,
  | 'readCell'
  | 'setCell'
  | 'setCells'
  | 'addRow'
  | 'addRows'
  | 'removeRow'
  | 'restoreRow'
  | 'moveRow'
  | 'undo'
  | 'redo'
>;

/**
 * Every write of cells passes here: checked against the columns, written in one transaction, remembered for undo.
 * Nothing is written while the client is `readonly`, since it could never arrive, or only be refused.
 */
export function createQuoteEditor(deps: {
  readonly doc: Y.Doc;
  readonly undo: UndoHistory;
  readonly newRowId: () => string;
  readonly state: () => SaveState;
}): QuoteEditor {
  const { doc, undo, newRowId, state } = deps;

  function setCells(
    writes: readonly Write[],
    texts: readonly NoteTextWrite[] = [],
  ): Result<readonly CellId[]> {
    const barrier = barrierOf(state());
    if (barrier !== null) return fail(barrier);
    const changes = texts.length === 0 ? setOnlyCells(writes) : setWithTexts(writes, texts);
    return changes.ok ? ok(changes.value.map(({ cell }) => cell)) : changes;
  }

  function setOnlyCells(writes: readonly Write[]): Result<readonly CellChange[]> {
    const changes = writeCells(doc, writes);
    if (changes.ok) undo.recordCells(changes.value);
    return changes;
  }

  function setWithTexts(
    writes: readonly Write[],
    texts: readonly NoteTextWrite[],
  ): Result<readonly CellChange[]> {
    const bodies = texts.map(({ note, text }) => ({ body: undo.noteText(note), text }));
    let changes: Result<readonly CellChange[]> = ok([]);
    undo.recordTogether(() => {
      doc.transact(() => {
        changes = writeCells(doc, writes);
        if (changes.ok) for (const { body, text } of bodies) replaceText(body, text);
      });
      return changes.ok ? changes.value : [];
    });
    return changes;
  }

  const addRows: QuoteClient['addRows'] = (root, rows, place = {}, others = []) => {
    const barrier = barrierOf(state());
    if (barrier !== null) return fail(barrier);
    const added = rows.map((cells) => ({ id: newRowId(), cells }));
    const writes = addRowsWrites(doc, { root, rows: added }, place);
    if (!writes.ok) return writes;
    const changes = writeCells(doc, [...writes.value, ...others]);
    if (!changes.ok) return changes;
    const ids = added.map(({ id }) => id);
    const elsewhere = new Set<string>(others.map(({ cell }) => cell));
    undo.recordRows(
      ids.map((id) => ({
        row: `${root}/${id}`,
        position: readCellValue(doc, rowCell(root, id, 'position')),
      })),
      changes.value.filter(({ cell }) => elsewhere.has(cell)),
    );
    return ok(ids);
  };

  const setPlanned = (writes: Result<Write[]>): Result<readonly CellId[]> =>
    writes.ok ? setCells(writes.value) : writes;

  return {
    readCell: (cell) => readCellValue(doc, cell),
    setCell: (cell, value) => setCells([{ cell, value }]),
    setCells,
    addRow(root, cells = {}, place = {}) {
      const added = addRows(root, [cells], place);
      return added.ok ? ok(present(added.value[0], 'a row was added')) : added;
    },
    addRows,
    removeRow: (root, id) => setPlanned(removedWrite(doc, root, id, true)),
    restoreRow: (root, id) => setPlanned(removedWrite(doc, root, id, null)),
    moveRow: (root, id, place) => setPlanned(moveRowWrites(doc, root, id, place)),
    undo: () => take('undo'),
    redo: () => take('redo'),
  };

  function take(direction: 'undo' | 'redo'): ReturnType<QuoteClient['undo']> {
    const barrier = barrierOf(state());
    return barrier === null ? undo.take(direction) : { kind: 'nothing', reason: barrier };
  }
}

/** Why nothing can be written now, as a sentence; null if it can. */
function barrierOf(state: SaveState): string | null {
  if (state.kind !== 'readonly') return null;
  return state.because.kind === 'viewer'
    ? 'You can only view this quote. Ask one of its hosts for permission to edit it.'
    : state.because.closure.message;
}
