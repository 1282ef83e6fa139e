import { type Policy, forbids, limitFor } from '../authority/policy.ts';
import { ROLES, type Role } from '../authority/role.ts';
import type { WriteVerdict } from '../authority/verdict.ts';
import { present } from '../lib/assert.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import { parseCellId } from '../quote/cell.ts';
import type { MayWrite } from '../quote/import-result.ts';
import { type NewQuote, cellsOfNewQuote, withDefaultFields } from '../quote/new-quote.ts';
import type { CreateProblem, Rooms } from '../room/rooms.ts';
import type { Directory } from '../session/directory.ts';
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
  deps: { readonly rooms: Rooms; readonly directory: Directory; readonly now: () => number },
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
  const made = await deps.rooms.create(id, creator, composition);
  if (!made.ok) throw problemOf(id, made.reason);
  await deps.directory.setGrant({ quote: id, user, permission: 'host', grantedBy: user, at: deps.now() });
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
  return (cell, value, cells) => {
    const after = (other: typeof cell) => cells.get(other) ?? null;
    const may = (asked: Role): boolean =>
      forbids(policy, { role: asked, cell, value }, () => null, after) === null;
    if (may(role)) return null;
    const limit = limitFor(policy, role, cell, after);
    const lowest = ROLES.find(may);
    const who =
      lowest === undefined ? 'nobody may set this' : `${lowest} is the lowest role that may set this`;
    return limit === null
      ? `not permitted to ${role}; ${who}`
      : `${role} may set at most ${limit} here; ${who}`;
  };
}
