import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MessageContent, content, header, paragraphs } from '../../src/slack/blocks.ts';
import { anyMessage } from '../support/slack-messages.ts';
import { textOfBlocks } from '../support/slack-text.ts';

/** What a person may type that Slack would read as something else. */
const MARKUP = [
  ...['<!channel>', '<!here>', '<@U1>', '<#C1>', '<!subteam^S1>', '<https://x|y>', '<!date^1^{date}^x>'],
  ...['*', '_', '~', '`', '```', ':tada:', '&', '&lt;', '&amp;', '>', '<', '|', '@channel', '\n', '\n> '],
  ...['[x](https://y)', 'https://example.org', '"', '\\', '${x}', 'Müller & Söhne', 'a', ' '],
];
/** Short enough that nothing of it is left out. */
const typed = fc
  .array(fc.constantFrom(...MARKUP), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));

const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The one thing that is done to it. */
const asShown = (text: string): string => text.replaceAll(/\n+/g, ' ').trim();

/** Elements of rich text that are nothing but what they say. */
const QUIET = new Set(['text', 'date']);

/** Everything in a message that Slack would do more with than show it. */
function aliveIn({ text, blocks }: MessageContent): string[] {
  return [...tagsIn(text), ...blocks.flatMap((block) => aliveInNode(block))];
}

function aliveInNode(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(aliveInNode);
  if (typeof node !== 'object' || node === null) return [];
  const { type, text, emoji, elements } = node as Readonly<Record<string, unknown>>;
  const own: string[] = [];
  if (type === 'mrkdwn' || type === 'markdown')
    own.push(...tagsIn(text), ...stylesIn(text), ...picturesIn(text));
  if (type === 'plain_text' && emoji !== false) own.push(...picturesIn(text));
  if (type === 'rich_text_section' && Array.isArray(elements)) {
    for (const element of elements as { readonly type: string }[])
      if (!QUIET.has(element.type) && !isOurs(element)) own.push(element.type);
  }
  return [...own, ...Object.values(node).flatMap(aliveInNode)];
}

/** The one link that we write ourselves; its words are never another's. */
const isOurs = (element: { readonly type: string; readonly text?: unknown }): boolean =>
  element.type === 'link' && element.text === 'Open the quote';

const tagsIn = (text: unknown): string[] => String(text).match(/<[^>]*>/g) ?? [];
const picturesIn = (text: unknown): string[] => String(text).match(/:[a-z0-9_+-]+:/g) ?? [];
const stylesIn = (text: unknown): string[] =>
  String(text).match(/([*_~`]).+\1|\[.*\]\(.*\)|^>|@channel/g) ?? [];

describe('what a person typed, in Slack', () => {
  it('never comes alive, wherever it stands', () => {
    fc.assert(
      fc.property(anyMessage(typed, 12), (made) => {
        expect(aliveIn(made.content)).toEqual([]);
      }),
      {
        numRuns: 300,
      },
    );
  });

  it('is read as it was typed', () => {
    fc.assert(
      fc.property(anyMessage(typed, 12), ({ content: { blocks }, typed: texts }) => {
        const read = textOfBlocks(blocks);
        for (const text of texts) expect(read).toContain(asShown(text));
      }),
      { numRuns: 300 },
    );
  });

  it('stands escaped in the fallback, and nothing else does', () => {
    fc.assert(
      fc.property(anyMessage(typed, 12), ({ content: { text } }) => {
        expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      }),
      { numRuns: 300 },
    );
  });

  it('is in the fallback what it was', () => {
    fc.assert(
      fc.property(typed, (text) => {
        expect(unescape(content(text, []).text)).toBe(asShown(text) || '-');
      }),
    );
  });

  it('is not cut within an escape', () => {
    for (let before = 2_990; before < 3_000; before++) {
      const { text } = content(`${'a'.repeat(before)}${'&<'.repeat(10)}`, []);
      expect(text.length).toBeLessThanOrEqual(3_000);
      expect(unescape(text)).toMatch(/^a+[&<]*…$/);
    }
  });

  it('has no words that turn the reading direction around for those after it', () => {
    const shown = textOfBlocks([header('ab\u{202e}cd'), paragraphs(['\u{2066}x', { bold: 'y\u{202b}' }])]);
    expect(shown).toBe('abcd\nxy');
  });
});

describe('the check itself', () => {
  const harmless = paragraphs(['<!channel>']);
  const wrong: readonly (readonly [string, unknown, string])[] = [
    [
      'a mention in mrkdwn',
      { type: 'section', text: { type: 'mrkdwn', text: 'Hi <!channel>' } },
      '<!channel>',
    ],
    ['bold in mrkdwn', { type: 'context', elements: [{ type: 'mrkdwn', text: '*x*' }] }, '*x*'],
    ['markdown', { type: 'markdown', text: '[x](https://y)' }, '[x](https://y)'],
    ['a picture in a header', { type: 'header', text: { type: 'plain_text', text: ':tada:' } }, ':tada:'],
    ['a mention in rich text', richWith({ type: 'user', user_id: 'U1' }), 'user'],
    ['a broadcast in rich text', richWith({ type: 'broadcast', range: 'channel' }), 'broadcast'],
    ['a link in rich text', richWith({ type: 'link', url: 'https://y' }), 'link'],
  ];

  it.each(wrong)('finds %s', (_, block, found) => {
    const message = { text: 'x', blocks: [harmless, block] } as unknown as MessageContent;
    expect(aliveIn(message)).toEqual([found]);
  });

  it('finds a mention in the fallback', () => {
    expect(aliveIn({ text: 'Hi <@U1>', blocks: [] })).toEqual(['<@U1>']);
  });

  function richWith(element: unknown): unknown {
    const list = { type: 'rich_text_list', elements: [{ type: 'rich_text_section', elements: [element] }] };
    return { type: 'rich_text', elements: [list] };
  }
});
