import type { RefusalReason } from '../authority/verdict.ts';
import type { Role } from '../authority/role.ts';
import type { CellValue } from '../quote/cell.ts';
import { ACTIONS, type ActionValue, formatActionValue } from './action-ids.ts';
import {
  type MessageContent,
  actions,
  button,
  bulleted,
  clip,
  content,
  firstOf,
  paragraphs,
} from './blocks.ts';
import {
  countWords,
  listWords,
  nameWords,
  personWords,
  refusalWords,
  rowColumnOf,
  valueWords,
} from './words.ts';

/** What a person did since their last notice. */
export interface EditSummary {
  readonly name: string;
  /** Lines, discounts and notes by how many, everything else by name. */
  readonly lines: number;
  readonly discounts: number;
  readonly notes: number;
  readonly fields: readonly string[];
  /** The one cell, in words, where it was only one. */
  readonly only: string | null;
  /** "10,200.00 EUR" */
  readonly totalBefore: string;
  readonly totalAfter: string;
}

const FIELDS_MAX = 3;
/** What a line has room for. */
const WHAT_CHARS_MAX = 120;
const TOTAL_CHARS_MAX = 60;
const TITLE_CHARS_MAX = 150;

/** "Alice: 3 lines, total 10,200.00 → 11,050.00 EUR" */
export function editNotice({ name, only, totalBefore, totalAfter, ...counts }: EditSummary): MessageContent {
  const what = only === null ? whatWords(counts) : clip(only, WHAT_CHARS_MAX);
  return sentence(name, `: ${what}${totalWords(totalBefore, totalAfter)}`);
}

function totalWords(before: string, after: string): string {
  if (before === after) return '';
  const currency = / [A-Z]{3}$/.exec(after)?.[0] ?? '';
  const amount = currency !== '' && before.endsWith(currency) ? before.slice(0, -currency.length) : before;
  return `, total ${clip(amount, TOTAL_CHARS_MAX)} → ${clip(after, TOTAL_CHARS_MAX)}`;
}

/** One that begins with who did it. */
function sentence(person: string, rest: string): MessageContent {
  const name = nameWords(person);
  return content(`${name}${rest}`, [paragraphs([{ bold: name }, rest])]);
}

function whatWords({
  lines,
  discounts,
  notes,
  fields,
}: Pick<EditSummary, 'lines' | 'discounts' | 'notes' | 'fields'>): string {
  const words = [
    ...(lines > 0 ? [countWords(lines, 'line')] : []),
    ...(discounts > 0 ? [countWords(discounts, 'discount')] : []),
    ...(notes > 0 ? [countWords(notes, 'note')] : []),
    ...(fields.length > FIELDS_MAX
      ? [countWords(fields.length, 'field')]
      : fields.map((field) => clip(field, WHAT_CHARS_MAX))),
  ];
  return words.length === 0 ? 'small changes' : listWords(words);
}

/** An edit that lost to a higher role. */
export interface LostEdit {
  readonly cell: string;
  /** "Discount of Line 3" */
  readonly what: string;
  readonly by: { readonly name: string; readonly role: Role };
  readonly reason: RefusalReason;
  readonly kept: CellValue;
  readonly offered: CellValue;
}

/** So many are shown, in the thread and to their author. */
const LOST_SHOWN_MAX = 5;
const LOST_TOLD_MAX = 10;

/** For the thread: what was overridden and by whom, never what had been offered. */
export function lostNotice(name: string, lost: readonly LostEdit[]): MessageContent {
  const cells = listFirst(
    lost.map(({ what }) => what),
    LOST_SHOWN_MAX,
  );
  const [edits, were] = lost.length === 1 ? ['edit', 'was'] : ['edits', 'were'];
  return sentence(name, `'s ${edits} of ${cells} ${were} overridden by ${winnersWords(lost)}.`);
}

const WINNERS_MAX = 2;

function winnersWords(lost: readonly LostEdit[]): string {
  const winners = new Set(lost.map(({ by }) => personWords(by.name, by.role)));
  return winners.size > WINNERS_MAX ? `${winners.size} people with higher roles` : listWords([...winners]);
}

