// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { createKeptQuotes } from '../../../src/web/offline/kept-quotes.ts';

const keptBy = (user: string, tab = 'tab1') => createKeptQuotes({ storage: localStorage, user, tab });

beforeEach(() => localStorage.clear());

test('lists those with unsent edits first', () => {
  const kept = keptBy('dana');
  kept.note('a', { title: 'Alpha', unsent: 0 });
  kept.note('b', { title: 'Beta', unsent: 2 });
  expect(kept.list()).toEqual([
    { quoteId: 'b', title: 'Beta', unsent: 2 },
    { quoteId: 'a', title: 'Alpha', unsent: 0 },
  ]);
});

test('one person never sees what another keeps, whatever their ids look like', () => {
  keptBy('dana').note('a', { title: 'Alpha', unsent: 1 });
  keptBy('dana/a').note('b', { title: 'Beta', unsent: 1 });
  expect(keptBy('dan').list()).toEqual([]);
  expect(
    keptBy('dana')
      .list()
      .map(({ quoteId }) => quoteId),
  ).toEqual(['a']);
  expect(
    keptBy('dana/a')
      .list()
      .map(({ quoteId }) => quoteId),
  ).toEqual(['b']);
});

test('no tab forgets the edits of another', () => {
  keptBy('dana', 'one').note('a', { title: 'Alpha', unsent: 2 });
  const two = keptBy('dana', 'two');
  two.note('a', { title: 'Alpha', unsent: 3 });
  expect(two.list()).toMatchObject([{ unsent: 5 }]);
  two.note('a', { title: 'Alpha', unsent: 0 });
  expect(two.list()).toMatchObject([{ unsent: 2 }]);
});

test('a tab takes over what closed tabs left', () => {
  keptBy('dana', 'one').note('a', { title: 'Alpha', unsent: 2 });
  const two = keptBy('dana', 'two');
  expect(two.adopt('a')).toBe(2);
  two.note('a', { title: 'Alpha', unsent: 0 });
  expect(two.list()).toEqual([{ quoteId: 'a', title: 'Alpha', unsent: 0 }]);
});

test('a forgotten quote is gone; what cannot be read counts as nothing', () => {
  const kept = keptBy('dana');
  kept.note('a', { title: 'Alpha', unsent: 2 });
  kept.forget('a');
  localStorage.setItem('quoteroom.kept/dana/b/tab1', '{"unsent":-3}');
  expect(kept.list()).toEqual([{ quoteId: 'b', title: '', unsent: 0 }]);
});
