import type { Awareness } from 'y-protocols/awareness';
import { z } from 'zod';
import { ROLES } from '../authority/role.ts';

/**
 * Who else is here, and where. Each client tells where it is; who it is, the server writes into the state from the
 * token, so nobody can pose as another. States of others are untrusted: what does not fit is left out.
 */

const ownSchema = z.object({
  /** The cell under the cursor. */
  cell: z.string().nullable().optional(),
  /** The cell being changed right now: authority counts it as an active edit. */
  editing: z.string().nullable().optional(),
  /** True while the hands are on the keys. */
  typing: z.boolean().nullable().optional(),
  /** Where in a text, in a form of the app's own. */
  cursor: z.json().optional(),
  selection: z.json().optional(),
  viewport: z.json().optional(),
  /** `idle` and `away` say that nobody does anything here, and count as no activity; all else is in words of the app's own. */
  status: z.string().nullable().optional(),
});

const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  /** A CSS colour. */
  color: z.string().optional(),
});

const stateSchema = ownSchema.extend({ user: userSchema });

/** Where a client is. All parts are optional; `null` takes one back. */
export type OwnPresence = Readonly<z.infer<typeof ownSchema>>;
export type PresenceUser = Readonly<z.infer<typeof userSchema>>;

/** Another connection: another person, or another tab of the same one. */
export interface OtherPresence extends OwnPresence {
  /** Tells the connections of one person apart. */
  readonly clientId: number;
  readonly user: PresenceUser;
}

export interface Presence {
  /** Changes the named parts of one's own presence and leaves the others. */
  set(parts: OwnPresence): void;
  /** One's own, as last set. */
  own(): OwnPresence;
  /** All others with a known identity, by client id; the same array until something changes. */
  others(): readonly OtherPresence[];
  /** Calls back whenever `others()` or `own()` changed. Returns the function that ends it. */
  observe(listener: () => void): () => void;
}

export function createPresence(awareness: Awareness): Presence {
  let others: readonly OtherPresence[] | null = null;
  // there before any other listener, so that they all read what is new
  awareness.on('change', () => {
    others = null;
  });

  return {
    set(parts) {
      awareness.setLocalState({ ...awareness.getLocalState(), ...parts });
    },
    own: () => awareness.getLocalState() ?? {},
    others() {
      others ??= readOthers(awareness);
      return others;
    },
    observe(listener) {
      awareness.on('change', listener);
      return () => awareness.off('change', listener);
    },
  };
}

function readOthers(awareness: Awareness): OtherPresence[] {
  const others: OtherPresence[] = [];
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue;
    const parsed = stateSchema.safeParse(state);
    if (parsed.success) others.push({ clientId, ...parsed.data });
  }
  return others.toSorted((a, b) => a.clientId - b.clientId);
}
