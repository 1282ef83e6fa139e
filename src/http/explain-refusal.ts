import { type CellReader, type Policy, forbids, limitFor } from '../authority/policy.ts';
import { ROLES, type Role } from '../authority/role.ts';
import type { CellId } from '../lib/ids.ts';
import type { CellValue } from '../quote/cell.ts';

/**
 * Why the policy does not let a role write a value, for a person: it names the limit where there is one, and the
 * lowest role that may. Null where the policy allows it. `before` reads what stands, `after` what all writes would leave.
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
