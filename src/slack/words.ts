import { ROLE_TITLES, type Role } from '../authority/role.ts';
import { REASON_TEXTS } from '../authority/explain-refusal.ts';
import type { RefusalReason } from '../authority/verdict.ts';
import { type CellValue, parseCellId } from '../quote/cell.ts';
import { cellTitle } from '../quote/column-titles.ts';
import { formatCellValue } from '../quote/format-cell-value.ts';
import type { Snapshot } from '../quote/snapshot.ts';
import { clip } from './blocks.ts';

/** Slack shows one text to all of a channel, so numbers are written one way. */
export const LOCALE = 'en-US';

/** A sentence stays one, whatever somebody is called or wrote. */
const NAME_CHARS_MAX = 80;
const VALUE_CHARS_MAX = 120;
const CELL_CHARS_MAX = 120;

/** Some people have no name. */
export const nameWords = (name: string): string => clip(name.trim(), NAME_CHARS_MAX) || 'Somebody';

/** "Dana (VP Sales)" */
export const personWords = (name: string, role: Role): string => `${nameWords(name)} (${ROLE_TITLES[role]})`;

/** "12 %", "1,234.50", "empty", or how a long text begins. */
export const valueWords = (cell: string, value: CellValue): string =>
  clip(formatCellValue(cell, value, LOCALE), VALUE_CHARS_MAX);

/** "Discount of Line 3", "Payment terms": lines by their place, as people count them on the screen. */
export function cellWords(cell: string, snapshot: Snapshot): string {
  const title = cellTitle(cell, (root, row) => rowWords(root, row, snapshot));
  return clip(rowColumnOf(cell) === 'removed' ? title.replace('Removed', 'Removal') : title, CELL_CHARS_MAX);
}

/** What was done, where it was done to one cell alone: "Discount of Line 3", "a line removed". Null where a count says it better. */
export function changeWords(cell: string, snapshot: Snapshot): string | null {
  const parsed = parseCellId(cell);
  if (parsed === null || parsed.root === 'notes' || rowColumnOf(cell) === 'position') return null;
  if (parsed.row === null || parsed.column !== 'removed') return cellWords(cell, snapshot);
  const name = rowWords(parsed.root, parsed.row, snapshot);
  return name === null
    ? `a ${parsed.root === 'discounts' ? 'discount' : 'line'} removed`
    : `${name} restored`;
}

/** The column of a cell of a row. */
export function rowColumnOf(cell: string): string | null {
  const parsed = parseCellId(cell);
  return parsed === null || parsed.row === null ? null : parsed.column;
}

function rowWords(root: string, row: string, { lineItems, discounts }: Snapshot): string | null {
  const rows = root === 'lineItems' ? lineItems : root === 'discounts' ? discounts : [];
  const index = rows.findIndex(({ id }) => id === row);
  if (index === -1) return null;
  return root === 'lineItems' ? `Line ${index + 1}` : `Discount ${index + 1}`;
}

export interface RefusalWords {
  readonly cell: string;
  readonly reason: RefusalReason;
  /** More than the reason says, see `room/explain-verdicts.ts`. */
  readonly message?: string | undefined;
  readonly kept: CellValue;
  readonly by: { readonly name: string; readonly role: Role } | null;
}

/** Why a write does not stand, with what stands and whose that is. */
export function refusalWords({ cell, reason, message, kept, by }: RefusalWords): string {
  if (by !== null && (reason === 'authority_overridden' || reason === 'held')) {
    const whose = personWords(by.name, by.role);
    const stands = `${whose} ${standsWords(cell, kept)}`;
    return reason === 'held' ? `${stands}; a person has to choose` : `${stands}, and decides here`;
  }
  return withRoleTitles(message ?? REASON_TEXTS[reason]);
}

function standsWords(cell: string, kept: CellValue): string {
  switch (rowColumnOf(cell)) {
    case 'removed':
      return kept === true ? 'removed it' : 'keeps it';
    case 'position':
      return 'moved it';
    default:
      return kept === null || kept === '' ? 'left it empty' : `set ${valueWords(cell, kept)}`;
  }
}

/** Sentences of the gate name roles as programs do. */
const withRoleTitles = (text: string): string =>
  text.replaceAll(ROLE_NAMES, (name) => ROLE_TITLES[name as Role]).replace(/\.$/, '');

const ROLE_NAMES = new RegExp(String.raw`\b(?:${Object.keys(ROLE_TITLES).join('|')})\b`, 'g');

/** "1 line", "2,000 lines" */
export const countWords = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString(LOCALE)} ${count === 1 ? one : many}`;

/** "Title", "Title and Customer", "Title, Customer and Owner" */
export const listWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
