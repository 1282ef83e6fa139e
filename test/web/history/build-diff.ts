import type { ChangeJson, DiffJson } from '../../../src/wire/audit-schemas.ts';

export const byDana: ChangeJson = {
  seq: 7,
  at: new Date(2026, 10, 21, 14, 32).getTime(),
  user: 'dana',
  name: 'Dana',
  role: 'vp_sales',
  origin: 'browser',
};

export const diffOf = (parts: Partial<DiffJson>): DiffJson => ({
  quote: 'q-1',
  from: 6,
  to: 7,
  cells: [],
  rows: [],
  notes: [],
  ...parts,
});

export const cellDiff = (
  cell: string,
  [before, after]: readonly [string | boolean | null, string | boolean | null],
  isSeen = true,
): DiffJson['cells'][number] => ({ cell, before, after, change: byDana, isSeen });
