import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Log } from '../log/log.ts';
import { formatMoney } from '../quote/format-amount.ts';
import { priceQuote } from '../quote/pricing.ts';
import { type Snapshot, readSnapshot } from '../quote/snapshot.ts';
import { statusTitle } from '../quote/status-titles.ts';
import type { Rooms } from '../room/rooms.ts';
import type { Directory } from '../session/directory.ts';
import type { Session, Sessions } from '../session/sessions.ts';
import type { CardView } from './card.ts';
import type { Mirror } from './sqlite-mirrors.ts';
import { LOCALE, cellWords } from './words.ts';

/** A quote as it stands durably, for those who tell of it in Slack. */
export interface QuoteReader {
  /** Null for an unknown quote. Throws `Fault` where it cannot be opened. */
  read(quote: QuoteId): Promise<QuoteNow | null>;
  card(mirror: Pick<Mirror, 'id' | 'quote' | 'session'>): Promise<CardView | null>;
  /** What a card could look like, without reading the quote. */
  signature(mirror: Pick<Mirror, 'quote' | 'session'>): CardSignature;
  names(users: readonly string[]): Promise<(user: string) => string>;
}

/** Compared, never read. */
export interface CardSignature {
  /** Changes whenever the card could look different. */
  readonly all: string;
  /** Changes with what cannot wait: who is here, a conflict, a warning, the end. */
  readonly urgent: string;
}

export interface QuoteNow {
  readonly revision: number;
  readonly snapshot: Snapshot;
  /** "8,635.80 EUR" */
  readonly total: string;
  readonly title: string;
  /** Held conflicts that are open. */
  readonly conflicts: number;
}

export interface QuoteReaderDeps {
  readonly rooms: Pick<Rooms, 'open' | 'peek'>;
  readonly sessions: Pick<Sessions, 'find' | 'ofQuote'>;
  readonly log: Pick<Log, 'summary'>;
  readonly directory: Pick<Directory, 'people'>;
  /** Where people reach the server, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** Quotes that are kept as they were read last; a large one takes a few MB. */
const KNOWN_MAX = 30;

export const quoteUrl = (publicUrl: string, quote: QuoteId): string => `${publicUrl}/q/${quote}`;

export function createQuoteReader(deps: QuoteReaderDeps): QuoteReader {
  const { rooms, sessions, log, directory } = deps;

  /** A card, its thread and its notices are made of the same revision, in every channel: it is read and priced once. */
  const quotes = new Map<QuoteId, PricedQuote>();

  async function read(quote: QuoteId): Promise<QuoteNow | null> {
    const room = await rooms.open(quote);
    if (room === null) return null;
    const now = await room.readDurably(({ doc, revision }) => {
      const cached = quotes.get(quote);
      return cached?.revision === revision ? cached : priced(revision, readSnapshot(doc));
    });
    quotes.delete(quote);
    quotes.set(quote, now);
    const oldest = quotes.keys().next().value;
    if (quotes.size > KNOWN_MAX && oldest !== undefined) quotes.delete(oldest);
    return { ...now, conflicts: room.conflicts.count() };
  }

  async function names(users: readonly string[]): Promise<(user: string) => string> {
    const people = users.length === 0 ? [] : await directory.people([...new Set(users)] as UserId[]);
    const known = new Map<string, string>(people.map(({ user, name }) => [user, name]));
    return (user) => known.get(user) ?? user;
  }

  return {
    read,
    names,
    async card({ id, quote, session: sessionId }) {
      const [now, session, summary] = [
        await read(quote),
        await sessions.find(sessionId),
        await log.summary(quote),
      ];
      if (now === null || session === null || summary === null) return null;
      const { lastChange } = summary;
      const nameOf = await names([
        ...(lastChange.by === '' ? [] : [lastChange.by]),
        ...(session.endedBy === null ? [] : [session.endedBy]),
      ]);
      const { snapshot } = now;
      return {
        mirror: id,
        quote,
        revision: now.revision,
        url: quoteUrl(deps.publicUrl(), quote),
        title: now.title,
        customer: textOf(snapshot, 'customer'),
        status: statusTitle(snapshot.fields['status']),
        total: now.total,
        lines: snapshot.lineItems.length,
        state: session.state,
        conflicts: now.conflicts,
        people: session.people.map(({ name, role, status, cell, lastActivityAt }) => ({
          name,
          role,
          status,
          cell: cell === null ? null : cellWords(cell, snapshot),
          // Of who does something it changes all the time, and is not shown.
          lastActivityAt: status === 'idle' ? lastActivityAt : 0,
        })),
        lastChange:
          lastChange.by === ''
            ? null
            : {
                by: nameOf(lastChange.by),
                what: lastChange.cell === null ? null : cellWords(lastChange.cell, snapshot),
                at: lastChange.at,
              },
        endsAt: session.warnedAt === null ? null : session.endsAt,
        ended: endOf(session, nameOf),
      };
    },
    signature({ quote, session: id }) {
      const [room, session] = [rooms.peek(quote), sessions.ofQuote(quote)];
      if (session === null || session.id !== id) return { all: 'ended', urgent: 'ended' };
      const { state, warnedAt, people } = session;
      const conflicts = room?.conflicts.count() ?? 0;
      const isHeld = state === 'conflicting' || state === 'resolving';
      const shown = people.map(({ user, name, role, status, cell }) => [user, name, role, status, cell]);
      return {
        all: JSON.stringify([room?.gate.revision ?? null, conflicts, state, warnedAt, shown]),
        urgent: JSON.stringify([conflicts, isHeld, warnedAt, people.map(({ user }) => user).toSorted()]),
      };
    },
  };
}

type PricedQuote = Omit<QuoteNow, 'conflicts'>;

function priced(revision: number, snapshot: Snapshot): PricedQuote {
  const { total, currency } = priceQuote(snapshot);
  return {
    revision,
    snapshot,
    total: formatMoney(total, currency, LOCALE),
    title: textOf(snapshot, 'title'),
  };
}

const textOf = ({ fields }: Snapshot, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
};

const endOf = (
  { endedAt, endedWhy, endedBy }: Session,
  nameOf: (user: string) => string,
): CardView['ended'] =>
  endedAt === null || endedWhy === null
    ? null
    : { why: endedWhy, by: endedBy === null ? null : nameOf(endedBy), at: endedAt };
