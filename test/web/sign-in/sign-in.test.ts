import { describe, expect, test } from 'vitest';
import { createSignIn } from '../../../src/web/sign-in/sign-in.ts';
import type { TabChannel, TabMessage } from '../../../src/web/sign-in/tab-channel.ts';

const NOW = 1_800_000_000_000;

interface Claims {
  readonly sub?: string;
  readonly role?: string;
  readonly name?: string;
  /** ms since NOW */
  readonly issued?: number;
  readonly expires?: number;
}

/** As the page reads it: only the middle part counts. */
function tokenOf({
  sub = 'dana',
  role = 'vp_sales',
  name = 'Dana',
  issued = 0,
  expires = 60_000,
}: Claims = {}): string {
  const claims = { sub, role, name, iat: (NOW + issued) / 1000, exp: (NOW + expires) / 1000 };
  return `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
}

/** A browser: its tabs hear each other, each has a storage of its own. */
function createBrowser() {
  const listeners: ((message: TabMessage) => void)[] = [];
  return {
    openTab(href = 'https://quotes.example/', storage = new Map<string, string>()) {
      let own: ((message: TabMessage) => void) | null = null;
      const tabs: TabChannel = {
        tell: (message) => {
          for (const listener of listeners) if (listener !== own) listener(message);
        },
        listen(listener) {
          own = listener;
          listeners.push(listener);
        },
      };
      const address = { href };
      const signIn = createSignIn({
        location: address,
        history: { state: null, replaceState: (_state, _title, url) => void (address.href = String(url)) },
        storage: {
          getItem: (key) => storage.get(key) ?? null,
          setItem: (key, value) => void storage.set(key, value),
          removeItem: (key) => void storage.delete(key),
        },
        tabs,
        now: () => NOW,
      });
      return { signIn, address, storage };
    },
  };
}

const openTab = (href?: string, storage?: Map<string, string>) => createBrowser().openTab(href, storage);

describe('a token in the address', () => {
  test('signs in, and is gone from the address, which keeps the rest', () => {
    const { signIn, address } = openTab(`https://quotes.example/q/acme?token=${tokenOf()}&tab=people`);
    expect(signIn.state()).toMatchObject({ kind: 'signed_in', person: { user: 'dana', role: 'vp_sales' } });
    expect(address.href).toBe('https://quotes.example/q/acme?tab=people');
  });

  test('goes back to the page that was left for it', () => {
    const storage = new Map<string, string>();
    openTab('https://quotes.example/q/acme', storage).signIn.keepPath('/q/acme?tab=people');
    const { address } = openTab(`https://quotes.example/?token=${tokenOf()}`, storage);
    expect(address.href).toBe('https://quotes.example/q/acme?tab=people');
    expect([...storage.keys()]).toEqual(['quoteroom.token']);
  });

  test('leads to no other site', () => {
    const storage = new Map([['quoteroom.return', '//evil.example/q']]);
    const { address } = openTab(`https://quotes.example/?token=${tokenOf()}`, storage);
    expect(address.href).toBe('https://quotes.example/');
  });

  test.each([
    ['unreadable', 'nonsense'],
    ['unreadable', tokenOf({ role: 'emperor' })],
    ['expired', tokenOf({ expires: 0 })],
  ])('that is %s signs nobody in, and says so', (why, token) => {
    const { signIn, storage } = openTab(`https://quotes.example/?token=${token}`);
    expect(signIn.state()).toMatchObject({ kind: 'signed_out', why });
    expect(storage.size).toBe(0);
  });
});

describe('a link without a good token', () => {
  const good = tokenOf();
  const openAfter = (own: string, token: string) => {
    const { storage } = openTab(`https://quotes.example/?token=${own}`);
    return openTab(`https://quotes.example/q/acme?token=${token}`, storage).signIn.state();
  };

  test.each([
    ['cut off', 'nonsense'],
    ['old', tokenOf({ issued: -2000, expires: -1000 })],
  ])('that is %s ends no good sign-in of its tab', (_how, token) => {
    expect(openAfter(good, token)).toMatchObject({ kind: 'signed_in', person: { token: good } });
  });

  test('that is an old one of somebody else does: nobody goes on as another person', () => {
    const old = tokenOf({ sub: 'max', expires: -1000 });
    expect(openAfter(good, old)).toMatchObject({ kind: 'signed_out', why: 'expired' });
  });
});

test('a reload stays signed in; a tab without a token is new', () => {
  const { storage } = openTab(`https://quotes.example/?token=${tokenOf()}`);
  expect(openTab('https://quotes.example/quotes', storage).signIn.state()).toMatchObject({
    kind: 'signed_in',
  });
  expect(openTab().signIn.state()).toMatchObject({ kind: 'signed_out', why: 'new', elsewhere: null });
});

