import type { RowRoot } from '../../../quote/cell.ts';
import { parseCellId, rowCell } from '../../../quote/cell.ts';
import { cellTitle } from '../../../quote/column-titles.ts';
import { describeRefused } from './describe-refused.ts';
import type { FeedEntry, FeedWrite } from './feed-entry.ts';
import { type Describing, type FeedLine, valueText } from './feed-line.ts';
import { groupBy } from './group-by.ts';
import { countRows, rowTitle } from './row-words.ts';

/** More of one kind in one entry are told as their number. */
const TOLD_ALONE_MAX = 4;

/**
 * What one entry of the log says to a person, in lines: rows come, go and move as rows, not as cells; many changes of one
 * kind are told as their number; a cell of its own as before and after. Nothing here is markup: all of it is text.
 */
export function describeEntry(entry: FeedEntry, describing: Describing): readonly FeedLine[] {
  const names = namesIn(entry, describing);
  const inside: Describing = { ...describing, rowName: names };
  const accepted = entry.writes.filter(({ reason }) => reason === undefined);
  const refused = entry.writes.filter(({ reason }) => reason !== undefined);
  const deeds = rowDeeds(accepted);
  const deedRows = new Set(
    deeds.filter(({ verb }) => verb === 'Added').map(({ root, row }) => `${root}/${row}`),
  );
  const cells = accepted.filter((write) => !isRowWrite(write) && !deedRows.has(rowKeyOf(write)));
  // A quote begins with its first values; none of them was anything before.
  if (entry.seq === 1) return [createdLine(deeds, refused.length)];
  const lines = [
    ...deedLines(entry.seq, deeds, inside),
    ...cellLines(entry.seq, cells, inside),
    ...noteLines(entry, names),
    ...describeRefused(entry, refused, inside),
  ];
  return lines.length > 0
    ? lines
    : [{ key: 'text', kind: 'done', text: 'Edited the text of a note', cell: null }];
}

interface RowDeed {
  readonly verb: 'Added' | 'Removed' | 'Restored' | 'Moved';
  readonly root: RowRoot;
  readonly row: string;
}

function rowDeeds(writes: readonly FeedWrite[]): RowDeed[] {
  const deeds = new Map<string, RowDeed>();
  for (const write of writes) {
    const cell = parseCellId(write.cell);
    if (cell === null || cell.row === null || !isRowWrite(write)) continue;
    const verb =
      cell.column === 'position'
        ? write.before === null
          ? 'Added'
          : 'Moved'
        : write.applied === true
          ? 'Removed'
          : 'Restored';
    const key = `${cell.root}/${cell.row}`;
    // One that was moved as it came back, or came back as it was added, is told by what counts more.
    if (deeds.get(key)?.verb !== 'Added' && (verb !== 'Moved' || !deeds.has(key)))
      deeds.set(key, { verb, root: cell.root, row: cell.row });
  }
  return [...deeds.values()];
}

const isRowWrite = ({ cell }: FeedWrite): boolean => /^(?!fields\/).*\/(?:position|removed)$/.test(cell);

function rowKeyOf({ cell }: FeedWrite): string {
  const [root = '', row = ''] = cell.split('/');
  return `${root}/${row}`;
}

function deedLines(seq: number, deeds: readonly RowDeed[], describing: Describing): FeedLine[] {
  const kinds = groupBy(deeds, ({ verb, root }) => `${verb} ${root}`);
  return [...kinds.values()].flatMap((same): FeedLine[] => {
    const [first] = same;
    if (first === undefined) return [];
    if (same.length > TOLD_ALONE_MAX) {
      const text = `${first.verb} ${countRows(first.root, same.length)}`;
      return [{ key: `${first.verb} ${first.root}`, kind: 'done', text, cell: null }];
    }
    return same.map(({ verb, root, row }) => {
      const column = verb === 'Removed' || verb === 'Restored' ? 'removed' : 'position';
      const overrides = describing.overridden?.(seq, rowCell(root, row, column)) !== undefined;
      return {
        key: `${verb} ${root}/${row}`,
        kind: overrides ? 'overrode' : 'done',
        text: `${verb} ${rowTitle(root, row, describing.rowName)}`,
        ...(overrides && { detail: 'Overrides what you did with it.' }),
        cell: verb === 'Removed' ? null : placeOfRow(root, row),
      };
    });
  });
}

/** The cell that stands for a row. */
const placeOfRow = (root: RowRoot, row: string): string =>
  rowCell(root, row, root === 'lineItems' ? 'name' : root === 'discounts' ? 'label' : 'author');

function cellLines(seq: number, writes: readonly FeedWrite[], describing: Describing): FeedLine[] {
  if (writes.length <= TOLD_ALONE_MAX) return writes.map((write) => cellLine(seq, write, describing));
  const columns = groupBy(writes, ({ cell }) => {
    const parsed = parseCellId(cell);
    return parsed === null || parsed.row === null ? cell : `${parsed.root}/${parsed.column}`;
  });
  return [...columns].flatMap(([column, same]): FeedLine[] => {
    if (same.length === 1) return same.map((write) => cellLine(seq, write, describing));
    const [root = ''] = column.split('/');
    const title = cellTitle(same[0]?.cell ?? column, () => countRows(root as RowRoot, same.length));
    return [{ key: column, kind: 'done', text: `Changed ${title}`, cell: same[0]?.cell ?? null }];
  });
}

function cellLine(seq: number, write: FeedWrite, describing: Describing): FeedLine {
  const { cell, before, applied } = write;
  const text = (value: FeedWrite['before']): string => valueText(cell, value, describing.locale);
  const yours = describing.overridden?.(seq, cell);
  return {
    key: cell,
    kind: yours === undefined ? 'done' : 'overrode',
    text: titleOf(cell, describing),
    change: { before: text(before), after: text(applied) },
    ...(yours !== undefined && { detail: `Overrides yours: ${text(yours)}.` }),
    cell,
  };
}

function noteLines({ notes }: FeedEntry, names: Describing['rowName']): FeedLine[] {
  return notes.map((note) => ({
    key: `note/${note}`,
    kind: 'done',
    text: `Edited ${rowTitle('notes', note, names)}`,
    cell: `note/${note}`,
  }));
}

function createdLine(deeds: readonly RowDeed[], refused: number): FeedLine {
  const lines = deeds.filter(({ root }) => root === 'lineItems').length;
  const text = lines === 0 ? 'Created the quote' : `Created the quote with ${countRows('lineItems', lines)}`;
  const left = refused === 0 ? {} : { detail: `${refused} of its values were not taken over.` };
  return { key: 'created', kind: 'done', text, ...left, cell: null };
}

const titleOf = (cell: string, { rowName }: Describing): string =>
  cellTitle(cell, (root, row) => rowTitle(root as RowRoot, row, rowName));

/** What the quote calls a row; for one that it no longer knows, what the entry itself says. */
function namesIn({ writes }: FeedEntry, { rowName }: Describing): Describing['rowName'] {
  return (root, row) => {
    const known = rowName(root, row);
    if (known !== null) return known;
    const naming = writes.find(({ cell }) => cell === placeOfRow(root, row));
    const name = naming?.applied ?? naming?.before;
    return typeof name === 'string' && name !== '' ? name : null;
  };
}
