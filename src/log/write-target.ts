/** What a write is aimed at, in an auditor's words: the columns `target`, `target_id` and `column_name` of `session_operations`. */
export interface WriteTarget {
  readonly kind: 'quote_field' | 'line_item' | 'discount' | 'note';
  readonly id: string | null;
  readonly column: string;
}

/** By the cell's name alone: it may be one that no column has. */
export function targetOf(cell: string): WriteTarget {
  const [root = '', first = '', ...rest] = cell.split('/');
  if (root === 'note') return { kind: 'note', id: first, column: 'text' };
  if (root === 'fields') return { kind: 'quote_field', id: null, column: cell.slice('fields/'.length) };
  const kind = root === 'lineItems' ? 'line_item' : root === 'discounts' ? 'discount' : 'note';
  return rest.length === 0 ? { kind, id: null, column: first } : { kind, id: first, column: rest.join('/') };
}
