import type { QuoteId } from '../lib/ids.ts';
import type { QuoteSummary } from '../log/log.ts';
import type { Rooms } from '../room/rooms.ts';
import type { ListedQuote } from '../wire/http-schemas.ts';
import type { WireUser } from '../wire/user-schema.ts';
import type { RouteDeps } from './app.ts';
import { readPeopleNames } from './people-names.ts';

/** Summaries as the list of quotes shows them: with names, and with who is there now. */
export async function listedQuotes(
  { directory, rooms }: Pick<RouteDeps, 'directory' | 'rooms'>,
  summaries: readonly QuoteSummary[],
): Promise<ListedQuote[]> {
  const names = await readPeopleNames(
    directory,
    summaries.map(({ lastChange }) => lastChange.by),
  );
  return summaries.map(
    ({ id, title, customer, status, owner, currency, total, lastChange: { at, by, cell } }) => ({
      id,
      title,
      customer,
      status,
      owner,
      currency,
      total,
      lastChange: { at, by: names.person(by), cell },
      live: usersIn(rooms, id),
    }),
  );
}

/** Everyone in a quote, once each, in the order in which they came. */
function usersIn(rooms: Pick<Rooms, 'peek'>, quote: QuoteId): WireUser[] {
  const users = new Map((rooms.peek(quote)?.members() ?? []).map((user) => [user.id, user]));
  return [...users.values()];
}
