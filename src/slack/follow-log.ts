import type { Role } from '../authority/role.ts';
import type { Overridden, WriteVerdict } from '../authority/verdict.ts';
import type { QuoteId, UserId } from '../lib/ids.ts';
import type { Entry, Log } from '../log/log.ts';
import { addEntry, emptyTally, isEmptyTally, parseTally } from './edit-tally.ts';
import { type LostEdits, addLost, parseLost } from './lost-edits.ts';
import { type LostEdit, heldNotice, expiredNotice } from './notices.ts';
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

export function createLogFollower({ store, log, reader, now }: Deps): LogFollower {
  const { mirrors, outbox } = store;

  function putBatch(
    mirror: string,
    {
      user,
      kind,
      seq,
      at,
    }: { readonly user: UserId; readonly kind: BatchKind; readonly seq: number; readonly at: number },
    contentAfter: (known: string | null) => unknown,
  ): void {
    const known = mirrors.batch(mirror, user, kind);
    mirrors.putBatch({
      mirror,
      user,
      kind,
      openedAt: known?.openedAt ?? at,
      firstSeq: known?.firstSeq ?? seq,
      lastAt: at,
      content: JSON.stringify(contentAfter(known?.content ?? null)),
    });
  }

  function putLost(mirror: string, from: { user: UserId; seq: number; at: number }, lost: LostEdits): void {
    putBatch(mirror, { ...from, kind: 'lost' }, (known) =>
      addLost(known === null ? { tells: false, edits: [] } : parseLost(known), lost),
    );
  }

  async function readOn(mirror: Mirror, entries: readonly Entry[], quoteNow: QuoteNow): Promise<void> {
    const nameOf = await reader.names(entries.flatMap(peopleIn));
    const at = now();
    const last = entries.at(-1);
    if (last === undefined) return;
    store.transact(() => {
      // Somebody else may have read on while we asked for names.
      if (mirrors.find(mirror.id)?.followedSeq !== mirror.followedSeq) return;
      for (const entry of entries) tellEntry(mirror, entry, { quoteNow, nameOf, at });
      mirrors.followed(mirror.id, last.seq, quoteNow.total);
    });
  }

  function tellEntry(
    mirror: Mirror,
    entry: Entry,
    { quoteNow, nameOf, at }: { quoteNow: QuoteNow; nameOf: (user: string) => string; at: number },
  ): void {
    const { seq, actor, origin, writes } = entry;
    const from = { user: actor.user, seq, at: entry.at };
    const what = (cell: string): string => cellWords(cell, quoteNow.snapshot);
    if (entry.kind === 'expire') {
      const message = expiredNotice(
        writes.filter(isAccepted).map(({ cell, applied }) => ({ cell, what: what(cell), applied })),
      );
      toThread(mirror, `expired:${mirror.id}:${seq}`, message, at);
      return;
    }
    const added = addEntry(emptyTally(''), entry);
    if (!isEmptyTally(added)) {
      putBatch(mirror.id, { ...from, kind: 'edits' }, (known) => ({
        ...addEntry(known === null ? emptyTally(mirror.followedTotal) : parseTally(known), entry),
        totalAfter: quoteNow.total,
      }));
    }
    const lost = writes.flatMap((write) => lostEditOf(write, { what, nameOf }));
    // Who works in Slack was answered there and then.
    if (lost.length > 0) putLost(mirror.id, from, { tells: origin !== 'slack', edits: lost });
    for (const { cell, verdict, by } of writes) {
      if (verdict !== 'held' || by === null) continue;
      const people = { first: nameOf(by.user), second: nameOf(actor.user) };
      const value = { quote: mirror.quote, mirror: mirror.id, revision: seq, cell };
      toThread(
        mirror,
        `held:${mirror.id}:${seq}:${cell}`,
        heldNotice({ what: what(cell), ...people }, value),
        at,
      );
    }
  }

  function toThread(mirror: Mirror, key: string, message: ReturnType<typeof heldNotice>, at: number): void {
    outbox.add({
      key,
      mirror: mirror.id,
      message: { kind: 'thread', channel: mirror.channel, ...message },
      at,
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
      const at = now();
      store.transact(() => {
        for (const mirror of live) {
          for (const { user, cell, by, kept, yours } of overridden) {
            const edit: LostEdit = {
              cell,
              what: cellWords(cell, quoteNow.snapshot),
              by: { name: nameOf(by.user), role: by.role },
              reason: 'authority_overridden',
              kept,
              offered: yours,
            };
            putLost(mirror.id, { user, seq, at }, { tells: true, edits: [edit] });
          }
        }
      });
    },
  };
}

const isAccepted = ({ verdict }: WriteVerdict): boolean => verdict === 'accepted';

const peopleIn = ({ actor, writes }: Entry): string[] => [
  actor.user,
  ...writes.flatMap(({ by }) => (by === null ? [] : [by.user])),
];

function lostEditOf(
  { cell, verdict, reason, by, applied, offered }: WriteVerdict,
  { what, nameOf }: { readonly what: (cell: string) => string; readonly nameOf: (user: string) => string },
): LostEdit[] {
  if (verdict !== 'refused' || reason !== 'authority_overridden' || by === null) return [];
  const value = typeof offered === 'string' || typeof offered === 'boolean' ? offered : null;
  const winner: { readonly name: string; readonly role: Role } = { name: nameOf(by.user), role: by.role };
  return [{ cell, what: what(cell), by: winner, reason, kept: applied, offered: value }];
}
