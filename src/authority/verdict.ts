import type { CellId, UserId } from '../lib/ids.ts';
import type { CellValue } from '../quote/cell.ts';
import type { Role } from './role.ts';

/**
 * Why a write does not stand.
 * - `authority_overridden`: a higher role wrote the cell without its author having seen it, is editing it, or owns it
 * - `not_permitted`: this person's permission, role or limit does not reach so far
 * - `invalid_value`: no such column, or not a value for it, or the quote is full
 * - `locked`: the quote's status closes this cell to this role
 * - `held`: an equal was first; a person has to choose
 */
export const REFUSAL_REASONS = [
  'authority_overridden',
  'not_permitted',
  'invalid_value',
  'locked',
  'held',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** A person in the role they had when they wrote. */
export interface Author {
  readonly user: UserId;
  readonly role: Role;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export const OPERATIONS = ['insert', 'update', 'delete'] as const;

/** The decision on one write, as the log keeps it. `before` and `applied` are what stood in the cell before and after. */
export interface WriteVerdict {
  readonly cell: CellId;
  readonly operation: (typeof OPERATIONS)[number];
  readonly before: CellValue;
  readonly offered: Json;
  readonly applied: CellValue;
  readonly verdict: 'accepted' | 'refused' | 'held';
  /** Set unless accepted. */
  readonly reason: RefusalReason | null;
  /** Whose write or active edit won, where a person won. */
  readonly by: Author | null;
}

/** True of all that does not stand: what is held does not either, until a person chooses it. */
export const isRefused = ({ verdict }: Pick<WriteVerdict, 'verdict'>): boolean => verdict !== 'accepted';

/** Told to the author of an earlier write that a later one of a higher role put aside. */
export interface Overridden {
  /** Who is told. */
  readonly user: UserId;
  readonly cell: CellId;
  readonly by: Author;
  /** What stands now. */
  readonly kept: CellValue;
  /** What they had written. */
  readonly yours: CellValue;
}

/** A cell that a person has under their hands. */
export interface ActiveEdit extends Author {
  readonly cell: CellId;
}

/**
 * What the author of an update had seen of the others' work.
 * - `connection`: everything up to `revision` came over this connection; a cell's own origin may prove more
 * - `revision`: the author says so (HTTP, Slack): every write was made looking at exactly this revision
 */
export type Seen =
  | { readonly kind: 'connection'; readonly revision: number }
  | { readonly kind: 'revision'; readonly revision: number };

/** Consecutive clocks of one Yjs client. */
export interface ClockRange {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** A clock of the server's own: it carries again a write of somebody else's, with that author's authority. */
export interface Alias {
  readonly clock: number;
  /** The cell, or `note/<id>` where deleted text was typed back in. */
  readonly cell: string;
  /** The entry and author of the write it stands for; null for text. */
  readonly of: (Author & { readonly seq: number }) | null;
}
