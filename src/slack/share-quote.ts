import { mayEdit } from '../authority/role.ts';
import type { QuoteId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import type { Log } from '../log/log.ts';
import type { Access } from '../session/access.ts';
import type { Person } from '../session/directory.ts';
import { type SessionLimits, findUnstartable } from '../session/find-full.ts';
import type { Sessions } from '../session/sessions.ts';
import type { QuoteReader } from './quote-reader.ts';
import type { SlackApi } from './slack-api.ts';
import type { SlackStore } from './slack-store.ts';

/** Puts a quote's card into a channel: for editors and hosts, and only where nobody from outside reads. */
export interface QuoteSharer {
  share(asked: {
    readonly quote: QuoteId;
    readonly channel: string;
    readonly person: Person;
  }): Promise<Result<SharedQuote>>;
}

export interface SharedQuote {
  readonly mirror: string;
  readonly channelName: string;
  /** It is in the channel already. */
  readonly isKnown: boolean;
}

export interface QuoteSharerDeps extends SessionLimits {
  readonly store: SlackStore;
  readonly api: Pick<SlackApi, 'channel'>;
  readonly access: Pick<Access, 'actorIn'>;
  readonly sessions: Pick<Sessions, 'open' | 'ofQuote' | 'busyCount' | 'busyCountOf'>;
  readonly log: Pick<Log, 'head'>;
  readonly reader: Pick<QuoteReader, 'read'>;
  readonly steadyNow: () => number;
  /** ms since 1970 */
  readonly now: () => number;
  readonly newId: () => string;
  readonly refresh: (mirror: string) => void;
}

/** Of one quote. */
const CHANNELS_MAX = 10;

/** Failures are sentences for the person who asked. */
export function createQuoteSharer(deps: QuoteSharerDeps): QuoteSharer {
  const { store, api, access, sessions, log, reader, now } = deps;
  const { mirrors, outbox } = store;

  return {
    async share({ quote, channel: id, person }) {
      const actor = await access.actorIn(person, quote);
      if (actor === null) return fail(noSuchQuote(quote));
      const head = await log.head(quote);
      if (head === null) return fail(noSuchQuote(quote));
      if (!mayEdit(actor.permission))
        return fail('You may only view this quote. Its editors and hosts can share it.');
      if (id.startsWith('D')) return fail(NOT_A_CHANNEL);
      const channel = await api.channel(id);
      if (channel.kind !== 'ok') return fail(notReachable(channel));
      if (channel.value.isShared)
        return fail(
          'People of other companies read this channel, so quotes are not shared here. Take one of your own.',
        );
      if (channel.value.isArchived) return fail('This channel is archived.');
      if (!channel.value.isMember) return fail(NOT_INVITED);
      if (
        mirrors.ofQuote(quote).filter(({ state }) => state !== 'ended').length >= CHANNELS_MAX &&
        mirrors.ofChannel(quote, id) === null
      )
        return fail(`This quote is in ${CHANNELS_MAX} channels already, which is the limit.`);
      const full = findUnstartable(sessions, deps, quote, person.user);
      if (full !== null) return fail(`${full}. Try again later.`);
      const session = sessions.open(quote, { by: person.user, why: 'created' }, deps.steadyNow());
      const quoteNow = await reader.read(quote);
      if (quoteNow === null) return fail(noSuchQuote(quote));
      return ok(
        store.transact(() => {
          const known = mirrors.ofChannel(quote, id);
          if (known?.session === session.id) {
            deps.refresh(known.id);
            return { mirror: known.id, channelName: known.channelName, isKnown: true };
          }
          const at = now();
          // Of a session that is over: its card is made final first.
          if (known !== null) mirrors.setState(known.id, 'ending', null, at);
          const mirror = deps.newId();
          mirrors.add({
            id: mirror,
            quote,
            session: session.id,
            channel: id,
            channelName: channel.value.name,
            sharedBy: person.user,
            createdAt: at,
            followedSeq: quoteNow.revision,
            followedTotal: quoteNow.total,
          });
          outbox.add({ key: `card:${mirror}`, mirror, message: { kind: 'card', channel: id }, at });
          return { mirror, channelName: channel.value.name, isKnown: false };
        }),
      );
    },
  };
}

/** The same for a quote that is not there and for one that they may not see. */
export const noSuchQuote = (quote: string): string =>
  `There is no quote "${quote}" that you may see. \`/quote list\` shows yours.`;

const NOT_A_CHANNEL = 'Quotes are shared in channels, not in direct or group messages.';
const NOT_INVITED =
  'Quoteroom is not in this channel. Invite it first (`/invite @Quoteroom`), then try again.';

function notReachable(result: { readonly kind: string; readonly error?: string }): string {
  if (result.kind !== 'refused') return 'Slack does not answer just now. Try again in a moment.';
  // Of group messages the app may not even know what they are.
  return result.error === 'missing_scope' ? NOT_A_CHANNEL : NOT_INVITED;
}
