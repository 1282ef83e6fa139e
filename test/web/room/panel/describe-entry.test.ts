import { describe, expect, it } from 'vitest';
import { describeEntry } from '../../../../src/web/room/panel/describe-entry.ts';
import type { FeedEntry, FeedWrite } from '../../../../src/web/room/panel/feed-entry.ts';
import type { FeedLine } from '../../../../src/web/room/panel/feed-line.ts';

const dana = { id: 'dana', name: 'Dana', role: 'vp_sales' } as const;
const rita = { id: 'rita', name: 'Rita', role: 'sales_rep' } as const;

const names: Readonly<Record<string, string>> = {
  'lineItems/l1': 'Roller 80 x 1200 mm',
  'discounts/d1': 'Spring offer',
  'notes/n1': 'Dana',
};

const entryOf = (writes: readonly FeedWrite[], more: Partial<FeedEntry> = {}): FeedEntry => ({
  seq: 7,
  at: 0,
  user: rita,
  origin: 'browser',
  writes,
  notes: [],
  ...more,
});

const write = (cell: string, before: FeedWrite['before'], applied: FeedWrite['before']): FeedWrite => ({
  cell,
  operation: before === null ? 'insert' : 'update',
  before,
  applied,
});

const refusal = (
  cell: string,
  { kept, ...more }: Pick<FeedWrite, 'offered' | 'reason' | 'by'> & { readonly kept: FeedWrite['applied'] },
): FeedWrite => ({ cell, operation: 'update', before: kept, applied: kept, ...more });

const linesOf = (entry: FeedEntry, yours?: string): readonly FeedLine[] =>
  describeEntry(entry, {
    rowName: (root, row) => names[`${root}/${row}`] ?? null,
    locale: 'en-US',
    ...(yours !== undefined && { overridden: () => yours }),
  });

/** A line as a reader takes it in. */
const said = ({ kind, text, change, detail }: FeedLine): string =>
  [
    ...(kind === 'done' ? [] : [`(${kind})`]),
    text,
    ...(change === undefined ? [] : [`${change.before} -> ${change.after}`]),
    ...(detail === undefined ? [] : [detail]),
  ].join(' | ');

const rows = (count: number): string[] => Array.from({ length: count }, (_, at) => `r${at}`);

