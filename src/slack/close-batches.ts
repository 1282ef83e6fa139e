import { isEmptyTally, parseTally, summarize } from './edit-tally.ts';
import { parseLost } from './lost-edits.ts';
import { type LostEdit, editNotice, lostMessage, lostNotice } from './notices.ts';
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
  /** The Slack user of one of our people, or null. */
  readonly slackUserOf: (user: string) => Promise<string | null>;
  readonly publicUrl: () => string;
  /** ms since 1970 */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

const QUIET_MS = 20_000;
const NOTICE_EVERY_MS = 60_000;
const LOST_AFTER_MS = 500;

export function createBatchCloser({ store, reader, slackUserOf, publicUrl, now, report }: Deps): BatchCloser {
  const { mirrors, outbox } = store;
  /** When a person's last notice of a kind was written. After a restart the next may come sooner. */
  const toldAt = new Map<string, number>();

  const placeOf = ({ mirror, user, kind }: Batch): string => `${mirror} ${kind} ${user}`;

  function dueAt(batch: Batch): number {
    const { kind, openedAt, lastAt } = batch;
    const ready =
      kind === 'lost' ? openedAt + LOST_AFTER_MS : Math.min(lastAt + QUIET_MS, openedAt + NOTICE_EVERY_MS);
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
      const message = threadMessage(batch, nameOf(batch.user), quoteNow);
      const key = `${batch.kind}:${mirror.id}:${batch.user}:${batch.firstSeq}`;
      if (message !== null)
        outbox.add({
          key,
          mirror: mirror.id,
          message: { kind: 'thread', channel: mirror.channel, ...message },
          at,
        });
      if (direct !== null) outbox.add({ key: `direct:${key}`, mirror: mirror.id, message: direct, at });
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
    const slackUser = tells ? await slackUserOf(user) : null;
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
  name: string,
  { snapshot }: QuoteNow,
): ReturnType<typeof editNotice> | null {
  if (kind === 'lost') {
    const edits: readonly LostEdit[] = parseLost(content).edits;
    return edits.length === 0 ? null : lostNotice(name, edits);
  }
  const tally = parseTally(content);
  return isEmptyTally(tally) ? null : editNotice(summarize(tally, { name, snapshot }));
}
