import { type SignedInPerson, personOfToken } from './person-of-token.ts';
import { createReturnPath } from './return-path.ts';
import type { TabChannel, TabMessage } from './tab-channel.ts';

export type { SignedInPerson } from './person-of-token.ts';

/**
 * Who uses this page. The token comes in the address, as the company's sign-in hands it over, from a card of the demo, or
 * from another tab; it is taken out of the address at once, and kept in memory and in the tab's session storage, nowhere
 * else. What is read from it here is for show: the server checks it.
 *
 *   signed_out --take--> signed_in --expire--> signed_in, hasRunOut --take (same person: the page goes on)--> signed_in
 *        ^                   |                        |
 *        +----- signOut -----+------------------------+
 *
 * A sign-in that runs out leaves the page as it is, so that nothing typed is lost; only signing out closes it.
 */
export interface SignIn {
  state(): SignInState;
  /** Calls back when the state changed. Returns the function that ends it. */
  observe(listener: () => void): () => void;
  /** Uses a token from now on, in all tabs of this person. Returns false where it is none, or has run out. */
  take(token: string): boolean;
  /** The server turned this token down. If the same person had a good one before it, that counts again. */
  expire(token: string): void;
  /** In all tabs of this person. */
  signOut(): void;
  /** The page to come back to, before leaving for the company's sign-in. */
  keepPath(path: string): void;
}

export type SignInState =
  | {
      readonly kind: 'signed_out';
      readonly why: 'new' | 'unreadable' | 'expired' | 'left';
      /** Who is signed in in another tab. */
      readonly elsewhere: SignedInPerson | null;
    }
  | { readonly kind: 'signed_in'; readonly person: SignedInPerson; readonly hasRunOut: boolean };

/** In the tab's session storage. */
const TOKEN_KEY = 'quoteroom.token';

export interface SignInDeps {
  readonly location: Pick<Location, 'href'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly tabs: TabChannel;
  /** ms since 1970 */
  readonly now: () => number;
}

export function createSignIn({ location, history, storage, tabs, now }: SignInDeps): SignIn {
  const listeners = new Set<() => void>();
  const returnPath = createReturnPath(storage);
  let state: SignInState = { kind: 'signed_out', why: 'new', elsewhere: null };
  /** Whose sign-in ran out before this page was opened. */
  let lastUser: string | null = null;
  /** The sign-in before: anyone can write a token into a link, so the server may turn the newer one down. */
  let former: SignedInPerson | null = null;
  const turnedDown = new Set<string>();

  const handedOver = takeFromAddress(location, history, returnPath.take);
  const ownBefore = storage.getItem(TOKEN_KEY);
  if (handedOver !== null && ownBefore !== null) former = personOfToken(ownBefore);
  const kept = handedOver === null || isWorseThanFormer(handedOver) ? ownBefore : handedOver;
  if (kept !== null) take(kept);
  tabs.listen(hear);
  if (state.kind === 'signed_out') tabs.tell({ kind: 'ask' });

  function become(next: SignInState): void {
    state = next;
    for (const listener of [...listeners]) listener();
  }

  function leave(why: 'unreadable' | 'expired' | 'left'): void {
    storage.removeItem(TOKEN_KEY);
    former = null;
    become({ kind: 'signed_out', why, elsewhere: null });
  }

  function isOver({ expiresAt }: SignedInPerson): boolean {
    return expiresAt !== null && expiresAt <= now();
  }

  function isUsable(person: SignedInPerson): boolean {
    return !isOver(person) && !turnedDown.has(person.token);
  }

  /** A link that was cut off, or an old one of the same person, is no reason to end a good sign-in. */
  function isWorseThanFormer(token: string): boolean {
    if (former === null || !isUsable(former)) return false;
    const person = personOfToken(token);
    return person === null || (isOver(person) && person.user === former.user);
  }

  function enter(person: SignedInPerson): void {
    storage.setItem(TOKEN_KEY, person.token);
    returnPath.take();
    become({ kind: 'signed_in', person, hasRunOut: false });
  }

  function take(token: string): boolean {
    const person = personOfToken(token);
    if (person === null) {
      leave('unreadable');
      return false;
    }
    if (isOver(person)) {
      lastUser = person.user;
      leave('expired');
      return false;
    }
    enter(person);
    tabs.tell({ kind: 'here', token });
    return true;
  }

  function hear(message: TabMessage): void {
    if (message.kind === 'here') return hearOf(message.token);
    if (message.kind === 'left') return hearThatLeft(message.user);
    if (state.kind === 'signed_in' && !state.hasRunOut)
      tabs.tell({ kind: 'here', token: state.person.token });
  }

  function hearOf(token: string): void {
    const person = personOfToken(token);
    if (person === null || !isUsable(person)) return;
    if (state.kind === 'signed_out') {
      if (state.why === 'expired' && person.user === lastUser) enter(person);
      else if (state.why !== 'left') become({ ...state, elsewhere: person });
      return;
    }
    const isNews = state.hasRunOut
      ? person.token !== state.person.token
      : person.issuedAt > state.person.issuedAt;
    if (person.user !== state.person.user || !isNews) return;
    former = state.hasRunOut ? null : state.person;
    enter(person);
  }

  function hearThatLeft(user: string): void {
    if (state.kind === 'signed_in' && state.person.user === user) leave('left');
    else if (state.kind === 'signed_out' && state.elsewhere?.user === user)
      become({ ...state, elsewhere: null });
  }

  return {
    state: () => state,
    observe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    take,
    expire(token) {
      turnedDown.add(token);
      if (state.kind !== 'signed_in' || state.hasRunOut || state.person.token !== token) return;
      if (former?.user === state.person.user && isUsable(former)) enter(former);
      else become({ ...state, hasRunOut: true });
    },
    signOut() {
      if (state.kind === 'signed_in') tabs.tell({ kind: 'left', user: state.person.user });
      leave('left');
    },
    keepPath: returnPath.keep,
  };
}

/**
 * The token in `?token=`, which then no longer stands in the address, nor in the tab's history. Who comes to the start
 * page with one goes on where they left.
 */
function takeFromAddress(
  location: SignInDeps['location'],
  history: SignInDeps['history'],
  takeReturnPath: () => string | null,
): string | null {
  const url = new URL(location.href);
  const token = url.searchParams.get('token');
  if (token === null) return null;
  url.searchParams.delete('token');
  const isStart = url.pathname === '/' || url.pathname === '/quotes';
  const path = isStart ? takeReturnPath() : null;
  history.replaceState(history.state, '', path === null ? url : new URL(path, url));
  return token;
}
