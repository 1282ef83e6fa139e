import {
  type Policy,
  createPolicy,
  forbids,
  limitFor,
  policySettingsSchema,
} from '../../authority/policy.ts';
import { ROLES, ROLE_TITLES, type Role } from '../../authority/role.ts';
import type { CellValue } from '../../quote/cell.ts';
import { checkPermission } from '../../quote/import-permission.ts';
import type { ImportProblem, MayWrite } from '../../quote/import-result.ts';
import type { NewQuote } from '../../quote/new-quote.ts';

/**
 * Values of a new quote that the importer's role may not set. They are looked for by the built-in rules, as a first word:
 * the server has the last one, by its own rules.
 */
export interface RefusedValue {
  /** Its place in the body of `POST /api/quotes`, as the server names it: `lineItems[3].discountPercent`. */
  readonly path: string;
  readonly message: string;
}

let builtin: Policy | null = null;
const builtinPolicy = (): Policy => (builtin ??= createPolicy(policySettingsSchema.parse({})));

export function findRefused(quote: NewQuote, role: Role): RefusedValue[] {
  const found: RefusedValue[] = [];
  const add = ({ cell, message }: ImportProblem): void => void found.push({ path: cell ?? '', message });
  checkPermission(
    quote,
    mayImport(role),
    { add, isEmpty: true, all: () => [] },
    ({ root, index, column }) => ({
      line: null,
      cell: index === null ? `${root}.${column}` : `${root}[${index}].${column}`,
    }),
  );
  return found;
}

function mayImport(role: Role): MayWrite {
  const policy = builtinPolicy();
  return (cell, value, cells) => {
    const before = (): null => null;
    const after = (other: typeof cell): CellValue => cells.get(other) ?? null;
    const may = (asked: Role): boolean =>
      forbids(policy, { role: asked, cell, value }, before, after) === null;
    if (may(role)) return null;
    const limit = limitFor(policy, role, cell, after);
    const lowest = ROLES.find(may);
    const who = lowest === undefined ? 'nobody may set this' : `it takes ${ROLE_TITLES[lowest]} or higher`;
    return limit === null
      ? `your role may not set this; ${who}`
      : `your role may set at most ${limit} here; ${who}`;
  };
}

/** The quote without these values; rows stay, in their order. */
export function leaveOut(quote: NewQuote, refused: readonly RefusedValue[]): NewQuote {
  const paths = new Set(refused.map(({ path }) => path));
  const cellsWithout = (prefix: string, cells: NewQuote['fields']): Record<string, CellValue> =>
    Object.fromEntries(Object.entries(cells).filter(([column]) => !paths.has(`${prefix}.${column}`)));
  const rowsWithout = <Row extends { readonly cells: NewQuote['fields'] }>(
    root: string,
    rows: readonly Row[],
  ): Row[] => rows.map((row, index) => ({ ...row, cells: cellsWithout(`${root}[${index}]`, row.cells) }));
  return {
    ...quote,
    fields: cellsWithout('fields', quote.fields),
    lineItems: rowsWithout('lineItems', quote.lineItems),
    discounts: rowsWithout('discounts', quote.discounts),
    notes: rowsWithout('notes', quote.notes),
  };
}
