import { columnTitle } from '../../quote/column-titles.ts';

/** The columns of the line grid: how each is shown and edited. */
export interface GridColumn {
  /** The cell's column, `unitPrice`, or {@link NET}. */
  readonly id: string;
  readonly title: string;
  readonly kind: GridColumnKind;
  /** px, where the person set none. */
  readonly width: number;
  /** Takes a share of what is left of the width, until the person sets a width. */
  readonly isElastic: boolean;
  /** Until the person chooses otherwise. */
  readonly isHidden: boolean;
}

export type GridColumnKind = 'text' | 'number' | 'money' | 'percent' | 'check' | 'net';

/** What a line costs: computed, in no cell of the quote. */
export const NET = 'net';

const column = (
  id: string,
  kind: GridColumnKind,
  width: number,
  more: Partial<GridColumn> = {},
): GridColumn => ({
  id,
  title: id === NET ? 'Net' : columnTitle('lineItems', id),
  kind,
  width,
  isElastic: false,
  isHidden: false,
  ...more,
});

const BUILT_IN: readonly GridColumn[] = [
  column('sku', 'text', 104),
  column('name', 'text', 200, { isElastic: true }),
  column('description', 'text', 160, { isElastic: true }),
  column('quantity', 'number', 80),
  column('unit', 'text', 64),
  column('unitPrice', 'money', 104),
  column('discountPercent', 'percent', 84),
  column('group', 'text', 120, { isHidden: true }),
  column('optional', 'check', 76),
];

const NET_COLUMN = column(NET, 'net', 120);

/** All there are: the built-in ones, the free ones that occur (`x_*`), and the net at the end. */
export const gridColumns = (free: readonly string[]): readonly GridColumn[] => [
  ...BUILT_IN,
  ...free.map((id) => column(id, 'text', 120)),
  NET_COLUMN,
];

export const isRightAligned = ({ kind }: GridColumn): boolean =>
  kind === 'number' || kind === 'money' || kind === 'percent' || kind === 'net';
