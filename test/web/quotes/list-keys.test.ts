import { expect, test } from 'vitest';
import { type ListKey, listActionOf, moveTo } from '../../../src/web/quotes/list-keys.ts';

const press = (key: string, on: ListKey['on'] = 'page', hasModifier = false) =>
  listActionOf({ key, on, hasModifier });

test.each([
  ['/', 'search'],
  ['n', 'new'],
  ['ArrowDown', 'down'],
  ['ArrowUp', 'up'],
  ['Enter', 'open'],
  ['Escape', 'clear'],
  ['x', null],
])('%s does %s', (key, action) => expect(press(key)).toBe(action));

test('in the search field letters are letters, and arrows lead to the list', () => {
  expect(['/', 'n', 'Home'].map((key) => press(key, 'search'))).toEqual([null, null, null]);
  expect(['ArrowDown', 'Enter', 'Escape'].map((key) => press(key, 'search'))).toEqual([
    'down',
    'open',
    'clear',
  ]);
});

test('buttons keep their keys, and the browser its own', () => {
  expect(press('Enter', 'control')).toBeNull();
  expect(press('n', 'page', true)).toBeNull();
});

test('moves stay in the list', () => {
  expect(moveTo('down', -1, 3)).toBe(0);
  expect(moveTo('down', 2, 3)).toBe(2);
  expect(moveTo('up', 0, 3)).toBe(0);
  expect(moveTo('page_down', 0, 300)).toBe(10);
  expect(moveTo('last', 0, 300)).toBe(299);
  expect(moveTo('down', -1, 0)).toBe(-1);
});
