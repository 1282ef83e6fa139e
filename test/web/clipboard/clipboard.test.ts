import { type ClipboardEvent } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import type { QuoteClient } from '../../../src/client/connect-quote.ts';
import type { Refused } from '../../../src/wire/messages.ts';
import { createClipboardNews } from '../../../src/web/grid/clipboard/clipboard-news.ts';
import { leftOutTable } from '../../../src/web/grid/clipboard/news-words.ts';
import { createGridClipboard } from '../../../src/web/grid/clipboard/use-clipboard.ts';
import { type GridPoint, type GridSelection, NEW_ROW, selectCell } from '../../../src/web/grid/selection.ts';
import { openIdleQuote } from './idle-quote.ts';

const opened: QuoteClient[] = [];
afterEach(() => {
  for (const quote of opened.splice(0)) quote.destroy();
});

const COLUMNS = ['sku', 'name', 'quantity', 'unitPrice', 'net'];

/** A grid that shows every line, with a clipboard of its own. */
function createGrid() {
  const quote = openIdleQuote();
  opened.push(quote);
  let selection: GridSelection = selectCell({ row: NEW_ROW, column: 'sku' });
  let refuse: (event: Refused) => void = () => undefined;
  const news = createClipboardNews({
    rowIds: quote.rowIds,
    on: (_name, listener) => {
      refuse = listener as never;
      return () => undefined;
    },
  });
  news.follow();
  const clipboard = createGridClipboard(quote, news, () => ({
    axes: { rows: [...quote.rowIds('lineItems'), NEW_ROW], columns: COLUMNS },
    selection,
  }));
  const held = new Map<string, string>();
  const clipboardData = {
    getData: (type: string) => held.get(type) ?? '',
    setData: (type: string, text: string) => void held.set(type, text),
  };
  const event = { clipboardData, preventDefault: () => undefined } as unknown as ClipboardEvent;
  return {
    quote,
    news,
    clipboard,
    event,
    held,
    refuse: (event: Refused) => refuse(event),
    select: (anchor: GridPoint, head = anchor) => void (selection = { anchor, head }),
    paste(text: string): void {
      held.clear();
      held.set('text/plain', text);
      clipboard.onPaste(event);
    },
    lines: () =>
      quote.snapshot().lineItems.map(({ cells }) => [cells['sku'], cells['name'], cells['quantity']]),
  };
}

