import type { QuoteJson } from '../../wire/http-schemas.ts';
import { type RowRoot, parseCellId } from '../../quote/cell.ts';
import { gridColumns } from '../grid/grid-columns.ts';
import { rowTitle } from '../room/panel/row-words.ts';
import { cellTitle, columnTitle } from '../../quote/column-titles.ts';
import { CARD_FIELDS, textOf } from './frozen-quote.ts';

/** Cells by the names that people know, as groups of a list to choose from. */
export interface CellChoices {
  readonly group: string;
  readonly items: readonly { readonly value: string; readonly label: string }[];
}

const FIELDS = ['title', ...CARD_FIELDS];

/** `chosen`: one that may be none of them, like a single cell. */
export function cellChoices(
  { fields, lineItems }: Pick<QuoteJson, 'fields' | 'lineItems'>,
  chosen: string | null,
  rowName: (root: string, row: string) => string | null,
): readonly CellChoices[] {
  const free = new Set(lineItems.flatMap((row) => Object.keys(row).filter((name) => name.startsWith('x_'))));
  const freeFields = Object.keys(fields).filter((name) => name.startsWith('x_'));
  const groups: CellChoices[] = [
    {
      group: 'Details',
      items: [...FIELDS, ...freeFields].map((name) => ({
        value: `fields/${name}`,
        label: columnTitle('fields', name),
      })),
    },
    {
      group: 'In any line',
      items: gridColumns([...free].toSorted())
        .filter(({ kind }) => kind !== 'net')
        .map(({ id, title }) => ({ value: `lineItems/*/${id}`, label: `${title} of any line` })),
    },
    {
      group: 'Lists',
      items: [
        { value: 'lineItems', label: 'Any line' },
        { value: 'discounts', label: 'Any discount' },
        { value: 'notes,note', label: 'Any note' },
      ],
    },
    {
      group: 'Lines',
      items: lineItems.map((row, at) => ({
        value: `lineItems/${row.id}`,
        label: textOf(row['name']) || textOf(row['sku']) || `Line ${at + 1}`,
      })),
    },
  ];
  const isListed = chosen === null || groups.some(({ items }) => items.some(({ value }) => value === chosen));
  if (isListed) return groups;
  return [{ group: 'This cell', items: [{ value: chosen, label: choiceTitle(chosen, rowName) }] }, ...groups];
}

/** "Discount of Roller" */
export function choiceTitle(cell: string, rowName: (root: string, row: string) => string | null): string {
  const row = (root: string, id: string): string => rowTitle(root as RowRoot, id, rowName);
  if (parseCellId(cell) !== null) return cellTitle(cell, row);
  const [root = '', id = ''] = cell.split('/');
  return row(root, id);
}
