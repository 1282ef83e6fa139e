import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/authority/role.ts';
import { parseActionValue } from '../../src/slack/action-ids.ts';
import type { MessageContent } from '../../src/slack/blocks.ts';
import {
  type EditSummary,
  type LostEdit,
  editNotice,
  expiredNotice,
  heldNotice,
  lostMessage,
  lostNotice,
  warningNotice,
} from '../../src/slack/notices.ts';
import { textOfBlocks } from '../support/slack-text.ts';

const read = ({ blocks }: MessageContent): string => textOfBlocks(blocks);

const summary: EditSummary = {
  name: 'Alice',
  lines: 0,
  discounts: 0,
  notes: 0,
  fields: [],
  only: null,
  totalBefore: '10,200.00 EUR',
  totalAfter: '10,200.00 EUR',
};

describe('what somebody edited', () => {
  const total = { totalAfter: '11,050.00 EUR' };

  it.each<readonly [Partial<EditSummary>, string]>([
    [{ lines: 3, ...total }, 'Alice: 3 lines, total 10,200.00 → 11,050.00 EUR'],
    [
      { lines: 3, totalBefore: '10,200.00', totalAfter: '11,050.00' },
      'Alice: 3 lines, total 10,200.00 → 11,050.00',
    ],
    [
      { fields: ['Currency'], totalAfter: '10,200.00 USD' },
      'Alice: Currency, total 10,200.00 EUR → 10,200.00 USD',
    ],
    [
      { lines: 1, only: 'Discount of Line 3', ...total },
      'Alice: Discount of Line 3, total 10,200.00 → 11,050.00 EUR',
    ],
    [{ lines: 1 }, 'Alice: 1 line'],
    [{ lines: 2_000, discounts: 2, notes: 1 }, 'Alice: 2,000 lines, 2 discounts and 1 note'],
    [{ lines: 2, fields: ['Title', 'Customer', 'Owner'] }, 'Alice: 2 lines, Title, Customer and Owner'],
    [{ fields: ['Title', 'Customer', 'Owner', 'Contact'] }, 'Alice: 4 fields'],
    [{}, 'Alice: small changes'],
    [{ name: ' ', lines: 1 }, 'Somebody: 1 line'],
  ])('%o', (change, said) => {
    const notice = editNotice({ ...summary, ...change });
    expect(read(notice)).toBe(said);
    expect(notice.text).toBe(said);
  });
});

const dana: LostEdit['by'] = { name: 'Dana', role: 'vp_sales' };

const lost = (more: Partial<LostEdit> = {}): LostEdit => ({
  cell: 'lineItems/l3/discountPercent',
  what: 'Discount of Line 3',
  by: dana,
  reason: 'authority_overridden',
  kept: '12',
  offered: '15',
  ...more,
});
const by = (name: string, role: Role): Partial<LostEdit> => ({ by: { name, role } });
const terms = lost({ cell: 'fields/paymentTerms', what: 'Payment terms', kept: 'Net 30', offered: 'Net 60' });

describe('what somebody lost, in the thread', () => {
  it.each<readonly [readonly LostEdit[], string]>([
    [[lost()], "Sam's edit of Discount of Line 3 was overridden by Dana (VP Sales)."],
    [
      [lost(), terms],
      "Sam's edits of Discount of Line 3 and Payment terms were overridden by Dana (VP Sales).",
    ],
    [
      [lost(), { ...terms, ...by('Kim', 'deal_desk') }],
      "Sam's edits of Discount of Line 3 and Payment terms were overridden by Dana (VP Sales) and Kim (Deal desk).",
    ],
    [
      [lost(), { ...terms, ...by('Dana', 'deal_desk') }],
      "Sam's edits of Discount of Line 3 and Payment terms were overridden by Dana (VP Sales) and Dana (Deal desk).",
    ],
    [
      [lost(by('A', 'vp_sales')), lost(by('B', 'vp_sales')), lost(by('C', 'admin'))].map((edit, index) => ({
        ...edit,
        what: `Unit of Line ${index + 1}`,
      })),
      "Sam's edits of Unit of Line 1, Unit of Line 2 and Unit of Line 3 were overridden by 3 people with higher roles.",
    ],
    [
      Array.from({ length: 41 }, (_, index) => lost({ what: `Unit of Line ${index + 1}` })),
      "Sam's edits of Unit of Line 1, Unit of Line 2, Unit of Line 3, Unit of Line 4 and 37 more were overridden by Dana (VP Sales).",
    ],
  ])('%#', (edits, said) => {
    expect(read(lostNotice('Sam', edits))).toBe(said);
  });

  it('never says what was offered', () => {
    const notice = lostNotice('Sam', [lost({ offered: 'a secret' }), { ...terms, offered: 'a secret' }]);
    expect(JSON.stringify(notice)).not.toContain('secret');
  });
});

