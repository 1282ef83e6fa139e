import type { OwnPresence } from '../../../client/connect-quote.ts';

/** What a person does in the quote right now: "editing Discount of Roller 80", "viewing", "idle". */
export function whereabouts(
  { status, editing, cell }: OwnPresence,
  cellName: (cell: string) => string,
): string {
  if (status === 'away' || status === 'idle') return status;
  if (typeof editing === 'string') return `editing ${cellName(editing)}`;
  if (typeof cell !== 'string') return 'viewing';
  return cell.startsWith('note/') ? 'writing a note' : `at ${cellName(cell)}`;
}

/** Where a click on a person leads. */
export const placeOf = ({ editing, cell }: OwnPresence): string | null => editing ?? cell ?? null;
