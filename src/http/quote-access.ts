import type { Actor } from '../authority/actor.ts';
import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import type { Head } from '../log/log.ts';
import type { Room } from '../room/room.ts';
import type { Person } from '../session/directory.ts';
import type { RouteDeps } from './app.ts';
import { HttpProblem, noAccess, noSuchQuote } from './problem.ts';

/**
 * Into a quote by its id: first whether the person may, then whether there is one. So who may see nothing does not
 * learn which quotes there are.
 */
export async function actorIn(
  { access }: Pick<RouteDeps, 'access'>,
  person: Person,
  id: string,
): Promise<{ readonly quote: QuoteId; readonly actor: Actor }> {
  if (!isQuoteId(id)) throw noSuchQuote();
  const actor = await access.actorIn(person, id);
  if (actor === null) throw noAccess();
  return { quote: id, actor };
}

/** The quote's room. Use it at once: a room that nobody uses is let go. */
export async function openRoom(deps: Pick<RouteDeps, 'rooms' | 'log'>, quote: QuoteId): Promise<Room> {
  const room = await deps.rooms.open(quote);
  if (room === null) throw await missingQuote(deps, quote);
  return room;
}

/** The newest entry that is durable of a quote; throws 404 where there is no such quote. */
export async function requireQuote({ log }: Pick<RouteDeps, 'log'>, quote: QuoteId): Promise<Head> {
  const head = await log.head(quote);
  if (head === null) throw await missingQuote({ log }, quote);
  return head;
}

/** Why there is no such quote: it was purged, or it never was. */
async function missingQuote({ log }: Pick<RouteDeps, 'log'>, quote: QuoteId): Promise<HttpProblem> {
  const tombstone = await log.tombstone(quote);
  if (tombstone === null) return noSuchQuote();
  const day = new Date(tombstone.at).toISOString().slice(0, 10);
  const message =
    `Quote ${quote} was purged on ${day}; its last entry was ${tombstone.seq}. ` +
    'Those who run the server have what was exported of it.';
  return new HttpProblem({ status: 404, code: 'purged', message });
}