describe('the clipboard of the grid', () => {
  test('pastes lines in one step of undo, and says so', () => {
    const grid = createGrid();
    grid.paste('A\tSeat\t2\r\nB\tBed\t3\r\n');
    expect(grid.lines()).toEqual([
      ['A', 'Seat', '2'],
      ['B', 'Bed', '3'],
    ]);
    expect(grid.news.read()).toMatchObject({ kind: 'done', what: 'pasted', lineCount: 2, leftOut: [] });
    grid.quote.undo();
    expect(grid.lines()).toEqual([]);
  });

  test('over lines and past the end it is still one step', () => {
    const grid = createGrid();
    grid.paste('A\tSeat\t1');
    expect(grid.news.read()).toEqual({ kind: 'none' });
    grid.select({ row: 'l1', column: 'sku' });
    grid.paste('X\tSofa\t9\nY\tDesk\t8');
    expect(grid.lines()).toEqual([
      ['X', 'Sofa', '9'],
      ['Y', 'Desk', '8'],
    ]);
    grid.quote.undo();
    expect(grid.lines()).toEqual([['A', 'Seat', '1']]);
  });

  test('what was copied is pasted the same, whatever it could be read as', () => {
    const grid = createGrid();
    grid.paste('=1+1\t12" pipe\t1.234\t2\nB\t"two\nlines"\t0.5\t3');
    grid.select({ row: 'l1', column: 'sku' }, { row: 'l2', column: 'net' });
    grid.clipboard.onCopy(grid.event);
    expect(grid.held.get('text/plain')).toBe(
      `'=1+1\t12" pipe\t1.234\t2\t2.47\nB\t"two\nlines"\t0.5\t3\t1.50`,
    );
    grid.select({ row: NEW_ROW, column: 'sku' });
    grid.clipboard.onPaste(grid.event);
    const [first, second, ...again] = grid.lines();
    expect(again).toEqual([first, second]);
    expect(first).toEqual(['=1+1', '12" pipe', '1.234']);
  });

  test('a table pasted on the page becomes new lines at the end; mere text does not', () => {
    const grid = createGrid();
    grid.paste('A\tSeat\t1');
    const pasteAtEnd = (text: string): void => {
      grid.held.set('text/plain', text);
      const axes = { rows: [...grid.quote.rowIds('lineItems'), NEW_ROW], columns: COLUMNS };
      grid.clipboard.pasteAtEnd(grid.event, axes);
    };
    grid.select({ row: 'l1', column: 'sku' });
    pasteAtEnd('just a word');
    pasteAtEnd('B\tSofa\t2');
    pasteAtEnd('Desk\nLamp');
    expect(grid.lines()).toEqual([
      ['A', 'Seat', '1'],
      ['B', 'Sofa', '2'],
      [undefined, 'Desk', undefined],
      [undefined, 'Lamp', undefined],
    ]);
  });

  test('cut copies and empties, in one step', () => {
    const grid = createGrid();
    grid.paste('A\tSeat\t1');
    grid.select({ row: 'l1', column: 'sku' }, { row: 'l1', column: 'name' });
    grid.clipboard.onCut(grid.event);
    expect(grid.held.get('text/plain')).toBe('A\tSeat');
    expect(grid.lines()).toEqual([[undefined, undefined, '1']]);
    grid.quote.undo();
    expect(grid.lines()).toEqual([['A', 'Seat', '1']]);
  });

  test('fills down from the first line, or from the one above', () => {
    const grid = createGrid();
    grid.paste('A\t\t1\nB\t\t2\nC\t\t3');
    grid.select({ row: 'l1', column: 'quantity' }, { row: 'l3', column: 'quantity' });
    grid.clipboard.fillDown();
    expect(grid.lines().map((line) => line[2])).toEqual(['1', '1', '1']);
    grid.select({ row: 'l2', column: 'sku' });
    grid.clipboard.fillDown();
    expect(grid.lines().map((line) => line[0])).toEqual(['A', 'A', 'C']);
    grid.quote.undo();
    grid.quote.undo();
    expect(grid.lines().map((line) => line[2])).toEqual(['1', '2', '3']);
  });

  test('asks once what an unclear number means, and pastes by the answer', () => {
    const grid = createGrid();
    grid.select({ row: NEW_ROW, column: 'quantity' });
    grid.paste('1.234\t2.000\n3.000\t4');
    expect(grid.lines()).toEqual([]);
    const question = grid.news.read();
    expect(question).toMatchObject({ kind: 'question', text: '1.234' });
    if (question.kind === 'question') question.answer(',');
    expect(
      grid.quote.snapshot().lineItems.map(({ cells }) => [cells['quantity'], cells['unitPrice']]),
    ).toEqual([
      ['1234', '2000'],
      ['3000', '4'],
    ]);
  });
});

describe('news', () => {
  const by = { id: 'dana', name: 'Dana', role: 'vp_sales' as const };
  const refused = (cell: string, offered: string): Refused => ({
    type: 'refused',
    revision: 5,
    writes: [{ cell, reason: 'authority_overridden', by, kept: '1', offered }],
  });

  test('what the server refused joins the list, also after it was dismissed', () => {
    const grid = createGrid();
    grid.paste('A\tSeat\tmany\nB\tBed\t3');
    expect(grid.news.read()).toMatchObject({ leftOut: [{ line: 1, column: 'Quantity', text: 'many' }] });
    grid.news.dismiss();
    expect(grid.news.read()).toEqual({ kind: 'none' });
    grid.refuse(refused('lineItems/elsewhere/quantity', '9'));
    expect(grid.news.read()).toEqual({ kind: 'none' });
    grid.refuse(refused('lineItems/l2/quantity', '3'));
    const news = grid.news.read();
    expect(news).toMatchObject({
      leftOut: [{ text: 'many' }, { line: 2, column: 'Quantity', text: '3', cell: 'lineItems/l2/quantity' }],
    });
    expect(news.kind === 'done' && leftOutTable(news.leftOut)).toBe(
      'Line\tColumn\tValue\tWhy\n1\tQuantity\tmany\t"""many"" is not a number."\n' +
        '2\tQuantity\t3\tDana (VP Sales) set Quantity to 1.',
    );
  });

  test('a line that the server did not take is one entry', () => {
    const grid = createGrid();
    grid.paste('A\tSeat\nB\tBed');
    grid.refuse({
      type: 'refused',
      revision: 5,
      writes: [
        {
          cell: 'lineItems/l2/position',
          reason: 'invalid_value',
          kept: null,
          offered: 'a1',
          message: 'full',
        },
      ],
    });
    expect(grid.news.read()).toMatchObject({ leftOut: [{ line: 2, column: 'The whole line', text: '' }] });
  });
});
