import type { BlameJson, ChangeJson, DiffJson } from '../wire/audit-schemas.ts';
import { showTime } from './moment.ts';
import { plain, plainValue } from './plain-text.ts';

/** Who is behind each cell, in lines: the cell, who set it, and under it who tried in vain. */
export function describeBlame({ quote, revision, cells, notes }: BlameJson): string[] {
  if (cells.length === 0 && notes.length === 0) return [`${quote}, entry ${revision}: no such cells.`];
  return [
    `${quote}, after entry ${revision}`,
    ...cells.flatMap(({ cell, value, set, before, ...rest }) => [
      `${plain(cell)}: ${plainValue(value)}`,
      set === null ? '    never set' : `    ${describeChange(set)}; before: ${plainValue(before)}`,
      ...describeOutvoted(rest),
    ]),
    ...notes.flatMap(({ note, changed, ...rest }) => [
      `note/${plain(note)}`,
      changed === null ? '    no text' : `    ${describeChange(changed)}`,
      ...describeOutvoted(rest),
    ]),
  ];
}

type Outvoted = Pick<BlameJson['cells'][number], 'outvoted' | 'outvotedCount'>;

function describeOutvoted({ outvoted, outvotedCount }: Outvoted): string[] {
  const more = outvotedCount - outvoted.length;
  return [
    ...outvoted.map(({ verdict, reason, offered, ...change }) => {
      const why = reason === undefined || reason === 'held' ? '' : ` (${reason})`;
      const value = offered == null ? '' : ` ${plainValue(offered)}`;
      return `    ${verdict}${value}${why}: ${describeChange(change)}`;
    }),
    ...(more > 0 ? [`    and ${more} more before`] : []),
  ];
}

/** What differs between two points, in lines: rows that came and went, then cells, then texts. */
export function describeDiff({ quote, from, to, cells, rows, notes }: DiffJson): string[] {
  const moved = new Set(
    rows.flatMap(({ root, row }) => [`${root}/${row}/position`, `${root}/${row}/removed`]),
  );
  // Rows say what these mean; and what was added and removed in between is nobody's concern any more.
  const shown = cells.filter(({ cell, isSeen }) => isSeen && !moved.has(cell));
  const lines = [
    ...rows.map(({ kind, root, row, change }) => `${kind} ${root}/${plain(row)}: ${describeChange(change)}`),
    ...shown.flatMap(({ cell, before, after, change }) => [
      `${plain(cell)}: ${plainValue(before)} -> ${plainValue(after)}`,
      `    ${describeChange(change)}`,
    ]),
    ...notes.flatMap(({ note, before, after, change }) => [
      `note/${plain(note)}: ${describeChange(change)}`,
      `    - ${plainValue(before)}`,
      `    + ${plainValue(after)}`,
    ]),
  ];
  return [`${quote}, entry ${from} to ${to}`, ...(lines.length === 0 ? ['Nothing is different.'] : lines)];
}

const describeChange = ({ user, role, at, seq }: ChangeJson): string =>
  `${plain(user)} (${role}), ${showTime(at)}, entry ${seq}`;