/** "A, B, C and 37 more" */
function listFirst(words: readonly string[], most: number): string {
  const shown = words
    .slice(0, words.length > most ? most - 1 : most)
    .map((word) => clip(word, WHAT_CHARS_MAX));
  const left = words.length - shown.length;
  return listWords(left === 0 ? shown : [...shown, `${left} more`]);
}

/** For its author alone: both values and the reason. */
export function lostMessage(
  quote: { readonly title: string; readonly url: string },
  lost: readonly LostEdit[],
): MessageContent {
  const items = firstOf(lost, LOST_TOLD_MAX, ({ cell, what, offered, ...rest }) => [
    { bold: clip(what, WHAT_CHARS_MAX) },
    `: ${offeredWords(cell, offered)} does not stand. ${refusalWords({ cell, ...rest })}.`,
  ]);
  const edits = lost.length === 1 ? 'an edit of yours was' : `${lost.length} edits of yours were`;
  const heading = `In ${clip(quote.title, TITLE_CHARS_MAX)}, ${edits} overridden:`;
  return content(heading, [
    paragraphs([heading]),
    bulleted(items),
    actions(button({ text: 'Open the quote', action: ACTIONS.open, value: '{}', url: quote.url })),
  ]);
}

function offeredWords(cell: string, offered: CellValue): string {
  switch (rowColumnOf(cell)) {
    case 'removed':
      return offered === true ? 'removing it' : 'bringing it back';
    case 'position':
      return 'moving it';
    default:
      return offered === null || offered === '' ? 'clearing it' : `your ${valueWords(cell, offered)}`;
  }
}

/** A cell in which somebody met another of their role. */
export interface HeldCell {
  readonly cell: string;
  readonly what: string;
  /** Who was first. */
  readonly first: string;
}

const HELD_MAX = 5;

/** Somebody wrote cells that others of their role had written, and neither had seen the other. */
export function heldNotice(
  { name, cells, url }: { readonly name: string; readonly cells: readonly HeldCell[]; readonly url: string },
  valueOf: (cell: string) => ActionValue,
): MessageContent {
  const [first, ...others] = cells;
  if (first === undefined || others.length > 0) return heldByMany(name, cells, url);
  const people = `${nameWords(first.first)} and ${nameWords(name)}`;
  const line = `${people} both changed ${clip(first.what, WHAT_CHARS_MAX)}. The first value stays until somebody chooses.`;
  const value = formatActionValue(valueOf(first.cell));
  return content(line, [
    paragraphs([line]),
    actions(button({ text: 'Choose', action: ACTIONS.choose, value, style: 'primary' })),
  ]);
}

function heldByMany(name: string, cells: readonly HeldCell[], url: string): MessageContent {
  const which = listFirst(
    cells.map(({ what }) => what),
    HELD_MAX,
  );
  const line = `${nameWords(name)} and others of the same role changed the same ${cells.length} cells: ${which}. The first values stay until somebody chooses.`;
  return content(line, [
    paragraphs([line]),
    actions(button({ text: 'Open the quote', action: ACTIONS.open, value: '{}', url })),
  ]);
}

const SETTLED_MAX = 5;

/** Nobody chose in time. `settled` is empty where the server's own choice did not stand, and all stays as it was. */
export function expiredNotice(
  settled: readonly { readonly cell: string; readonly what: string; readonly applied: CellValue }[],
): MessageContent {
  const cells = settled.map(
    ({ cell, what, applied }) => `${clip(what, WHAT_CHARS_MAX)} is now ${valueWords(cell, applied)}`,
  );
  const line =
    settled.length === 0
      ? 'Nobody chose in time. Nothing was changed.'
      : `Nobody chose in time, so the latest value counts: ${listFirst(cells, SETTLED_MAX)}.`;
  return content(line, [paragraphs([line])]);
}

/** Before a session runs out. */
export function warningNotice(endsAt: number, value: ActionValue): MessageContent {
  return content('Nothing has happened here for a while. This session is about to end.', [
    paragraphs([
      'Nothing has happened here for a while. This session ends at ',
      { at: endsAt },
      ' unless somebody keeps it open.',
    ]),
    actions(button({ text: 'Keep open', action: ACTIONS.keepOpen, value: formatActionValue(value) })),
  ]);
}
