import { ROLE_TITLES } from '../../../authority/role.ts';
import { type RowRoot, parseCellId, parseNoteRootName } from '../../../quote/cell.ts';
import type { WireUser } from '../../../wire/user-schema.ts';
import { cellTitle } from '../../../quote/column-titles.ts';
import type { FeedEntry, FeedWrite } from './feed-entry.ts';
import { type Describing, type FeedLine, valueText } from './feed-line.ts';
import { groupBy } from './group-by.ts';
import { rowTitle } from './row-words.ts';

/** More refused or held writes of one entry with one reason are told as their number. */
const TOLD_ALONE_MAX = 4;

/** What of an entry does not stand: what was wanted, what stands instead, and who or what decided so. */
export function describeRefused(
  entry: FeedEntry,
  writes: readonly FeedWrite[],
  describing: Describing,
): FeedLine[] {
  const causes = groupBy(withoutPartsOfNewRows(writes), ({ reason, by }) => `${reason} ${by?.id ?? ''}`);
  return [...causes].flatMap(([cause, same]): FeedLine[] => {
    const [first] = same;
    if (first === undefined) return [];
    if (same.length <= TOLD_ALONE_MAX) return same.map((write) => refusedLine(entry, write, describing));
    const kind = kindOf(first);
    const some = `${same.length} changes`;
    return [
      {
        key: `refused ${cause}`,
        kind,
        text: kind === 'held' ? `${some} had to wait for a person to choose` : `${some} were refused`,
        detail: sentence(whyOf(entry.user, first)),
        cell: first.cell,
      },
    ];
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

const kindOf = ({ reason }: FeedWrite): 'refused' | 'held' => (reason === 'held' ? 'held' : 'refused');

function refusedLine({ seq, user }: FeedEntry, write: FeedWrite, describing: Describing): FeedLine {
  const { cell, offered } = write;
  const kind = kindOf(write);
  const waits = `${describing.isWaiting?.(seq, cell) === true ? 'waits' : 'waited'} for a person to choose`;
  const why = whyOf(user, write);
  const detail = sentence(kind === 'held' ? `${why}; it ${waits}` : why);
  const parsed = parseCellId(cell);
  const row = (root: string, id: string): string => rowTitle(root as RowRoot, id, describing.rowName);
  const plain = (text: string): FeedLine => ({ key: `refused ${cell}`, kind, text, detail, cell });
  const note = parseNoteRootName(cell);
  if (note !== null) return plain(`Could not edit ${row('notes', note)}`);
  if (parsed !== null && parsed.row !== null && parsed.column === 'position')
    return plain(`Could not ${write.before === null ? 'add' : 'move'} ${row(parsed.root, parsed.row)}`);
  if (parsed !== null && parsed.row !== null && parsed.column === 'removed')
    return plain(
      `Could not ${write.applied === true ? 'restore' : 'remove'} ${row(parsed.root, parsed.row)}`,
    );
  const title = plain(cellTitle(cell, row));
  // Only its author, hosts and admins are told what it was.
  if (offered === undefined)
    return {
      ...title,
      detail: `${user.name}'s value ${kind === 'held' ? waits : 'was refused'}: ${why}.`,
    };
  return {
    ...title,
    change: {
      before: valueText(cell, asValue(offered), describing.locale),
      after: valueText(cell, write.applied, describing.locale),
    },
  };
}

/** "Dana (VP Sales) decided here", or the rule that says no: of anybody, without its full stop. */
function whyOf({ role }: WireUser, { cell, reason, by }: FeedWrite): string {
  const winner = by === undefined ? null : `${by.name} (${ROLE_TITLES[by.role]})`;
  switch (reason) {
    case 'held':
      return `${winner ?? 'somebody of the same role'} was first`;
    case 'authority_overridden':
      return `${winner ?? 'a higher role'} decided here`;
    case 'locked':
      return `the quote's status closes this cell to the role ${ROLE_TITLES[role]}`;
    case 'invalid_value':
      return 'the cell does not take such a value, or the quote is full';
    default:
      return HAS_LIMIT.test(cell)
        ? `over the limit of the role ${ROLE_TITLES[role]}`
        : `the permission or the role ${ROLE_TITLES[role]} does not allow it`;
  }
}

/** The cells in which roles have limits unless the server's settings say otherwise. */
const HAS_LIMIT = /^lineItems\/[^/]+\/discountPercent$|^discounts\/[^/]+\/(?:value|kind)$/;

const sentence = (why: string): string => `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;

/** Whatever was offered, as something that can be shown. */
function asValue(offered: unknown): FeedWrite['before'] {
  if (typeof offered === 'string' || typeof offered === 'boolean' || offered === null) return offered;
  return JSON.stringify(offered) ?? null;
}
