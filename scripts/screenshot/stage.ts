import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { Browser, Page } from 'playwright-core';
import { type QuoteClient, connectQuote } from '../../src/client/connect-quote.ts';
import type { Role } from '../../src/authority/role.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { signToken } from '../../src/session/tokens.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { SECRET, startQuoteroom } from '../../test/support/quoteroom-process.ts';
import type { Line } from './line.ts';

/** A server with nothing in it, a browser, and people who can be put into quotes. */
export interface Stage {
  readonly url: string;
  readonly browser: Browser;
  token(person: Person): Promise<string>;
  /** `POST /api/quotes`, as this person. */
  create(person: Person, body: unknown): Promise<void>;
  /** `PUT /api/quotes/:id/people/:user`, as this person, who is a host. */
  permit(host: Person, quoteId: string, grant: { user: string; permission: string }): Promise<void>;
  /** `PATCH /api/quotes/:id/cells`, as this person, who has seen nothing of the quote since it was made. */
  write(person: Person, quoteId: string, writes: readonly { cell: string; value: string }[]): Promise<void>;
  /** A person who is in the quote without a page. */
  join(person: Person, quoteId: string): Promise<QuoteClient>;
  /** A page of this person's, in a context of its own. */
  visit(person: Person, path: string, look?: Look): Promise<Page>;
  close(): Promise<void>;
}

export interface Person {
  readonly user: string;
  readonly name: string;
  readonly role: Role;
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  /** The page's connection, for who wants to cut it. */
  readonly line?: Line;
}

/** Two values of one role wait for a person in these cells. */
const SETTINGS = `
policy:
  rules:
    - { cells: fields/paymentTerms, tie: hold }
    - { cells: lineItems/*/quantity, tie: hold }
`;

const TOKEN_MS = 3_600_000;

export async function openStage(): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'quoteroom-screenshots-'));
  const settings = join(data, 'settings.yaml');
  writeFileSync(settings, SETTINGS);
  const server = await startQuoteroom(data, {
    env: { QUOTEROOM_DEFAULT_PERMISSION: 'editor' },
    args: ['--config', settings],
  });
  const browser = await launchChromium();
  const clients: QuoteClient[] = [];
  const { url } = server;

  const token = ({ user, name, role }: Person): Promise<string> =>
    signToken(SECRET, { user: user as UserId, name, role }, { now: Date.now(), lifetimeMs: TOKEN_MS });

  async function send(person: Person, method: string, path: string, body: unknown): Promise<void> {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${await token(person)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path} failed: ${await answer.text()}`);
  }

  return {
    url,
    browser,
    token,
    create: (person, body) => send(person, 'POST', '/api/quotes', body),
    permit: (host, quoteId, { user, permission }) =>
      send(host, 'PUT', `/api/quotes/${quoteId}/people/${user}`, { permission }),
    write: (person, quoteId, writes) =>
      send(person, 'PATCH', `/api/quotes/${quoteId}/cells`, { base: 1, writes }),
    async join(person, quoteId) {
      const client = connectQuote({ url, quoteId, token: await token(person), WebSocketPolyfill: WebSocket });
      clients.push(client);
      await client.whenSynced();
      return client;
    },
    async visit(person, path, { width = 1280, height = 800, scheme = 'light', line } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        locale: 'en-US',
      });
      const page = await context.newPage();
      await line?.route(page);
      await page.goto(`${url}${path}?token=${await token(person)}`);
      return page;
    },
    async close() {
      for (const client of clients) client.destroy();
      await browser.close();
      await server.stop('SIGTERM');
      rmSync(data, { recursive: true, force: true });
    },
  };
}
