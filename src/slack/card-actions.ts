import { type Actor } from '../authority/actor.ts';
import { mayEdit, mayManage } from '../authority/role.ts';
import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import type { SessionKeeper } from '../room/session-keeper.ts';
import type { Rooms } from '../room/rooms.ts';
import type { Access } from '../session/access.ts';
import type { Person } from '../session/directory.ts';
import { type SessionLimits, findFull } from '../session/find-full.ts';
import { type Session, type Sessions, httpConnection } from '../session/sessions.ts';
import { ACTIONS, type ActionValue } from './action-ids.ts';
import { escapeTyped } from './blocks.ts';
import { renderChooseModal } from './choose-modal.ts';
import { renderEditModal } from './edit-modal.ts';
import type { QuoteReader } from './quote-reader.ts';
import type { SlackApi } from './slack-api.ts';
import type { SlackStore } from './slack-store.ts';
import { noSuchQuote } from './share-quote.ts';
import { cellWords } from './words.ts';

/** What buttons do. Each answers the person who pressed it, or says nothing where the card shows it. */
export interface CardActions {
  /** Null where there is nothing to say: the card shows it. */
  run(action: string, asked: AskedAction): Promise<string | null>;
}

export interface AskedAction {
  readonly person: Person;
  readonly value: ActionValue;
  /** Good for three seconds, to open a modal. */
  readonly trigger: string;
}

export interface CardActionsDeps extends SessionLimits {
  readonly store: Pick<SlackStore, 'mirrors'>;
  readonly api: Pick<SlackApi, 'openView'>;
  readonly reader: QuoteReader;
  readonly access: Pick<Access, 'actorIn' | 'permissionOf'>;
  readonly rooms: Pick<Rooms, 'open' | 'peek'>;
  readonly sessions: Sessions;
  readonly keeper: Pick<SessionKeeper, 'end'>;
  readonly refresh: (mirror: string) => void;
  readonly steadyNow: () => number;
}

interface Here extends AskedAction {
  readonly quote: QuoteId;
  readonly actor: Actor;
  readonly session: Session;
}

export const OLDER_CARD = 'This button is of an older card. `/quote share` brings a new one.';
const NO_MODAL = 'Slack did not open the form. Press the button once more.';

export function createCardActions(deps: CardActionsDeps): CardActions {
  const { store, api, reader, access, rooms, sessions, keeper, steadyNow } = deps;

  /** The session that the button's card is of, ended or not. */
  async function sessionOf({ mirror, quote }: ActionValue): Promise<Session | null> {
    const known = store.mirrors.find(mirror);
    if (known === null) return sessions.ofQuote(quote as QuoteId);
    // What a person may do was asked of the quote that the button names.
    return known.quote === quote ? sessions.find(known.session) : null;
  }

  async function ended({ endedAt, endedBy, endedWhy }: Session, quote: QuoteId): Promise<string> {
    const nameOf = await reader.names(endedBy === null ? [] : [endedBy]);
    const [day, time = ''] = new Date(endedAt ?? 0).toISOString().split('T');
    const by = endedBy === null ? '' : ` by ${escapeTyped(nameOf(endedBy))}`;
    const why = endedBy === null && endedWhy === 'inactive' ? ', since nothing was done in it' : '';
    return `This session was ended on ${day} at ${time.slice(0, 5)} UTC${by}${why}. \`/quote share ${quote}\` starts another.`;
  }

  /** Whoever uses the card takes part; each time is a sign of them. */
  function join({ session, actor, person }: Here): string | null {
    const full = findFull(sessions, deps, session.quote, person.user);
    if (full !== null) return `${full}. Try again later.`;
    sessions.joined(session.id, httpConnection(person.user), { ...actor, name: person.name }, steadyNow());
    return null;
  }

  async function edit(here: Here): Promise<string | null> {
    if (!mayEdit(here.actor.permission)) return 'You may only view this quote. Ask a host for more.';
    const problem = join(here);
    if (problem !== null) return problem;
    const quoteNow = await reader.read(here.quote);
    if (quoteNow === null) return noSuchQuote(here.quote);
    const opened = await api.openView(here.trigger, renderEditModal({ ...quoteNow, quote: here.quote }));
    return opened.kind === 'ok' ? null : NO_MODAL;
  }

  async function choose(here: Here): Promise<string | null> {
    const room = await rooms.open(here.quote);
    const found = room?.conflicts.list(here.actor).find(({ cell }) => cell === here.value.cell);
    if (room === null || found === undefined) return 'This conflict is settled already.';
    if (!found.mayChoose)
      return 'Editors and hosts of at least the role of those who disagree may choose here.';
    const quoteNow = await reader.read(here.quote);
    if (quoteNow === null) return noSuchQuote(here.quote);
    const looked = room.conflicts.lookAt(found.n, here.actor, here.person.name);
    if (!looked.ok) return 'This conflict is settled already.';
    const state = { quote: here.quote, n: found.n, cell: found.cell, revision: quoteNow.revision };
    const view = renderChooseModal(state, cellWords(found.cell, quoteNow.snapshot), looked.value);
    if ((await api.openView(here.trigger, view)).kind === 'ok') return null;
    room.conflicts.letGo(found.n, here.actor);
    return NO_MODAL;
  }

  async function done({ session, actor, person, quote }: Here): Promise<string | null> {
    if (!mayManage(actor)) return 'Hosts of the quote end its session. *Leave* takes you off the card.';
    await keeper.end(session, { by: person.user, why: 'by_hand' });
    const now = await sessions.find(session.id);
    // Two pressed it at once: one of them was first.
    return now !== null && now.endedBy !== person.user ? ended(now, quote) : null;
  }

  function leave({ session, person, quote }: Here): string | null {
    const isHere = (): boolean =>
      sessions.ofQuote(quote)?.people.some(({ user }) => user === person.user) ?? false;
    const wasHere = isHere();
    sessions.left(session.id, httpConnection(person.user), null, steadyNow());
    if (isHere()) return 'You have the quote open in a browser: closing it takes you off the card.';
    rooms.peek(quote)?.conflicts.letGoOfAll(person.user);
    return wasHere ? null : 'You are not in this session.';
  }

  function keepOpen({ session, person }: Here): string {
    sessions.keepOpen(session.id, person.user, steadyNow());
    return 'The session goes on.';
  }

  function refresh({ value }: Here): string {
    deps.refresh(value.mirror);
    return 'The card is brought up to date.';
  }

  return {
    async run(action, asked) {
      const { quote } = asked.value;
      if (action === ACTIONS.open) return null;
      if (!isQuoteId(quote)) return OLDER_CARD;
      const actor = await access.actorIn(asked.person, quote);
      if (actor === null) return noSuchQuote(quote);
      const session = await sessionOf(asked.value);
      if (session === null) return `There is no session of this quote. \`/quote share ${quote}\` starts one.`;
      const here: Here = { ...asked, quote, actor, session };
      // A conflict outlives its session.
      if (action === ACTIONS.choose) return choose(here);
      if (session.endedAt !== null) return ended(session, quote);
      switch (action) {
        case ACTIONS.edit:
          return edit(here);
        case ACTIONS.done:
          return done(here);
        case ACTIONS.leave:
          return leave(here);
        case ACTIONS.keepOpen:
          return keepOpen(here);
        case ACTIONS.refresh:
          return refresh(here);
        default:
          return OLDER_CARD;
      }
    },
  };
}
