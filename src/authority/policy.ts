/**
 * The policy: who may write what, and how conflicts on which cells end. A list of rules; all that match a cell apply.
 *
 * - `minRole`: the lowest role that may write the cell
 * - `values`: the lowest role for each named value; `''` is no value
 * - `limits`: the highest number that each role may write; a role without a limit has none
 * - `when`: the rule counts only while another cell holds one of these values (`null`: is empty). A `*` in it is
 *   the row of the written cell. For `minRole` and `values` it is read before the update, for `limits` in the state that
 *   the update would leave, and writing the `when` cell is judged too: kind and value of a discount are one pair.
 * - `precedence: sticky`: a lower role cannot overwrite the value even when it saw it
 * - `tie: hold`: of two equals who did not see each other the second is held for a person to choose
 */

import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { CellId } from '../lib/ids.ts';
import { type Limits, defaultLimits } from '../lib/limits.ts';
import type { CellValue } from '../quote/cell.ts';
import { DEFAULT_DISCOUNT_KIND } from '../quote/discount.ts';
import { type CellPattern, compilePattern, matches, matchesNames, rowBoundTo } from './cell-pattern.ts';
import { type Role, ROLES, rankOf } from './role.ts';

const roleSchema = z.enum(ROLES);

const ruleSchema = z.strictObject({
  cells: z.union([z.string(), z.array(z.string()).min(1)]),
  minRole: roleSchema.optional(),
  values: z.record(z.string(), roleSchema).optional(),
  limits: z.partialRecord(roleSchema, z.number()).optional(),
  when: z.strictObject({ cell: z.string(), in: z.array(z.string().nullable()).min(1) }).optional(),
  precedence: z.enum(['sticky', 'concurrent']).optional(),
  tie: z.enum(['latest', 'hold']).optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

/** The `policy` key of the configuration. */
export const policySettingsSchema = z.strictObject({
  conflict: z.enum(['authority', 'last_write_wins']).default('authority'),
  /** Seconds after the last sign of it that an active edit ends. */
  leaseSeconds: z.number().min(0).max(3600).default(10),
  holdMinutes: z.number().min(0).max(10_080).default(15),
  /** False drops the built-in rules. */
  builtin: z.boolean().default(true),
  rules: z.array(ruleSchema).max(1_000).default([]),
});
export type PolicySettings = z.infer<typeof policySettingsSchema>;

const CLOSED = ['approved', 'sent', 'accepted'];
const OVER = ['declined', 'expired'];
const DISCOUNT_LIMITS = { sales_rep: 10, sales_manager: 20, vp_sales: 35, deal_desk: 60, admin: 100 };

export const builtinRules: readonly Rule[] = [
  { cells: 'fields/status', values: { approved: 'sales_manager' } },
  {
    // An empty status reads as draft.
    cells: 'fields/status',
    values: { draft: 'sales_manager', in_review: 'sales_manager', '': 'sales_manager' },
    when: { cell: 'fields/status', in: CLOSED },
  },
  {
    // Or anyone could decline an approved quote, change it, and go on with it.
    cells: 'fields/status',
    values: {
      draft: 'sales_manager',
      in_review: 'sales_manager',
      sent: 'sales_manager',
      accepted: 'sales_manager',
      '': 'sales_manager',
    },
    when: { cell: 'fields/status', in: OVER },
  },
  {
    cells: ['**', '!fields/status'],
    minRole: 'deal_desk',
    when: { cell: 'fields/status', in: CLOSED },
  },
  { cells: 'lineItems/*/discountPercent', limits: DISCOUNT_LIMITS, precedence: 'sticky' },
  { cells: 'discounts/**', precedence: 'sticky' },
  {
    cells: 'discounts/*/value',
    limits: DISCOUNT_LIMITS,
    // A discount whose kind is empty is priced as one of the default kind, a percentage.
    when: { cell: 'discounts/*/kind', in: [DEFAULT_DISCOUNT_KIND, null] },
  },
];

/** The bounds that the gate judges by: part of the policy, since a log is decided again with the bounds of its time. */
export type GateLimits = Pick<Limits, 'documentBytes' | 'cellBytes' | 'lineItems' | 'discounts' | 'notes'>;

/** A policy made ready to decide with. `json` is its canonical text, by which the log knows it. */
export interface Policy {
  readonly settings: PolicySettings;
  readonly limits: GateLimits;
  readonly json: string;
  readonly rules: readonly CompiledRule[];
}

interface CompiledRule {
  readonly cells: CellPattern;
  readonly when: { readonly cell: CellPattern; readonly in: readonly CellValue[] } | null;
  readonly minRank: number;
  readonly values: ReadonlyMap<string, number>;
  readonly limits: ReadonlyMap<Role, Decimal> | null;
  readonly isSticky: boolean;
  readonly holdsTies: boolean;
}

/** Makes a policy out of settings; the built-in rules come first and are part of its `json`. */
export function createPolicy(settings: PolicySettings, limits: GateLimits = defaultLimits): Policy {
  const rules = [...(settings.builtin ? builtinRules : []), ...settings.rules];
  const whole = { ...settings, builtin: false, rules };
  const { documentBytes, cellBytes, lineItems, discounts, notes } = limits;
  const gateLimits = { documentBytes, cellBytes, lineItems, discounts, notes };
  return {
    settings,
    limits: gateLimits,
    json: JSON.stringify({ policy: whole, limits: gateLimits }),
    rules: rules.map(compileRule),
  };
}

const count = z.number().int().positive();
const storedPolicySchema = z.strictObject({
  policy: policySettingsSchema,
  limits: z.strictObject({
    documentBytes: count,
    cellBytes: count,
    lineItems: count,
    discounts: count,
    notes: count,
  }),
});

/** The policy that a `json` was made from. Throws what zod throws at anything else. */
export function parsePolicy(json: string): Policy {
  const { policy, limits } = storedPolicySchema.parse(JSON.parse(json));
  return createPolicy(policy, limits);
}

function compileRule(rule: Rule): CompiledRule {
  return {
    cells: compilePattern(rule.cells),
    when: rule.when ? { cell: compilePattern(rule.when.cell), in: rule.when.in } : null,
    minRank: rule.minRole ? rankOf(rule.minRole) : 0,
    values: new Map(Object.entries(rule.values ?? {}).map(([value, role]) => [value, rankOf(role)])),
    limits: rule.limits ? new Map(ROLES.flatMap((role) => limitOf(rule.limits ?? {}, role))) : null,
    isSticky: rule.precedence === 'sticky',
    holdsTies: rule.tie === 'hold',
  };
}

function limitOf(limits: Partial<Record<Role, number>>, role: Role): [Role, Decimal][] {
  const limit = limits[role];
  return limit === undefined ? [] : [[role, new Decimal(limit)]];
}

export interface CellReader {
  (cell: CellId): CellValue;
}

/**
 * May this role write this value here at all? Null, or why not. `before` reads what stands, `after` what the update would
 * leave. Text of a note is asked about as the cell `note/<id>`, without a value.
 */
export function forbids(
  policy: Policy,
  write: { readonly role: Role; readonly cell: CellId; readonly value?: CellValue | undefined },
  before: CellReader,
  after: CellReader,
): 'not_permitted' | 'locked' | null {
  const names = write.cell.split('/');
  const value = write.value === null ? '' : write.value;
  for (const rule of policy.rules) {
    if (rule.minRank === 0 && rule.values.size === 0) continue;
    if (!matchesNames(rule.cells, names) || !holds(rule, write.cell, before)) continue;
    if (rankOf(write.role) < rule.minRank) return rule.when ? 'locked' : 'not_permitted';
    const valueRank = typeof value === 'string' ? rule.values.get(value) : undefined;
    if (valueRank !== undefined && rankOf(write.role) < valueRank) return 'not_permitted';
  }
  return isOverLimit(policy, write, after) ? 'not_permitted' : null;
}

/** True if the cell itself, or the one whose rule hangs on the written cell, would hold more than this role may write. */
export function isOverLimit(
  policy: Policy,
  { role, cell }: { readonly role: Role; readonly cell: CellId },
  after: CellReader,
): boolean {
  const names = cell.split('/');
  return policy.rules.some((rule) => {
    const limit = rule.limits?.get(role);
    const limited = limit === undefined ? null : limitedCell(rule, cell, names);
    if (limit === undefined || limited === null || !holds(rule, limited, after)) return false;
    const value = after(limited);
    return typeof value === 'string' && isAbove(value, limit);
  });
}

export const isSticky = (policy: Policy, cell: CellId, before: CellReader): boolean =>
  policy.rules.some((rule) => rule.isSticky && matches(rule.cells, cell) && holds(rule, cell, before));

/** Whether a value of the cell can stick, whatever other cells hold. */
export const canStick = (policy: Policy, cell: CellId): boolean =>
  policy.rules.some((rule) => rule.isSticky && matches(rule.cells, cell));

/** Whether what some rule says of other cells hangs on this one. */
export const isCondition = (policy: Policy, cell: CellId): boolean =>
  policy.rules.some((rule) => rule.when !== null && matches(rule.when.cell, cell));

export const holdsTies = (policy: Policy, cell: CellId, before: CellReader): boolean =>
  policy.rules.some((rule) => rule.holdsTies && matches(rule.cells, cell) && holds(rule, cell, before));

/** The highest number that a role may write into a cell, or null where there is no limit: for those who explain. */
export function limitFor(policy: Policy, role: Role, cell: CellId, read: CellReader): number | null {
  const limits = policy.rules.flatMap((rule) => {
    const limit = rule.limits?.get(role);
    return limit && matches(rule.cells, cell) && holds(rule, cell, read) ? [limit.toNumber()] : [];
  });
  return limits.length === 0 ? null : Math.min(...limits);
}

function limitedCell(rule: CompiledRule, written: CellId, names: readonly string[]): CellId | null {
  if (matchesNames(rule.cells, names)) return written;
  if (rule.when === null || !matchesNames(rule.when.cell, names)) return null;
  return rowBoundTo(rule.cells, written);
}

function isAbove(value: string, limit: Decimal): boolean {
  try {
    return new Decimal(value).greaterThan(limit);
  } catch {
    return false;
  }
}

function holds(rule: CompiledRule, cell: CellId, read: CellReader): boolean {
  if (rule.when === null) return true;
  const other = rowBoundTo(rule.when.cell, cell);
  return other !== null && rule.when.in.includes(read(other));
}
