import type { Overridden } from '../authority/verdict.ts';
import type { QuoteId } from '../lib/ids.ts';
import type { Entry, Log } from '../log/log.ts';
import type { Snapshot } from '../quote/snapshot.ts';
import { addEntry, emptyTally, parseTally } from './edit-tally.ts';
import { type PersonNews, lostByOthers, newsOf } from './entry-news.ts';
import { type HeldEdits, addHeld, parseHeld } from './held-edits.ts';
import { type LostEdits, addLost, parseLost } from './lost-edits.ts';
import { expiredNotice } from './notices.ts';
import type { QuoteNow, QuoteReader } from './quote-reader.ts';
import type { SlackStore } from './slack-store.ts';
import type { BatchKind, Mirror } from './sqlite-mirrors.ts';
import { cellWords } from './words.ts';

/**
 * Notices come from the log, not from what happens to be told: a mirror remembers the entry up to which it has read, and
 * moves on in the same transaction that writes down what is to be told of it. So each entry is told once, whenever the
 * process dies.
 */
export interface LogFollower {
  /** Reads on to the newest entry. Gives false where there was nothing new. */
  follow(mirror: Mirror): Promise<boolean>;
  /**
   * Authors whose earlier writes a higher role has put aside just now. The log does not name them, so this is told as it
   * happens, and once: where the process dies in that very moment, the edit is there and this notice is not.
   */
  noteOverridden(quote: QuoteId, overridden: readonly Overridden[], seq: number): Promise<void>;
}

interface Deps {
  readonly store: SlackStore;
  readonly log: Pick<Log, 'entries'>;
  readonly reader: QuoteReader;
  /** ms since 1970 */
  readonly now: () => number;
}

const ENTRIES_AT_ONCE = 200;
const NOTHING_LOST: LostEdits = { tells: false, edits: [] };
const NOTHING_HELD: HeldEdits = { cells: [] };

export function createLogFollower({ store, log, reader, now }: Deps): LogFollower {
  const { mirrors, outbox } = store;

  function putBatch(
    mirror: string,
    { user, firstAt, lastAt, firstSeq }: Pick<PersonNews, 'user' | 'firstAt' | 'lastAt' | 'firstSeq'>,
    kind: BatchKind,
    contentAfter: (known: string | null) => unknown,
  ): void {
    const known = mirrors.batch(mirror, user, kind);
    mirrors.putBatch({
      ...{ mirror, user, kind, lastAt },
      openedAt: known?.openedAt ?? firstAt,
      firstSeq: known?.firstSeq ?? firstSeq,
      content: JSON.stringify(contentAfter(known?.content ?? null)),
    });
  }

  function putLost(
    mirror: string,
    from: Omit<PersonNews, 'entries' | 'lost' | 'held'>,
    lost: LostEdits,
  ): void {
    putBatch(mirror, from, 'lost', (known) =>
      addLost(known === null ? NOTHING_LOST : parseLost(known), lost),
    );
  }

  function putNews(mirror: Mirror, news: PersonNews, total: string): void {
    if (news.entries.length > 0) {
      putBatch(mirror.id, news, 'edits', (known) => ({
        ...news.entries.reduce(
          addEntry,
          known === null ? emptyTally(mirror.followedTotal) : parseTally(known),
        ),
        totalAfter: total,
      }));
    }
    if (news.lost.edits.length > 0) putLost(mirror.id, news, news.lost);
    if (news.held.cells.length > 0) {
      putBatch(mirror.id, news, 'held', (known) =>
        addHeld(known === null ? NOTHING_HELD : parseHeld(known), news.held),
      );
    }
  }

  function putExpired({ id, channel }: Mirror, { seq, writes }: Entry, snapshot: Snapshot): void {
    const settled = writes
      .filter(({ verdict }) => verdict === 'accepted')
      .map(({ cell, applied }) => ({ cell, what: cellWords(cell, snapshot), applied }));
    const message = { kind: 'thread' as const, channel, ...expiredNotice(settled) };
    outbox.add({ key: `expired:${id}:${seq}`, mirror: id, message, at: now() });
  }

  async function readOn(mirror: Mirror, entries: readonly Entry[], quoteNow: QuoteNow): Promise<void> {
    const last = entries.at(-1);
    if (last === undefined) return;
    const nameOf = await reader.names(entries.flatMap(peopleIn));
    const { snapshot, total } = quoteNow;
    // What the server does in somebody's name they did not do.
    const news = newsOf(
      entries.filter(({ kind }) => kind !== 'expire'),
      { snapshot, nameOf },
    );
    store.transact(() => {
      // Somebody else may have read on while we asked for names.
      if (mirrors.find(mirror.id)?.followedSeq !== mirror.followedSeq) return;
      for (const ofPerson of news) putNews(mirror, ofPerson, total);
      for (const entry of entries) if (entry.kind === 'expire') putExpired(mirror, entry, snapshot);
      mirrors.followed(mirror.id, last.seq, total);
    });
  }

  return {
    async follow(mirror) {
      const entries = await log.entries(mirror.quote, { after: mirror.followedSeq, limit: ENTRIES_AT_ONCE });
      if (entries.length === 0) return false;
      const quoteNow = await reader.read(mirror.quote);
      if (quoteNow === null) return false;
      await readOn(mirror, entries, quoteNow);
      return true;
    },
    async noteOverridden(quote, overridden, seq) {
      const live = mirrors.ofQuote(quote).filter(({ state }) => state === 'live' || state === 'paused');
      if (live.length === 0) return;
      const quoteNow = await reader.read(quote);
      if (quoteNow === null) return;
      const nameOf = await reader.names(overridden.map(({ by }) => by.user));
      const lost = lostByOthers(overridden, { snapshot: quoteNow.snapshot, nameOf });
      const at = now();
      store.transact(() => {
        for (const { id } of live)
          for (const [user, edits] of lost)
            putLost(id, { user, firstAt: at, lastAt: at, firstSeq: seq }, { tells: true, edits });
      });
    },
  };
}

const peopleIn = ({ actor, writes }: Entry): string[] => [
  actor.user,
  ...writes.flatMap(({ by }) => (by === null ? [] : [by.user])),
];
