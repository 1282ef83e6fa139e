import type * as Y from 'yjs';
import type { CellId } from '../lib/ids.ts';
import { defaultLimits } from '../lib/limits.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { type CellValue, cellIdOf, parseCellId } from '../quote/cell.ts';
import { parseCellValue } from '../quote/columns.ts';

/** One new value for one cell, like `{ cell: 'lineItems/l1/quantity', value: '2' }`. */
export interface Write {
  readonly cell: string;
  readonly value: CellValue;
}

/** A write that was made, and what stood there before. */
export interface CellChange {
  readonly cell: CellId;
  readonly before: CellValue;
  readonly after: CellValue;
}

/** The origin of this client's own transactions, for observers that want to tell them apart. */
const CLIENT_ORIGIN = 'quoteroom/client';

/** What stands in a cell; null if it is empty, holds no value of ours, or there is no such cell. */
export function readCellValue(doc: Y.Doc, cellId: string): CellValue {
  const cell = parseCellId(cellId);
  if (cell === null) return null;
  const value = doc.getMap(cell.root).get(cell.key);
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/**
 * Writes all of them in one transaction, or none and says which value does not fit where. The last write to a cell
 * counts; a value that stands already is not written again and is no change.
 */
export function writeCells(doc: Y.Doc, writes: readonly Write[]): Result<readonly CellChange[]> {
  const changes = new Map<CellId, CellChange & { readonly key: string; readonly root: string }>();
  for (const { cell: cellId, value: offered } of writes) {
    const parsed = parseCellValue(cellId, offered, defaultLimits.cellBytes);
    if (!parsed.ok) return fail(parsed.reason);
    const { cell, value } = parsed.value;
    const id = cellIdOf(cell.root, cell.key);
    changes.set(id, {
      cell: id,
      root: cell.root,
      key: cell.key,
      before: readCellValue(doc, id),
      after: value,
    });
  }
  const real = [...changes.values()].filter(({ before, after }) => before !== after);
  if (real.length > 0) {
    doc.transact(() => {
      for (const { root, key, after } of real) doc.getMap(root).set(key, after);
    }, CLIENT_ORIGIN);
  }
  return ok(real.map(({ cell, before, after }) => ({ cell, before, after })));
}
