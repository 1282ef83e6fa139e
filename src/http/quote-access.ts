import type { Actor } from '../authority/actor.ts';
import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import type { Room } from '../room/room.ts';
import type { Person } from '../session/directory.ts';
import type { RouteDeps } from './app.ts';
import { noAccess, noSuchQuote } from './problem.ts';

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
export async function openRoom({ rooms }: Pick<RouteDeps, 'rooms'>, quote: QuoteId): Promise<Room> {
  const room = await rooms.open(quote);
  if (room === null) throw noSuchQuote();
  return room;
}
