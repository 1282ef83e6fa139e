/** Entries asked for at once. */
const PAGE_MAX = 100;

/** Entries after `after`, `limit` of them, as `GET /api/quotes/:id/log` takes it. */
export interface LogRange {
  readonly after: number;
  readonly limit: number;
}

/**
 * The newest run of entries that are not there yet, from number `first` to `newest`; null where all are. The log numbers
 * its entries without holes, so what is missing can be told from the numbers alone.
 */
export function missingRange(
  has: (seq: number) => boolean,
  { first, newest }: { readonly first: number; readonly newest: number },
): LogRange | null {
  let last = newest;
  while (last >= first && has(last)) last -= 1;
  if (last < first) return null;
  let from = last;
  while (from > first && last - from + 1 < PAGE_MAX && !has(from - 1)) from -= 1;
  return { after: from - 1, limit: last - from + 1 };
}
