import { z } from 'zod';
import { type Result, fail } from '../lib/result.ts';
import type { Person } from '../session/directory.ts';
import { escapeText, paragraphs } from './blocks.ts';
import { type Bucket, type Rate, takeToken } from './budgets.ts';
import { privateAnswer } from './private-answer.ts';
import type { InboxItem } from './sqlite-inbox.ts';
import type { PersonProblem, SlackPeople } from './slack-people.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import type { SlackStore } from './slack-store.ts';

/**
 * Each thing that comes from Slack is done once:
 *
 *     written down -> done -> its answer kept -> answered
 *
 * All of it happens before Slack is answered, since nothing here takes long: so no work is ever acknowledged that could still be
 * lost. What comes again is answered as before. Who is not known here gets a polite answer, and nothing is done.
 */
export interface Answering {
  /** Gives what `work` gave the first time, which is kept as JSON. */
  once<T>(item: InboxItem, work: () => Promise<T>): Promise<T | null>;
  /** The person, or what to tell whoever is none of ours. */
  person(slackUser: string, team: string | null): Promise<Result<Person>>;
  /** After a restart: whoever asked for what is still open is told that nobody knows how far it came. */
  giveUpOpen(): void;
}

interface Deps {
  readonly store: Pick<SlackStore, 'inbox' | 'outbox'>;
  readonly people: Pick<SlackPeople, 'find'>;
  readonly metrics: Pick<SlackMetrics, 'received'>;
  readonly publicUrl: () => string;
  /** ms since 1970 */
  readonly now: () => number;
}

export function createAnswering({ store, people, metrics, publicUrl, now }: Deps): Answering {
  const { inbox, outbox } = store;
  const limit = createPersonLimit(now);
  /** A repetition may come while the first is still being done. */
  const underWay = new Map<string, Promise<unknown>>();

  async function begin<T>({ key, kind }: InboxItem, work: () => Promise<T>): Promise<T> {
    let answer: T;
    try {
      answer = await work();
    } catch (error) {
      inbox.dead(key);
      metrics.received(kind, 'failed');
      throw error;
    }
    inbox.done(key, answer);
    metrics.received(kind, 'new');
    return answer;
  }

  return {
    async once<T>(item: InboxItem, work: () => Promise<T>): Promise<T | null> {
      // It is the answer of the same kind of thing.
      const same = underWay.get(item.key) as Promise<T> | undefined;
      const known = same === undefined ? inbox.take(item) : null;
      if (same !== undefined || known !== null) {
        metrics.received(item.kind, 'known');
        return same ?? (known?.answer as T | null);
      }
      const working = begin(item, work).finally(() => underWay.delete(item.key));
      underWay.set(item.key, working);
      return working;
    },
    async person(slackUser, team) {
      if (!limit.takes(slackUser)) return fail(TOO_FAST);
      const found = await people.find(slackUser, team);
      return found.ok ? found : { ok: false, reason: explain(found.reason, publicUrl()) };
    },
    giveUpOpen() {
      for (const { key, body } of inbox.pending()) {
        inbox.dead(key);
        const asked = askedSchema.safeParse(body);
        if (asked.success)
          outbox.add({
            key: `answer:${key}`,
            mirror: null,
            message: privateAnswer(asked.data, { text: BROKEN_OFF, blocks: [paragraphs([BROKEN_OFF])] }),
            at: now(),
          });
      }
    },
  };
}

/** Of one person: more than anybody presses, and too few to keep the server busy. */
const PERSON_RATE: Rate = { burst: 30, perMinute: 60 };
const PEOPLE_MAX = 2_000;
const TOO_FAST = 'That was too much at once. Wait a minute, then try again.';

function createPersonLimit(now: () => number): { takes(slackUser: string): boolean } {
  const buckets = new Map<string, Bucket>();
  return {
    takes(slackUser) {
      const taken = takeToken(buckets.get(slackUser) ?? null, PERSON_RATE, now());
      if (taken.kind === 'wait') return false;
      buckets.delete(slackUser);
      buckets.set(slackUser, taken.bucket);
      const oldest = buckets.keys().next().value;
      if (buckets.size > PEOPLE_MAX && oldest !== undefined) buckets.delete(oldest);
      return true;
    },
  };
}

const askedSchema = z.object({ user: z.string(), channel: z.string(), thread: z.string().nullable() });

const BROKEN_OFF =
  'Quoteroom was restarted while it was at what you asked for last. Look at the quote, and try again if it is not as you want it.';

/** For whoever asked, and nobody else. */
function explain(problem: PersonProblem, publicUrl: string): string {
  switch (problem.kind) {
    case 'foreign':
      return 'Sorry, quotes are open to people of this workspace only.';
    case 'unknown':
      return (
        `Quoteroom does not know yet who you are there. <${escapeText(problem.link)}|Connect your account> ` +
        '(the link is for you alone, and good for 15 minutes), then try again.'
      );
    case 'stale':
      return `You did not sign in to Quoteroom for ${problem.days} days. <${escapeText(publicUrl)}/quotes|Sign in once>, then try again.`;
    default:
      return 'Quoteroom does not get on with Slack just now. Try again in a moment; if it stays so, tell whoever runs Quoteroom.';
  }
}
