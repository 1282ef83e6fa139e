import { type Result, fail, ok } from '../lib/result.ts';
import { parseCellId } from '../quote/cell.ts';
import { columns } from '../quote/columns.ts';
import { columnTitle } from '../quote/column-titles.ts';
import type { Snapshot } from '../quote/snapshot.ts';

/**
 * The cell that words of a command name, and what is left of them, the value:
 *
 *     l1 quantity 5        a row by its id
 *     3 discount 12        a line by its place
 *     payment terms 30 days        a field by its title, or by its name
 *     lineItems/l1/quantity 5
 */
export function findCell(
  words: string,
  { lineItems, discounts }: Snapshot,
): Result<{ readonly cell: string; readonly value: string }> {
  const [, first = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(words.trim()) ?? [];
  if (first.includes('/')) {
    const cell = parseCellId(first);
    return cell === null ? fail(`${first} is no cell of a quote`) : ok({ cell: first, value: rest });
  }
  const field = matchColumn('fields', words.trim());
  if (field !== null) return ok({ cell: `fields/${field.column}`, value: field.rest });
  const line = lineItems.find(({ id }) => id === first) ?? lineItems[Number(first.replace(/^#/, '')) - 1];
  const discount = discounts.find(({ id }) => id === first);
  const [root, row] =
    line === undefined ? (['discounts', discount] as const) : (['lineItems', line] as const);
  if (row === undefined) return fail(`there is no line, discount or field "${first}"`);
  const column = matchColumn(root, rest);
  if (column === null)
    return fail(`"${rest.split(/\s/, 1)[0] ?? ''}" is no column; there are ${titlesOf(root).join(', ')}`);
  return ok({ cell: `${root}/${row.id}/${column.column}`, value: column.rest });
}

type Named = 'fields' | 'lineItems' | 'discounts';

/** Not for people: moving and removing is for the browser. */
const HIDDEN = new Set(['position', 'removed']);

const namesOf = (root: Named): string[] => [...columns[root].keys()].filter((name) => !HIDDEN.has(name));

const titlesOf = (root: Named): string[] => namesOf(root).map((name) => columnTitle(root, name));

/** The column with which the words begin, by its name or its title, the longest first. */
function matchColumn(root: Named, words: string): { readonly column: string; readonly rest: string } | null {
  const free = /^(x_[A-Za-z0-9_]+)(?:\s+|$)/.exec(words)?.[1];
  if (free !== undefined) return { column: free, rest: words.slice(free.length).trim() };
  const names = namesOf(root)
    .flatMap((column) => [column, columnTitle(root, column)].map((name) => ({ column, name })))
    .toSorted((a, b) => b.name.length - a.name.length);
  const found = names.find(({ name }) => new RegExp(String.raw`^${name}(?:\s|$)`, 'i').test(words));
  return found === undefined ? null : { column: found.column, rest: words.slice(found.name.length).trim() };
}