describe('a sign-in that runs out', () => {
  test('leaves the person where they are, until they sign in again', () => {
    const first = tokenOf();
    const { signIn } = openTab(`https://quotes.example/?token=${first}`);
    signIn.expire(first);
    expect(signIn.state()).toMatchObject({ kind: 'signed_in', hasRunOut: true, person: { user: 'dana' } });
    signIn.take(tokenOf({ issued: 1000 }));
    expect(signIn.state()).toMatchObject({ kind: 'signed_in', hasRunOut: false });
  });

  test('is told of its own token only: a late answer to an older one changes nothing', () => {
    const first = tokenOf();
    const { signIn } = openTab(`https://quotes.example/?token=${first}`);
    signIn.take(tokenOf({ issued: 1000 }));
    signIn.expire(first);
    expect(signIn.state()).toMatchObject({ hasRunOut: false });
  });

  test('goes on when the same person signs in in another tab', () => {
    const browser = createBrowser();
    const first = tokenOf();
    const { signIn } = browser.openTab(`https://quotes.example/q/acme?token=${first}`);
    signIn.expire(first);
    browser.openTab(`https://quotes.example/?token=${tokenOf({ sub: 'max' })}`);
    expect(signIn.state()).toMatchObject({ hasRunOut: true, person: { user: 'dana' } });
    browser.openTab(`https://quotes.example/?token=${tokenOf({ issued: 1000 })}`);
    expect(signIn.state()).toMatchObject({ hasRunOut: false, person: { user: 'dana' } });
  });

  test('so does a page that was opened with a sign-in that had run out', () => {
    const browser = createBrowser();
    const { signIn } = browser.openTab(`https://quotes.example/q/acme?token=${tokenOf({ expires: -1000 })}`);
    browser.openTab(`https://quotes.example/?token=${tokenOf()}`);
    expect(signIn.state()).toMatchObject({ kind: 'signed_in', person: { user: 'dana' } });
  });
});

describe('a token that the server turns down', () => {
  const good = tokenOf();
  const forged = tokenOf({ role: 'admin', issued: 1_000_000 });

  test('ends no good sign-in of that person in other tabs, and is not heard of again', () => {
    const browser = createBrowser();
    const { signIn, storage } = browser.openTab(`https://quotes.example/?token=${good}`);
    browser.openTab(`https://quotes.example/?token=${forged}`);
    signIn.expire(forged);
    expect(signIn.state()).toMatchObject({ hasRunOut: false, person: { token: good } });
    expect(storage.get('quoteroom.token')).toBe(good);
    browser.openTab(`https://quotes.example/?token=${forged}`);
    expect(signIn.state()).toMatchObject({ person: { token: good } });
  });

  test('gives way to the one that its own tab had before', () => {
    const { storage } = openTab(`https://quotes.example/?token=${good}`);
    const { signIn } = openTab(`https://quotes.example/?token=${forged}`, storage);
    signIn.expire(forged);
    expect(signIn.state()).toMatchObject({ hasRunOut: false, person: { token: good } });
  });

  test('brings back neither another person nor a sign-in that was turned down or ended', () => {
    const { storage } = openTab(`https://quotes.example/?token=${tokenOf({ sub: 'max' })}`);
    const dana = openTab(`https://quotes.example/?token=${forged}`, storage).signIn;
    dana.expire(forged);
    expect(dana.state()).toMatchObject({ hasRunOut: true, person: { user: 'dana' } });

    const browser = createBrowser();
    const { signIn } = browser.openTab(`https://quotes.example/?token=${good}`);
    browser.openTab(`https://quotes.example/?token=${forged}`);
    signIn.expire(good);
    signIn.expire(forged);
    expect(signIn.state()).toMatchObject({ hasRunOut: true });
    signIn.signOut();
    signIn.take(forged);
    signIn.expire(forged);
    expect(signIn.state()).toMatchObject({ hasRunOut: true });
  });
});

describe('tabs of one browser', () => {
  test('a newer token with another role counts in all tabs of that person, and in no others', () => {
    const browser = createBrowser();
    const dana = browser.openTab(`https://quotes.example/?token=${tokenOf()}`);
    const max = browser.openTab(`https://quotes.example/?token=${tokenOf({ sub: 'max' })}`);
    browser.openTab(`https://quotes.example/?token=${tokenOf({ role: 'deal_desk', issued: 1000 })}`);
    expect(dana.signIn.state()).toMatchObject({ person: { user: 'dana', role: 'deal_desk' } });
    expect(max.signIn.state()).toMatchObject({ person: { user: 'max', role: 'vp_sales' } });
  });

  test('an older token changes nothing', () => {
    const browser = createBrowser();
    const { signIn } = browser.openTab(
      `https://quotes.example/?token=${tokenOf({ role: 'deal_desk', issued: 1000 })}`,
    );
    browser.openTab(`https://quotes.example/?token=${tokenOf()}`);
    expect(signIn.state()).toMatchObject({ person: { role: 'deal_desk' } });
  });

  test('a new tab learns who is signed in elsewhere, and is nobody by itself', () => {
    const browser = createBrowser();
    const dana = browser.openTab(`https://quotes.example/?token=${tokenOf()}`);
    const { signIn } = browser.openTab('https://quotes.example/q/acme');
    expect(signIn.state()).toMatchObject({ kind: 'signed_out', why: 'new', elsewhere: { user: 'dana' } });
    dana.signIn.signOut();
    expect(signIn.state()).toMatchObject({ elsewhere: null });
  });

  test('signing out counts in all tabs of that person, and leaves no token behind', () => {
    const browser = createBrowser();
    const one = browser.openTab(`https://quotes.example/?token=${tokenOf()}`);
    const two = browser.openTab(`https://quotes.example/?token=${tokenOf()}`);
    const max = browser.openTab(`https://quotes.example/?token=${tokenOf({ sub: 'max' })}`);
    one.signIn.signOut();
    expect(two.signIn.state()).toMatchObject({ kind: 'signed_out', why: 'left' });
    expect(two.storage.size).toBe(0);
    expect(max.signIn.state()).toMatchObject({ kind: 'signed_in' });
  });
});

test('listeners hear of each change until they end it', () => {
  const { signIn } = openTab();
  let calls = 0;
  const end = signIn.observe(() => void (calls += 1));
  signIn.take(tokenOf());
  end();
  signIn.signOut();
  expect(calls).toBe(1);
});
