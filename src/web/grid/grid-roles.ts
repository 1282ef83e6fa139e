/**
 * The roles of the grid's parts, to be spread on them. Rows that are laid out by their place in a virtual list cannot be
 * table elements, so their roles say what they are.
 */
export const ROWGROUP = { role: 'rowgroup' } as const;
export const ROW = { role: 'row' } as const;
export const COLUMNHEADER = { role: 'columnheader' } as const;
export const ROWHEADER = { role: 'rowheader' } as const;
export const GRIDCELL = { role: 'gridcell' } as const;
