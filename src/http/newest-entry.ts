import type { QuoteId } from '../lib/ids.ts';
import type { RouteDeps } from './app.ts';
import { notFound } from './problem.ts';
import { requireQuote } from './quote-access.ts';

/** The number of the newest entry that is durable: threads that look back may see more than anybody was told of. */
export const newestEntry = async (deps: Pick<RouteDeps, 'log'>, quote: QuoteId): Promise<number> =>
  (await requireQuote(deps, quote)).seq;

export function requireEntry(seq: number, newest: number): number {
  if (seq <= newest) return seq;
  throw notFound(`The quote has no entry ${seq}. Its newest is ${newest}.`);
}