describe('describeEntry', () => {
  it.each<[string, FeedEntry, string[]]>([
    [
      'a changed cell, before and after as people read them',
      entryOf([write('lineItems/l1/discountPercent', '10', '12.5')]),
      ['Discount of Roller 80 x 1200 mm | 10 % -> 12.5 %'],
    ],
    [
      'a day',
      entryOf([write('fields/validUntil', null, '2026-10-01')]),
      ['Valid until | empty -> Oct 1, 2026'],
    ],
    ['a field', entryOf([write('fields/status', 'draft', 'in_review')]), ['Status | Draft -> In review']],
    [
      'a cell that was empty, and one that was cleared',
      entryOf([write('fields/customer', null, 'Acme'), write('fields/contact', 'Ann', null)]),
      ['Customer | empty -> Acme', 'Contact | Ann -> empty'],
    ],
    [
      'an added row as one thing',
      entryOf([
        write('lineItems/l1/position', null, 'a0'),
        write('lineItems/l1/name', null, 'Roller 80 x 1200 mm'),
        write('lineItems/l1/quantity', null, '4'),
      ]),
      ['Added Roller 80 x 1200 mm'],
    ],
    [
      'a row that the quote no longer knows, by what the entry says',
      entryOf([write('lineItems/l9/position', null, 'a0'), write('lineItems/l9/name', null, 'Belt')]),
      ['Added Belt'],
    ],
    [
      'a row without a name',
      entryOf([write('lineItems/l9/position', null, 'a0'), write('notes/n9/position', null, 'a0')]),
      ['Added a line', 'Added a note'],
    ],
    [
      'removed, restored and moved rows',
      entryOf([
        write('lineItems/l1/removed', null, true),
        write('discounts/d1/removed', true, null),
        write('notes/n1/position', 'a0', 'a1'),
      ]),
      ['Removed Roller 80 x 1200 mm', 'Restored the discount Spring offer', 'Moved the note by Dana'],
    ],
    [
      'a row that was added and marked as brought back',
      entryOf([write('lineItems/l1/position', null, 'a0'), write('lineItems/l1/removed', true, null)]),
      ['Added Roller 80 x 1200 mm'],
    ],
    [
      'many rows by their number',
      entryOf(
        rows(120).flatMap((id) => [
          write(`lineItems/${id}/position`, null, 'a0'),
          write(`lineItems/${id}/sku`, null, id),
        ]),
      ),
      ['Added 120 lines'],
    ],
    [
      'the first entry, which made the quote',
      entryOf(
        rows(120).map((id) => write(`lineItems/${id}/position`, null, 'a0')),
        { seq: 1, origin: 'api' },
      ),
      ['Created the quote with 120 lines'],
    ],
    [
      'the first entry of a quote without lines, whatever fields it began with',
      entryOf([write('fields/status', null, 'draft'), write('fields/owner', null, 'rita')], { seq: 1 }),
      ['Created the quote'],
    ],
    [
      'many cells of one column',
      entryOf(rows(40).map((id) => write(`lineItems/${id}/discountPercent`, null, '5'))),
      ['Changed Discount of 40 lines'],
    ],
    ['typing in a note', entryOf([], { notes: ['n1'] }), ['Edited the note by Dana']],
    ['an entry of the log that tells no write', entryOf([]), ['Edited the text of a note']],
    [
      'a refusal with who decided',
      entryOf([
        refusal('lineItems/l1/discountPercent', {
          kept: '12',
          offered: '15',
          reason: 'authority_overridden',
          by: dana,
        }),
      ]),
      ['(refused) | Discount of Roller 80 x 1200 mm | 15 % -> 12 % | Dana (VP Sales) decided here.'],
    ],
    [
      'a refusal by a rule, to somebody who may not see what was offered',
      entryOf([refusal('fields/title', { kept: 'Old', reason: 'locked' })]),
      [
        "(refused) | Title | Rita's value was refused: the quote's status closes this cell to the role Sales rep.",
      ],
    ],
    [
      'a value over a limit, to somebody who may not see it',
      entryOf([refusal('lineItems/l1/discountPercent', { kept: '5', reason: 'not_permitted' })]),
      [
        "(refused) | Discount of Roller 80 x 1200 mm | Rita's value was refused: over the limit of the role Sales rep.",
      ],
    ],
    [
      'a value that lost to a person, to somebody who may not see it',
      entryOf([refusal('fields/title', { kept: 'Old', reason: 'authority_overridden', by: dana })]),
      ["(refused) | Title | Rita's value was refused: Dana (VP Sales) decided here."],
    ],
    [
      'a value that waits behind an equal',
      entryOf([refusal('fields/title', { kept: 'Old', offered: 'New', reason: 'held', by: rita })]),
      ['(held) | Title | New -> Old | Rita (Sales rep) was first; it waited for a person to choose.'],
    ],
    [
      'what was offered being nothing a cell can hold',
      entryOf([refusal('fields/title', { kept: null, offered: { a: 1 }, reason: 'invalid_value' })]),
      ['(refused) | Title | {"a":1} -> empty | The cell does not take such a value, or the quote is full.'],
    ],
    [
      'refused rows and texts in words',
      entryOf([
        refusal('lineItems/l1/removed', {
          kept: null,
          offered: true,
          reason: 'authority_overridden',
          by: dana,
        }),
        refusal('discounts/d1/removed', {
          kept: true,
          offered: null,
          reason: 'authority_overridden',
          by: dana,
        }),
        refusal('lineItems/l1/position', {
          kept: 'a0',
          offered: 'a1',
          reason: 'authority_overridden',
          by: dana,
        }),
        refusal('note/n1', { kept: null, reason: 'authority_overridden', by: dana }),
      ]),
      [
        '(refused) | Could not remove Roller 80 x 1200 mm | Dana (VP Sales) decided here.',
        '(refused) | Could not restore the discount Spring offer | Dana (VP Sales) decided here.',
        '(refused) | Could not move Roller 80 x 1200 mm | Dana (VP Sales) decided here.',
        '(refused) | Could not edit the note by Dana | Dana (VP Sales) decided here.',
      ],
    ],
    [
      'a row that could not be added, once',
      entryOf([
        refusal('lineItems/l9/position', { kept: null, offered: 'a0', reason: 'invalid_value' }),
        refusal('lineItems/l9/name', { kept: null, offered: 'Belt', reason: 'invalid_value' }),
      ]),
      ['(refused) | Could not add a line | The cell does not take such a value, or the quote is full.'],
    ],
    [
      'many refusals with one reason',
      entryOf(
        rows(40).map((id) =>
          refusal(`lineItems/${id}/quantity`, { kept: '1', offered: '2', reason: 'not_permitted' }),
        ),
      ),
      ['(refused) | 40 changes were refused | The permission or the role Sales rep does not allow it.'],
    ],
  ])('says %s', (_, entry, expected) => {
    expect(linesOf(entry).map(said)).toEqual(expected);
  });

  it('tells whose write it put aside', () => {
    const [line] = linesOf(entryOf([write('lineItems/l1/discountPercent', '15', '12')]), '15');
    expect(line && said(line)).toBe(
      '(overrode) | Discount of Roller 80 x 1200 mm | 15 % -> 12 % | Overrides yours: 15 %.',
    );
  });

  it('leaves what people typed as it is', () => {
    const html = '<img src=x onerror=alert(1)>';
    const [line] = linesOf(entryOf([write('fields/title', null, html)]));
    expect(line?.change?.after).toBe(html);
  });

  it('says the beginning of a long text and of a long name, and no half characters', () => {
    const long = `${'x'.repeat(199)}${'\u{1F600}'.repeat(4_000)}`;
    const [line, added] = linesOf(
      entryOf([
        write('fields/title', null, long),
        write('lineItems/l9/position', null, 'a0'),
        write('lineItems/l9/name', null, long),
      ]),
    ).toSorted((a, b) => a.text.length - b.text.length);
    expect(line?.change?.after).toBe(`${'x'.repeat(199)}…`);
    expect(added?.text).toBe(`Added ${'x'.repeat(199)}…`);
  });

  it('leads to the cell, to a row by its name, and of a removed row nowhere', () => {
    const cells = linesOf(
      entryOf([
        write('lineItems/l2/position', null, 'a0'),
        write('lineItems/l1/removed', null, true),
        write('fields/title', null, 'A'),
      ]),
    ).map(({ cell }) => cell);
    expect(cells).toEqual(['lineItems/l2/name', null, 'fields/title']);
  });

  it('says of what was held whether it waits still, also to somebody who may not see it', () => {
    const held = { kept: 'Old', reason: 'held', by: dana } as const;
    const detailOf = (writes: readonly FeedWrite[]) =>
      describeEntry(entryOf(writes), { rowName: () => null, isWaiting: () => true }).map(
        ({ detail }) => detail,
      );
    expect(detailOf([refusal('fields/title', { ...held, offered: 'New' })])).toEqual([
      'Dana (VP Sales) was first; it waits for a person to choose.',
    ]);
    expect(detailOf([refusal('fields/title', held)])).toEqual([
      "Rita's value waits for a person to choose: Dana (VP Sales) was first.",
    ]);
    const many = rows(40).map((id) => refusal(`lineItems/${id}/quantity`, held));
    expect(linesOf(entryOf(many)).map(said)).toEqual([
      '(held) | 40 changes had to wait for a person to choose | Dana (VP Sales) was first.',
    ]);
  });
});
