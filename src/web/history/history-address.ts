/** What the address says of the past: `?at=12`, `?at=12&from=3`. */
export interface HistoryAddress {
  /** Null: the newest entry. */
  readonly at: number | null;
  /** What it is compared with; null where it is not. */
  readonly from: number | null;
}

/** What is no number of an entry counts as left out. */
export function parseHistoryAddress(search: string): HistoryAddress {
  const parameters = new URLSearchParams(search);
  return { at: entryOf(parameters.get('at'), 1), from: entryOf(parameters.get('from'), 0) };
}

function entryOf(text: string | null, min: number): number | null {
  if (text === null || !/^\d{1,15}$/.test(text)) return null;
  const entry = Number(text);
  return entry >= min ? entry : null;
}

/** The address with another point, everything else in it as it was. */
export function withHistoryAddress(href: string, { at, from }: HistoryAddress): string {
  const address = new URL(href);
  for (const [name, entry] of [
    ['at', at],
    ['from', from],
  ] as const) {
    if (entry === null) address.searchParams.delete(name);
    else address.searchParams.set(name, String(entry));
  }
  return `${address.pathname}${address.search}${address.hash}`;
}

export const historyPath = (quoteId: string): string => `/q/${quoteId}/history`;
