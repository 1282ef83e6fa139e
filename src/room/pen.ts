import { type Permission, mayEdit } from '../authority/role.ts';
import type { UserId } from '../lib/ids.ts';

/**
 * Where only one person edits a quote at a time (`collaboration.enabled: false`): who came first of those who may edit has the
 * pen, and all others are viewers until that person is gone; then the next of them has it. Where everybody edits at once there is
 * no pen to have.
 */
export interface Pen {
  /** Who has it; null where nobody does. */
  readonly holder: UserId | null;
  /** What somebody to whom so much is granted may do here now. */
  permissionOf(user: UserId, granted: Permission): Permission;
  /** Looks who has it, of those who are here in the order in which they came. True if it is another than before. */
  look(here: Iterable<PenUser>): boolean;
}

export interface PenUser {
  readonly user: UserId;
  /** By the quote's grants. */
  readonly granted: Permission;
}

export function createPen({ isShared }: { readonly isShared: boolean }): Pen {
  let holder: UserId | null = null;

  return {
    get holder() {
      return holder;
    },
    permissionOf: (user, granted) =>
      isShared || holder === null || holder === user || !mayEdit(granted) ? granted : 'viewer',
    look(here) {
      if (isShared) return false;
      const former = holder;
      const editors = [...here].filter(({ granted }) => mayEdit(granted));
      const isStillHere = editors.some(({ user }) => user === holder);
      if (!isStillHere) holder = editors[0]?.user ?? null;
      return holder !== former;
    },
  };
}
