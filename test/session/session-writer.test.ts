import { beforeEach, expect, test } from 'vitest';
import type { CellId } from '../../src/lib/ids.ts';
import { AUDIT_ROWS_WAITING_MAX } from '../../src/lib/limits.ts';
import { Bug, assert } from '../../src/lib/assert.ts';
import { createMemorySessionStore } from '../../src/session/memory-session-store.ts';
import type { AuditRecord, SessionStore } from '../../src/session/session-store.ts';
import { quoteId, userId } from '../support/build-entry.ts';
import {
  SECOND,
  START,
  type SessionProcess,
  type WatchedStore,
  auditOf,
  createWatchedStore,
  person,
  startSessions,
} from '../support/session-harness.ts';

const ann = userId('ann');
const joining = { by: ann, why: 'joined' } as const;
const conflict = { n: 1, cell: 'fields/title' as CellId, by: ann };

/** Each row follows the one before it, in number and in state. */
function expectToFollow(rows: readonly AuditRecord[]): void {
  rows.forEach(({ n, from }, index) => {
    expect(n).toBe(index + 1);
    expect(from).toBe(rows[index - 1]?.to ?? 'solo');
  });
}

test('[S28] [S21] rows that there is no room for are one row, which tells what they made of the state', async () => {
  const store = createWatchedStore();
  const { sessions, reported } = await startSessions(store);
  store.isFull = true;
  const { id } = sessions.open(quoteId('q1'), joining, START);
  for (let n = 1; n < AUDIT_ROWS_WAITING_MAX; n += 1) sessions.note(id, { event: 'noted', by: ann }, START);
  sessions.joined(id, 'c1', person('ann'), START + 1);
  sessions.due(START + SECOND);
  await sessions.flush();
  sessions.conflicted(id, { ...conflict, kind: 'held' }, { open: 1, resolving: 0 }, START + 2 * SECOND);
  await sessions.flush();
  await sessions.end(id, { by: ann, why: 'by_hand' }, START + 3 * SECOND);
  const lost = reported.filter((error) => error instanceof Error && error.message.includes('audit rows'));
  expect(lost).toMatchObject([{ code: 'audit_rows_lost' }]);

  store.isFull = false;
  await sessions.flush();
  const rows = await store.audit(id, { after: 0, limit: 2 * AUDIT_ROWS_WAITING_MAX });
  expectToFollow(rows);
  expect(rows.slice(AUDIT_ROWS_WAITING_MAX)).toMatchObject([
    {
      event: 'lost_rows',
      at: START + 1,
      from: 'solo',
      to: 'closed',
      user: null,
      detail: { rows: 3, until: START + 3 * SECOND },
    },
  ]);
  expect(await store.session(id)).toMatchObject({ state: 'closed', auditCount: rows.length });
});

test('[S28] once they are written the next rows are kept again', async () => {
  const store = createWatchedStore();
  const { sessions } = await startSessions(store);
  store.isFull = true;
  const { id } = sessions.open(quoteId('q1'), joining, START);
  for (let n = 0; n < AUDIT_ROWS_WAITING_MAX; n += 1) sessions.note(id, { event: 'noted', by: ann }, START);
  store.isFull = false;
  await sessions.flush();
  sessions.joined(id, 'c1', person('ann'), START + SECOND);
  await sessions.flush();
  const rows = await store.audit(id, { after: 0, limit: 2 * AUDIT_ROWS_WAITING_MAX });
  expectToFollow(rows);
  expect(rows.slice(-2).map(({ event }) => event)).toEqual(['lost_rows', 'joined']);
});

/** Takes nothing of one session, as where a row of it breaks a rule of the tables; and nothing at all while `isFull`. */
let store: WatchedStore;
let broken: string;
/** Called when the broken session was refused by itself. */
let refused: () => void;
let server: SessionProcess;

beforeEach(async () => {
  broken = '';
  refused = () => undefined;
  store = createWatchedStore(refusing(createMemorySessionStore()));
  server = await startSessions(store);
});

const refusing = (memory: SessionStore): SessionStore => ({
  ...memory,
  async write(changes) {
    const isBroken = changes.sessions.some(({ id }) => id === broken);
    if (isBroken && changes.sessions.length === 1) refused();
    assert(!isBroken, 'the rows of a session are sound');
    await memory.write(changes);
  },
});

function openThree(): [string, string, string] {
  const [first, second, third] = ['q1', 'q2', 'q3'].map((quote) => {
    const { id } = server.sessions.open(quoteId(quote), joining, START);
    server.sessions.joined(id, `${quote}-c1`, person('ann'), START);
    return id;
  });
  return [first ?? '', second ?? '', third ?? ''];
}

test('[S29] a session that the store refuses for good is given up, the others go on', async () => {
  const { sessions, reported } = server;
  const [first, second, third] = openThree();
  broken = second;
  await sessions.flush();
  expect(reported).toHaveLength(1);
  expect(reported[0]).toBeInstanceOf(Bug);
  expect(String(reported[0])).toContain(`session ${second} of quote q2`);

  for (const id of [first, second, third]) sessions.wrote(id, ann, 1, START + SECOND);
  sessions.keepOpen(second, ann, START + SECOND);
  sessions.due(START + 2 * SECOND);
  await sessions.flush();
  expect(reported).toHaveLength(1);
  expect(await store.session(first)).toMatchObject({ figures: { edits: 1 } });
  expect(await store.session(third)).toMatchObject({ figures: { edits: 1 } });
  expect(await store.session(second)).toBeNull();
  expect(sessions.ofQuote(quoteId('q2'))).toMatchObject({ id: second, people: [{ user: 'ann' }] });
  for (const id of [first, third]) expectToFollow(await auditOf(sessions, id));

  await sessions.end(second, { by: ann, why: 'by_hand' }, START + 3 * SECOND);
  expect(await sessions.find(second)).toBeNull();
});

test('[S29] [S22] what cannot be written for now is not given up with it', async () => {
  const { sessions, reported } = server;
  const [first, second, third] = openThree();
  broken = first;
  refused = () => (store.isFull = true);
  await sessions.flush();
  expect(reported.filter((error) => error instanceof Bug)).toHaveLength(1);
  expect(reported.at(-1)).not.toBeInstanceOf(Bug);
  store.isFull = false;
  await sessions.flush();
  expect((await store.openSessions()).map(({ id }) => id).toSorted()).toEqual([second, third].toSorted());
  for (const id of [second, third]) expectToFollow(await auditOf(sessions, id));
});
