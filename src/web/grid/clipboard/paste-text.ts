import type { QuoteClient } from '../../../client/connect-quote.ts';
import type { Result } from '../../../lib/result.ts';
import { parseCellId } from '../../../quote/cell.ts';
import type { DecimalSign } from '../../../quote/import-result.ts';
import { readSnapshot } from '../../../quote/snapshot.ts';
import { groupOf } from '../move-lines.ts';
import { type GridAxes, type GridSelection, NEW_ROW } from '../selection.ts';
import type { LeftOut } from './left-out.ts';
import { parseTsv } from './parse-tsv.ts';
import { type PastePlan, planPaste } from './plan-paste.ts';

/** Where the cursor is, and what is shown around it. */
export interface GridPlace {
  readonly axes: GridAxes;
  readonly selection: GridSelection;
}

export interface PastedText extends GridPlace {
  readonly text: string;
  /** The sign of its numbers, where that is known. */
  readonly decimal?: DecimalSign | undefined;
  readonly locale?: string | undefined;
}

export type PasteOutcome = Exclude<PastePlan, { kind: 'paste' }> | Pasted;

export interface Pasted {
  readonly kind: 'pasted';
  /** Lines that were touched, new ones counted. */
  readonly lineCount: number;
  readonly leftOut: readonly LeftOut[];
  readonly written: Written;
}

/** What was written, to know it again when the server speaks of it. */
export interface Written {
  readonly cells: ReadonlySet<string>;
  /** Numbers, from 1, of the lines that are new, by id. */
  readonly newLines: ReadonlyMap<string, number>;
}

/** Pastes text from the clipboard, in one transaction and one step of undo. */
export function pasteText(quote: QuoteClient, pasted: PastedText): PasteOutcome {
  const { axes, selection, text, decimal, locale } = pasted;
  const currency = quote.readCell('fields/currency');
  const target = {
    axes,
    selection,
    locale,
    readCell: quote.readCell,
    ask: quote.foresight.ask,
    currency: typeof currency === 'string' ? currency : '',
    group: groupOf(quote.snapshot().lineItems.at(-1)),
    linesMade: readSnapshot(quote.doc, { removed: true }).lineItems.length,
  };
  const plan = planPaste(parseTsv(text), target, decimal);
  if (plan.kind !== 'paste') return plan;
  const written = writePlan(quote, plan);
  if (!written.ok) return { kind: 'nothing', why: written.reason };
  const lines = axes.rows.filter((row) => row !== NEW_ROW).length;
  return {
    kind: 'pasted',
    lineCount: plan.lineCount,
    leftOut: plan.leftOut,
    written: {
      cells: new Set(plan.writes.map(({ cell }) => cell)),
      newLines: new Map(written.value.map((id, index) => [id, lines + index + 1])),
    },
  };
}

function writePlan(
  quote: QuoteClient,
  { writes, newRows }: Extract<PastePlan, { kind: 'paste' }>,
): Result<readonly string[]> {
  if (newRows.length > 0) return quote.addRows('lineItems', newRows, {}, writes);
  const set = quote.setCells(writes);
  return set.ok ? { ok: true, value: [] } : set;
}

/** Whether a cell is one of those that were written. */
export function isWritten({ cells, newLines }: Written, cell: string): boolean {
  const row = parseCellId(cell)?.row ?? null;
  return cells.has(cell) || (row !== null && newLines.has(row));
}
