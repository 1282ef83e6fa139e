import { REASON_TEXTS } from '../authority/explain-refusal.ts';
import type { Verdict } from '../client/verdicts.ts';
import type { WireUser } from '../wire/user-schema.ts';
import { plain, plainValue } from './plain-text.ts';

/** What became of one's own write, in one line. */
export function describeVerdict(verdict: Verdict): string {
  const { cell, by, kept } = verdict;
  if (verdict.kind === 'overridden') {
    return `overridden: ${plain(cell)} ${plainValue(verdict.yours)}, now ${plainValue(kept)}${describeWinner(by)}`;
  }
  const { reason, offered, message } = verdict;
  const why = `${reason} (${message === undefined ? REASON_TEXTS[reason] : plain(message)})`;
  return `refused: ${plain(cell)} ${plainValue(offered)}: ${why}${describeWinner(by)}; it stays ${plainValue(kept)}`;
}

const describeWinner = (by: WireUser | undefined): string =>
  by === undefined ? '' : `, by ${plain(by.name)} (${by.role})`;
