import type { Presence } from '../../client/connect-quote.ts';

/**
 * Tells others that this person is in a cell and, from the first key on, that they are changing it. The server ends an
 * active edit some seconds after the last sign of it, and a mere repetition is none: so while typing goes on, the count
 * of keys is sent along every few seconds.
 */
export interface EditingSign {
  enter(): void;
  type(): void;
  /** No longer changing it, but still there. */
  rest(): void;
  leave(): void;
}

/** Half of the server's lease. */
const SIGN_EVERY_MS = 4_000;

export function createEditingSign(presence: Presence, cell: string, now: () => number): EditingSign {
  let isEditing = false;
  let keys = 0;
  let signedAt = 0;

  function rest(): void {
    if (isEditing) presence.set({ cell, editing: null, selection: null });
    isEditing = false;
  }

  return {
    enter: () => presence.set({ cell, editing: null }),
    type() {
      keys += 1;
      if (isEditing && now() - signedAt < SIGN_EVERY_MS) return;
      isEditing = true;
      signedAt = now();
      presence.set({ cell, editing: cell, selection: { keys } });
    },
    rest,
    leave() {
      rest();
      if (presence.own().cell === cell) presence.set({ cell: null });
    },
  };
}
