import { REASON_TEXTS, explainRefusal } from '../authority/explain-refusal.ts';
import type { Policy } from '../authority/policy.ts';
import type { Role } from '../authority/role.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { MayWrite } from '../quote/import-result.ts';
import { type NewQuote, cellsOfNewQuote, withDefaultFields } from '../quote/new-quote.ts';
import type { ExplainedVerdict } from '../room/explain-verdicts.ts';
import { type CreateProblem, creatorOf } from '../room/quote-maker.ts';
import type { Rooms } from '../room/rooms.ts';
import { newId } from './process-clock.ts';
import { plainValue } from './plain-text.ts';
import { CommandFailure } from './command-errors.ts';

export interface QuoteCreator {
  readonly user: UserId;
  readonly name: string;
  readonly role: Role;
}

/**
 * Makes a quote in the log, with its creator as host. Gives its revision. Throws a `CommandFailure` where it is taken
 * or refused.
 */
export async function createQuote(
  rooms: Rooms,
  id: QuoteId,
  quote: NewQuote,
  creator: QuoteCreator,
): Promise<number> {
  const content = cellsOfNewQuote(withDefaultFields(quote, creator.name), newId);
  const made = await rooms.create(id, creatorOf(creator, 'system'), content);
  if (!made.ok) throw problemOf(id, made.reason);
  return made.value.readDurably(({ revision }) => revision);
}

function problemOf(id: QuoteId, problem: CreateProblem): CommandFailure {
  if (problem.kind === 'taken') {
    const message = `there is a quote ${id} already: choose another id with --id`;
    return new CommandFailure('quote_exists', message);
  }
  return problem.kind === 'refused'
    ? new CommandFailure('not_permitted', problem.verdicts.map(describeRefusal).join('\n'))
    : new CommandFailure('not_taken', `no quote was made: ${problem.reason}`);
}

const describeRefusal = ({ cell, offered, reason, message }: ExplainedVerdict): string =>
  `${cell} cannot be ${plainValue(offered)}: ${message ?? REASON_TEXTS[reason ?? 'not_permitted']}`;

/** Asks the policy, for an import, whether this role may begin a quote with a value; the answer is for people. */
export function mayBeginWith(policy: Policy, role: Role): MayWrite {
  return (cell, value, cells) =>
    explainRefusal(
      policy,
      { role, cell, value },
      { before: () => null, after: (other) => cells.get(other) ?? null },
    );
}
