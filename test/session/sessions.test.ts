import { beforeEach, describe, expect, test } from 'vitest';
import type { CellId } from '../../src/lib/ids.ts';
import { type Sessions, httpConnection } from '../../src/session/sessions.ts';
import { quoteId, userId } from '../support/build-entry.ts';
import {
  MINUTE,
  SECOND,
  START,
  type SessionProcess,
  type WatchedStore,
  auditOf,
  createWatchedStore,
  eventsOf,
  person,
  startSessions,
} from '../support/session-harness.ts';

const q1 = quoteId('q1');
const ann = userId('ann');
const title = 'fields/title' as CellId;
const joining = { by: ann, why: 'joined' } as const;

let store: WatchedStore;
let server: SessionProcess;
let sessions: Sessions;
let id: string;

beforeEach(async () => {
  store = createWatchedStore();
  server = await startSessions(store);
  ({ sessions } = server);
  ({ id } = sessions.open(q1, joining, START));
  sessions.joined(id, 'c1', person('ann'), START);
});

const session = () => sessions.find(id);
const peopleOf = () => sessions.ofQuote(q1)?.people.map(({ user, status, cell }) => ({ user, status, cell }));
const heardKinds = () => server.heard.map(({ change }) => change.kind);

describe('one session', () => {
  test('[S8] whoever opens at the same time gets the same one', async () => {
    expect(sessions.open(q1, { by: userId('bob'), why: 'created' }, START).id).toBe(id);
    expect(sessions.open(quoteId('q2'), joining, START).id).not.toBe(id);
    expect(sessions.ofQuote(q1)).toMatchObject({ id, state: 'solo', startedAt: START, startedBy: ann });
    expect(sessions.ofQuote(quoteId('q3'))).toBeNull();
    expect(sessions.busyCount()).toBe(1);
  });

  test('[S8] after its end, even before that is written, there is a new one', async () => {
    store.isFull = true;
    await sessions.end(id, { by: ann, why: 'by_hand' }, START + 1);
    const next = sessions.open(q1, joining, START + 1);
    expect(next.id).not.toBe(id);
    store.isFull = false;
    await sessions.flush();
    expect((await store.openSessions()).map((one) => one.id)).toEqual([next.id]);
    expect(await store.session(id)).toMatchObject({ state: 'closed', endedBy: 'ann', endedWhy: 'by_hand' });
  });

  test('[S9] a person with two tabs is one, who leaves with the last', async () => {
    sessions.joined(id, 'c2', person('ann'), START + 1);
    expect(sessions.ofQuote(q1)).toMatchObject({ state: 'solo', people: [{ user: 'ann' }] });
    sessions.left(id, 'c1', 1001, START + 2);
    expect(peopleOf()).toHaveLength(1);
    sessions.left(id, 'c2', 1001, START + 3);
    sessions.left(id, 'c2', 1001, START + 3);
    expect(peopleOf()).toEqual([]);
    expect(sessions.busyCount()).toBe(0);
    sessions.joined(id, 'c3', person('ann'), START + 10);
    expect(await sessions.participants(id)).toMatchObject([{ user: 'ann', joinedAt: START, leftAt: null }]);
    const none = ['started', 'joined', 'disconnected', 'disconnected', 'left', 'joined'];
    expect(await eventsOf(sessions, id)).toEqual(none);
  });

  test('[S7] two people work together until one has left', async () => {
    sessions.joined(id, 'c2', person('bob'), START);
    expect(sessions.ofQuote(q1)?.state).toBe('collaborative');
    sessions.left(id, 'c1', 1000, START);
    expect(sessions.ofQuote(q1)?.state).toBe('solo');
    expect((await eventsOf(sessions, id)).slice(2)).toEqual([
      'joined: solo > collaborative',
      'disconnected',
      'left: collaborative > solo',
    ]);
  });

  test('[S10] how a socket ended is kept, and counted where nobody wanted it', async () => {
    for (const [index, code] of [1000, 1001, 1006, 4403, 4410, 4508, 4529].entries()) {
      sessions.joined(id, `t${index}`, person('bob'), START);
      sessions.left(id, `t${index}`, code, START + 250);
    }
    sessions.joined(id, httpConnection(userId('bob')), person('bob'), START);
    sessions.left(id, httpConnection(userId('bob')), null, START + 9_000);
    const rows = (await auditOf(sessions, id)).filter(({ event }) => event === 'disconnected');
    expect(rows.map(({ detail }) => detail).slice(0, 2)).toEqual([
      { code: 1000, ms: 250 },
      { code: 1001, ms: 250 },
    ]);
    expect(rows).toHaveLength(7);
    expect((await store.session(id))?.figures).toMatchObject({
      unwantedDisconnects: 3,
      connections: 8,
      connectionMs: 7 * 250,
    });
  });

  test('[S14] another role counts at once, however many connections say so', async () => {
    sessions.joined(id, 'c2', person('ann'), START);
    sessions.said(id, 'c1', { editing: title, isActivity: true }, START);
    const viewer = person('ann', { permission: 'viewer' });
    sessions.reassigned(id, viewer, START + 5);
    sessions.reassigned(id, viewer, START + 5);
    expect(peopleOf()).toEqual([{ user: 'ann', status: 'viewing', cell: null }]);
    const rows = (await auditOf(sessions, id)).filter(({ event }) => event === 'reassigned');
    expect(rows).toMatchObject([
      { detail: { user: 'ann', permission: 'viewer', permissionBefore: 'editor' } },
    ]);
    expect(await store.activeEdits(id)).toEqual([]);
    expect(heardKinds().filter((kind) => kind === 'people')).toHaveLength(2);
  });

  test('[S13] a cell is under edit while a connection of an editor says so', async () => {
    sessions.joined(id, 'c2', person('bob', { permission: 'viewer' }), START);
    sessions.said(id, 'c1', { editing: title, isActivity: true }, START + 5);
    sessions.said(id, 'c2', { editing: title, isActivity: true }, START + 5);
    expect(peopleOf()).toEqual([
      { user: 'ann', status: 'editing', cell: title },
      { user: 'bob', status: 'viewing', cell: null },
    ]);
    await sessions.flush();
    expect(await store.activeEdits(id)).toEqual([
      { session: id, user: 'ann', cell: title, since: START + 5 },
    ]);
    sessions.left(id, 'c1', 1001, START + 6);
    await sessions.flush();
    expect(await store.activeEdits(id)).toEqual([]);
  });
});

