import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { QuoteId } from '../../src/lib/ids.ts';
import { parseActionValue } from '../../src/slack/action-ids.ts';
import { type CardPerson, type CardView, renderCard } from '../../src/slack/card.ts';
import { textOfBlocks } from '../support/slack-text.ts';

const at = (time: string): number => Date.parse(`2026-03-05T${time}:00Z`);

const person = (name: string, more: Partial<CardPerson> = {}): CardPerson => ({
  ...{ name, role: 'sales_rep', status: 'viewing', cell: null, lastActivityAt: 0, ...more },
});

const alice = person('Alice', { status: 'editing', cell: 'Quantity of Line 1' });
const dana = person('Dana', { role: 'vp_sales', status: 'editing', cell: 'Discount of Line 3' });

const view: CardView = {
  mirror: 'm1',
  quote: 'q-2026-014' as QuoteId,
  revision: 12,
  url: 'https://quotes.example/q/q-2026-014',
  title: 'Conveyor for hall 3',
  customer: 'Müller & Söhne',
  status: 'In review',
  total: '8,635.80 EUR',
  lines: 3,
  state: 'solo',
  conflicts: 0,
  people: [alice],
  lastChange: { by: 'Dana', what: 'Discount of Line 3', at: at('14:03') },
  endsAt: null,
  ended: null,
};

const BUTTONS = '[Edit] [Open] [Refresh] [Leave] [Done editing]';
const TOP = ['Conveyor for hall 3', 'Müller & Söhne · In review · 3 lines · 8,635.80 EUR'];
const CHANGED = 'Last change: Discount of Line 3 by Dana, 2026-03-05 at 14:03 UTC';
const FOOT = 'Quote q-2026-014, revision 12';

