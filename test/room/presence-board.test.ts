import { expect, test } from 'vitest';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as Y from 'yjs';
import { createActiveEdits } from '../../src/authority/active-edits.ts';
import type { Permission } from '../../src/authority/role.ts';
import type { CellId, UserId } from '../../src/lib/ids.ts';
import { PRESENCE_TIMEOUT_MS, defaultLimits } from '../../src/lib/limits.ts';
import { type Member, createMember } from '../../src/room/member.ts';
import { createPresenceBoard } from '../../src/room/presence-board.ts';
import type { SaidHere } from '../../src/session/sessions.ts';
import { createTokenBucket } from '../../src/room/rate-limit.ts';
import { createReservations } from '../../src/room/reservations.ts';
import { decodeClientFrame } from '../../src/wire/frames.ts';
import { presenceFrame } from '../support/room-peer.ts';
import * as decoding from 'lib0/decoding';

const cell = 'lineItems/l1/name' as CellId;

/** A board with stock clients: what the board sends they read, and what they hear of they say again. */
function createScene() {
  const members = new Map<string, Member>();
  const told: [user: string, said: SaidHere][] = [];
  const activeEdits = createActiveEdits(10_000);
  let now = 0;
  let due: (() => void) | null = null;
  const board = createPresenceBoard({
    members,
    activeEdits,
    reservations: createReservations({
      ledger: { ownerOf: () => null },
      stored: [],
      save: () => undefined,
    }),
    limits: defaultLimits,
    present: (member, said) => void told.push([member.actor.user, said]),
    steadyNow: () => now,
    later: (_ms, run) => {
      due = run;
      return () => (due = null);
    },
  });

  function join(user: string, awareness = stockAwareness(), permission: Permission = 'editor') {
    const received: Uint8Array[] = [];
    const member = createMember(
      {
        socket: {
          send: (frame) => void received.push(frame),
          unsentBytes: () => 0,
          ping: () => undefined,
          close: () => undefined,
          terminate: () => undefined,
          onceGone: () => undefined,
        },
        actor: { user: user as UserId, role: 'sales_rep', permission },
        name: user,
        wantsEvents: false,
        wantsEntries: false,
        expiresAt: Infinity,
      },
      {
        id: `${user} ${members.size}`,
        syncFrames: createTokenBucket({ perSecond: 1, burst: 1 }),
        at: 0,
      },
      () => undefined,
    );
    let sent = 0;
    const say = (clients: readonly number[]): void => {
      sent += 1;
      const frame = decodeClientFrame(presenceFrame(awareness, clients));
      if (!frame.ok || frame.value.kind !== 'presence') throw new Error('presence is decoded');
      expect(board.receive(member, frame.value.states, now)).toBeNull();
    };
    awareness.on('update', (change: Record<'added' | 'updated' | 'removed', number[]>) =>
      say([...change.added, ...change.updated, ...change.removed]),
    );
    member.handshake.putQuestion(new Map());
    member.handshake.offer();
    member.handshake.takeQuestion();
    member.handshake.putAnswer({ revision: 0, frame: new Uint8Array() });
    member.handshake.takeAnswer(0);
    expect(member.isLive).toBe(true);
    members.set(member.id, member);
    say([awareness.clientID]);
    return {
      member,
      awareness,
      received,
      set: (state: Record<string, unknown> | null) => awareness.setLocalState(state),
      /** The same state with a higher clock. */
      renew: () => awareness.setLocalState(awareness.getLocalState()),
      sees: (other: { readonly awareness: awarenessProtocol.Awareness }) =>
        awareness.getStates().get(other.awareness.clientID),
      framesSent: () => sent,
      read() {
        const frames = received.splice(0);
        for (const frame of frames) {
          const decoder = decoding.createDecoder(frame);
          expect(decoding.readVarUint(decoder)).toBe(1);
          awarenessProtocol.applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), 'server');
        }
        return frames.length;
      },
    };
  }
  type Person = ReturnType<typeof join>;

  /** Sends and reads until nothing moves any more. Gives the frames that were read, a bound on ping-pong. */
  function settle(...people: readonly Person[]): number {
    let frames = 0;
    for (let turn = 0; turn < 20; turn++) {
      const run = due;
      due = null;
      run?.();
      const read = people.reduce((sum, person) => sum + person.read(), 0);
      if (read === 0 && run === null) return frames;
      frames += read;
    }
    throw new Error('presence goes to and fro for ever');
  }

  return {
    board,
    told,
    join,
    settle,
    isUnderEdit: () => activeEdits.at(now).on(cell).length > 0,
    pass(ms: number): void {
      now += ms;
    },
    now: () => now,
  };
}