describe('quiet people', () => {
  test('[S12] are idle, then away, and their connections are named once', async () => {
    sessions.joined(id, 'c2', person('ann'), START);
    sessions.joined(id, 'c3', person('bob'), START);
    sessions.said(id, 'c1', { editing: title, isActivity: true }, START);
    sessions.wrote(id, userId('bob'), 1, START + 2 * MINUTE);
    expect(sessions.due(START + 2 * MINUTE).away).toEqual([]);
    expect(peopleOf()).toEqual([
      { user: 'ann', status: 'idle', cell: null },
      { user: 'bob', status: 'viewing', cell: null },
    ]);
    await sessions.flush();
    expect(await store.activeEdits(id)).toEqual([]);
    expect(sessions.due(START + 5 * MINUTE).away).toEqual([
      { quote: q1, connection: 'c1' },
      { quote: q1, connection: 'c2' },
    ]);
    expect(peopleOf()).toMatchObject([{ status: 'away' }, { status: 'idle' }]);
    expect(sessions.due(START + 6 * MINUTE).away).toEqual([]);

    sessions.said(id, 'c2', { editing: null, isActivity: true }, START + 6 * MINUTE);
    expect(peopleOf()?.[0]).toEqual({ user: 'ann', status: 'editing', cell: title });
    await sessions.flush();
    expect(await store.activeEdits(id)).toHaveLength(1);
    expect(sessions.due(START + 12 * MINUTE).away).toHaveLength(3);
  });

  test('[S11] who joined without a connection has left', async () => {
    const bob = userId('bob');
    sessions.joined(id, httpConnection(bob), person('bob'), START);
    sessions.wrote(id, bob, 1, START + MINUTE);
    sessions.due(START + 5 * MINUTE);
    expect(peopleOf()).toHaveLength(2);
    expect(sessions.due(START + 6 * MINUTE)).toMatchObject({ away: [], gone: [{ quote: q1, user: 'bob' }] });
    expect(sessions.due(START + 7 * MINUTE).gone).toEqual([]);
    expect(peopleOf()).toMatchObject([{ user: 'ann' }]);
    expect((await auditOf(sessions, id)).at(-1)).toMatchObject({
      event: 'left',
      user: 'bob',
      why: 'no sign',
      from: 'collaborative',
      to: 'solo',
    });
  });
});

