import type { RefusalReason } from '../authority/verdict.ts';
import type { Verdict } from '../client/verdicts.ts';
import type { WireUser } from '../wire/messages.ts';
import { plain, plainValue } from './plain-text.ts';

const REASONS: Readonly<Record<RefusalReason, string>> = {
  authority_overridden: 'a higher role decided here',
  not_permitted: 'your permission, your role or its limit does not allow it',
  invalid_value: 'the cell does not take such a value',
  locked: "the quote's status closes this cell to your role",
  held: 'somebody of the same role was first; it waits for a person to choose',
};

/** What became of one's own write, in one line. */
export function describeVerdict(verdict: Verdict): string {
  const { cell, by, kept } = verdict;
  if (verdict.kind === 'overridden') {
    return `overridden: ${plain(cell)} ${plainValue(verdict.yours)}, now ${plainValue(kept)}${describeWinner(by)}`;
  }
  const { reason, offered } = verdict;
  const why = `${reason} (${REASONS[reason]})`;
  return `refused: ${plain(cell)} ${plainValue(offered)}: ${why}${describeWinner(by)}; it stays ${plainValue(kept)}`;
}

const describeWinner = (by: WireUser | undefined): string =>
  by === undefined ? '' : `, by ${plain(by.name)} (${by.role})`;
