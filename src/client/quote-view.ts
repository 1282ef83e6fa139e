import type * as Y from 'yjs';
import { type CellValue, ROOTS, type RowRoot, parseCellId, rowCell } from '../quote/cell.ts';
import { type Totals, createPricer } from '../quote/pricing.ts';
import { type Row, type Snapshot, readSnapshot } from '../quote/snapshot.ts';
import { readCellValue } from './cell-store.ts';

/**
 * The whole quote, read when asked for and kept until it changes, so that equal answers are the same object. Where only
 * cells of lines changed, as with nearly every edit, those lines are read again and the rest is kept: what is read is
 * always what `readSnapshot` would say.
 */
export interface QuoteView {
  snapshot(): Snapshot;
  totals(): Totals;
  rowIds(root: RowRoot): readonly string[];
  /** Stops following the document. */
  close(): void;
}

/** Must be made before whoever else observes the document, so that they all read what is new. */
export function createQuoteView(doc: Y.Doc): QuoteView {
  const rootOf = new Map<unknown, string>(ROOTS.map((root) => [doc.getMap(root), root]));
  const price = createPricer();
  const rowIds = new Map<RowRoot, readonly string[]>();
  /** Columns that changed since the snapshot was read, by line. */
  const changedLines = new Map<string, Set<string>>();
  let snapshot: Snapshot | null = null;
  let totals: Totals | null = null;

  const onTransaction = ({ changed }: Y.Transaction): void => {
    for (const [type, keys] of changed) {
      totals = null;
      const root = rootOf.get(type);
      for (const key of keys) {
        const cell = root === undefined ? null : parseCellId(`${root}/${key}`);
        if (cell?.row != null && (cell.column === 'position' || cell.column === 'removed')) {
          rowIds.delete(cell.root);
          snapshot = null;
        } else if (cell?.root === 'lineItems') {
          changedLines.set(cell.row, (changedLines.get(cell.row) ?? new Set()).add(cell.column));
        } else snapshot = null;
      }
    }
  };

  function renewed(known: Snapshot): Snapshot {
    if (changedLines.size === 0) return known;
    return {
      ...known,
      lineItems: known.lineItems.map((row) => withCells(doc, row, changedLines.get(row.id))),
    };
  }

  const view: QuoteView = {
    snapshot() {
      snapshot = snapshot === null ? readSnapshot(doc) : renewed(snapshot);
      changedLines.clear();
      return snapshot;
    },
    totals: () => (totals ??= price(view.snapshot())),
    rowIds(root) {
      const ids = rowIds.get(root) ?? view.snapshot()[root].map(({ id }) => id);
      rowIds.set(root, ids);
      return ids;
    },
    close: () => doc.off('afterTransaction', onTransaction),
  };
  doc.on('afterTransaction', onTransaction);
  return view;
}

function withCells(doc: Y.Doc, row: Row, columns: ReadonlySet<string> | undefined): Row {
  if (columns === undefined) return row;
  const cells = Object.assign(Object.create(null) as Record<string, CellValue>, row.cells);
  for (const column of columns) {
    const value = readCellValue(doc, rowCell('lineItems', row.id, column));
    if (value === null) delete cells[column];
    else cells[column] = value;
  }
  return { id: row.id, cells };
}