describe('the end', () => {
  const end = START + 60 * MINUTE;

  test('[S16] comes with a warning, once', async () => {
    expect(sessions.due(end - 5 * MINUTE - 1)).toMatchObject({ warn: [], end: [] });
    expect(sessions.due(end - 5 * MINUTE)).toMatchObject({ warn: [{ id, endsAt: end }], end: [] });
    sessions.noteWarned(id, end - 5 * MINUTE);
    sessions.noteWarned(id, end - 5 * MINUTE);
    expect(sessions.due(end - 1)).toMatchObject({ warn: [], end: [] });
    expect(sessions.due(end)).toMatchObject({ warn: [], end: [{ id }] });
    await sessions.end(id, { by: null, why: 'inactive' }, end);
    expect(sessions.due(end + SECOND)).toEqual({ warn: [], end: [], away: [], gone: [] });
    expect((await eventsOf(sessions, id)).slice(2)).toEqual(['warned', 'ended: solo > closed']);
    expect(heardKinds()).toEqual(['started', 'people', 'warned', 'ended']);
  });

  test.each<[string, (at: number) => void]>([
    ['a write', (at) => sessions.wrote(id, userId('elsewhere'), 1, at)],
    ['a join', (at) => sessions.joined(id, 'c2', person('bob'), at)],
    ['a changed presence', (at) => sessions.said(id, 'c1', { editing: null, isActivity: true }, at)],
    ['"keep open"', (at) => sessions.keepOpen(id, ann, at)],
    [
      'a step in a conflict',
      (at) =>
        sessions.conflicted(id, { kind: 'held', n: 1, cell: title, by: ann }, { open: 1, resolving: 0 }, at),
    ],
  ])('[S15] [S16] %s moves it and takes the warning back', async (_what, act) => {
    sessions.due(end - 5 * MINUTE);
    sessions.noteWarned(id, end - 5 * MINUTE);
    act(end - MINUTE);
    expect(sessions.ofQuote(q1)).toMatchObject({ warnedAt: null, lastActivityAt: end - MINUTE });
    expect(sessions.due(end)).toMatchObject({ warn: [], end: [] });
    expect(heardKinds()).toContain('resumed');
    expect((await auditOf(sessions, id)).map(({ event }) => event)).toContain('resumed');
    expect(sessions.due(end + 54 * MINUTE)).toMatchObject({ warn: [{ id }], end: [] });
  });

  test('[S15] a status, a note or a person who leaves is no activity', () => {
    sessions.joined(id, 'c2', person('bob'), START);
    sessions.said(id, 'c1', { editing: null, isActivity: false }, START + MINUTE);
    sessions.note(id, { event: 'link_made', by: ann }, START + MINUTE);
    sessions.left(id, 'c2', 1001, START + MINUTE);
    sessions.reassigned(id, person('ann', { role: 'admin' }), START + MINUTE);
    expect(sessions.ofQuote(q1)?.lastActivityAt).toBe(START);
    expect(sessions.due(end)).toMatchObject({ end: [{ id }] });
  });

  test('[S30] is not put off by tabs that reconnect, second tabs or heartbeats', () => {
    const bob = userId('bob');
    sessions.joined(id, httpConnection(bob), person('bob'), START);
    for (let minute = 1; minute <= 30; minute += 1) {
      const at = START + minute * MINUTE;
      sessions.joined(id, httpConnection(bob), person('bob'), at);
      sessions.left(id, 'c1', 1006, at);
      sessions.joined(id, 'c1', person('ann'), at + MINUTE - 1);
      sessions.joined(id, 'c2', person('ann'), at + MINUTE - 1);
      sessions.left(id, 'c2', 1001, at + MINUTE - 1);
    }
    expect(sessions.ofQuote(q1)?.lastActivityAt).toBe(START);
    sessions.due(end - 5 * MINUTE);
    sessions.noteWarned(id, end - 5 * MINUTE);
    sessions.left(id, 'c1', 1001, end - 4 * MINUTE);
    sessions.joined(id, 'c1', person('ann'), end - 3 * MINUTE - 1);
    expect(sessions.due(end)).toMatchObject({ end: [{ id }] });
  });

  test('[S30] is put off by whoever comes back after a minute', () => {
    sessions.left(id, 'c1', 1001, START + MINUTE);
    sessions.joined(id, 'c1', person('ann'), START + 2 * MINUTE);
    expect(sessions.ofQuote(q1)?.lastActivityAt).toBe(START + 2 * MINUTE);
  });

  test('[S31] put off by "keep open" is in the audit once a minute, and whenever that took a warning back', async () => {
    const kept = async () =>
      (await auditOf(sessions, id)).filter(({ event }) => event === 'kept_open').map(({ at }) => at - START);
    for (let second = 0; second <= 60; second += 1) sessions.keepOpen(id, ann, START + second * SECOND);
    expect(await kept()).toEqual([0, MINUTE]);
    sessions.noteWarned(id, START + MINUTE + 1);
    sessions.keepOpen(id, ann, START + MINUTE + 2);
    sessions.keepOpen(id, ann, START + MINUTE + 3);
    expect(await kept()).toEqual([0, MINUTE, MINUTE + 2]);
    expect(sessions.ofQuote(q1)).toMatchObject({ warnedAt: null, lastActivityAt: START + MINUTE + 3 });
  });

  test('[S17] leaves nobody, and what is said later counts for nothing', async () => {
    sessions.joined(id, 'c2', person('bob'), START);
    sessions.said(id, 'c1', { editing: title, isActivity: true }, START);
    await sessions.end(id, { by: ann, why: 'by_hand' }, START + 500);
    const before = await store.session(id);
    const rows = await auditOf(sessions, id);
    sessions.left(id, 'c1', 4410, START + 600);
    sessions.joined(id, 'c3', person('carl'), START + 600);
    sessions.wrote(id, ann, 1, START + 600);
    sessions.said(id, 'c2', { editing: title, isActivity: true }, START + 600);
    sessions.keepOpen(id, ann, START + 600);
    await sessions.end(id, { by: null, why: 'inactive' }, START + 700);
    expect(await store.session(id)).toStrictEqual(before);
    expect(await auditOf(sessions, id)).toStrictEqual(rows);
    expect(rows.at(-1)).toMatchObject({ event: 'ended', user: 'ann', why: 'by_hand', to: 'closed' });
    expect(before).toMatchObject({ state: 'closed', endedAt: START + 500, figures: { connectionMs: 1_000 } });
    expect(await store.activeEdits(id)).toEqual([]);
    expect(await sessions.participants(id)).toMatchObject([
      { user: 'ann', leftAt: START + 500, status: 'away' },
      { user: 'bob', leftAt: START + 500 },
    ]);
  });

  test('[S26] leaves the session to be found', async () => {
    const next = sessions.open(quoteId('q2'), { by: null, why: 'held' }, START + 1);
    await sessions.end(id, { by: ann, why: 'by_hand' }, START + 500);
    expect(await session()).toMatchObject({ id, state: 'closed', people: [], endedWhy: 'by_hand' });
    expect(await sessions.find('unknown')).toBeNull();
    const page = await sessions.list({ limit: 1 });
    expect(page.sessions).toMatchObject([{ id: next.id, state: 'solo', endedAt: null }]);
    const rest = await sessions.list({ limit: 1, after: page.next ?? '' });
    expect(rest).toMatchObject({ sessions: [{ id, state: 'closed' }], next: null });
    expect((await sessions.list({ limit: 10, open: true })).sessions).toHaveLength(1);
  });
});

