import * as Y from 'yjs';
import type { Ledger } from '../authority/ledger.ts';
import type { Json, RefusalReason } from '../authority/verdict.ts';
import { present } from '../lib/assert.ts';
import type { CellId, QuoteId } from '../lib/ids.ts';
import { type ReadableLog, loadGate } from '../log/load-gate.ts';
import type { Head, Log } from '../log/log.ts';
import { type CellValue, parseCellId, parseNoteRootName } from '../quote/cell.ts';
import { isRowOn } from '../quote/on-quote.ts';
import type { CellFilter } from './cell-filter.ts';
import { createCellOrder, readCells } from './cells-of.ts';
import { type Change, type Place, createCourse } from './course.ts';
import { playLog } from './play-log.ts';

/**
 * Who is behind each cell of a quote, now or as it was: who set it, what it was before, and who was outvoted. All of the
 * log up to then is read. Whether the author of a write that was overwritten was told so is not in the rows: the gate that
 * stood there remembers it, and is brought back for that from the nearest checkpoint.
 */
export interface Blame {
  readonly quote: QuoteId;
  readonly revision: number;
  /** As the quote shows them. */
  readonly cells: readonly BlamedCell[];
  readonly notes: readonly BlamedNote[];
}

export interface BlamedCell extends Outvoted {
  readonly cell: CellId;
  readonly value: CellValue;
  /** Null where nothing ever stood. */
  readonly set: Change | null;
  /** The last other value that it had. */
  readonly before: CellValue;
}

/** The text of a note. What was offered in vain is not in the rows per write. */
export interface BlamedNote extends Outvoted {
  readonly note: string;
  readonly changed: Change | null;
}

interface Outvoted {
  /** Newest first, the newest of them only, */
  readonly outvoted: readonly OutvotedWrite[];
  /** and how many there were in all. */
  readonly outvotedCount: number;
}

/** Refused or held since, or overwritten by a higher role that had not seen it. */
export interface OutvotedWrite extends Change {
  readonly verdict: 'refused' | 'held' | 'overridden';
  readonly reason?: RefusalReason;
  readonly offered: Json;
}

export interface BlameQuery {
  /** The entry after which; it must be there. */
  readonly at: number;
  /** Without it, all cells that are on the quote and hold a value; with it, all that it takes and anyone ever wrote to. */
  readonly cells?: CellFilter | undefined;
}

export async function blameQuote(
  log: ReadableLog & Pick<Log, 'entries'>,
  quote: QuoteId,
  { at, cells }: BlameQuery,
): Promise<Blame> {
  const course = createCourse(new Y.Doc());
  const head = present(await playLog(log, quote, course, { after: 0, to: at }), 'a quote has a first entry');
  const gate = await loadGate(logUntil(log, head), quote);
  const { ledger } = present(gate, 'a quote with entries has a gate').gate;
  const values = readCells(course.doc);
  const read = (cell: CellId): CellValue => values.get(cell) ?? null;
  const isAskedFor = (name: CellId): boolean =>
    cells === undefined ? isNameOn(name, read) : cells.takes(name);

  const asked = [...course.places].filter(([name]) => isAskedFor(name));
  const order = createCellOrder(course.doc);
  const inOrder = asked.toSorted(([a], [b]) => order(a, b));
  return {
    quote,
    revision: at,
    cells: inOrder.flatMap(([cell, place]) =>
      isText(cell) ? [] : [blameCell(cell, place, read(cell), ledger)],
    ),
    notes: inOrder.flatMap(([name, place]) => {
      const note = parseNoteRootName(name);
      return note === null ? [] : [{ note, changed: place.standing?.change ?? null, ...outvotedIn(place) }];
    }),
  };
}

/** The log as it was when this was its last entry. */
const logUntil = (log: ReadableLog, head: Head): ReadableLog => ({
  decisions: (quote, range) => log.decisions(quote, range),
  policy: (hash) => log.policy(hash),
  checkpoint: (quote, atMost = head.seq) => log.checkpoint(quote, Math.min(atMost, head.seq)),
  head: () => Promise.resolve(head),
});

const isText = (name: CellId): boolean => parseNoteRootName(name) !== null;

function isNameOn(name: CellId, read: (cell: CellId) => CellValue): boolean {
  const note = parseNoteRootName(name);
  // A note's text is seen where its other cells are.
  if (note !== null) return isRowOn(read, { root: 'notes', row: note });
  const cell = parseCellId(name);
  return cell !== null && read(name) !== null && isRowOn(read, cell);
}

function blameCell(cell: CellId, place: Place, value: CellValue, ledger: Ledger): BlamedCell {
  const { standing, before } = place;
  const { outvoted, outvotedCount } = outvotedIn(place);
  const overridden = overriddenIn(cell, place, ledger);
  return {
    cell,
    value,
    set: standing?.change ?? null,
    before,
    outvoted: [...outvoted, ...overridden],
    outvotedCount: outvotedCount + overridden.length,
  };
}

const outvotedIn = ({ lost, lostCount }: Place): Outvoted => ({
  outvoted: lost.toReversed(),
  outvotedCount: lostCount,
});

/** What the present value took the place of, if its author was told. */
function overriddenIn(cell: CellId, { standing, replaced }: Place, ledger: Ledger): OutvotedWrite[] {
  if (replaced === null || replaced.change.user === standing?.change.user) return [];
  const { change, value } = replaced;
  if (ledger.record(cell) === null) return [];
  // The gate was made for this question and is thrown away: that it notes the telling does not matter.
  const wasTold = !ledger.noteTold({
    cell,
    seq: change.seq,
    user: change.user,
    role: change.role,
    value,
    imported: false,
  });
  return wasTold ? [{ ...change, verdict: 'overridden', offered: value }] : [];
}
