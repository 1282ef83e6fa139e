import { useEffect } from 'react';
import { parseCellId } from '../../quote/cell.ts';
import { useRoom } from '../room/use-room.ts';
import { selectCell } from './selection.ts';
import type { Grid } from './use-grid.ts';

/** Puts the cursor on a line's cell that somebody asks to see; on the first column where its own is hidden. */
export function useCellTarget({ store, editing }: Grid, focus: () => void): void {
  const { target } = useRoom();
  useEffect(
    () =>
      target.observe((cell) => {
        const parsed = parseCellId(cell);
        const axes = store.axes();
        if (parsed?.root !== 'lineItems' || !axes.rows.includes(parsed.row)) return;
        const column = axes.columns.includes(parsed.column) ? parsed.column : (axes.columns[0] ?? '');
        editing.leave();
        focus();
        store.select(selectCell({ row: parsed.row, column }));
      }),
    [target, store, editing, focus],
  );
}