describe('conflicts', () => {
  const conflict = { n: 1, cell: title, by: ann } as const;

  test('[S18] give the state, each step with who and which', async () => {
    sessions.conflicted(id, { ...conflict, kind: 'held' }, { open: 1, resolving: 0 }, START);
    expect(sessions.ofQuote(q1)?.state).toBe('conflicting');
    sessions.joined(id, 'c2', person('bob'), START);
    sessions.conflicted(id, { ...conflict, kind: 'opened' }, { open: 1, resolving: 1 }, START);
    sessions.conflicted(id, { ...conflict, kind: 'released' }, { open: 1, resolving: 0 }, START);
    sessions.conflicted(
      id,
      { ...conflict, kind: 'settled', why: 'by hand' },
      { open: 0, resolving: 0 },
      START,
    );
    sessions.left(id, 'c2', 1001, START);
    sessions.joined(id, 'c2', person('bob'), START);
    expect(sessions.ofQuote(q1)?.state).toBe('resolved');
    sessions.wrote(id, ann, 0, START);
    expect(sessions.ofQuote(q1)?.state).toBe('resolved');
    sessions.wrote(id, ann, 1, START);
    expect(sessions.ofQuote(q1)?.state).toBe('collaborative');
    expect((await eventsOf(sessions, id)).filter((event) => /:/.test(event))).toEqual([
      'held: solo > conflicting',
      'opened: conflicting > resolving',
      'released: resolving > conflicting',
      'settled: conflicting > resolved',
      'edited: resolved > collaborative',
    ]);
    const settled = (await auditOf(sessions, id)).find(({ event }) => event === 'settled');
    expect(settled).toMatchObject({ user: 'ann', why: 'by hand', detail: { n: 1, cell: title } });
  });

  test('[S20] that the quote is loaded with, or without, give the state', async () => {
    sessions.conflictsFound(id, { open: 0, resolving: 0 }, START);
    sessions.conflictsFound(id, { open: 2, resolving: 0 }, START);
    sessions.conflictsFound(id, { open: 2, resolving: 0 }, START);
    sessions.conflictsFound(id, { open: 0, resolving: 0 }, START);
    expect((await eventsOf(sessions, id)).slice(2)).toEqual([
      'found: solo > conflicting',
      'found: conflicting > solo',
    ]);
  });
});

