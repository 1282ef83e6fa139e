import { noActiveEdits } from '../authority/active-edits.ts';
import type { Actor, Origin } from '../authority/actor.ts';
import type { Composition } from '../authority/compose-update.ts';
import { createGate } from '../authority/gate.ts';
import type { Policy } from '../authority/policy.ts';
import { isRefused } from '../authority/verdict.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import type { Directory, Person } from '../session/directory.ts';
import { type WriteRequest, tryRequest } from './direct-writes.ts';
import type { ExplainedVerdict } from './explain-verdicts.ts';
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
  readonly origin: Origin;
}

/** Whoever makes a quote writes its first values as its host. */
export const creatorOf = (
  { user, name, role }: Pick<Person, 'user' | 'name' | 'role'>,
  origin: Origin,
): Creator => ({ actor: { user, role, permission: 'host' }, name, origin });

export type CreateProblem =
  | { readonly kind: 'taken' }
  /** The creator may not write these values. */
  | { readonly kind: 'refused'; readonly verdicts: readonly ExplainedVerdict[] }
  /** The gate takes none of them, for this reason. */
  | { readonly kind: 'not_taken'; readonly reason: string };

interface Deps {
  readonly directory: Pick<Directory, 'grants' | 'setGrant' | 'deleteGrant'>;
  readonly policy: Policy;
  /** ms since 1970 */
  readonly date: () => number;
  readonly isTaken: (quote: QuoteId) => Promise<boolean>;
  /** The room of a quote that has no entries yet. */
  readonly openEmpty: (quote: QuoteId, creator: Creator) => Room;
}

export function createQuoteMaker({ directory, policy, date, isTaken, openEmpty }: Deps): QuoteMaker {
  /** Two at once would take each other's grants away. */
  const making = new Set<QuoteId>();

  async function makeHost(quote: QuoteId, { actor: { user } }: Creator): Promise<void> {
    for (const left of await directory.grants(quote)) {
      if (left.user !== user) await directory.deleteGrant(quote, left.user);
    }
    await directory.setGrant({
      quote,
      user,
      permission: 'host',
      grantedBy: user,
      source: 'host',
      at: date(),
    });
  }

  /** What the gate says to the first values of a quote, tried on a gate that is thrown away. */
  function findProblem(request: WriteRequest): CreateProblem | null {
    const activeEdits = { at: () => noActiveEdits };
    const tried = tryRequest({ gate: createGate(), policy, activeEdits }, request, date());
    if (!tried.ok) return { kind: 'not_taken', reason: tried.reason.reason };
    if (tried.value.judged === null) return { kind: 'not_taken', reason: 'a quote begins with some value' };
    const refused = tried.value.outcome.verdicts.filter(isRefused);
    return refused.length > 0 ? { kind: 'refused', verdicts: refused } : null;
  }

  return {
    async make(quote, creator, composition) {
      const request: WriteRequest = { ...creator, kind: 'create', composition };
      const problem = findProblem(request);
      if (problem !== null) return fail(problem);
      if (making.has(quote)) return fail({ kind: 'taken' });
      making.add(quote);
      try {
        if (await isTaken(quote)) return fail({ kind: 'taken' });
        await makeHost(quote, creator);
        const room = openEmpty(quote, creator);
        await room.write(request);
        return ok(room);
      } finally {
        making.delete(quote);
      }
    },
  };
}
