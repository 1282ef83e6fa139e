import { expect, test } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { createPresence } from '../../src/client/presence.ts';

const ann = { id: 'ann', name: 'Ann', role: 'vp_sales', color: '#123456' };

function createPair() {
  const [mine, theirs] = [new Awareness(new Y.Doc()), new Awareness(new Y.Doc())] as const;
  const presence = createPresence(mine);
  return {
    presence,
    clientId: theirs.clientID,
    their: (state: Record<string, unknown> | null) => {
      theirs.setLocalState(state);
      applyAwarenessUpdate(mine, encodeAwarenessUpdate(theirs, [theirs.clientID]), 'remote');
    },
    [Symbol.dispose](): void {
      mine.destroy();
      theirs.destroy();
    },
  };
}

test('shows others where they are, and not oneself', () => {
  using pair = createPair();
  pair.presence.set({ cell: 'fields/title' });
  pair.their({ user: ann, cell: 'lineItems/l1/quantity', editing: null });
  expect(pair.presence.others()).toEqual([
    { clientId: pair.clientId, user: ann, cell: 'lineItems/l1/quantity', editing: null },
  ]);
  pair.their(null);
  expect(pair.presence.others()).toEqual([]);
});

test('sets some parts and keeps the others', () => {
  using pair = createPair();
  pair.presence.set({ cell: 'fields/title', status: 'here' });
  pair.presence.set({ editing: 'fields/title' });
  expect(pair.presence.own()).toEqual({ cell: 'fields/title', status: 'here', editing: 'fields/title' });
});

test('leaves out states without an identity, or of another form', () => {
  using pair = createPair();
  pair.their({ cell: 'fields/title' });
  expect(pair.presence.others()).toEqual([]);
  pair.their({ user: { ...ann, role: 'emperor' } });
  expect(pair.presence.others()).toEqual([]);
  pair.their({ user: ann, cell: 7 });
  expect(pair.presence.others()).toEqual([]);
});

test('is the same array until something changes, and tells when it does', () => {
  using pair = createPair();
  pair.their({ user: ann });
  const seen: number[] = [];
  const stop = pair.presence.observe(() => seen.push(pair.presence.others().length));
  const before = pair.presence.others();
  expect(pair.presence.others()).toBe(before);
  pair.their({ user: ann });
  expect(pair.presence.others()).toBe(before);
  pair.their({ user: ann, cell: 'fields/title' });
  expect(pair.presence.others()).not.toBe(before);
  stop();
  pair.their(null);
  expect(seen).toEqual([1]);
});

test('shows who types, and where in a text', () => {
  using pair = createPair();
  const cursor = { anchor: { item: 7 }, head: null };
  pair.presence.set({ typing: true, cursor });
  expect(pair.presence.own()).toEqual({ typing: true, cursor });
  pair.their({ user: ann, typing: true, cursor });
  expect(pair.presence.others()).toMatchObject([{ typing: true, cursor }]);
});