function stockAwareness(): awarenessProtocol.Awareness {
  const awareness = new awarenessProtocol.Awareness(new Y.Doc());
  // Its timer would outlive the test.
  clearInterval(awareness._checkInterval);
  return awareness;
}

const nothing = { editing: null, isActivity: false };

test('[R66] the room is told of what is news, with the cell under edit, and of no renewal', () => {
  const { join, told } = createScene();
  const ada = join('ada');
  ada.set({ cell, editing: cell });
  ada.renew();
  ada.set({ cell, editing: null });
  ada.set(null);
  ada.set(null);
  expect(told).toEqual([
    // It may only have come back.
    ['ada', nothing],
    ['ada', { editing: cell, isActivity: true }],
    ['ada', { editing: null, isActivity: true }],
    ['ada', nothing],
  ]);
});

test('[R66] a viewer edits nothing, and what is no cell is none', () => {
  const { join, told } = createScene();
  join('eye', stockAwareness(), 'viewer').set({ editing: cell });
  join('ada').set({ editing: 'no cell' });
  expect(told.map(([, { editing }]) => editing)).toEqual([null, null, null, null]);
});

test('[R66] it is told when a client moves on to a new connection, and when a member may no longer edit', () => {
  const { board, join, told, now } = createScene();
  const old = join('ada');
  old.set({ editing: cell });
  told.length = 0;
  const again = join('ada', old.awareness);
  expect(told).toEqual([
    ['ada', nothing],
    ['ada', { editing: cell, isActivity: false }],
  ]);
  again.member.actor = { ...again.member.actor, permission: 'viewer' };
  board.reassigned(again.member, now());
  expect(told.at(-1)).toEqual(['ada', nothing]);
});

test('[R67] going idle or away is no activity and extends no active edit; coming back is', () => {
  const { join, told, pass, isUnderEdit } = createScene();
  const ada = join('ada');
  ada.set({ cell, editing: cell });
  pass(9_000);
  for (const status of ['idle', 'away', 'idle', 'here', 'away']) ada.set({ cell, editing: cell, status });
  expect(told.slice(2).map(([, said]) => said.isActivity)).toEqual([false, false, false, true, false]);
  pass(9_000);
  // It was extended by the coming back, 9 s ago.
  expect(isUnderEdit()).toBe(true);
  pass(2_000);
  ada.set({ cell, editing: cell, status: 'idle' });
  expect(isUnderEdit()).toBe(false);
  ada.set({ status: 'away', cell: 'fields/title' });
  expect(told.at(-1)).toEqual(['ada', { editing: null, isActivity: true }]);
});

test('[R67] who fell silent and is shown again unchanged has done nothing', () => {
  const { board, join, settle, told, pass, now, isUnderEdit } = createScene();
  const [ada, bob] = [join('ada'), join('bob')];
  ada.set({ editing: cell });
  settle(ada, bob);
  pass(PRESENCE_TIMEOUT_MS / 2);
  bob.renew();
  pass(PRESENCE_TIMEOUT_MS / 2 + 1);
  told.length = 0;
  board.tick(now());
  expect(told).toEqual([['ada', nothing]]);
  settle(ada, bob);
  expect(bob.sees(ada)).toMatchObject({ editing: cell });
  expect(told).toEqual([
    ['ada', nothing],
    ['ada', { editing: cell, isActivity: false }],
  ]);
  expect(isUnderEdit()).toBe(false);
});

