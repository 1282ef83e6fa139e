import { type Permission, mayEdit } from '../authority/role.ts';
import { PEN_KEPT_MS } from '../lib/limits.ts';
import type { UserId } from '../lib/ids.ts';

/**
 * Where only one person edits a quote at a time (`collaboration.enabled: false`): who came first of those who may edit has the
 * pen, and all others are viewers until that person is gone, or sits there no more while somebody else does; then the next of
 * them has it. It is kept for a while for somebody whose line was cut: they come back with edits that nobody else has seen.
 * Where everybody edits at once there is no pen to have.
 */
export interface Pen {
  /** Who has it, here or not; null where nobody does. */
  readonly holder: UserId | null;
  /** What somebody to whom so much is granted may do here now. */
  permissionOf(user: UserId, granted: Permission): Permission;
  /** The line of somebody was cut: if they have the pen, it is kept for them. */
  cut(user: UserId, at: number): void;
  /** Looks who has it, of those who are here in the order in which they came. True if it is another than before. */
  look(here: Iterable<PenUser>, at: number): boolean;
}

export interface PenUser {
  readonly user: UserId;
  /** By the quote's grants. */
  readonly granted: Permission;
  /** Did nothing for long. */
  readonly isAway: boolean;
}

export function createPen({ isShared }: { readonly isShared: boolean }): Pen {
  let holder: UserId | null = null;
  let keptUntil = -Infinity;

  /** Who should have it. */
  function findHolder(editors: readonly PenUser[], at: number): UserId | null {
    const own = editors.filter(({ user }) => user === holder);
    if (own.length === 0 && at < keptUntil) return holder;
    const awake = editors.find(({ isAway }) => !isAway);
    if (own.length === 0) return (awake ?? editors[0])?.user ?? null;
    return own.some(({ isAway }) => !isAway) || awake === undefined ? holder : awake.user;
  }

  return {
    get holder() {
      return holder;
    },
    permissionOf: (user, granted) =>
      isShared || holder === null || holder === user || !mayEdit(granted) ? granted : 'viewer',
    cut(user, at) {
      if (user === holder) keptUntil = at + PEN_KEPT_MS;
    },
    look(here, at) {
      if (isShared) return false;
      const former = holder;
      holder = findHolder(
        [...here].filter(({ granted }) => mayEdit(granted)),
        at,
      );
      if (holder !== former) keptUntil = -Infinity;
      return holder !== former;
    },
  };
}
