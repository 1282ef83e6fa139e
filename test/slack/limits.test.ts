import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLOCKS_CHARS_MAX,
  BLOCKS_MAX,
  MESSAGE_TEXT_CHARS_MAX,
  type MessageContent,
  actions,
  button,
  clip,
  content,
  context,
  firstOf,
  header,
  paragraphs,
} from '../../src/slack/blocks.ts';
import { anyMessage } from '../support/slack-messages.ts';

/** Characters by the kind of what they stand in, as Slack's reference has them. */
const CHARS_MAX: Readonly<Record<string, number>> = { header: 150, button: 75, context: 2_000 };
const TEXT_CHARS_MAX = 3_000;
const VALUE_CHARS_MAX = 2_000;

/** Every limit that a message breaks. */
function brokenBy({ text, blocks }: MessageContent): string[] {
  const json = JSON.stringify(blocks);
  return [
    ...textBroken('message', text, MESSAGE_TEXT_CHARS_MAX),
    ...(blocks.length > BLOCKS_MAX ? [`${blocks.length} blocks`] : []),
    ...(json.length > BLOCKS_CHARS_MAX ? [`${json.length} characters of blocks`] : []),
    ...blocks.flatMap((block) => nodeBroken(block, 'message')),
  ];
}

function nodeBroken(node: unknown, within: string): string[] {
  if (Array.isArray(node)) return node.flatMap((item) => nodeBroken(item, within));
  if (typeof node !== 'object' || node === null) return [];
  const { type, text, value, elements } = node as Readonly<Record<string, unknown>>;
  const kind = String(type);
  const holder = kind === 'plain_text' || kind === 'text' ? within : kind;
  return [
    ...(typeof text === 'string' ? textBroken(holder, text, CHARS_MAX[holder] ?? TEXT_CHARS_MAX) : []),
    ...(typeof value === 'string' ? textBroken('value', value, VALUE_CHARS_MAX) : []),
    ...(Array.isArray(elements) && elements.length === 0 ? [`empty ${kind}`] : []),
    ...Object.values(node).flatMap((child) => nodeBroken(child, holder)),
  ];
}

function textBroken(where: string, text: string, most: number): string[] {
  if (text.trim() === '' && !(where.startsWith('rich_text') && text !== ''))
    return [`empty text in ${where}`];
  if (text.length > most) return [`${text.length} characters in ${where}`];
  return /\p{Cs}/u.test(text) ? [`half a character in ${where}`] : [];
}

const UNITS = [
  ...['a', 'Wörter ', '😀', '👩‍👩‍👧', '<', '&', '"', '\\', '\n', '\u0000', ' ', '\u{200b}', '\u{202e}'],
  ...['\ud83d', '\ude00', '\ud83d\ud83d'],
];
const text = fc.oneof(
  fc.constant(''),
  fc
    .tuple(
      fc.constantFrom(...UNITS),
      fc.constantFrom(...UNITS),
      fc.constantFrom(1, 3, 40, 75, 150, 1_500, 30_000),
    )
    .map(([first, second, times]) => (first + second).repeat(times).slice(0, 100_000)),
);

const actionsIn = ({ blocks }: MessageContent): string[] =>
  blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) => (element.type === 'button' ? [element.text.text] : []))
      : [],
  );

describe("Slack's limits", () => {
  it('hold for every message with all its buttons, whatever is in it', () => {
    fc.assert(
      fc.property(anyMessage(text, 300), (made) => {
        expect(brokenBy(made.content)).toEqual([]);
        expect(actionsIn(made.content)).toEqual(made.buttons);
      }),
      {
        numRuns: 250,
      },
    );
  });

  it('are met by leaving out what comes last, and never buttons', () => {
    const long = 'x'.repeat(2_000);
    const lines = Array.from({ length: 60 }, (_, index) => paragraphs([`${index} ${long}`]));
    const press = (name: string): ReturnType<typeof actions> =>
      actions(button({ text: name, action: 'open.v1', value: '{}' }));
    const made = content('x', [header('Title'), press('First'), ...lines, context('Foot'), press('Last')]);
    expect(brokenBy(made)).toEqual([]);
    expect(actionsIn(made)).toEqual(['First', 'Last']);
    expect(JSON.stringify(made.blocks)).toContain('"0 x');
    expect(JSON.stringify(made.blocks)).not.toContain('"59 x');
  });

  it('of so many blocks hold as well where all are short', () => {
    const lines = Array.from({ length: 80 }, (_, index) => paragraphs([String(index)]));
    const made = content('x', [...lines, actions(button({ text: 'Go', action: 'open.v1', value: '{}' }))]);
    expect(made.blocks).toHaveLength(BLOCKS_MAX);
    expect(actionsIn(made)).toEqual(['Go']);
  });

  it.each([
    [
      'a long header',
      { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } },
      '151 characters in header',
    ],
    [
      'a long button',
      { type: 'button', text: { type: 'plain_text', text: 'x'.repeat(76) } },
      '76 characters in button',
    ],
    ['an empty text', { type: 'header', text: { type: 'plain_text', text: '' } }, 'empty text in header'],
    [
      'half a character',
      { type: 'header', text: { type: 'plain_text', text: '\ud83d' } },
      'half a character in header',
    ],
    ['an empty list', { type: 'rich_text_list', elements: [] }, 'empty rich_text_list'],
  ])('are checked: %s', (_, block, found) => {
    expect(brokenBy({ text: 'x', blocks: [block] } as unknown as MessageContent)).toEqual([found]);
  });
});

describe('a list', () => {
  const items = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  it('counts what it leaves out', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.integer({ min: 2, max: 20 }), (count, most) => {
        const shown = firstOf(items(count), most, (item) => [String(item)]);
        expect(shown.length).toBeLessThanOrEqual(most);
        const last = String(shown.at(-1)?.[0] ?? '');
        const left = /^and (\d+) more$/.exec(last)?.[1];
        expect(shown.length + (left === undefined ? 0 : Number(left) - 1)).toBe(count);
      }),
    );
  });

  it('says "and 37 more" for 37', () => {
    expect(firstOf(items(44), 8, (item) => [String(item)]).at(-1)).toEqual(['and 37 more']);
  });

  it('is whole where it fits', () => {
    expect(firstOf(items(3), 3, (item) => [String(item)])).toEqual([['0'], ['1'], ['2']]);
  });
});

describe('a cut', () => {
  it('leaves whole characters, within the limit, and nothing away that fits', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-composite', maxLength: 40 }),
        fc.integer({ min: 3, max: 60 }),
        (whole, most) => {
          const cut = clip(whole, most);
          expect(cut.length).toBeLessThanOrEqual(most);
          expect(cut).not.toMatch(/\p{Cs}/u);
          if (whole.length <= most) expect(cut).toBe(whole);
          else expect(whole.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true);
        },
      ),
    );
  });
});
