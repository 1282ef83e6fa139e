import type { CellId } from '../lib/ids.ts';
import { type CellValue, type RowRoot, parseCellId, rowCell } from '../quote/cell.ts';
import type { Change } from './course.ts';

/** A row that came onto the quote, left it, or has another place on it. */
export interface RowChange {
  readonly kind: 'added' | 'removed' | 'restored' | 'moved';
  readonly root: RowRoot;
  readonly row: string;
  readonly change: Change;
}

type Reader = (cell: CellId) => CellValue;

/** What changed cells `position` and `removed` mean for their rows. */
export function changesOfRows(
  cells: readonly { readonly cell: CellId; readonly change: Change }[],
  before: Reader,
  after: Reader,
): RowChange[] {
  const changes = new Map<string, RowChange>();
  for (const { cell: id, change } of cells) {
    const cell = parseCellId(id);
    if (cell === null || cell.root === 'fields') continue;
    const { root, row, column } = cell;
    const kind = kindOf(placeOf(root, row, before), placeOf(root, row, after));
    if (kind === null || CARRIER[kind] !== column) continue;
    changes.set(`${root}/${row}`, { kind, root, row, change });
  }
  return [...changes.values()];
}

/** The column whose write brought it about. */
const CARRIER = { added: 'position', moved: 'position', removed: 'removed', restored: 'removed' } as const;

interface RowPlace {
  readonly position: CellValue;
  readonly isRemoved: boolean;
}

const placeOf = (root: RowRoot, row: string, read: Reader): RowPlace => ({
  position: read(rowCell(root, row, 'position')),
  isRemoved: read(rowCell(root, row, 'removed')) === true,
});

const isOn = ({ position, isRemoved }: RowPlace): boolean => position !== null && !isRemoved;

function kindOf(before: RowPlace, after: RowPlace): RowChange['kind'] | null {
  if (isOn(before) && isOn(after)) return before.position === after.position ? null : 'moved';
  if (isOn(after)) return before.position === null ? 'added' : 'restored';
  return isOn(before) ? 'removed' : null;
}
