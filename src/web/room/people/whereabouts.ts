import type { OwnPresence } from '../../../client/connect-quote.ts';
import { parseCellId, parseNoteRootName } from '../../../quote/cell.ts';

/**
 * What a person does in the quote right now: "editing Discount of Roller 80", "viewing", "idle since 14:02". Their client says
 * where they are, in whatever words: only of what is a cell anything is said. `since` is when they last did something.
 */
export function whereabouts(
  { status, editing, cell }: OwnPresence,
  cellName: (cell: string) => string,
  since: string | null = null,
): string {
  if (status === 'away' || status === 'idle') return since === null ? status : `${status} since ${since}`;
  if (isCell(editing)) return `editing ${cellName(editing)}`;
  if (!isCell(cell)) return 'viewing';
  return cell.startsWith('note/') ? 'writing a note' : `at ${cellName(cell)}`;
}

/** Where a click on a person leads. */
export const placeOf = ({ editing, cell }: OwnPresence): string | null => editing ?? cell ?? null;

const isCell = (place: string | null | undefined): place is string =>
  typeof place === 'string' && (parseCellId(place) !== null || parseNoteRootName(place) !== null);
