import type { CellValue, Row, Write } from '../../client/connect-quote.ts';
import { findPositions } from '../../client/row-positions.ts';
import { rowCell } from '../../quote/cell.ts';
import type { PlannedRow } from './row-plan.ts';

/** Where lines are taken to: after which one (null: to the top), and into which group. */
export interface LinePlace {
  readonly after: string | null;
  /** Empty for none. */
  readonly group: string;
}

/**
 * The writes that put lines, in the order given, behind another: one step of undo however many they are. Lines that came
 * to share a position (two people added at once) are passed, not split. None where no place is left there.
 */
export function moveWrites(
  lines: readonly Row[],
  ids: readonly string[],
  place: LinePlace,
): readonly Write[] {
  const others = lines.filter(({ id }) => !ids.includes(id));
  const at = others.findIndex(({ id }) => id === place.after);
  const stays = isInPlace(lines, ids, others[at]?.id ?? null);
  const positions = stays ? [] : findPositions(others.map(positionOf), at + 1, ids.length);
  if (positions === null) return [];
  return ids.flatMap((id, index) => {
    const position = positions[index];
    const group = groupOf(lines.find((line) => line.id === id));
    return [
      ...(position === undefined ? [] : [{ cell: rowCell('lineItems', id, 'position'), value: position }]),
      ...(group === place.group
        ? []
        : [{ cell: rowCell('lineItems', id, 'group'), value: place.group === '' ? null : place.group }]),
    ];
  });
}

/**
 * Where lines come to stand that are let go before the planned row of this index: behind the line that is shown above it
 * and is not one of them, in the group that they are shown in.
 */
export function placeBefore(plan: readonly PlannedRow[], index: number, ids: readonly string[]): LinePlace {
  const above = plan.slice(0, index);
  const line = above.findLast((row) => row.kind === 'line' && !ids.includes(row.id));
  const heading = above.findLast((row) => row.kind === 'group');
  return {
    after: line?.kind === 'line' ? line.id : null,
    group: heading?.kind === 'group' ? heading.name : '',
  };
}

function isInPlace(lines: readonly Row[], ids: readonly string[], after: string | null): boolean {
  const from = after === null ? 0 : lines.findIndex(({ id }) => id === after) + 1;
  return ids.every((id, index) => lines[from + index]?.id === id);
}

const positionOf = (row: Row | undefined): string => String(row?.cells['position']);

export function groupOf(row: Row | undefined): string {
  const group: CellValue | undefined = row?.cells['group'];
  return typeof group === 'string' ? group.trim() : '';
}
