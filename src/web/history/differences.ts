import type { RowRoot } from '../../quote/cell.ts';
import { parseCellId, rowCell } from '../../quote/cell.ts';
import type { ChangeJson, DiffJson } from '../../wire/audit-schemas.ts';
import { type Describing, valueText } from '../room/panel/feed-line.ts';
import { rowTitle } from '../room/panel/row-words.ts';
import { cellTitle } from '../../quote/column-titles.ts';
import { ROW_DEEDS } from './tint-words.ts';

/** One thing that is different between two points, in words. */
export interface Difference {
  readonly key: string;
  /** "Discount of Roller", "Removed Belt" */
  readonly text: string;
  /** Both values, of a cell. */
  readonly values: { readonly before: string; readonly after: string } | null;
  /** The last one who had a hand in it. */
  readonly change: ChangeJson;
  /** Where it is to be seen in the grid; null where it stands elsewhere. */
  readonly cell: string | null;
}

/** Rows first, then cells, then texts: all in the order of the quote. Cells of a row that came or went are told as the row. */
export function differencesOf(diff: DiffJson, { rowName, locale }: Describing): readonly Difference[] {
  const whole = new Set(
    diff.rows
      .filter(({ kind }) => kind === 'added' || kind === 'removed')
      .map(({ root, row }) => `${root}/${row}`),
  );
  const rows = diff.rows.map(({ kind, root, row, change }): Difference => ({
    key: `${kind} ${root}/${row}`,
    text: `${ROW_DEEDS[kind]} ${rowTitle(root, row, rowName)}`,
    values: null,
    change,
    cell: root === 'lineItems' ? rowCell(root, row, 'name') : null,
  }));
  const cells = diff.cells.flatMap(({ cell, before, after, change, isSeen }): Difference[] => {
    const parsed = parseCellId(cell);
    if (parsed === null || !isSeen) return [];
    const isOfRow = parsed.row !== null && (parsed.column === 'position' || parsed.column === 'removed');
    if (isOfRow || whole.has(`${parsed.root}/${parsed.row}`)) return [];
    return [
      {
        key: cell,
        text: cellTitle(cell, (root, row) => rowTitle(root as RowRoot, row, rowName)),
        values: { before: valueText(cell, before, locale), after: valueText(cell, after, locale) },
        change,
        cell: parsed.root === 'lineItems' ? cell : null,
      },
    ];
  });
  const notes = diff.notes
    .filter(({ note }) => !whole.has(`notes/${note}`))
    .map(({ note, change }): Difference => ({
      key: `note/${note}`,
      text: `Text of ${rowTitle('notes', note, rowName)}`,
      values: null,
      change,
      cell: null,
    }));
  return [...rows, ...cells, ...notes];
}
