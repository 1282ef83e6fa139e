import type { BlameJson } from '../../../wire/audit-schemas.ts';
import type { LoggedEntry } from '../../../wire/http-schemas.ts';
import type { WireUser } from '../../../wire/user-schema.ts';
import { describeRefused } from '../panel/describe-refused.ts';
import { fromLog } from '../panel/feed-entry.ts';
import { type Describing, valueText } from '../panel/feed-line.ts';

/** One try to change a cell, in words. */
export interface CellChange {
  readonly seq: number;
  /** ms since 1970 */
  readonly at: number;
  readonly user: WireUser;
  readonly kind: 'done' | 'refused' | 'held';
  /** What stood there, and what was put there; of what does not stand, what was wanted, where the reader may see it. */
  readonly before: string;
  readonly after: string | null;
  /** Why it does not stand; null where it does. */
  readonly detail: string | null;
}

/** Newest first. `entries` oldest first, as the log has them. */
export const cellChanges = (
  cell: string,
  entries: readonly LoggedEntry[],
  describing: Describing,
): readonly CellChange[] =>
  entries
    .flatMap((logged): CellChange[] => {
      const entry = fromLog(logged);
      const { seq, at, user } = entry;
      return entry.writes
        .filter((write) => write.cell === cell)
        .map((write): CellChange => {
          const text = (value: typeof write.before): string => valueText(cell, value, describing.locale);
          const before = text(write.before);
          const own = { seq, at, user, before };
          const [refused] = write.reason === undefined ? [] : describeRefused(entry, [write], describing);
          if (refused === undefined)
            return { ...own, kind: 'done', after: text(write.applied), detail: null };
          return {
            ...own,
            kind: refused.kind === 'held' ? 'held' : 'refused',
            after:
              write.offered === undefined ? null : (refused.change?.before ?? offeredText(write.offered)),
            detail: refused.detail ?? null,
          };
        });
    })
    .toReversed();

const offeredText = (offered: unknown): string =>
  typeof offered === 'string' ? offered : offered === true ? 'yes' : 'empty';

/** Who is behind what stands there. */
export interface CellNow {
  /** Null for the text of a note. */
  readonly value: string | null;
  /** Null where nothing ever stood. */
  readonly set: { readonly seq: number; readonly at: number; readonly user: WireUser } | null;
}

export function cellNow(cell: string, { cells, notes }: BlameJson, locale?: string): CellNow {
  const found = cells.find((one) => one.cell === cell);
  const change = found?.set ?? notes.find(({ note }) => `note/${note}` === cell)?.changed ?? null;
  return {
    value: cell.startsWith('note/') ? null : valueText(cell, found?.value ?? null, locale),
    set:
      change === null
        ? null
        : {
            seq: change.seq,
            at: change.at,
            user: { id: change.user, name: change.name, role: change.role },
          },
  };
}
