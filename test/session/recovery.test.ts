import { expect, test } from 'vitest';
import type { CellId } from '../../src/lib/ids.ts';
import { createSqliteSessionStore } from '../../src/session/sqlite-session-store.ts';
import { quoteId, userId } from '../support/build-entry.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import {
  MINUTE,
  SECOND,
  START,
  auditOf,
  eventsOf,
  person,
  startSessions,
} from '../support/session-harness.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const q1 = quoteId('q1');
const ann = userId('ann');
const title = 'fields/title' as CellId;
const restart = START + 10 * MINUTE;

/** What a process leaves behind that was killed: its connection to the database was never closed. */
async function startAgain(folder: string, at = restart) {
  return startSessions(createSqliteSessionStore(openMigrated(folder)), at);
}

test('[S19] an open session is there again, and whoever was in it has left', async () => {
  const folder = temporaryFolder();
  const { sessions } = await startAgain(folder, START);
  const { id } = sessions.open(q1, { by: ann, why: 'created' }, START);
  sessions.joined(id, 'c1', person('ann'), START);
  sessions.joined(id, 'c2', person('bob'), START);
  sessions.said(id, 'c1', { editing: title, isActivity: true }, START + 2 * SECOND);
  sessions.due(START + 3 * SECOND);
  await new Promise((resolve) => setImmediate(resolve));

  const { sessions: after, heard } = await startAgain(folder);
  expect(after.ofQuote(q1)).toMatchObject({
    id,
    state: 'solo',
    people: [],
    lastActivityAt: START + 2 * SECOND,
    endsAt: START + 2 * SECOND + 60 * MINUTE,
  });
  expect(after.open(q1, { by: ann, why: 'joined' }, restart).id).toBe(id);
  expect(after.busyCount()).toBe(0);
  const store = createSqliteSessionStore(openMigrated(folder));
  expect(await store.activeEdits(id)).toEqual([]);
  expect(await store.participants(id)).toMatchObject([
    { user: 'ann', leftAt: START + 2 * SECOND, presentMs: 2 * SECOND },
    { user: 'bob', leftAt: START, presentMs: 0 },
  ]);
  const lost = (await auditOf(after, id)).filter(({ event }) => event === 'lost');
  expect(lost.map(({ user, at }) => [user, at])).toEqual([
    ['ann', START + 2 * SECOND],
    ['bob', START],
  ]);
  expect(heard.map(({ change }) => change.kind)).toEqual(['state']);

  after.joined(id, 'c9', person('ann'), restart);
  expect(after.ofQuote(q1)).toMatchObject({ people: [{ user: 'ann', joinedAt: START }] });
  await after.flush();
});

test('[S19] nobody looks at a conflict any more, and it is still there', async () => {
  const folder = temporaryFolder();
  const { sessions } = await startAgain(folder, START);
  const { id } = sessions.open(q1, { by: null, why: 'held' }, START);
  const event = { n: 1, cell: title, by: ann } as const;
  sessions.joined(id, 'c1', person('ann'), START);
  sessions.conflicted(id, { ...event, kind: 'held' }, { open: 1, resolving: 0 }, START);
  sessions.conflicted(id, { ...event, kind: 'opened' }, { open: 1, resolving: 1 }, START);
  await new Promise((resolve) => setImmediate(resolve));

  const { sessions: after } = await startAgain(folder);
  expect(after.ofQuote(q1)).toMatchObject({ id, state: 'conflicting' });
  expect((await eventsOf(after, id)).slice(-2)).toEqual(['lost', 'released: resolving > conflicting']);
});

test('[S19] recovering again finds nobody to lose, and an inactive session is due', async () => {
  const folder = temporaryFolder();
  const { sessions } = await startAgain(folder, START);
  const { id } = sessions.open(q1, { by: ann, why: 'joined' }, START);
  sessions.joined(id, 'c1', person('ann'), START);
  await sessions.flush();
  await startAgain(folder);
  const { sessions: third } = await startAgain(folder, START + 61 * MINUTE);
  expect(await eventsOf(third, id)).toEqual(['started', 'joined', 'lost']);
  expect(third.due(START + 61 * MINUTE)).toMatchObject({ warn: [], end: [{ id }] });
  await third.end(id, { by: null, why: 'inactive' }, START + 61 * MINUTE);
  const { sessions: fourth } = await startAgain(folder, START + 62 * MINUTE);
  expect(fourth.ofQuote(q1)).toBeNull();
  expect(await fourth.find(id)).toMatchObject({ state: 'closed' });
});
