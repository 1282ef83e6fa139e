import type { CellId } from '../lib/ids.ts';
import type { CellValue } from '../quote/cell.ts';
import { type CellReader, type Policy, forbids, limitFor } from './policy.ts';
import { ROLES, type Role } from './role.ts';
import type { RefusalReason } from './verdict.ts';

/** Each reason for a person, where no more is known than the reason. */
export const REASON_TEXTS: Readonly<Record<RefusalReason, string>> = {
  authority_overridden: 'a higher role decided here',
  not_permitted: 'your permission, your role or its limit does not allow it',
  invalid_value: 'the cell does not take such a value, or the quote is full',
  locked: "the quote's status closes this cell to your role",
  held: 'somebody of the same role was first; it waits for a person to choose',
};

/**
 * Why the policy does not let a role write a value, for a person: it names the limit where there is one, and the
 * lowest role that may. Null where the policy allows it. `before` reads what stood when it was decided, `after` what
 * all writes of the update would have left.
 */
export function explainRefusal(
  policy: Policy,
  { role, cell, value }: { readonly role: Role; readonly cell: CellId; readonly value: CellValue },
  { before, after }: { readonly before: CellReader; readonly after: CellReader },
): string | null {
  const may = (asked: Role): boolean => forbids(policy, { role: asked, cell, value }, before, after) === null;
  if (may(role)) return null;
  const limit = limitFor(policy, role, cell, after);
  const lowest = ROLES.find(may);
  const who = lowest === undefined ? 'nobody may set this' : `${lowest} is the lowest role that may set this`;
  return limit === null
    ? `not permitted to ${role}; ${who}`
    : `${role} may set at most ${limit} here; ${who}`;
}
