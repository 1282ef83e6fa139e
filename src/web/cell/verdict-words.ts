import { REASON_TEXTS } from '../../authority/explain-refusal.ts';
import { ROLE_TITLES, type Role } from '../../authority/role.ts';
import type { CellValue } from '../../quote/cell.ts';
import { parseCellId } from '../../quote/cell.ts';
import type { Verdict } from '../../client/connect-quote.ts';
import { columnTitle } from '../../quote/column-titles.ts';
import { formatCellValue } from '../../quote/format-cell-value.ts';

/** What a verdict says at its cell: what happened, and what the reader had wanted there. */
export interface VerdictWords {
  /** "Dana (VP Sales) set Discount to 12 %." */
  readonly happened: string;
  /** "15 %"; null where the reader only emptied the cell. */
  readonly mine: string | null;
}

export function verdictWords(verdict: Verdict, locale?: string): VerdictWords {
  const { cell } = verdict;
  const offered = verdict.kind === 'refused' ? cellValueOf(verdict.offered) : verdict.yours;
  return {
    happened: happenedOf(verdict, locale),
    mine: offered === null ? null : formatCellValue(cell, offered, locale),
  };
}

function happenedOf(verdict: Verdict, locale: string | undefined): string {
  const { cell, by, kept } = verdict;
  const parsed = parseCellId(cell);
  const title = parsed === null ? 'This cell' : columnTitle(parsed.root, parsed.column);
  const isDecidedByPerson =
    verdict.kind === 'overridden' || verdict.reason === 'authority_overridden' || verdict.reason === 'held';
  if (by !== undefined && isDecidedByPerson) {
    const person = `${by.name} (${ROLE_TITLES[by.role]})`;
    if (parsed?.column === 'removed') {
      return kept === true ? `${person} removed this row.` : `${person} keeps this row.`;
    }
    if (parsed?.column === 'position') return `${person} moved this row.`;
    if (kept === null) return `${person} emptied ${title}.`;
    return `${person} set ${title} to ${formatCellValue(cell, kept, locale)}.`;
  }
  if (verdict.kind === 'overridden') return `${title} was changed.`;
  return `${title} was not changed: ${withTitles(verdict.message ?? REASON_TEXTS[verdict.reason])}.`;
}

/** Roles by the names that people know, in a sentence that was made for a log. */
export function withTitles(message: string): string {
  const named = message.replaceAll(ROLE_NAMES, (name) => ROLE_TITLES[name as Role]);
  return named.replace(/\.$/, '');
}

const ROLE_NAMES = new RegExp(String.raw`\b(?:${Object.keys(ROLE_TITLES).join('|')})\b`, 'g');

/** What was offered may be anything at all; what is no value of a cell is shown as it is written. */
function cellValueOf(offered: unknown): CellValue {
  if (offered === null || offered === undefined) return null;
  return typeof offered === 'string' || typeof offered === 'boolean' ? offered : JSON.stringify(offered);
}
