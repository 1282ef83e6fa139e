import { listOfFirst } from '../../words/list-of.ts';

/** What an undo left alone, as others have changed it since; null where it left nothing. */
export function skippedWords(cells: readonly string[]): string | null {
  if (cells.length === 0) return null;
  return `${listOfFirst(cells)}: left as ${cells.length === 1 ? 'it is' : 'they are'}, changed by someone since.`;
}
