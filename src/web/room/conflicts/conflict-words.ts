import { ROLE_TITLES } from '../../../authority/role.ts';
import type { ConflictJson } from '../../../wire/session-schemas.ts';
import type { WireUser } from '../../../wire/user-schema.ts';
import { formatCellValue } from '../../../quote/format-cell-value.ts';
import { listOf } from '../../words/list-of.ts';
import { spanOf } from '../../words/span-of.ts';

/** Finds whether what was written in a cell by an entry waits there. */
export const isWaitingIn =
  (conflicts: readonly ConflictJson[]) =>
  (seq: number, cell: string): boolean =>
    conflicts.some((held) => held.cell === cell && held.parked.some(({ revision }) => revision === seq));

/** One of the values between which somebody has to choose. */
export interface OfferedValue {
  readonly kind: 'kept' | 'parked';
  readonly revision: number;
  readonly by: WireUser;
  readonly isMine: boolean;
  /** When it was written, ms since 1970; null where the server does not tell. */
  readonly at: number | null;
  /** As the cell shows it, short enough for a line; null where the reader is not told. */
  readonly text: string | null;
}

/** What is kept, then what waits, oldest first. */
export function offeredValues({ cell, kept, parked }: ConflictJson, me: string | null): OfferedValue[] {
  const offered = (
    kind: OfferedValue['kind'],
    { by, value, revision, at }: ConflictJson['parked'][number],
  ): OfferedValue => ({
    kind,
    revision,
    by,
    isMine: by.id === me,
    at: at ?? null,
    text: value === undefined ? null : short(formatCellValue(cell, value)),
  });
  return [offered('kept', kept), ...parked.map((one) => offered('parked', one))];
}

/** "Two values: Net 30 (Ada) is kept, Net 60 (Ben) waits": a conflict in a line. */
export function conflictSentence(conflict: ConflictJson, me: string | null): string {
  const [kept, ...parked] = offeredValues(conflict, me).map(
    ({ text, by, isMine }) => `${text ?? 'a value'} (${isMine ? 'you' : by.name})`,
  );
  const count = parked.length === 1 ? 'Two' : String(parked.length + 1);
  return `${count} values: ${kept} is kept, ${listOf(parked)} ${parked.length === 1 ? 'waits' : 'wait'}`;
}

/** Above the values: what the reader has to do with it. */
export function conflictLead({ parked, kept }: ConflictJson, me: string | null): string {
  if (parked.some(({ by }) => by.id === me)) return `Yours waits: ${kept.by.name} was first.`;
  return kept.by.id === me
    ? 'Yours is kept, until somebody chooses.'
    : 'Written without having seen each other.';
}

/** What happens where nobody chooses: "If nobody chooses, Ben's value is taken in 12 min." */
export function settlesByItself({ parked, settlesAt }: ConflictJson, me: string | null, now: number): string {
  const newest = parked.at(-1)?.by;
  const whose = newest === undefined ? 'the newest' : newest.id === me ? 'yours' : `${newest.name}’s value`;
  return settlesAt <= now
    ? `Nobody chose: ${whose} is taken any moment.`
    : `If nobody chooses, ${whose} is taken in ${spanOf(settlesAt - now)}.`;
}

/** For who may not. */
export const whoMayChoose = ({ kept }: ConflictJson): string =>
  kept.by.role === 'admin'
    ? 'An admin who may edit this quote can choose.'
    : `Editors from ${ROLE_TITLES[kept.by.role]} up can choose.`;

/** "Dana is choosing", of one conflict or of several, others before the reader; null where nobody is. */
export function whoChooses(conflicts: readonly ConflictJson[], me: string | null): string | null {
  const choosers = new Map(
    conflicts.flatMap(({ openedBy }) => (openedBy === undefined ? [] : [[openedBy.id, openedBy.name]])),
  );
  const others = [...choosers].filter(([id]) => id !== me);
  if (others.length > 1) return `${others.length} people are choosing`;
  if (others[0] !== undefined) return `${others[0][1]} is choosing`;
  return choosers.size > 0 ? 'You are choosing' : null;
}

/** A value in a line of a narrow panel. */
const SHORT_MAX = 60;
const short = (text: string): string =>
  text.length <= SHORT_MAX ? text : `${text.slice(0, SHORT_MAX).replace(/[\uD800-\uDBFF]$/, '')}…`;
