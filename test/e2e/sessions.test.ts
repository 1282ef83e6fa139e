import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Role } from '../../src/authority/role.ts';
import { type QuoteClient, connectQuote } from '../../src/client/connect-quote.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { signToken } from '../../src/session/tokens.ts';
import { type QuoteroomServer, SECRET, runQuoteroom, startQuoteroom } from '../support/quoteroom-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Sessions and held conflicts over real processes: they go on when the server is killed, and end for everyone at once. */
const CELL = 'fields/paymentTerms';
const WITHIN = { timeout: 15_000 };

const tokenOf = (user: string, role: Role): Promise<string> =>
  signToken(SECRET, { user: user as UserId, name: user, role }, { now: Date.now(), lifetimeMs: 3_600_000 });

async function start(data: string, settings: object, port?: number): Promise<QuoteroomServer> {
  const config = join(data, 'quoteroom.yaml');
  writeFileSync(config, JSON.stringify({ defaultPermission: 'editor', ...settings }));
  const server = await startQuoteroom(data, {
    args: ['--config', config],
    ...(port !== undefined && { port }),
  });
  onTestFinished(async () => void (await server.stop('SIGKILL')));
  return server;
}

async function call(
  server: QuoteroomServer,
  who: [string, Role],
  method: string,
  path: string,
  body?: unknown,
) {
  const response = await fetch(`${server.url}/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await tokenOf(...who)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return response.json();
}

async function enter(server: QuoteroomServer, user: string, role: Role): Promise<QuoteClient> {
  const quote = connectQuote({
    url: server.url,
    quoteId: 'q1',
    token: await tokenOf(user, role),
    WebSocketPolyfill: WebSocket,
    maxBackoffMs: 200,
  });
  onTestFinished(() => quote.destroy());
  await quote.whenSynced();
  return quote;
}

const eventually = (expectation: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(expectation, WITHIN);

test('two equals, a held value, a killed server, a choice, and the end of the session', async () => {
  const data = temporaryFolder();
  const settings = { policy: { rules: [{ cells: CELL, tie: 'hold' }] } };
  let server = await start(data, settings);
  await call(server, ['dana', 'sales_manager'], 'POST', '/quotes', { id: 'q1', fields: { title: 'Offer' } });
  const ada = await enter(server, 'ada', 'sales_rep');
  const ben = await enter(server, 'ben', 'sales_rep');
  await eventually(() => expect(ada.session()?.state).toBe('collaborative'));
  const session = ada.me()?.sessionId;

  ben.disconnect();
  ada.setCell(CELL, 'Net 30');
  await ada.whenSaved();
  ben.setCell(CELL, 'Net 60');
  ben.reconnect();
  await eventually(() => expect(ben.conflicts()).toMatchObject([{ n: 1, kept: { value: 'Net 30' } }]));
  expect(ben.readCell(CELL)).toBe('Net 30');
  expect(ben.verdicts()).toMatchObject([{ kind: 'refused', reason: 'held', offered: 'Net 60' }]);

  await server.stop('SIGKILL');
  server = await start(data, settings, server.port);
  await eventually(() => expect([ada.state().kind, ben.state().kind]).toEqual(['saved', 'saved']));
  await eventually(() => expect(ada.session()).toMatchObject({ sessionId: session, state: 'conflicting' }));
  expect(ada.conflicts()).toMatchObject([{ n: 1, parked: [{ value: 'Net 60' }] }]);
  const { participants } = await call(
    server,
    ['dana', 'sales_manager'],
    'GET',
    `/sessions/${session}/participants`,
  );
  expect(participants.map(({ user }: { user: { id: string } }) => user.id).toSorted()).toEqual([
    'ada',
    'ben',
  ]);

  const dana = await enter(server, 'dana', 'sales_manager');
  await eventually(() => expect(dana.conflicts().length).toBe(1));
  await dana.openConflict(1);
  await eventually(() => expect(ada.conflicts()[0]?.openedBy?.name).toBe('dana'));
  expect(await dana.settleConflict(1, { choose: 'parked' })).toEqual({ accepted: true, message: null });
  for (const quote of [ada, ben, dana]) {
    await eventually(() => expect([quote.readCell(CELL), quote.conflicts()]).toEqual(['Net 60', []]));
  }
  await expect(ada.settleConflict(1, { choose: 'kept' })).rejects.toMatchObject({ code: 'client_settled' });
  await expect(ada.endSession()).rejects.toMatchObject({ code: 'client_forbidden' });

  await dana.endSession();
  for (const quote of [ada, ben, dana]) {
    await eventually(() =>
      expect(quote.session()).toMatchObject({ state: 'closed', why: 'by_hand', by: { name: 'dana' } }),
    );
    await eventually(() => expect(quote.state()).toMatchObject({ kind: 'readonly' }));
  }
  expect(await server.stop('SIGTERM')).toBe(0);
  for (const command of ['verify', 'replay']) {
    const audit = await runQuoteroom(['audit', command, 'q1', '--data', data, '--json']);
    expect([audit.code, JSON.parse(audit.stdout).ok]).toEqual([0, true]);
  }
});

test('a quiet session is warned of, kept open by one of its people, and ends when nobody does that', async () => {
  const data = temporaryFolder();
  // Minutes: 3 s until it ends, 2 s of warning.
  const server = await start(data, { session: { timeoutMinutes: 0.05, warningMinutes: 0.034 } });
  await call(server, ['dana', 'sales_manager'], 'POST', '/quotes', { id: 'q1', fields: { title: 'Offer' } });
  const ada = await enter(server, 'ada', 'sales_rep');
  await eventually(() => expect(ada.session()?.endsAt).toBeGreaterThan(0));
  await ada.keepSessionOpen();
  await eventually(() => expect(ada.session()).not.toHaveProperty('endsAt'));
  await eventually(() => expect(ada.session()).toMatchObject({ state: 'closed', why: 'inactive' }));
  await eventually(() => expect(ada.state().kind).toBe('readonly'));
  ada.reconnect();
  await eventually(() => expect(ada.session()?.state).toBe('solo'));
  const { sessions } = await call(server, ['ada', 'sales_rep'], 'GET', '/sessions?quote=q1');
  expect(sessions.map(({ state }: { state: string }) => state)).toEqual(['solo', 'closed']);
});
