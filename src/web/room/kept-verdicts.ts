import { z } from 'zod';
import type { Verdict } from '../../client/connect-quote.ts';
import { overriddenSchema, refusedSchema } from '../../wire/messages.ts';

/**
 * Verdicts of one person on one quote that were not dismissed, as long as the tab is there: who leaves the room and comes
 * back still sees what became of their changes. The sign-out clears the tab's storage as a whole.
 */
export interface KeptVerdicts {
  /** Oldest first. */
  read(): readonly Verdict[];
  /** Keeps these and no others, of many the newest. */
  write(verdicts: readonly Verdict[]): void;
}

const KEPT_MAX = 100;

const common = { revision: z.number(), at: z.number() };
const keptSchema = z.array(
  z.discriminatedUnion('kind', [
    refusedSchema.shape.writes.element.extend({ kind: z.literal('refused'), ...common }),
    overriddenSchema.shape.writes.element.extend({ kind: z.literal('overridden'), ...common }),
  ]),
);

export function createKeptVerdicts(
  storage: Storage,
  { user, quoteId }: { readonly user: string; readonly quoteId: string },
): KeptVerdicts {
  const key = `quoteroom.verdicts/${encodeURIComponent(user)}/${quoteId}`;
  return {
    read() {
      try {
        return keptSchema.parse(JSON.parse(storage.getItem(key) ?? '[]'));
      } catch {
        return [];
      }
    },
    write(verdicts) {
      storage.removeItem(key);
      if (verdicts.length === 0) return;
      try {
        storage.setItem(key, JSON.stringify(verdicts.slice(-KEPT_MAX)));
      } catch {
        // a full device keeps none: they are in the activity all the same
      }
    },
  };
}
