import type { CellValue, QuoteClient, Write } from '../../client/connect-quote.ts';
import type { Result } from '../../lib/result.ts';
import { rowCell } from '../../quote/cell.ts';
import { type GridStore, firstSelection } from './grid-store.ts';
import { type LinePlace, groupOf, moveWrites } from './move-lines.ts';
import { placeOfMove } from './navigation.ts';
import { NEW_ROW, rangeOf, selectCell, selectRows } from './selection.ts';

/** What is done to whole lines; each is one step of undo. What cannot be done is told at the cursor. */
export interface LineActions {
  /** The lines of the selection if the line is one of them, else the line alone. */
  linesWith(line: string): readonly string[];
  /** A new line at the end. */
  add(): void;
  /** An empty line beside another, in its group; the cursor goes there. */
  insert(line: string, side: 'above' | 'below'): void;
  duplicate(lines: readonly string[]): void;
  remove(lines: readonly string[]): void;
  restore(line: string): void;
  /** One up or down; a line that passes another comes into its group. */
  nudge(by: 1 | -1): void;
  move(lines: readonly string[], place: LinePlace): void;
  setGroup(lines: readonly string[], group: string): void;
  setOptional(lines: readonly string[], isOptional: boolean): void;
}

export function createLineActions(quote: QuoteClient, store: GridStore): LineActions {
  const columnOfCursor = (): string => store.selection()?.head.column ?? store.axes().columns[0] ?? 'name';
  const cellsOf = (line: string): Readonly<Record<string, CellValue>> =>
    quote.snapshot().lineItems.find(({ id }) => id === line)?.cells ?? {};

  /** Asks first what the gate would say, of each; writes all or none. */
  function write(writes: readonly Write[]): boolean {
    for (const { cell, value } of writes) {
      const foreseen = quote.foresight.ask(cell, value);
      if (foreseen.kind === 'closed') {
        store.tell(foreseen.message);
        return false;
      }
    }
    return told(quote.setCells(writes)) !== null;
  }

  function told<Value>(result: Result<Value>): Value | null {
    if (result.ok) return result.value;
    store.tell(result.reason);
    return null;
  }

  function insert(line: string, side: 'above' | 'below'): void {
    const ids = quote.rowIds('lineItems');
    const after = side === 'below' ? line : (ids[ids.indexOf(line) - 1] ?? null);
    const group = cellsOf(line)['group'] ?? null;
    const id = told(quote.addRow('lineItems', { group }, { after }));
    if (id !== null) store.select(selectCell({ row: id, column: columnOfCursor() }));
  }

  function add(): void {
    const last = quote.rowIds('lineItems').at(-1);
    if (last !== undefined) return insert(last, 'below');
    const id = told(quote.addRow('lineItems'));
    if (id === null) return;
    const first = firstSelection(store.axes());
    if (first !== null) store.select(selectCell({ row: id, column: 'name' }));
  }

  function move(lines: readonly string[], place: LinePlace): void {
    write(moveWrites(quote.snapshot().lineItems, lines, place));
    // The cursor stays on its line, which may now be out of sight.
    const selection = store.selection();
    if (selection !== null) store.select(selection);
  }

  return {
    linesWith(line) {
      const selection = store.selection();
      const rows = selection === null ? [] : rangeOf(selection, store.axes()).rows;
      return rows.includes(line) ? rows : [line];
    },
    add,
    insert,
    duplicate(lines) {
      const copies = lines.map((line) => {
        const { position: _, removed: __, ...cells } = cellsOf(line);
        return cells;
      });
      const ids = told(quote.addRows('lineItems', copies, { after: lines.at(-1) ?? null }));
      const [first, last] = [ids?.[0], ids?.at(-1)];
      if (first === undefined || last === undefined) return;
      const axes = store.axes();
      const copied =
        lines.length === 1
          ? selectCell({ row: first, column: columnOfCursor() })
          : selectRows(axes, last, first);
      if (copied !== null) store.select(copied);
    },
    remove(lines) {
      write(lines.map((line) => ({ cell: rowCell('lineItems', line, 'removed'), value: true })));
    },
    restore(line) {
      if (!write([{ cell: rowCell('lineItems', line, 'removed'), value: null }])) return;
      store.select(selectCell({ row: line, column: columnOfCursor() }));
    },
    nudge(by) {
      const selection = store.selection();
      if (selection === null || selection.head.row === NEW_ROW) return;
      const axes = store.axes();
      const place = placeOfMove(selection, axes, by);
      if (place === undefined) return;
      const lines = axes.rows.filter((row) => row !== NEW_ROW);
      const passed = by === 1 ? place.after : lines[lines.indexOf(place.rows[0] ?? '') - 1];
      const group = groupOf(quote.snapshot().lineItems.find(({ id }) => id === passed));
      move(place.rows, { after: place.after, group });
    },
    move,
    setGroup(lines, group) {
      const value = group.trim() === '' ? null : group.trim();
      write(lines.map((line) => ({ cell: rowCell('lineItems', line, 'group'), value })));
    },
    setOptional(lines, isOptional) {
      write(
        lines.map((line) => ({
          cell: rowCell('lineItems', line, 'optional'),
          value: isOptional ? true : null,
        })),
      );
    },
  };
}
