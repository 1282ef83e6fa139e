import * as Y from 'yjs';
import { type QuoteClient, connectQuote } from '../../client/connect-quote.ts';
import { followUnsent } from '../offline/follow-unsent.ts';
import { type Keeping, keepQuote } from '../offline/keep-quote.ts';
import type { KeptQuotes } from '../offline/kept-quotes.ts';
import { type Activity, createActivity } from './activity.ts';
import { type CellTarget, createCellTarget } from './cell-target.ts';
import { type HeldConflicts, createHeldConflicts } from './conflicts/held-conflicts.ts';
import { createKeptVerdicts } from './kept-verdicts.ts';
import { type Marks, createMarks } from './marks.ts';
import { type Opening, createOpening } from './opening.ts';
import { type Places, createPlaces } from './places.ts';

/** One quote, open in this page: the client, and what the page remembers beside it. */
export interface Room {
  readonly quote: QuoteClient;
  readonly marks: Marks;
  readonly conflicts: HeldConflicts;
  readonly places: Places;
  readonly target: CellTarget;
  readonly activity: Activity;
  readonly opening: Opening;
  readonly keeping: Keeping;
  /** Goes on with a newer token of the same person, with the role that it says. */
  takeToken(token: string): void;
  /** Takes this quote's copy from the device, with what was not sent. */
  wipe(): Promise<void>;
  close(): void;
}

export interface RoomDeps {
  readonly quoteId: string;
  readonly user: string;
  readonly token: string;
  /** Where the server is: the page's own origin. */
  readonly url: string;
  readonly kept: KeptQuotes;
  /** The server turned this token down, or it ran out. */
  readonly onSignInEnded: (token: string) => void;
}

/**
 * Opens the copy that is kept on this device, then connects: what was kept must be there first, or it would count as
 * edits of now. A person who may no longer see the quote keeps no copy of it.
 */
export async function openRoom({ quoteId, user, token, url, kept, onSignInEnded }: RoomDeps): Promise<Room> {
  const doc = new Y.Doc();
  const keeping = await keepQuote(doc, { user, quoteId });
  const hasCopy = doc.store.clients.size > 0;
  const unsent = kept.adopt(quoteId);
  const quote = connectQuote({ url, quoteId, token, doc, entries: true, unsent: hasCopy ? unsent : 0 });
  const keptVerdicts = createKeptVerdicts(sessionStorage, { user, quoteId });
  const marks = createMarks(quote, keptVerdicts);
  const conflicts = createHeldConflicts(quote, marks);
  const places = createPlaces(quote);
  const activity = createActivity(quote);
  const opening = createOpening(quote, hasCopy);
  const stopFollowing = followUnsent(quote, kept);
  let usedToken = token;
  let isClosed = false;

  async function wipe(): Promise<void> {
    stopFollowing();
    kept.forget(quoteId);
    keptVerdicts.write([]);
    await keeping.wipe();
  }

  quote.on('closed', ({ kind }) => {
    if (kind === 'forbidden' || (kind === 'no_such_quote' && !hasCopy)) void wipe();
    if (kind === 'unauthenticated') onSignInEnded(usedToken);
  });

  function takeToken(newer: string): void {
    if (newer === usedToken) return;
    usedToken = newer;
    const state = quote.state();
    const lacksToken =
      state.kind === 'readonly' &&
      state.because.kind === 'closed' &&
      state.because.closure.kind === 'unauthenticated';
    quote.setToken(newer);
    if (lacksToken) return;
    // the server holds a connection to the token that opened it
    quote.disconnect();
    quote.reconnect();
  }

  return {
    quote,
    marks,
    conflicts,
    places,
    activity,
    opening,
    keeping,
    target: createCellTarget(),
    takeToken,
    wipe,
    close() {
      if (isClosed) return;
      isClosed = true;
      stopFollowing();
      opening.close();
      activity.close();
      places.close();
      conflicts.close();
      marks.close();
      quote.destroy();
      keeping.close();
      doc.destroy();
    },
  };
}
