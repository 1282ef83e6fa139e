import { ROLE_TITLES } from '../../../authority/role.ts';
import type { ConflictJson } from '../../../wire/session-schemas.ts';
import type { WireUser } from '../../../wire/user-schema.ts';
import { formatCellValue } from '../../words/format-cell-value.ts';

/** One of the values between which somebody has to choose. */
export interface OfferedValue {
  readonly kind: 'kept' | 'parked';
  readonly revision: number;
  readonly by: WireUser;
  readonly isMine: boolean;
  /** As the cell shows it, short enough for a line; null where the reader is not told. */
  readonly text: string | null;
}

/** What is kept, then what waits, oldest first. */
export function offeredValues({ cell, kept, parked }: ConflictJson, me: string | null): OfferedValue[] {
  const offered = (
    kind: OfferedValue['kind'],
    { by, value, revision }: ConflictJson['parked'][number],
  ): OfferedValue => ({
    kind,
    revision,
    by,
    isMine: by.id === me,
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
  return `${count} values: ${kept} is kept, ${joined(parked)} ${parked.length === 1 ? 'waits' : 'wait'}`;
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
  const minutes = Math.ceil((settlesAt - now) / 60_000);
  if (minutes <= 0) return `Nobody chose: ${whose} is taken any moment.`;
  return `If nobody chooses, ${whose} is taken in ${inTime(minutes)}.`;
}

/** For who may not. */
export const whoMayChoose = ({ kept }: ConflictJson): string =>
  kept.by.role === 'admin'
    ? 'An admin who may edit this quote can choose.'
    : `Editors from ${ROLE_TITLES[kept.by.role]} up can choose.`;

/** "Dana is choosing."; null where nobody else is. */
export const whoChooses = ({ openedBy }: ConflictJson, me: string | null): string | null =>
  openedBy === undefined || openedBy.id === me ? null : `${openedBy.name} is choosing.`;

function inTime(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

const joined = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** A value in a line of a narrow panel. */
const SHORT_MAX = 60;
const short = (text: string): string =>
  text.length <= SHORT_MAX ? text : `${text.slice(0, SHORT_MAX).replace(/[\uD800-\uDBFF]$/, '')}…`;
