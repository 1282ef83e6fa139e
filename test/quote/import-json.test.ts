import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/lib/limits.ts';
import { importJson } from '../../src/quote/import-json.ts';

describe('importJson', () => {
  it('reads a quote, also behind a byte order mark', () => {
    expect(
      importJson('\u{feff}{ "fields": { "title": "Rollout" }, "lineItems": [{ "quantity": 2 }] }'),
    ).toEqual({
      ok: true,
      value: {
        quote: {
          fields: { title: 'Rollout' },
          lineItems: [{ cells: { quantity: '2' } }],
          discounts: [],
          notes: [],
        },
        ignoredColumns: [],
        decimal: '.',
      },
    });
  });

  it.each([
    ['', null, 'the file is empty'],
    [' \n', null, 'the file is empty'],
    ['{\n  "fields": {\n    "title" "x" } }', 3, 'this is not JSON: '],
    ['{\n "fields": "\u{fffd}"\n}', 2, 'the file is not UTF-8 here; save it again as UTF-8'],
    ['[]', null, 'Invalid input: expected object, received array'],
  ])('says what is wrong with %j', (text, line, message) => {
    const result = importJson(text);
    expect(result.ok ? [] : result.reason).toEqual([{ line, message: expect.stringContaining(message) }]);
  });

  it('refuses a file over the limit', () => {
    const limits = { ...defaultLimits, httpBodyBytes: 10 };
    expect(importJson('{"fields":{}}', { limits })).toEqual({
      ok: false,
      reason: [{ line: null, message: 'the file is larger than 10 bytes; split it into several quotes' }],
    });
  });

  it('reports what the importer may not set like any other problem', () => {
    const text = JSON.stringify({
      fields: { status: 'approved' },
      discounts: [{ value: 15 }, { kind: 'amount', value: 500 }],
    });
    const result = importJson(text, {
      mayWrite(cell, value, cells) {
        if (cell === 'fields/status' && value !== 'draft') return 'needs sales_manager';
        if (!cell.endsWith('/value')) return null;
        const isPercent = [...cells].every(
          ([other, kind]) => other !== cell.replace('value', 'kind') || kind === 'percent',
        );
        return isPercent && Number(value) > 10 ? 'at most 10 for sales_rep' : null;
      },
    });
    expect(result).toEqual({
      ok: false,
      reason: [
        { line: null, cell: 'fields.status', message: 'needs sales_manager' },
        { line: null, cell: 'discounts[0].value', message: 'at most 10 for sales_rep' },
      ],
    });
  });
});
