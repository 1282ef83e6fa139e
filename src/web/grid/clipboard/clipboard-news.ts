import type { QuoteClient } from '../../../client/connect-quote.ts';
import { parseCellId, rowCell } from '../../../quote/cell.ts';
import type { DecimalSign } from '../../../quote/import-result.ts';
import type { Refused } from '../../../wire/messages.ts';
import { verdictWords } from '../../cell/verdict-words.ts';
import { columnTitle } from '../../../quote/column-titles.ts';
import { formatCellText } from './format-cell-text.ts';
import type { LeftOut } from './left-out.ts';
import { type Written, isWritten } from './paste-text.ts';

/**
 * What is to be told of the newest paste or fill, in one place: what was left out at once, and what the server refused
 * of it since, are one list. The next paste replaces it.
 */
export type ClipboardNews =
  | { readonly kind: 'none' }
  /** Nothing was done. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** How is `text` to be read? */
  | {
      readonly kind: 'question';
      readonly text: string;
      readonly readings: Readonly<Record<DecimalSign, string | null>>;
      readonly answer: (decimal: DecimalSign) => void;
    }
  | {
      readonly kind: 'done';
      readonly what: 'pasted' | 'filled' | 'emptied';
      readonly lineCount: number;
      readonly leftOut: readonly LeftOut[];
    };

export interface ClipboardNewsStore {
  /** The same object until it changes. */
  read(): ClipboardNews;
  observe(listener: () => void): () => void;
  tell(news: ClipboardNews, written?: Written): void;
  dismiss(): void;
  /** Hears what the server says, until the returned function is called. */
  follow(): () => void;
}

const NONE: ClipboardNews = { kind: 'none' };

export function createClipboardNews(quote: Pick<QuoteClient, 'on' | 'rowIds'>): ClipboardNewsStore {
  const listeners = new Set<() => void>();
  let news = NONE;
  let told = NONE;
  let written: Written | null = null;

  function become(next: ClipboardNews): void {
    news = next;
    for (const listener of [...listeners]) listener();
  }

  function hear(event: Refused): void {
    if (told.kind !== 'done' || written === null) return;
    const ours = written;
    const refused = event.writes.filter(({ cell }) => isWritten(ours, cell));
    if (refused.length === 0) return;
    const lineOf = lineNumbers(quote, ours);
    told = {
      ...told,
      leftOut: [...told.leftOut, ...refused.map((write) => leftOutOf(write, event, lineOf))],
    };
    become(told);
  }

  return {
    read: () => news,
    observe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    tell(next, what) {
      told = next;
      written = what ?? null;
      become(isWorthTelling(next) ? next : NONE);
    },
    dismiss: () => become(NONE),
    follow: () => quote.on('refused', hear),
  };
}

/** What went well and can be seen at a glance needs no words. */
const isWorthTelling = (news: ClipboardNews): boolean =>
  news.kind !== 'done' || news.leftOut.length > 0 || (news.what === 'pasted' && news.lineCount > 1);

/** The number of a line as it is now; that of a new line as it was meant to be. */
function lineNumbers(
  quote: Pick<QuoteClient, 'rowIds'>,
  { newLines }: Written,
): (row: string) => number | null {
  const now = new Map(quote.rowIds('lineItems').map((row, index) => [row, index + 1]));
  return (row) => now.get(row) ?? newLines.get(row) ?? null;
}

function leftOutOf(
  write: Refused['writes'][number],
  { revision }: Refused,
  lineOf: (row: string) => number | null,
): LeftOut {
  const cell = parseCellId(write.cell);
  const { happened } = verdictWords({ kind: 'refused', revision, at: 0, ...write });
  const isWholeLine = cell?.column === 'position';
  const text = typeof write.offered === 'string' || typeof write.offered === 'boolean' ? write.offered : null;
  return {
    line: cell === null || cell.row === null ? null : lineOf(cell.row),
    column: cell === null ? '' : isWholeLine ? 'The whole line' : columnTitle(cell.root, cell.column),
    text: isWholeLine || cell === null ? '' : formatCellText(cell.column, text),
    why: happened,
    ...(cell?.root === 'lineItems' && !isWholeLine && { cell: rowCell('lineItems', cell.row, cell.column) }),
  };
}
