import type { Foreseen } from '../../client/foresight.ts';
import type { Result } from '../../lib/result.ts';
import type { CellValue } from '../../quote/cell.ts';
import type { ActivityEntry } from '../room/activity.ts';

/**
 * A cell being typed into. The draft is the typist's alone until it is committed; what others write to the cell
 * meanwhile is shown beside it and takes nothing away.
 */
export interface Draft {
  readonly text: string;
  /** What stood in the cell when typing began. */
  readonly base: CellValue;
  /** Why it was not taken when it was last committed, as a sentence. */
  readonly problem: string | null;
}

/** How one kind of cell is written in an input. */
export interface CellText {
  show(value: CellValue): string;
  /** The reason is a sentence for a person. */
  read(text: string): Result<CellValue>;
}

/** Text as it is, without spaces around it; none empties the cell. */
export const plainText: CellText = {
  show: (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : (value ?? '')),
  read: (text) => ({ ok: true, value: text.trim() === '' ? null : text.trim() }),
};

export type Commit =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'write'; readonly value: CellValue }
  | { readonly kind: 'unreadable'; readonly problem: string };

/**
 * What a commit comes to. `leaving` is Tab or a click elsewhere: there a draft that says what stood at first writes
 * nothing, while Enter insists on it against what came meanwhile.
 */
export function commitOf(
  { text, base }: Draft,
  current: CellValue,
  read: CellText['read'],
  leaving: boolean,
): Commit {
  const typed = read(text);
  if (!typed.ok) return { kind: 'unreadable', problem: typed.reason };
  const { value } = typed;
  return value === current || (leaving && value === base) ? { kind: 'nothing' } : { kind: 'write', value };
}

/**
 * A draft that was not taken, asked again: what stood in its way may be gone, or something else be there. The same one as
 * long as it is refused for the same reason.
 */
export function reconsidered(draft: Draft, outcome: Commit, ask: (value: CellValue) => Foreseen): Draft {
  if (draft.problem === null || outcome.kind === 'unreadable') return draft;
  const foreseen = outcome.kind === 'write' ? ask(outcome.value) : null;
  const problem = foreseen?.kind === 'closed' ? foreseen.message : null;
  return problem === draft.problem ? draft : { ...draft, problem };
}

/** Whether somebody else's value came in while typing, and is not what was typed. */
export function isOvertaken(draft: Draft | null, current: CellValue, read: CellText['read']): boolean {
  if (draft === null || draft.base === current) return false;
  const typed = read(draft.text);
  return !typed.ok || typed.value !== current;
}

/** Who wrote what stands in the cell, by name, as far as this page saw it; null where nobody else did. */
export function lastWriter(
  entries: readonly ActivityEntry[],
  cell: string,
  me: string | undefined,
): string | null {
  const entry = entries.find(({ writes }) =>
    writes.some((write) => write.cell === cell && write.reason === undefined),
  );
  return entry === undefined || entry.user.id === me ? null : entry.user.name;
}
