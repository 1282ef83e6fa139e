import type { CellId } from '../lib/ids.ts';
import type { CellValue } from '../quote/cell.ts';
import type { CellRuling, RowFate } from './judge.ts';
import type { Ledger } from './ledger.ts';
import { jsonOf } from './offered.ts';
import type { WriteVerdict } from './verdict.ts';
import type { TextEdit } from './writes.ts';

/** The rows per write that the log keeps: one for each cell written, each row brought back, each text refused. */
export function verdictOf({ write, refusal }: CellRuling, before: CellValue, ledger: Ledger): WriteVerdict {
  const offered = jsonOf(write.value);
  return {
    cell: write.cell,
    operation: offered === null ? 'delete' : before === null ? 'insert' : 'update',
    before,
    offered,
    applied: ledger.valueOf(write.cell),
    verdict: refusal === null ? 'accepted' : refusal.reason === 'held' ? 'held' : 'refused',
    reason: refusal?.reason ?? null,
    by: refusal?.by ?? null,
  };
}

export const verdictOfReturn = ({ removedCell }: RowFate): WriteVerdict => ({
  cell: removedCell,
  operation: 'delete',
  before: true,
  offered: null,
  applied: null,
  verdict: 'accepted',
  reason: null,
  by: null,
});

export function verdictOfText(
  root: string,
  items: TextEdit['items'],
  reason: NonNullable<WriteVerdict['reason']>,
): WriteVerdict {
  // The text itself stays in the bytes as received: an item's content was cut out when it was merged.
  return {
    cell: root as CellId,
    operation: items.length > 0 ? 'insert' : 'delete',
    before: null,
    offered: null,
    applied: null,
    verdict: 'refused',
    reason,
    by: null,
  };
}