describe('what somebody lost, to themselves', () => {
  const quote = { title: 'Conveyor', url: 'https://quotes.example/q/q1' };

  it('has both values, the reason and the way there', () => {
    const message = lostMessage(quote, [
      lost(),
      terms,
      lost({ cell: 'fields/contact', what: 'Contact', kept: null, offered: 'Ms Lee' }),
      lost({ cell: 'fields/contact', what: 'Contact', kept: 'Mr Ray', offered: null }),
      lost({ cell: 'lineItems/l4/removed', what: 'Removal of Line 4', kept: null, offered: true }),
      lost({ cell: 'lineItems/l5/removed', what: 'Removal of a line', kept: true, offered: null }),
      lost({ cell: 'lineItems/l6/position', what: 'Place of Line 6', kept: 'a0', offered: 'a1V' }),
    ]);
    expect(read(message).split('\n')).toEqual([
      'In Conveyor, 7 edits of yours were overridden:',
      '• Discount of Line 3: your 15 % does not stand. Dana (VP Sales) set 12 %, and decides here.',
      '• Payment terms: your Net 60 does not stand. Dana (VP Sales) set Net 30, and decides here.',
      '• Contact: your Ms Lee does not stand. Dana (VP Sales) left it empty, and decides here.',
      '• Contact: clearing it does not stand. Dana (VP Sales) set Mr Ray, and decides here.',
      '• Removal of Line 4: removing it does not stand. Dana (VP Sales) keeps it, and decides here.',
      '• Removal of a line: bringing it back does not stand. Dana (VP Sales) removed it, and decides here.',
      '• Place of Line 6: moving it does not stand. Dana (VP Sales) moved it, and decides here.',
      '[Open the quote]',
    ]);
    expect(JSON.stringify(message.blocks)).toContain('"url":"https://quotes.example/q/q1"');
  });

  it('is short where there is much of it', () => {
    const lines = read(
      lostMessage(
        quote,
        Array.from({ length: 46 }, () => lost()),
      ),
    ).split('\n');
    expect(lines[0]).toBe('In Conveyor, 46 edits of yours were overridden:');
    expect(lines.slice(-2)).toEqual(['• and 37 more', '[Open the quote]']);
  });

  it('is one edit, where it is one', () => {
    expect(lostMessage(quote, [lost()]).text).toBe('In Conveyor, an edit of yours was overridden:');
  });
});

describe('a held conflict', () => {
  const value = { quote: 'q1', mirror: 'm1', revision: 7, cell: 'fields/title' };

  it('is told with a button to choose', () => {
    const cells = [{ cell: 'fields/title', what: 'Title', first: 'Alice' }];
    const notice = heldNotice({ name: 'Bob', cells, url: 'https://quotes.example/q/q1' }, (cell) => ({
      ...value,
      cell,
    }));
    expect(read(notice)).toBe(
      'Alice and Bob both changed Title. The first value stays until somebody chooses.\n[Choose]',
    );
    const [, row] = notice.blocks;
    const button = row?.type === 'actions' ? row.elements[0] : undefined;
    expect(button !== undefined && 'value' in button && parseActionValue(button.value)).toEqual(value);
  });

  it('in many cells is one message', () => {
    const cells = Array.from({ length: 8 }, (_, index) => ({
      ...{ cell: `lineItems/l${index}/quantity`, what: `Quantity of Line ${index + 1}`, first: 'Alice' },
    }));
    expect(read(heldNotice({ name: 'Bob', cells, url: 'https://quotes.example/q/q1' }, () => value))).toBe(
      'Bob and others of the same role changed the same 8 cells: Quantity of Line 1, Quantity of Line 2, Quantity of Line 3, ' +
        'Quantity of Line 4 and 4 more. The first values stay until somebody chooses.\n[Open the quote]',
    );
  });

  it.each<readonly [Parameters<typeof expiredNotice>[0], string]>([
    [
      [{ cell: 'fields/title', what: 'Title', applied: 'Conveyor' }],
      'Nobody chose in time, so the latest value counts: Title is now Conveyor.',
    ],
    [
      [
        { cell: 'lineItems/l1/discountPercent', what: 'Discount of Line 1', applied: '12' },
        { cell: 'fields/contact', what: 'Contact', applied: null },
      ],
      'Nobody chose in time, so the latest value counts: Discount of Line 1 is now 12 % and Contact is now empty.',
    ],
    [[], 'Nobody chose in time. Nothing was changed.'],
  ])('ends without a choice %#', (settled, said) => {
    expect(read(expiredNotice(settled))).toBe(said);
  });
});

describe('a session that is about to end', () => {
  it('says when, and can be kept open', () => {
    const notice = warningNotice(Date.parse('2026-03-05T15:00:00Z'), {
      quote: 'q1',
      mirror: 'm1',
      revision: 7,
    });
    expect(read(notice)).toBe(
      'Nothing has happened here for a while. This session ends at 15:00 UTC unless somebody keeps it open.\n[Keep open]',
    );
  });
});