describe('what is told and counted', () => {
  test('[S25] who watches hears it, until they look away', () => {
    const kinds: string[] = [];
    const stop = sessions.watch((seen, change) => void kinds.push(`${change.kind} ${seen.people.length}`));
    sessions.joined(id, 'c2', person('bob'), START);
    sessions.said(id, 'c1', { editing: title, isActivity: true }, START);
    sessions.left(id, 'c2', 1001, START);
    stop();
    sessions.joined(id, 'c2', person('bob'), START);
    expect(kinds).toEqual(['people 2', 'state 2', 'people 1', 'state 1']);
  });

  test('[S24] figures of the session and of each person', async () => {
    sessions.joined(id, 'c2', person('bob'), START);
    sessions.wrote(id, ann, 3, START + SECOND);
    sessions.wrote(id, userId('elsewhere'), 1, START + SECOND);
    sessions.left(id, 'c2', 1001, START + 2 * SECOND);
    sessions.joined(id, 'c3', person('bob'), START + 10 * SECOND);
    sessions.left(id, 'c3', 1001, START + 11 * SECOND);
    sessions.traffic(id, { messages: 2, bytes: 300 });
    sessions.traffic(id, { messages: 1, bytes: 50 });
    for (const ms of [0.5, 1, 1.1, 30, 9_999]) sessions.seen(id, ms);
    await sessions.flush();
    expect((await store.session(id))?.figures).toEqual({
      edits: 4,
      peopleMax: 2,
      connections: 3,
      connectionMs: 3 * SECOND,
      unwantedDisconnects: 0,
      messages: 3,
      bytes: 350,
      latency: [2, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1],
    });
    expect(await store.participants(id)).toMatchObject([
      { user: 'ann', edits: 3, presentMs: SECOND },
      { user: 'bob', edits: 0, presentMs: 3 * SECOND },
    ]);
  });

  test('[S21] a note has its row, with who, why and what', async () => {
    sessions.note(id, { event: 'promoted', by: ann, why: 'asked', detail: { user: 'bob' } }, START + 5);
    expect((await auditOf(sessions, id)).at(-1)).toEqual({
      session: id,
      n: 3,
      at: START + 5,
      event: 'promoted',
      from: 'solo',
      to: 'solo',
      user: 'ann',
      why: 'asked',
      detail: { user: 'bob' },
    });
  });
});

