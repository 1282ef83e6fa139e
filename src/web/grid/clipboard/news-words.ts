import { formatAmount } from '../../../quote/format-amount.ts';
import type { ClipboardNews } from './clipboard-news.ts';
import { formatTsv } from './format-tsv.ts';
import type { LeftOut } from './left-out.ts';

type Done = Extract<ClipboardNews, { kind: 'done' }>;

const VERBS = { pasted: 'Pasted', filled: 'Filled', emptied: 'Emptied' } as const;

/** "Pasted 200 lines." */
export const doneWords = ({ what, lineCount }: Done): string => `${VERBS[what]} ${count(lineCount, 'line')}.`;

/** "3 values were left out."; null where none was. */
export function leftOutWords({ leftOut }: Done): string | null {
  if (leftOut.length === 0) return null;
  return leftOut.length === 1 ? '1 value was left out.' : `${count(leftOut.length, 'value')} were left out.`;
}

/** Whether it goes away by itself, since there is nothing to do about it. */
export const isPassing = (news: ClipboardNews): boolean => news.kind === 'done' && news.leftOut.length === 0;

/** Where it was meant to go: "Line 12, Discount". */
export const placeWords = ({ line, column }: LeftOut): string =>
  line === null ? column : column === '' ? `Line ${line}` : `Line ${line}, ${column}`;

/** "1,234 (thousands)" or "1.234 (with decimals)": of the two readings of a number one has decimals. */
export const readingWords = (reading: string, locale?: string): string =>
  `${formatAmount(reading, locale)} (${reading.includes('.') ? 'with decimals' : 'thousands'})`;

/** What was left out, to paste it into a spreadsheet and mend it there. */
export const leftOutTable = (leftOut: readonly LeftOut[]): string =>
  formatTsv([
    ['Line', 'Column', 'Value', 'Why'],
    ...leftOut.map(({ line, column, text, why }) => [line === null ? '' : String(line), column, text, why]),
  ]);

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;
