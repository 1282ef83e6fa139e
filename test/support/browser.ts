import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import type { Role } from '../../src/authority/role.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { signToken } from '../../src/session/tokens.ts';
import { launchChromium } from './chromium.ts';
import { SECRET } from './quoteroom-process.ts';

export interface Visitor {
  readonly user: string;
  readonly role: Role;
  readonly name?: string;
  /** How long ago the token was issued: of two, the newer one counts. */
  readonly tokenAgeMs?: number;
}

/** One browser for all tests of a file. `open` gives one person's page, in a browser context of its own. */
export function useBrowser(): {
  open(url: string, visitor: Visitor, options?: OpenOptions): Promise<Page>;
  browser(): Browser;
} {
  let browser: Browser | null = null;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => browser?.close());
  const present = (): Browser => {
    if (browser === null) throw new Error('the browser is launched before the tests');
    return browser;
  };
  return {
    browser: present,
    async open(url, visitor, options = {}) {
      const context = await present().newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-US',
        ...options.context,
      });
      onTestFinished(() => context.close());
      // Below that of a test, so that what was waited for is named.
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      failOnErrors(page, options.expectedErrors ?? []);
      await options.prepare?.(page);
      const address = new URL(url);
      address.searchParams.set('token', await tokenOf(visitor));
      await page.goto(address.href);
      return page;
    },
  };
}

export interface OpenOptions {
  readonly context?: Parameters<Browser['newContext']>[0];
  /** Before the page is opened: routes and the like. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** What the console may say: a lost connection is no mistake of the page's. */
  readonly expectedErrors?: readonly RegExp[];
}

export const tokenOf = (
  { user, role, name = nameOf(user) }: Visitor,
  lifetimeMs = 3_600_000,
): Promise<string> =>
  signToken(SECRET, { user: user as UserId, role, name }, { now: Date.now(), lifetimeMs });

const nameOf = (user: string): string => user.charAt(0).toUpperCase() + user.slice(1);

/** A page that throws, or that the Content-Security-Policy stops, fails the test, whatever it looks like. */
function failOnErrors(page: Page, expected: readonly RegExp[]): void {
  const errors: string[] = [];
  const note = (text: string): void => {
    if (!expected.some((pattern) => pattern.test(text))) errors.push(text);
  };
  page.on('pageerror', (error) => note(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') note(message.text());
  });
  onTestFinished(() => expect(errors).toEqual([]));
}