describe('the store behind', () => {
  test('[S23] a presence that changes 500 times a second is written once', async () => {
    await sessions.flush();
    const before = store.written.length;
    for (let count = 0; count < 500; count += 1) {
      const cell = `fields/x_${count}` as CellId;
      sessions.said(id, 'c1', { editing: cell, isActivity: true }, START + count * 2);
      await Promise.resolve();
    }
    expect(store.written).toHaveLength(before);
    sessions.due(START + SECOND);
    await sessions.flush();
    expect(store.written).toHaveLength(before + 1);
    expect(await store.activeEdits(id)).toMatchObject([{ cell: 'fields/x_499' }]);
    expect(await store.session(id)).toMatchObject({ lastActivityAt: START + 998 });
    sessions.due(START + 2 * SECOND);
    await sessions.flush();
    expect(store.written).toHaveLength(before + 1);
  });

  test('[S22] what it refuses is reported, and offered again at the tick', async () => {
    await sessions.flush();
    store.isFull = true;
    sessions.joined(id, 'c2', person('bob'), START + 1);
    await new Promise((resolve) => setImmediate(resolve));
    sessions.joined(id, 'c3', person('carl'), START + 2);
    sessions.left(id, 'c2', 1006, START + 3);
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.reported).toMatchObject([{ code: 'sessions_unavailable' }]);
    store.isFull = false;
    sessions.due(START + SECOND);
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.reported).toHaveLength(1);
    const rows = await store.audit(id, { after: 2, limit: 10 });
    expect(rows.map(({ n, event, user }) => `${n} ${event} ${user}`)).toEqual([
      '3 joined bob',
      '4 joined carl',
      '5 disconnected bob',
      '6 left bob',
    ]);
    expect((await store.participants(id)).map(({ user, leftAt }) => [user, leftAt])).toEqual([
      ['ann', null],
      ['bob', START + 3],
      ['carl', null],
    ]);
  });

  test('[S22] nothing is written after closing, which may be done twice', async () => {
    await sessions.close();
    const before = store.written.length;
    sessions.joined(id, 'c2', person('bob'), START);
    await sessions.close();
    expect(store.written).toHaveLength(before);
  });
});
