import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CellId } from '../../src/lib/ids.ts';
import { type Sessions, httpConnection } from '../../src/session/sessions.ts';
import { quoteId, userId } from '../support/build-entry.ts';
import {
  MINUTE,
  START,
  type WatchedStore,
  auditOf,
  createWatchedStore,
  person,
  startSessions,
} from '../support/session-harness.ts';

/** Random days of a server: people come, work and go, time passes, the disk fills up, the process dies. */
const userArb = fc.constantFrom('ann', 'bob', 'carl');
const quoteArb = fc.constantFrom('q1', 'q2');
const connectionArb = fc.constantFrom('1', '2', 'http');
const who = { user: userArb, quote: quoteArb, connection: connectionArb };

const stepArb = fc.oneof(
  fc.record({ kind: fc.constant('join' as const), ...who }),
  fc.record({ kind: fc.constant('leave' as const), ...who, code: fc.constantFrom(1000, 1006) }),
  fc.record({ kind: fc.constant('present' as const), ...who, isEditing: fc.boolean() }),
  fc.record({ kind: fc.constant('write' as const), user: userArb, quote: quoteArb }),
  fc.record({ kind: fc.constant('held' as const), user: userArb, quote: quoteArb }),
  fc.record({ kind: fc.constant('settled' as const), user: userArb, quote: quoteArb }),
  fc.record({ kind: fc.constant('end' as const), user: userArb, quote: quoteArb }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('disk' as const), isFull: fc.boolean() }),
  fc.record({ kind: fc.constant('crash' as const) }),
);
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never;

interface Server {
  readonly store: WatchedStore;
  sessions: Sessions;
  at: number;
  /** The process writes no more: what it had not written is lost. */
  kill: () => void;
}

async function startServer(store: WatchedStore, at = START): Promise<Server> {
  let isAlive = true;
  const write: WatchedStore['write'] = (changes) =>
    isAlive ? store.write(changes) : new Promise(() => undefined);
  const { sessions } = await startSessions({ ...store, write }, at);
  return { store, sessions, at, kill: () => void (isAlive = false) };
}

const title = 'fields/title' as CellId;
const nameOf = (user: string, connection: string): string =>
  connection === 'http' ? httpConnection(userId(user)) : `${user}-${connection}`;

async function play(server: Server, step: Step): Promise<void> {
  const { sessions, store } = server;
  server.at += 10;
  const { at } = server;
  const openOf = (quote: string): string => sessions.open(quoteId(quote), { by: null, why: 'joined' }, at).id;
  const event = { n: 1, cell: title, by: null };
  switch (step.kind) {
    case 'join':
      return sessions.joined(openOf(step.quote), nameOf(step.user, step.connection), person(step.user), at);
    case 'leave':
      return sessions.left(openOf(step.quote), nameOf(step.user, step.connection), step.code, at);
    case 'present': {
      const said = { editing: step.isEditing ? title : null, isActivity: true };
      return sessions.said(openOf(step.quote), nameOf(step.user, step.connection), said, at);
    }
    case 'write':
      return sessions.wrote(openOf(step.quote), userId(step.user), 1, at);
    case 'held':
      return sessions.conflicted(
        openOf(step.quote),
        { ...event, kind: 'held' },
        { open: 1, resolving: 0 },
        at,
      );
    case 'settled':
      return sessions.conflicted(
        openOf(step.quote),
        { ...event, kind: 'settled' },
        { open: 0, resolving: 0 },
        at,
      );
    case 'end':
      return sessions.end(openOf(step.quote), { by: userId(step.user), why: 'by_hand' }, at);
    case 'wait':
      return wait(server, step.minutes);
    case 'disk':
      store.isFull = step.isFull;
      return undefined;
    case 'crash':
      server.kill();
      Object.assign(server, await startServer(store, at));
      return undefined;
    default:
      throw new Error(`unknown step ${JSON.stringify(step satisfies never)}`);
  }
}

async function wait(server: Server, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    server.at += MINUTE;
    const { warn, end } = server.sessions.due(server.at);
    for (const { id } of warn) server.sessions.noteWarned(id, server.at);
    for (const { id } of end) await server.sessions.end(id, { by: null, why: 'inactive' }, server.at);
  }
}

async function check({ store, sessions }: Server): Promise<void> {
  store.isFull = false;
  await sessions.flush();
  const all = (await store.sessions({ limit: 1_000 })).sessions;
  for (const record of all) {
    const people = await store.participants(record.id);
    const here = people.filter(({ leftAt }) => leftAt === null).map(({ user }) => user);
    const session = await sessions.find(record.id);
    expect(session?.people.map(({ user }) => user).toSorted()).toEqual(here.toSorted());
    expect(session?.state).toBe(record.state);
    if (record.state === 'solo') expect(here.length).toBeLessThan(2);
    if (record.state === 'collaborative') expect(here.length).toBeGreaterThan(1);
    if (record.state === 'closed') expect(here).toEqual([]);
    expect(record.figures.peopleMax).toBeGreaterThanOrEqual(here.length);
    for (const { user } of await store.activeEdits(record.id)) expect(here).toContain(user);
    await checkAudit(sessions, record.id, { state: record.state, here });
  }
  const open = all.filter(({ endedAt }) => endedAt === null).map(({ quote }) => quote);
  expect(new Set(open).size).toBe(open.length);
}

/** The audit alone tells who is here and in which state the session is. */
async function checkAudit(
  sessions: Sessions,
  id: string,
  now: { readonly state: string; readonly here: readonly string[] },
): Promise<void> {
  const rows = await auditOf(sessions, id);
  let state = 'solo';
  const here = new Set<string>();
  rows.forEach((row, index) => {
    expect(row.n).toBe(index + 1);
    expect(row.from).toBe(state);
    state = row.to;
    const user = row.user ?? '';
    if (row.event === 'joined') {
      expect(here).not.toContain(user);
      here.add(user);
    }
    if (row.event === 'left' || row.event === 'lost') expect(here.delete(user)).toBe(true);
    if (row.event === 'ended') here.clear();
  });
  expect(state).toBe(now.state);
  expect([...here].toSorted()).toEqual(now.here.toSorted());
}

test('[S21] [S2] [S9] [S19] whatever happens, the store, the audit and what is in memory agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stepArb, { maxLength: 60 }), async (steps) => {
      const store = createWatchedStore();
      const server = await startServer(store);
      for (const step of steps) await play(server, step);
      await check(server);
    }),
    { numRuns: 200 },
  );
});
