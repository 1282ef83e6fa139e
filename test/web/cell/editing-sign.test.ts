import { expect, it } from 'vitest';
import type { OwnPresence, Presence } from '../../../src/client/connect-quote.ts';
import { createEditingSign } from '../../../src/web/cell/editing-sign.ts';

function start() {
  let own: OwnPresence = {};
  let time = 0;
  const set: OwnPresence[] = [];
  const presence: Presence = {
    set(parts) {
      own = { ...own, ...parts };
      set.push(own);
    },
    own: () => own,
    others: () => [],
    observe: () => () => undefined,
  };
  const pass = (ms: number): void => {
    time += ms;
  };
  return { presence, set, pass, sign: createEditingSign(presence, 'fields/owner', () => time) };
}

it('says editing from the first key on, and again with a changed state within five seconds of typing', () => {
  const { sign, set, pass } = start();
  sign.enter();
  expect(set.at(-1)).toEqual({ cell: 'fields/owner', editing: null });
  for (let key = 0; key < 12; key++) {
    sign.type();
    pass(1_000);
  }
  const editing = set.filter((state) => state.editing === 'fields/owner');
  expect(editing.length).toBe(3);
  expect(new Set(editing.map((state) => JSON.stringify(state))).size).toBe(3);
});

it('ends with the draft, and is gone with the focus', () => {
  const { sign, presence } = start();
  sign.enter();
  sign.type();
  sign.rest();
  expect(presence.own()).toMatchObject({ cell: 'fields/owner', editing: null });
  sign.leave();
  expect(presence.own().cell).toBeNull();
});

it('leaves another cell alone that was gone to since', () => {
  const { sign, presence } = start();
  sign.enter();
  presence.set({ cell: 'fields/title' });
  sign.leave();
  expect(presence.own().cell).toBe('fields/title');
});