test('[R68] who is hushed is shown to nobody until they say something else', () => {
  const { board, join, settle, told, isUnderEdit } = createScene();
  const [ada, bob] = [join('ada'), join('bob')];
  ada.set({ cell, editing: cell, status: 'idle' });
  settle(ada, bob);
  told.length = 0;
  board.hush(ada.member);
  expect([told, isUnderEdit()]).toEqual([[['ada', nothing]], false]);
  settle(ada, bob);
  expect(bob.sees(ada)).toBeUndefined();
  for (const status of ['idle', 'away', 'away']) {
    ada.set({ cell, editing: cell, status });
    settle(ada, bob);
    expect(bob.sees(ada)).toBeUndefined();
  }
  const late = join('late');
  board.sendAll(late.member, 0);
  settle(ada, bob, late);
  expect(late.sees(ada)).toBeUndefined();
  expect([told.filter(([user]) => user === 'ada').length, isUnderEdit()]).toEqual([1, false]);

  ada.set({ cell, editing: cell, status: 'here' });
  settle(ada, bob, late);
  expect([bob.sees(ada), late.sees(ada)]).toMatchObject([{ status: 'here' }, { status: 'here' }]);
  expect(told.at(-1)).toEqual(['ada', { editing: cell, isActivity: true }]);
  expect(isUnderEdit()).toBe(true);
});

test('[R68] a stock client hears nothing of it, and what its echoes and renewals say brings nobody back', () => {
  const { board, join, settle } = createScene();
  const [ada, bob] = [join('ada'), join('bob')];
  settle(ada, bob);
  board.hush(ada.member);
  const sent = ada.framesSent();
  expect(settle(ada, bob)).toBe(1);
  expect(ada.framesSent()).toBe(sent);
  ada.renew();
  bob.set({ cell });
  settle(ada, bob);
  expect(bob.sees(ada)).toBeUndefined();
  expect(ada.sees(bob)).toMatchObject({ cell });
  ada.set({ cell });
  settle(ada, bob);
  expect(bob.sees(ada)).toMatchObject({ cell });
});

test('[R68] it holds too for who fell silent before, and not beyond a new connection or a leave', () => {
  const { board, join, settle, pass, now } = createScene();
  const [ada, bob] = [join('ada'), join('bob')];
  settle(ada, bob);
  pass(PRESENCE_TIMEOUT_MS + 1);
  bob.renew();
  board.tick(now());
  board.hush(ada.member);
  settle(ada, bob);
  expect(bob.sees(ada)).toBeUndefined();
  const again = join('ada', ada.awareness);
  settle(again, bob);
  expect(bob.sees(again)).toBeDefined();
  board.hush(again.member);
  board.leave(again.member);
  settle(bob);
  expect(bob.sees(again)).toBeUndefined();
});

test('[R68] hushing who never said anything, or who is gone, tells nobody', () => {
  const { board, join, settle, told } = createScene();
  const [ada, bob] = [join('ada'), join('bob')];
  ada.set(null);
  settle(ada, bob);
  told.length = 0;
  board.hush(ada.member);
  expect([told, settle(ada, bob)]).toEqual([[], 0]);
});

test('[R69] nobody is sent their own state, also where others’ go in the same frame', () => {
  const { join, settle } = createScene();
  const [ada, bob] = [join('ada'), join('bob')];
  settle(ada, bob);
  ada.set({ cell });
  expect([settle(ada), ada.framesSent()]).toEqual([0, 3]);
  ada.set({ cell, editing: cell });
  bob.set({ cell });
  settle(ada, bob);
  expect([ada.sees(bob), bob.sees(ada)]).toMatchObject([{ cell }, { editing: cell }]);
});
