import { type CellReader, type Policy, forbids, isOverLimit, limitFor } from '../authority/policy.ts';
import { ROLES, ROLE_TITLES, type Role } from '../authority/role.ts';
import type { RefusalReason } from '../authority/verdict.ts';
import type { CellId } from '../lib/ids.ts';
import { type Cell, type CellValue, rowCell } from '../quote/cell.ts';
import type { WireUser } from '../wire/user-schema.ts';

/** What will not be written, and what is known around it, for a sentence that says why. */
export interface ForeseenRefusal {
  readonly reason: RefusalReason;
  /** Whose value or edit is in the way, where it is a person's. */
  readonly by: WireUser | null;
  /** They are editing it, rather than having written it. */
  readonly isHeld: boolean;
  readonly policy: Policy;
  readonly role: Role;
  readonly cell: Cell;
  readonly id: CellId;
  /** `undefined`: whatever it is. */
  readonly value: CellValue | undefined;
  readonly before: CellReader;
  readonly after: CellReader;
}

export const VIEW_ONLY = 'You can only view this quote.';
export const othersPen = (name: string): string =>
  `${name} is editing; you can look, and edit when they leave.`;
export const NO_SUCH_CELL = 'There is no such cell in this quote.';

/** What a cell takes, from the reason that the columns give: `takes a decimal ...`. */
export const invalidMessage = (reason: string): string =>
  `This cell ${reason.startsWith('takes one of') ? plain(reason) : reason}.`;

/** One or two sentences for a person who reads the page. */
export function explainForeseen(refusal: ForeseenRefusal): string {
  if (refusal.reason === 'authority_overridden' || refusal.reason === 'held') return explainWinner(refusal);
  if (refusal.reason === 'locked') return explainLock(refusal);
  const { policy, role, id, after } = refusal;
  return isOverLimit(policy, { role, cell: id }, after) ? explainLimit(refusal) : explainRole(refusal);
}

function explainWinner({ by, isHeld, cell, value }: ForeseenRefusal): string {
  if (by === null) return 'Somebody of a higher role decides here.';
  const who = `${by.name} (${ROLE_TITLES[by.role]})`;
  const isRemoval = cell.row !== null && cell.column === 'removed' && value === true;
  if (isHeld) return `${who} is editing this ${isRemoval ? 'row' : 'cell'}.`;
  const only = `only ${FROM_ROLE_ON[by.role]} can`;
  return isRemoval
    ? `${who} set a value in this row; ${only} remove it.`
    : `${who} set this; ${only} change it.`;
}

const STATUS = 'fields/status' as CellId;

/** Nearly always it is the status that locks; where another cell does, its name would say little. */
function explainLock({ policy, id, value, before, after }: ForeseenRefusal): string {
  const isLocked = (role: Role, read: CellReader): boolean =>
    forbids(policy, { role, cell: id, value }, read, after) === 'locked';
  const who = onlyFrom(ROLES.find((role) => !isLocked(role, before)));
  const asDraft: CellReader = (other) => (other === STATUS ? 'draft' : before(other));
  const status = before(STATUS);
  return ROLES.every((role) => !isLocked(role, asDraft)) && typeof status === 'string'
    ? `The quote is ${plain(status)}: ${who} can change it now.`
    : `This is locked now: ${who} can change it.`;
}

function explainRole({ policy, cell, id, value, before, after }: ForeseenRefusal): string {
  const may = (role: Role, what: CellValue | undefined): boolean =>
    forbids(policy, { role, cell: id, value: what }, before, after) === null;
  const who = capital(onlyFrom(ROLES.find((role) => may(role, value))));
  const isForValue = value !== undefined && ROLES.every((role) => may(role, undefined));
  if (!isForValue) return `${who} can change this.`;
  if (value === null || value === '') return `${who} can empty this.`;
  const to =
    cell.column === 'status'
      ? `the status to “${plain(String(value))}”`
      : `this to “${plain(String(value))}”`;
  return `${who} can set ${to}.`;
}

/** Names the limit that the value is over, and the lowest role that may write it. */
function explainLimit({ policy, role, cell, id, value, before, after }: ForeseenRefusal): string {
  // Where the other half of a pair was written, its number is what is too much.
  const limited =
    cell.root === 'discounts' && cell.column === 'kind' ? rowCell(cell.root, cell.row, 'value') : id;
  const limitOf = (of: Role): number | null => limitFor(policy, of, limited, after);
  const lowest = ROLES.find(
    (other) => forbids(policy, { role: other, cell: id, value }, before, after) === null,
  );
  const own = limitOf(role);
  const below = lowest === undefined ? 'admin' : (ROLES[ROLES.indexOf(lowest) - 1] ?? role);
  const limit = limitOf(below) ?? own;
  if (limit === null) return `${capital(onlyFrom(lowest))} can write that much here.`;
  const isPercent =
    cell.column === 'discountPercent' ||
    (cell.root === 'discounts' && after(rowCell(cell.root, cell.row, 'kind')) !== 'amount');
  const amount = (number: number): string => (isPercent ? `${number} %` : `${number}`);
  const what = isPercent ? `Discounts over ${amount(limit)}` : `Values over ${amount(limit)}`;
  const sentence = lowest === undefined ? `${what} are not possible.` : `${what} need ${A_ROLE[lowest]}.`;
  return own === null || own === limit ? sentence : `${sentence} Your limit is ${amount(own)}.`;
}

const A_ROLE: Readonly<Record<Role, string>> = {
  sales_rep: 'a sales rep',
  sales_manager: 'a sales manager',
  vp_sales: 'VP Sales',
  deal_desk: 'the deal desk',
  admin: 'an admin',
};

const FROM_ROLE_ON: Readonly<Record<Role, string>> = {
  sales_rep: 'sales reps and above',
  sales_manager: 'sales managers and above',
  vp_sales: 'VP Sales and above',
  deal_desk: 'the deal desk and admins',
  admin: 'admins',
};

const onlyFrom = (role: Role | undefined): string =>
  role === undefined ? 'nobody' : `only ${FROM_ROLE_ON[role]}`;

/** A value of a list as words: `in_review` is `in review`. */
const plain = (text: string): string => text.replaceAll('_', ' ');

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
