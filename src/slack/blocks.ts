import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextElement,
  RichTextBlock,
  RichTextSection,
  SectionBlock,
} from '@slack/types';

/**
 * Small builders of Block Kit. What a person typed goes into `plain_text` and rich text only, where nothing is read as
 * markup, so `<!channel>`, `<@U1>`, `&` and `*` stay what they are; the one place that Slack does read, a message's
 * `text`, takes {@link escapeText}. Every limit of Slack's is kept by clipping.
 */
export interface MessageContent {
  /** For notifications, and where blocks are not shown. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** Characters, by Slack's reference. */
const HEADER_CHARS_MAX = 150;
const BUTTON_CHARS_MAX = 75;
const VALUE_CHARS_MAX = 2_000;
const PLAIN_CHARS_MAX = 2_000;
export const MESSAGE_TEXT_CHARS_MAX = 3_000;
export const BLOCKS_MAX = 50;
/** Of the JSON of all blocks of a message, together. */
export const BLOCKS_CHARS_MAX = 13_000;

/** Cuts at a whole character, with an ellipsis within the limit. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  // A surrogate pair is not cut in two.
  const end = text.charCodeAt(most - 2) >>> 10 === 0b110110 ? most - 2 : most - 1;
  return `${text.slice(0, end)}…`;
}

/** For the `text` of a message, which Slack reads: with this it finds neither links, mentions nor commands in it. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Half a character and what turns the reading direction around are not for anybody to read, and would spoil what follows. */
const onOneLine = (text: string): string =>
  text
    .replaceAll(/[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu, '')
    .replaceAll(/\p{Cs}/gu, '\u{fffd}')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

/**
 * For what was typed in an answer in markup: stars and the like would be markup too, so a character of no width stands before each.
 */
export const escapeTyped = (text: string): string => escapeText(text).replaceAll(/[*_~`]/g, '\u200b$&');

/** What Slack made of the text of a command, as it was typed. */
export const unescapeText = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** On one line, and never empty: Slack takes no empty text. */
const oneLine = (text: string): string => onOneLine(text).trim() || '-';

export const plain = (text: string, most = PLAIN_CHARS_MAX): PlainTextElement => ({
  type: 'plain_text',
  text: clip(oneLine(text), most),
  // Else ":tada:" in a customer's name becomes a picture.
  emoji: false,
});

export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: plain(text, HEADER_CHARS_MAX),
});

export const context = (...texts: readonly string[]): ContextBlock => ({
  type: 'context',
  elements: texts.map((text) => plain(text)),
});

/** A run of words in a line. `at` is a time of day, `on` a day and a time, both ms since 1970. */
export type Run =
  | string
  | { readonly bold: string }
  | { readonly at: number }
  | { readonly on: number }
  /** To a page of ours, in words of ours. */
  | { readonly link: string; readonly text: string };

/** An answer to one person, in Slack's markup: with it, what was typed is escaped; addresses in it are no links. */
export const answerBlock = (markup: string): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: clip(markup, MESSAGE_TEXT_CHARS_MAX), verbatim: true },
});

/** One paragraph a line. Slack shows times in the reader's own zone, and a day as "today" while it is. */
export const paragraphs = (...lines: readonly (readonly Run[])[]): RichTextBlock => ({
  type: 'rich_text',
  elements: lines.map(section),
});

export const bulleted = (items: readonly (readonly Run[])[]): RichTextBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_list', style: 'bullet', elements: items.map(section) }],
});

const section = (runs: readonly Run[]): RichTextSection => ({
  type: 'rich_text_section',
  elements: runs.map(element),
});

function element(run: Run): RichTextSection['elements'][number] {
  if (typeof run === 'string') return { type: 'text', text: textOf(run) };
  if ('bold' in run) return { type: 'text', text: textOf(run.bold), style: { bold: true } };
  if ('link' in run) return { type: 'link', url: run.link, text: run.text };
  const ms = 'at' in run ? run.at : run.on;
  const [day = '', time = ''] = new Date(ms).toISOString().split('T');
  const clock = `${time.slice(0, 5)} UTC`;
  const shown =
    'at' in run
      ? { format: '{time}', fallback: clock }
      : { format: '{date_short_pretty} at {time}', fallback: `${day} at ${clock}` };
  return { type: 'date', timestamp: Math.floor(ms / 1000), ...shown };
}

/** Spaces at the ends are part of the line. */
const textOf = (text: string): string => clip(onOneLine(text), PLAIN_CHARS_MAX) || ' ';

export interface ButtonOf {
  readonly text: string;
  readonly action: string;
  readonly value: string;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
}

export const button = ({ text, action, value, ...more }: ButtonOf): Button => ({
  type: 'button',
  text: plain(text, BUTTON_CHARS_MAX),
  action_id: action,
  value: clip(value, VALUE_CHARS_MAX),
  ...more,
});

export const actions = (...buttons: readonly Button[]): ActionsBlock => ({
  type: 'actions',
  elements: [...buttons],
});

/** The first so many, and "and 37 more" for the rest. */
export function firstOf<T>(items: readonly T[], most: number, show: (item: T) => readonly Run[]): Run[][] {
  const shown = items.slice(0, items.length > most ? most - 1 : most).map((item) => [...show(item)]);
  return items.length > most ? [...shown, [`and ${items.length - most + 1} more`]] : shown;
}

/** A message within Slack's limits: what comes last is left out first, but never buttons. */
export function content(text: string, blocks: readonly KnownBlock[]): MessageContent {
  let kept = blocks;
  while (kept.length > BLOCKS_MAX || JSON.stringify(kept).length > BLOCKS_CHARS_MAX) {
    const index = kept.findLastIndex(({ type }) => type === 'rich_text' || type === 'context');
    if (index === -1) break;
    kept = kept.toSpliced(index, 1);
  }
  // An escape is not cut in two.
  const escaped = clip(escapeText(oneLine(text)), MESSAGE_TEXT_CHARS_MAX).replace(/&[a-z]*…$/, '…');
  return { text: escaped, blocks: kept };
}
