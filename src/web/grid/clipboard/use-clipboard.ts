import { type ClipboardEvent, useEffect, useMemo } from 'react';
import type { QuoteClient } from '../../../client/connect-quote.ts';
import type { DecimalSign } from '../../../quote/import-result.ts';
import { useQuote } from '../../room/use-room.ts';
import { type GridAxes, NEW_ROW, rangeOf, selectCell } from '../selection.ts';
import { type ClipboardNewsStore, createClipboardNews } from './clipboard-news.ts';
import { copyRange } from './copy-range.ts';
import { decimalSignOfLocale } from './decimal-sign.ts';
import { parseTsv } from './parse-tsv.ts';
import { type GridPlace, pasteText } from './paste-text.ts';
import { type FillPlan, planClear, planFillDown } from './plan-fill.ts';

/** Copy, cut, paste, fill and empty, for the grid: each acts on what is selected when it is called. */
export interface GridClipboard {
  onCopy(event: ClipboardEvent): void;
  onCut(event: ClipboardEvent): void;
  onPaste(event: PasteEvent): void;
  /** As new lines, where nothing is selected; only a table, several columns or rows. */
  pasteAtEnd(event: PasteEvent, axes: GridAxes): void;
  fillDown(): void;
  clear(): void;
  /** For `PasteSummary`. */
  readonly news: ClipboardNewsStore;
}

/** The page's own event, or React's. */
export interface PasteEvent extends Pick<Event, 'preventDefault'> {
  readonly clipboardData: Pick<DataTransfer, 'getData'> | null;
}

/** Rides along with a copy: how its numbers are written, so that pasting it here again asks nothing. */
const DECIMAL_TYPE = 'application/x-quoteroom-decimal';

/**
 * `placeOf` gives the selection as it is at that moment, null where none is: then all events are left alone. A text field
 * in the grid must not let its own events rise to here.
 */
export function useClipboard(placeOf: () => GridPlace | null): GridClipboard {
  const quote = useQuote();
  const news = useMemo(() => createClipboardNews(quote), [quote]);
  useEffect(() => news.follow(), [news]);
  return createGridClipboard(quote, news, placeOf);
}

export function createGridClipboard(
  quote: QuoteClient,
  news: ClipboardNewsStore,
  placeOf: () => GridPlace | null,
): GridClipboard {
  function paste(text: string, place: GridPlace, decimal?: DecimalSign): void {
    const outcome = pasteText(quote, { ...place, text, decimal });
    switch (outcome.kind) {
      case 'pasted':
        return news.tell({ ...outcome, kind: 'done', what: 'pasted' }, outcome.written);
      case 'ambiguous':
        return news.tell({ ...outcome, kind: 'question', answer: (sign) => paste(text, place, sign) });
      case 'nothing':
        return news.tell(outcome);
    }
  }

  function take(event: PasteEvent, place: GridPlace): void {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text === '') return;
    event.preventDefault();
    const sign = event.clipboardData?.getData(DECIMAL_TYPE);
    paste(text, place, sign === '.' || sign === ',' ? sign : undefined);
  }

  function copy(event: ClipboardEvent): boolean {
    const place = placeOf();
    if (place === null) return false;
    const range = rangeOf(place.selection, place.axes);
    if (range.rows.length === 0) return false;
    event.preventDefault();
    event.clipboardData.setData('text/plain', copyRange(quote, range));
    event.clipboardData.setData(DECIMAL_TYPE, decimalSignOfLocale());
    return true;
  }

  function carryOut(what: 'filled' | 'emptied', { writes, leftOut }: FillPlan): void {
    const set = quote.setCells(writes);
    if (!set.ok) return news.tell({ kind: 'nothing', why: set.reason });
    const cells = new Set(writes.map(({ cell }) => cell));
    const lineCount = new Set(writes.map(({ cell }) => cell.split('/')[1])).size;
    news.tell({ kind: 'done', what, lineCount, leftOut }, { cells, newLines: new Map() });
  }

  function clear(): void {
    const place = placeOf();
    if (place !== null) carryOut('emptied', planClear({ ...place, ...reading(quote) }));
  }

  return {
    news,
    onCopy: (event) => void copy(event),
    onCut(event) {
      if (copy(event)) clear();
    },
    onPaste(event) {
      const place = placeOf();
      if (place !== null) take(event, place);
    },
    pasteAtEnd(event, axes) {
      const block = parseTsv(event.clipboardData?.getData('text/plain') ?? '');
      const isWide = block.some((row) => row.length > 1);
      const column = isWide || !axes.columns.includes('name') ? axes.columns[0] : 'name';
      if (column === undefined || !(isWide || block.length > 1)) return;
      take(event, { axes, selection: selectCell({ row: NEW_ROW, column }) });
    },
    fillDown() {
      const place = placeOf();
      if (place !== null) carryOut('filled', planFillDown({ ...place, ...reading(quote) }));
    },
    clear,
  };
}

const reading = ({
  readCell,
  foresight,
}: QuoteClient): Pick<QuoteClient, 'readCell'> & Pick<QuoteClient['foresight'], 'ask'> => ({
  readCell,
  ask: foresight.ask,
});
