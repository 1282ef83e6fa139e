import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTsv } from '../../../src/web/grid/clipboard/format-tsv.ts';
import { parseTsv } from '../../../src/web/grid/clipboard/parse-tsv.ts';

describe('a block of cells as text', () => {
  test('as Excel writes it: CRLF at each end, quoted where a cell has a line break', () => {
    const text = 'SKU\tName\r\nA-1\t"Seat\nwith ""arms"""\r\n\tlast\r\n';
    expect(parseTsv(text)).toEqual([
      ['SKU', 'Name'],
      ['A-1', 'Seat\nwith "arms"'],
      ['', 'last'],
    ]);
  });

  test('as Sheets and LibreOffice write it: LF, none at the end', () => {
    expect(parseTsv('1\t2\n3\t4')).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('quotes that do not enclose a cell are part of it', () => {
    expect(parseTsv('12" pipe\t"A" grade\t"open\t5"')).toEqual([['12" pipe', '"A" grade', 'open\t5']]);
    expect(parseTsv('"never closed\tB\nC')).toEqual([['"never closed', 'B'], ['C']]);
  });

  test('a line break inside a cell is one, however it was written', () => {
    expect(parseTsv('"a\r\nb\rc"\td')).toEqual([['a\nb\nc', 'd']]);
  });

  test('nothing is no block, and empty cells stay', () => {
    expect(parseTsv('')).toEqual([]);
    expect(parseTsv('\n')).toEqual([['']]);
    expect(parseTsv('\t\n\n')).toEqual([['', ''], ['']]);
  });

  test('only what must be quoted is', () => {
    expect(formatTsv([['12" pipe', 'two\nlines', '"A"', 'tab\there']])).toBe(
      '12" pipe\t"two\nlines"\t"""A"""\t"tab\there"',
    );
  });

  test('what is written is read back', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', '\t', '\n', ' ', '1', 'ä') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        expect(parseTsv(formatTsv(rows))).toEqual(rows);
        expect(
          parseTsv(formatTsv(rows.map((row) => row.map((text) => text.replaceAll('\n', '\r\n'))))),
        ).toEqual(rows);
      }),
    );
  });
});
