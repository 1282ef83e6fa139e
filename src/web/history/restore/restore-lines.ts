import type { RestorePreview } from '../../../client/carry-out-restore.ts';
import type { Foreseen } from '../../../client/foresight.ts';
import { type RowRoot, noteRootName, parseCellId } from '../../../quote/cell.ts';
import { type Describing, valueText } from '../../room/panel/feed-line.ts';
import { rowTitle } from '../../room/panel/row-words.ts';
import { cellTitle } from '../../../quote/column-titles.ts';

/** One thing that a restore would do, in words. */
export interface RestoreLine {
  /** The cell, or `note/<id>` for the text of a note. */
  readonly key: string;
  /** "Discount of Roller", "Brings back Belt" */
  readonly text: string;
  /** Both values, of a cell or a text. */
  readonly values: { readonly before: string; readonly after: string } | null;
  /** Why it would be refused; null where nothing is in the way. */
  readonly refusal: string | null;
}

/** In the order of the plan: rows come back, go and move as rows, all else is a cell or a text with both values. */
export function restoreLines(
  { steps, texts }: RestorePreview,
  describing: Describing,
): readonly RestoreLine[] {
  return [
    ...steps.map(({ cell, from, to, foreseen }): RestoreLine => {
      const deed = rowDeed(cell, { from, to }, describing);
      return {
        key: cell,
        text: deed ?? cellWords(cell, describing),
        values:
          deed === null
            ? {
                before: valueText(cell, from, describing.locale),
                after: valueText(cell, to, describing.locale),
              }
            : null,
        refusal: refusalOf(foreseen),
      };
    }),
    ...texts.map(({ note, from, to, foreseen }): RestoreLine => {
      const key = noteRootName(note);
      return {
        key,
        text: cellWords(key, describing),
        values: { before: valueText(key, from), after: valueText(key, to) },
        refusal: refusalOf(foreseen),
      };
    }),
  ];
}

/** "Discount of Roller"; "Text of the note by Dana" for `note/<id>`. */
export function cellWords(cell: string, { rowName }: Describing): string {
  const note = cell.startsWith(NOTE_TEXT) ? cell.slice(NOTE_TEXT.length) : null;
  return note === null
    ? cellTitle(cell, (root, row) => rowTitle(root as RowRoot, row, rowName))
    : `Text of ${rowTitle('notes', note, rowName)}`;
}

const NOTE_TEXT = noteRootName('');

function rowDeed(
  cell: string,
  { from, to }: { readonly from: unknown; readonly to: unknown },
  { rowName }: Describing,
): string | null {
  const parsed = parseCellId(cell);
  if (parsed === null || parsed.row === null) return null;
  const title = rowTitle(parsed.root, parsed.row, rowName);
  if (parsed.column === 'removed') return to === true ? `Removes ${title}` : `Brings back ${title}`;
  if (parsed.column !== 'position') return null;
  return from === null ? `Brings back ${title}` : `Moves ${title} to its old place`;
}

const refusalOf = (foreseen: Foreseen): string | null => (foreseen.kind === 'open' ? null : foreseen.message);
