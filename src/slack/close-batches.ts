import { unreachable } from '../lib/assert.ts';
import type { QuoteId } from '../lib/ids.ts';
import { isEmptyTally, parseTally, summarize } from './edit-tally.ts';
import { parseLost } from './lost-edits.ts';
import { parseHeld } from './held-edits.ts';
import { editNotice, heldNotice, lostMessage, lostNotice } from './notices.ts';
import { type QuoteNow, type QuoteReader, quoteUrl } from './quote-reader.ts';
import type { SlackStore } from './slack-store.ts';
import type { Batch, Mirror } from './sqlite-mirrors.ts';

/**
 * A thread is calm: what a person does is told once they pause for 20 s, and at most once a minute while they go on. What
 * they lost is told at once, and then at most once a minute.
 */
export interface BatchCloser {
  /** Puts what is due into the outbox. `all` of a mirror: its session is over. */
  close(options?: { readonly all: string }): Promise<void>;
}

interface Deps {
  readonly store: SlackStore;
  readonly reader: QuoteReader;
  /** The Slack user of one of our people, if they may be told what a quote holds now; else null. */
  readonly readerOf: (user: string, quote: QuoteId) => Promise<string | null>;
  readonly publicUrl: () => string;
  /** ms since 1970 */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

const QUIET_MS = 20_000;
const NOTICE_EVERY_MS = 60_000;
const URGENT_AFTER_MS = 500;

export function createBatchCloser({ store, reader, readerOf, publicUrl, now, report }: Deps): BatchCloser {
  const { mirrors, outbox } = store;
  /** When a person's last notice of a kind was written. After a restart the next may come sooner. */
  const toldAt = new Map<string, number>();

  const placeOf = ({ mirror, user, kind }: Batch): string => `${mirror} ${kind} ${user}`;

  function dueAt(batch: Batch): number {
    const { kind, openedAt, lastAt } = batch;
    const ready =
      kind === 'edits' ? Math.min(lastAt + QUIET_MS, openedAt + NOTICE_EVERY_MS) : openedAt + URGENT_AFTER_MS;
    return Math.max(ready, (toldAt.get(placeOf(batch)) ?? -Infinity) + NOTICE_EVERY_MS);
  }

  async function closeOne(batch: Batch, mirror: Mirror): Promise<void> {
    const quoteNow = await reader.read(mirror.quote);
    if (quoteNow === null) return;
    const nameOf = await reader.names([batch.user]);
    const direct = batch.kind === 'lost' ? await directOf(batch, mirror, quoteNow) : null;
    const at = now();
    store.transact(() => {
      // What came in while we asked waits for the next round.
      if (mirrors.batch(mirror.id, batch.user, batch.kind)?.content !== batch.content) return;
      const message = threadMessage(batch, mirror, {
        name: nameOf(batch.user),
        quoteNow,
        publicUrl: publicUrl(),
      });
      const key = `${batch.kind}:${mirror.id}:${batch.user}:${batch.firstSeq}`;
      if (message !== null)
        outbox.add({
          key,
          mirror: mirror.id,
          message: { kind: 'thread', channel: mirror.channel, ...message },
          at,
        });
      // However many channels show the quote, it is one person who lost it.
      const directKey = `direct:${mirror.quote}:${batch.user}:${batch.firstSeq}`;
      if (direct !== null) outbox.add({ key: directKey, mirror: mirror.id, message: direct, at });
      mirrors.deleteBatch(batch);
      toldAt.set(placeOf(batch), at);
    });
  }

  async function directOf(
    { user, content }: Batch,
    { quote }: Mirror,
    { title }: QuoteNow,
  ): Promise<({ readonly kind: 'direct'; readonly user: string } & ReturnType<typeof lostMessage>) | null> {
    const { tells, edits } = parseLost(content);
    const slackUser = tells ? await readerOf(user, quote) : null;
    if (slackUser === null) return null;
    const about = { title: title === '' ? quote : title, url: quoteUrl(publicUrl(), quote) };
    return { kind: 'direct', user: slackUser, ...lostMessage(about, edits) };
  }

  /** A quote that cannot be read holds up nobody else. */
  async function closeOrWait(batch: Batch, mirror: Mirror): Promise<void> {
    try {
      await closeOne(batch, mirror);
    } catch (error) {
      toldAt.set(placeOf(batch), now());
      report(error);
    }
  }

  function forgetOld(at: number): void {
    for (const [place, told] of toldAt) if (at - told >= NOTICE_EVERY_MS) toldAt.delete(place);
  }

  return {
    async close(options) {
      const at = now();
      forgetOld(at);
      for (const batch of mirrors.batches()) {
        const isAsked = options?.all === batch.mirror;
        if (!isAsked && dueAt(batch) > at) continue;
        const mirror = mirrors.find(batch.mirror);
        if (mirror === null || mirror.state === 'ended') mirrors.deleteBatch(batch);
        else if (isAsked) await closeOne(batch, mirror);
        else await closeOrWait(batch, mirror);
      }
    },
  };
}

function threadMessage(
  { kind, content }: Batch,
  { id, quote }: Mirror,
  {
    name,
    quoteNow,
    publicUrl,
  }: { readonly name: string; readonly quoteNow: QuoteNow; readonly publicUrl: string },
): ReturnType<typeof editNotice> | null {
  switch (kind) {
    case 'lost': {
      const { edits } = parseLost(content);
      return edits.length === 0 ? null : lostNotice(name, edits);
    }
    case 'held': {
      const { cells } = parseHeld(content);
      const valueOf = (cell: string) => ({ quote, mirror: id, revision: quoteNow.revision, cell });
      return heldNotice({ name, cells, url: quoteUrl(publicUrl, quote) }, valueOf);
    }
    case 'edits': {
      const tally = parseTally(content);
      return isEmptyTally(tally) ? null : editNotice(summarize(tally, { name, snapshot: quoteNow.snapshot }));
    }
    default:
      return unreachable(kind);
  }
}
