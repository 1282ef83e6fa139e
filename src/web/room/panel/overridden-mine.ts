import type { Verdict } from '../../../client/connect-quote.ts';
import type { CellValue } from '../../../quote/cell.ts';

/** Finds what the reader had written in a cell that a later entry of a higher role put aside. */
export function overriddenMine(
  verdicts: readonly Verdict[],
): (seq: number, cell: string) => CellValue | undefined {
  const yours = new Map<string, CellValue>();
  for (const verdict of verdicts) {
    if (verdict.kind === 'overridden') yours.set(`${verdict.revision} ${verdict.cell}`, verdict.yours);
  }
  return (seq, cell) => yours.get(`${seq} ${cell}`);
}
