import { expect, test } from 'vitest';
import {
  emptyTimeline,
  newestOf,
  nextChange,
  personOf,
  pointAt,
  previousChange,
  withPage,
  withinTimeline,
} from '../../../src/web/history/timeline.ts';
import { timelineOf } from './build-timeline.ts';

test('pages are put together, with the people of both', () => {
  const [first, second] = timelineOf('dr').points;
  if (first === undefined || second === undefined) throw new Error('there are two points');
  const rita = { id: 'rita', name: 'Rita' };
  const one = withPage(emptyTimeline, { people: [{ id: 'dana', name: 'Dana' }], points: [first] });
  const both = withPage(one, { people: [rita], points: [{ ...second, person: 0 }] });
  expect(both.points.map((point) => personOf(both, point).name)).toEqual(['Dana', 'Rita']);
  expect(newestOf(both)).toBe(2);
});

test('a page that holds nothing new leaves it as it is', () => {
  const timeline = timelineOf('drr');
  expect(withPage(timeline, { people: timeline.people.slice(), points: timeline.points.slice(1) })).toBe(
    timeline,
  );
  expect(newestOf(emptyTimeline)).toBe(0);
});

test('an entry that is not there leads to the nearest one', () => {
  const timeline = timelineOf('drr');
  expect([0, 2, 99].map((seq) => withinTimeline(timeline, seq))).toEqual([1, 2, 3]);
  expect(pointAt(timeline, 0)).toBeNull();
  expect(pointAt(timeline, 4)).toBeNull();
});

test('next and previous change pass over what was refused', () => {
  const timeline = timelineOf('drRRdR');
  expect(nextChange(timeline, 2)).toBe(5);
  expect(nextChange(timeline, 5)).toBeNull();
  expect(previousChange(timeline, 5)).toBe(2);
  expect(previousChange(timeline, 1)).toBeNull();
  expect(previousChange(timelineOf('Dd'), 2)).toBe(1);
});
