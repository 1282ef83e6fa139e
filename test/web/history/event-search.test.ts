import { expect, test } from 'vitest';
import {
  allEvents,
  eventBefore,
  eventBeside,
  eventsIn,
  isFiltered,
  logSearch,
} from '../../../src/web/history/event-search.ts';
import { timelineOf } from './build-timeline.ts';

const timeline = timelineOf('drRdRo');

test('newest first, by person, role, and what was refused', () => {
  expect(eventsIn(timeline, allEvents)).toEqual([6, 5, 4, 3, 2, 1]);
  expect(eventsIn(timeline, { ...allEvents, user: 'rita' })).toEqual([5, 3, 2]);
  expect(eventsIn(timeline, { ...allEvents, role: 'vp_sales' })).toEqual([4, 1]);
  expect(eventsIn(timeline, { ...allEvents, isRefused: true })).toEqual([5, 3]);
  expect(eventsIn(timeline, { ...allEvents, user: 'dana', isRefused: true })).toEqual([]);
});

test('the event that stands for a point, and those beside it', () => {
  const events = [5, 3, 2];
  expect([6, 5, 4, 1].map((seq) => eventBefore(events, seq))).toEqual([5, 5, 3, null]);
  expect(eventBeside(events, 4, 'older')).toBe(3);
  expect(eventBeside(events, 4, 'newer')).toBe(5);
  expect(eventBeside(events, 5, 'newer')).toBeNull();
  expect(eventBeside(events, 2, 'older')).toBeNull();
});

test('what the log is asked', () => {
  const filter = { user: 'rita', role: 'sales_rep', cell: 'lineItems/*/quantity', isRefused: true } as const;
  expect(Object.fromEntries(new URLSearchParams(logSearch({ filter, after: 7 })))).toEqual({
    after: '7',
    limit: '1000',
    user: 'rita',
    role: 'sales_rep',
    cell: 'lineItems/*/quantity',
    refused: '1',
  });
  expect([isFiltered(allEvents), isFiltered(filter)]).toEqual([false, true]);
});