describe('a card', () => {
  const cases: readonly (readonly [string, Partial<CardView>, readonly string[]])[] = [
    [
      'of one person',
      {},
      [
        ...TOP,
        'Live: 1 person.',
        '• Alice (Sales rep) is editing Quantity of Line 1',
        CHANGED,
        BUTTONS,
        FOOT,
      ],
    ],
    [
      'of several',
      {
        state: 'collaborative',
        people: [
          dana,
          alice,
          person('Sam', { role: 'deal_desk' }),
          person('Kim', { status: 'idle', lastActivityAt: at('13:41') }),
          person('Lee', { role: 'admin', status: 'away' }),
          person('Ola', { role: 'sales_manager', status: 'editing' }),
        ],
      },
      [
        ...TOP,
        'Live: 6 people working together.',
        '• Dana (VP Sales) is editing Discount of Line 3',
        '• Alice (Sales rep) is editing Quantity of Line 1',
        '• Sam (Deal desk) is viewing',
        '• Kim (Sales rep) has been idle since 13:41 UTC',
        '• Lee (Admin) is away',
        '• Ola (Sales manager) is editing',
        ...[CHANGED, BUTTONS, FOOT],
      ],
    ],
    [
      'with a conflict',
      { state: 'conflicting', conflicts: 1, people: [dana] },
      [
        ...TOP,
        'Live: 1 person. 1 conflict waits for somebody to choose.',
        '• Dana (VP Sales) is editing Discount of Line 3',
        ...[CHANGED, BUTTONS, FOOT],
      ],
    ],
    [
      'with conflicts that somebody looks at',
      { state: 'resolving', conflicts: 2, people: [] },
      [
        ...TOP,
        'Live: nobody is here right now. 2 conflicts wait for a choice, and somebody is choosing.',
        ...[CHANGED, BUTTONS, FOOT],
      ],
    ],
    [
      'whose conflict is settled',
      { state: 'resolved', people: [] },
      [...TOP, 'Live: nobody is here right now. The conflict is settled.', CHANGED, BUTTONS, FOOT],
    ],
    [
      'that is about to end',
      { endsAt: at('15:00'), people: [person('Kim', { status: 'idle', lastActivityAt: at('14:05') })] },
      [
        ...TOP,
        'Live: 1 person. The session ends at 15:00 UTC unless somebody goes on.',
        '• Kim (Sales rep) has been idle since 14:05 UTC',
        ...[CHANGED, BUTTONS, FOOT],
      ],
    ],
    [
      'that somebody ended',
      { ended: { why: 'by_hand', by: 'Dana', at: at('15:10') }, state: 'closed', people: [] },
      [
        ...TOP,
        'Session ended 2026-03-05 at 15:10 UTC by Dana.',
        'Open the quote',
        `${FOOT}. Share it again to go on here.`,
      ],
    ],
    [
      'that ended by itself',
      { ended: { why: 'inactive', by: null, at: at('15:10') }, state: 'closed', people: [] },
      [
        ...TOP,
        'Session ended 2026-03-05 at 15:10 UTC, after nothing had happened in it for a while.',
        'Open the quote',
        `${FOOT}. Share it again to go on here.`,
      ],
    ],
    [
      'that nobody knows who ended',
      { ended: { why: 'by_hand', by: null, at: at('15:10') }, state: 'closed', people: [] },
      [
        ...TOP,
        'Session ended 2026-03-05 at 15:10 UTC.',
        'Open the quote',
        `${FOOT}. Share it again to go on here.`,
      ],
    ],
    [
      'of nobody, new and without a title',
      { title: ' ', customer: '', people: [], lastChange: null, lines: 0, status: 'Draft', total: '0.00' },
      ['q-2026-014', 'Draft · 0 lines · 0.00', 'Live: nobody is here right now.', ...[BUTTONS, FOOT]],
    ],
    [
      'of a long quote that was changed as a whole',
      { lines: 2_000, lastChange: { by: 'Alice', what: null, at: at('09:00') } },
      [
        ...[TOP[0] ?? '', 'Müller & Söhne · In review · 2,000 lines · 8,635.80 EUR'],
        ...['Live: 1 person.', '• Alice (Sales rep) is editing Quantity of Line 1'],
        ...['Last change: by Alice, 2026-03-05 at 09:00 UTC', BUTTONS, FOOT],
      ],
    ],
  ];

  it.each(cases)('%s', (_, change, lines) => {
    expect(textOfBlocks(renderCard({ ...view, ...change }).blocks).split('\n')).toEqual(lines);
  });

  it('names the first of 45 people, and counts the others', () => {
    const people = Array.from({ length: 45 }, (_, index) => person(`P${index + 1}`));
    const read = textOfBlocks(renderCard({ ...view, state: 'collaborative', people }).blocks);
    expect(read).toContain('Live: 45 people working together.');
    expect(read).toContain('• P7 (Sales rep) is viewing\n• and 38 more\n');
    expect(read).not.toContain('P8');
  });

  it('says in a notification which quote it is', () => {
    expect(renderCard(view).text).toBe('Conveyor for hall 3: In review, 8,635.80 EUR');
    const ended = { why: 'inactive', by: null, at: 0 } as const;
    expect(renderCard({ ...view, ended }).text).toBe(
      'Session ended. Conveyor for hall 3: In review, 8,635.80 EUR',
    );
  });

  it('gives every button what it needs after a restart', () => {
    const row = renderCard(view).blocks.find(({ type }) => type === 'actions');
    const buttons = row?.type === 'actions' ? row.elements : [];
    expect(buttons).toHaveLength(5);
    for (const button of buttons) {
      const value = 'value' in button ? parseActionValue(button.value) : null;
      expect(value).toEqual({ quote: 'q-2026-014', mirror: 'm1', revision: 12 });
    }
  });

  it('asks before it ends the session for everyone', () => {
    const json = JSON.stringify(renderCard(view).blocks);
    expect(json).toContain('End the session?');
    expect(json.match(/"confirm":\{"title"/g)).toHaveLength(1);
  });

  it.each(cases)('%s is the same for an equal quote, whenever it is made', (_, change) => {
    const whole = { ...view, ...change };
    const made = JSON.stringify(renderCard(whole));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2031-01-01T00:00:00Z') });
    onTestFinished(() => void vi.useRealTimers());
    expect(JSON.stringify(renderCard(structuredClone(whole)))).toBe(made);
  });
});
