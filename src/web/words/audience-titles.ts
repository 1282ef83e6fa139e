import type { AUDIENCES } from '../../quote/columns.ts';
import type { CellValue } from '../../quote/cell.ts';

type Audience = (typeof AUDIENCES)[number];

/** Whom a note is for. */
export const AUDIENCE_TITLES: Readonly<Record<Audience, string>> = {
  internal: 'Internal',
  customer: 'For the customer',
};

/** A note that does not say whom it is for is internal. */
export const audienceOf = (value: CellValue): Audience => (value === 'customer' ? 'customer' : 'internal');
