import type { Actor } from '../authority/actor.ts';
import { noActiveEdits } from '../authority/active-edits.ts';
import { type Composition, composeUpdate, composingClientOf } from '../authority/compose-update.ts';
import { createGate } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import type { WriteVerdict } from '../authority/verdict.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import type { Directory } from '../session/directory.ts';
import type { Room } from './room.ts';

/**
 * Makes quotes, so that nobody ever sees one without its host:
 *
 *   its values are judged -> its id is free -> its creator is its host -> its first entry is durable
 *
 * Where a step fails, there is no quote. Where the last one does, there is a grant without a quote, which gives nobody
 * anything: whoever makes a quote of that id later begins without the grants of others.
 */
export interface QuoteMaker {
  /** Throws `Fault`: the directory's, or the log's. */
  make(quote: QuoteId, creator: Creator, composition: Composition): Promise<Result<Room, CreateProblem>>;
}

export interface Creator {
  readonly actor: Actor;
  readonly name: string;
  readonly origin: 'api' | 'system';
}

export type CreateProblem =
  | { readonly kind: 'taken' }
  /** The creator may not write these values, or they are none. */
  | { readonly kind: 'refused'; readonly verdicts: readonly WriteVerdict[] };

interface Deps {
  readonly directory: Pick<Directory, 'grants' | 'setGrant' | 'deleteGrant'>;
  readonly policy: Policy;
  /** ms since 1970 */
  readonly now: () => number;
  readonly isTaken: (quote: QuoteId) => Promise<boolean>;
  /** The room of a quote that has no entries yet. */
  readonly openEmpty: (quote: QuoteId, creator: Creator) => Room;
}

export function createQuoteMaker({ directory, policy, now, isTaken, openEmpty }: Deps): QuoteMaker {
  /** Two at once would take each other's grants away. */
  const making = new Set<QuoteId>();

  async function makeHost(quote: QuoteId, { actor: { user } }: Creator): Promise<void> {
    for (const left of await directory.grants(quote)) {
      if (left.user !== user) await directory.deleteGrant(quote, left.user);
    }
    await directory.setGrant({ quote, user, permission: 'host', grantedBy: user, at: now() });
  }

  return {
    async make(quote, creator, composition) {
      const verdicts = judgeInEmptyGate(policy, creator.actor, composition);
      const refused = verdicts?.filter(({ verdict }) => verdict !== 'accepted') ?? [];
      if (verdicts === null || refused.length > 0) return fail({ kind: 'refused', verdicts: refused });
      if (making.has(quote)) return fail({ kind: 'taken' });
      making.add(quote);
      try {
        if (await isTaken(quote)) return fail({ kind: 'taken' });
        await makeHost(quote, creator);
        const room = openEmpty(quote, creator);
        await room.write({ ...creator, kind: 'create', composition });
        return ok(room);
      } finally {
        making.delete(quote);
      }
    },
  };
}

/** What the gate says to the first values of a quote, tried on a gate that is thrown away. Null where they are none. */
function judgeInEmptyGate(
  policy: Policy,
  actor: Actor,
  composition: Composition,
): readonly WriteVerdict[] | null {
  const gate = createGate();
  const outcome = gate.submit({
    update: composeUpdate(gate.doc, composingClientOf(gate.ledger, actor.user), composition),
    kind: 'create',
    actor,
    seen: { kind: 'revision', revision: 0 },
    activeEdits: noActiveEdits,
    policy,
  });
  return outcome.kind === 'judged' ? outcome.verdicts : null;
}
