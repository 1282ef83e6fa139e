import type { Policy } from '../authority/policy.ts';
import type { Role } from '../authority/role.ts';
import type { WriteVerdict } from '../authority/verdict.ts';
import { explainRefusal } from '../http/explain-refusal.ts';
import { present } from '../lib/assert.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import { parseCellId } from '../quote/cell.ts';
import type { MayWrite } from '../quote/import-result.ts';
import { type NewQuote, cellsOfNewQuote, withDefaultFields } from '../quote/new-quote.ts';
import type { CreateProblem } from '../room/quote-maker.ts';
import type { Rooms } from '../room/rooms.ts';
import { newId } from './compose-rooms.ts';
import { plainValue } from './plain-text.ts';
import { failure } from './usage-error.ts';

export interface QuoteCreator {
  readonly user: UserId;
  readonly name: string;
  readonly role: Role;
}

/** Makes a quote in the log, with its creator as host. Gives its revision. Throws a `Fault` where it is taken or refused. */
export async function createQuote(
  rooms: Rooms,
  id: QuoteId,
  quote: NewQuote,
  { user, name, role }: QuoteCreator,
): Promise<number> {
  const { cells, texts } = cellsOfNewQuote(withDefaultFields(quote, name), newId);
  const composition = {
    cells: cells.map(({ cell, value }) => ({
      cell: present(parseCellId(cell), 'a new cell has a name'),
      value,
    })),
    texts,
  };
  const creator = { actor: { user, role, permission: 'host' as const }, name, origin: 'system' as const };
  const made = await rooms.create(id, creator, composition);
  if (!made.ok) throw problemOf(id, made.reason);
  return made.value.gate.revision;
}

const problemOf = (id: QuoteId, problem: CreateProblem): Error =>
  problem.kind === 'taken'
    ? failure('quote_exists', `there is a quote ${id} already: choose another id with --id`)
    : failure('not_permitted', problem.verdicts.map(describeRefusal).join('\n'));

const describeRefusal = ({ cell, offered, reason }: WriteVerdict): string =>
  `${cell} cannot be ${plainValue(offered)} (${reason ?? 'refused'})`;

/** Asks the policy, for an import, whether this role may begin a quote with a value; the answer is for people. */
export function mayBeginWith(policy: Policy, role: Role): MayWrite {
  return (cell, value, cells) =>
    explainRefusal(
      policy,
      { role, cell, value },
      { before: () => null, after: (other) => cells.get(other) ?? null },
    );
}
