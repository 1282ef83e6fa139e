import * as Y from 'yjs';
import type { CellId, QuoteId } from '../lib/ids.ts';
import { readDocumentAt } from '../log/document-at.ts';
import type { Log } from '../log/log.ts';
import { type CellValue, noteRootName, parseCellId, parseNoteRootName } from '../quote/cell.ts';
import { isRowOn } from '../quote/on-quote.ts';
import { createCellOrder, readCells } from './cells-of.ts';
import { type Change, type Place, createCourse, readTexts } from './course.ts';
import { type RowChange, changesOfRows } from './diff-rows.ts';
import { playLog, rowsDiffer } from './play-log.ts';

/**
 * What is different between two points of a quote's life, and by whom: of each cell the last write that stood. What came
 * back to the same value is not in it. All of `cells` and `notes` applied to the state at `from` is the state at `to`; `rows`
 * says of some of these cells what they mean.
 */
export interface QuoteDiff {
  readonly quote: QuoteId;
  readonly from: number;
  readonly to: number;
  /** As the quote shows them at `to`. */
  readonly cells: readonly CellChange[];
  readonly rows: readonly RowChange[];
  readonly notes: readonly TextChange[];
}

export interface CellChange {
  readonly cell: CellId;
  readonly before: CellValue;
  readonly after: CellValue;
  readonly change: Change;
  /** Its row is on the quote at one of the two points. */
  readonly isSeen: boolean;
}

export interface TextChange {
  readonly note: string;
  readonly before: string;
  readonly after: string;
  readonly change: Change;
}

/** `0 <= from <= to`; both must be there, 0 is before the first entry. */
export async function diffQuote(
  log: Pick<Log, 'entries' | 'checkpoint' | 'decisions' | 'head'>,
  quote: QuoteId,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<QuoteDiff> {
  const doc = (from === 0 ? null : await readDocumentAt(log, quote, from)) ?? new Y.Doc();
  const before = stateOf(doc);
  const course = createCourse(doc);
  await playLog(log, quote, course, { after: from, to });
  const after = stateOf(doc);
  const changeOf = (place: Place | undefined, name: string): Change => {
    if (place?.standing == null) throw rowsDiffer(quote, name);
    return place.standing.change;
  };

  const order = createCellOrder(doc);
  const names = new Set([...before.cells.keys(), ...after.cells.keys()]);
  const cells = [...names].flatMap((cell): CellChange[] => {
    const [was, is] = [before.read(cell), after.read(cell)];
    if (was === is) return [];
    const change = changeOf(course.places.get(cell), cell);
    return [{ cell, before: was, after: is, change, isSeen: isOn(before, cell) || isOn(after, cell) }];
  });
  const roots = new Set([...before.texts.keys(), ...after.texts.keys()]);
  const notes = [...roots].flatMap((root): TextChange[] => {
    const [was, is] = [before.texts.get(root) ?? '', after.texts.get(root) ?? ''];
    if (was === is) return [];
    const change = changeOf(course.places.get(root as CellId), root);
    return [{ note: parseNoteRootName(root) ?? root, before: was, after: is, change }];
  });
  const inOrder = cells.toSorted((a, b) => order(a.cell, b.cell));
  return {
    quote,
    from,
    to,
    cells: inOrder,
    rows: changesOfRows(inOrder, before.read, after.read),
    notes: notes.toSorted((a, b) => order(noteRootName(a.note), noteRootName(b.note))),
  };
}

interface State {
  readonly cells: ReadonlyMap<CellId, CellValue>;
  readonly texts: ReadonlyMap<string, string>;
  read(cell: CellId): CellValue;
}

function stateOf(doc: Y.Doc): State {
  const cells = readCells(doc);
  return { cells, texts: readTexts(doc), read: (cell) => cells.get(cell) ?? null };
}

function isOn({ read }: State, id: CellId): boolean {
  const cell = parseCellId(id);
  return cell !== null && isRowOn(read, cell);
}
