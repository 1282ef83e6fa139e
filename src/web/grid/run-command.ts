import type { QuoteClient } from '../../client/connect-quote.ts';
import { unreachable } from '../../lib/assert.ts';
import { parseCellId } from '../../quote/cell.ts';
import type { Marks } from '../room/marks.ts';
import type { GridClipboard } from './clipboard/use-clipboard.ts';
import type { GridColumn } from './grid-columns.ts';
import type { GridCommand } from './grid-keys.ts';
import { cellAt } from './grid-store.ts';
import { moved, tabbed } from './navigation.ts';
import {
  NEW_ROW,
  isRange,
  rangeOf,
  selectAll,
  selectCell,
  selectRows,
  selectsWholeRows,
} from './selection.ts';
import type { Grid } from './use-grid.ts';

export interface CommandDeps {
  readonly grid: Grid;
  readonly quote: QuoteClient;
  readonly marks: Marks;
  readonly clipboard: GridClipboard;
  readonly columns: readonly GridColumn[];
  /** Rows in sight. */
  readonly page: number;
  readonly openMenu: (line: string) => void;
}

/** Does what a key means, at the cursor. False where the key is to be left to the browser. */
export function runCommand(deps: CommandDeps, command: GridCommand): boolean {
  const { grid, quote, columns, page } = deps;
  const { store, editing, lines } = grid;
  const selection = store.selection();
  if (selection === null) return false;
  const axes = store.axes();
  const { head } = selection;
  const kind = columns.find(({ id }) => id === head.column)?.kind;
  const selected = rangeOf(selection, axes).rows;

  switch (command.kind) {
    case 'move':
      store.select(moved(selection, axes, { ...command, page }));
      return true;
    case 'tab': {
      const next = tabbed(head, axes, command.by);
      if (next !== null) store.select(next);
      return next !== null;
    }
    case 'edit':
      if (kind === 'check') editing.toggle();
      else if (kind === 'net')
        store.select(moved(selection, axes, { direction: 'down', extend: false, page }));
      else editing.open();
      return true;
    case 'type':
      if (kind === 'check' || kind === 'net') return false;
      editing.open(command.text);
      return !command.isComposing;
    case 'toggle':
      if (kind === 'check') editing.toggle();
      else if (kind !== 'net') editing.open(' ');
      return true;
    case 'move_rows':
      lines.nudge(command.by);
      return true;
    case 'clear':
      if (selectsWholeRows(selection, axes)) lines.remove(selected);
      else deps.clipboard.clear();
      return true;
    case 'remove_rows':
      lines.remove(selected);
      return true;
    case 'insert_below':
      if (head.row === NEW_ROW) lines.add();
      else lines.insert(selected.at(-1) ?? head.row, 'below');
      return true;
    case 'fill_down':
      deps.clipboard.fillDown();
      return true;
    case 'undo':
    case 'redo':
      takeStep(grid, quote, command.kind);
      return true;
    case 'select_all':
      store.select(selectAll(axes) ?? selection);
      return true;
    case 'select_rows':
      if (head.row !== NEW_ROW) store.select(selectRows(axes, selection.anchor.row, head.row) ?? selection);
      return true;
    case 'menu':
      if (head.row !== NEW_ROW) deps.openMenu(head.row);
      return true;
    case 'escape':
      return escape(deps);
    default:
      return unreachable(command);
  }
}

/** One thing at a time, the nearest first. */
function escape({ grid: { store, editing }, marks }: CommandDeps): boolean {
  const selection = store.selection();
  if (selection === null) return false;
  const cell = cellAt(selection.head);
  if (editing.cancel()) return true;
  if (store.told() !== null) store.tell(null);
  else if (cell !== null && marks.verdictOn(cell) !== null) marks.dismiss(cell);
  else if (isRange(selection)) store.select(selectCell(selection.head));
  else return false;
  return true;
}

/** The cursor goes to what was taken back, else nobody would see it. */
function takeStep({ store }: Grid, quote: QuoteClient, direction: 'undo' | 'redo'): void {
  const outcome = direction === 'undo' ? quote.undo() : quote.redo();
  if (outcome.kind === 'nothing') return store.tell(outcome.reason);
  if (outcome.kind !== 'cells') return;
  const cell = [...outcome.written, ...outcome.skipped]
    .map(parseCellId)
    .find((one) => one?.root === 'lineItems');
  const axes = store.axes();
  if (cell?.root === 'lineItems' && axes.rows.includes(cell.row)) {
    const known = axes.columns.includes(cell.column) ? cell.column : store.selection()?.head.column;
    if (known !== undefined) store.select(selectCell({ row: cell.row, column: known }));
  }
  const { length } = outcome.skipped;
  if (length > 0)
    store.tell(
      length === 1
        ? 'Left as it is: somebody has changed it since.'
        : `${length} cells were left as they are: somebody has changed them since.`,
    );
}
