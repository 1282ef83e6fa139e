import { ROLE_TITLES } from '../../../authority/role.ts';
import type { RefusalReason } from '../../../authority/verdict.ts';
import { type RowRoot, parseCellId, parseNoteRootName } from '../../../quote/cell.ts';
import { cellTitle } from '../../words/column-titles.ts';
import type { FeedWrite } from './feed-entry.ts';
import { type Describing, type FeedLine, valueText } from './feed-line.ts';
import { groupBy } from './group-by.ts';
import { rowTitle } from './row-words.ts';

/** More refused writes of one entry with one reason are told as their number. */
const TOLD_ALONE_MAX = 4;

/** What of an entry does not stand: what was wanted, what stands instead, and who or what decided so. */
export function describeRefused(writes: readonly FeedWrite[], describing: Describing): FeedLine[] {
  const causes = groupBy(withoutPartsOfNewRows(writes), ({ reason, by }) => `${reason} ${by?.id ?? ''}`);
  return [...causes].flatMap(([cause, same]): FeedLine[] => {
    const [first] = same;
    if (first === undefined) return [];
    if (same.length <= TOLD_ALONE_MAX) return same.map((write) => refusedLine(write, describing));
    const text = `${same.length} changes were refused`;
    return [{ key: `refused ${cause}`, kind: 'refused', text, detail: whyOf(first), cell: first.cell }];
  });
}

/** A row that could not be added is one thing that was refused, not one for each of its cells. */
function withoutPartsOfNewRows(writes: readonly FeedWrite[]): FeedWrite[] {
  const rows = new Set(writes.filter(isNewRow).map(({ cell }) => rowKey(cell)));
  return writes.filter((write) => isNewRow(write) || !rows.has(rowKey(write.cell)));
}

const isNewRow = ({ cell, before }: FeedWrite): boolean =>
  before === null && parseCellId(cell)?.column === 'position';

const rowKey = (cell: string): string => cell.slice(0, cell.lastIndexOf('/'));

function refusedLine(write: FeedWrite, describing: Describing): FeedLine {
  const { cell } = write;
  const detail = whyOf(write);
  const parsed = parseCellId(cell);
  const row = (root: string, id: string): string => rowTitle(root as RowRoot, id, describing.rowName);
  const plain = (text: string): FeedLine => ({ key: `refused ${cell}`, kind: 'refused', text, detail, cell });
  const note = parseNoteRootName(cell);
  if (note !== null) return plain(`Could not edit ${row('notes', note)}`);
  if (parsed !== null && parsed.row !== null && parsed.column === 'position')
    return plain(`Could not ${write.before === null ? 'add' : 'move'} ${row(parsed.root, parsed.row)}`);
  if (parsed !== null && parsed.row !== null && parsed.column === 'removed')
    return plain(
      `Could not ${write.applied === true ? 'restore' : 'remove'} ${row(parsed.root, parsed.row)}`,
    );
  return {
    ...plain(cellTitle(cell, row)),
    ...(write.offered !== undefined && {
      change: {
        before: valueText(cell, asValue(write.offered), describing.locale),
        after: valueText(cell, write.applied, describing.locale),
      },
    }),
  };
}

/** "Dana (VP Sales) decided here.", or the rule that says no. */
function whyOf({ reason, by }: FeedWrite): string {
  if (by !== undefined) return `${by.name} (${ROLE_TITLES[by.role]}) decided here.`;
  return WHY[reason ?? 'not_permitted'];
}

/** Each reason, told of anybody: where no person decided. */
const WHY: Readonly<Record<RefusalReason, string>> = {
  authority_overridden: 'A higher role decided here.',
  not_permitted: 'Permission, role or the limit of the role do not allow it.',
  invalid_value: 'The cell does not take such a value, or the quote is full.',
  locked: 'The status of the quote closes this cell to the role.',
  held: 'Somebody of the same role was first; it waits for a person to choose.',
};

/** Whatever was offered, as something that can be shown. */
function asValue(offered: unknown): FeedWrite['before'] {
  if (typeof offered === 'string' || typeof offered === 'boolean' || offered === null) return offered;
  return JSON.stringify(offered) ?? null;
}
