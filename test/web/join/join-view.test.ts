import { expect, test } from 'vitest';
import { ApiError } from '../../../src/web/api/api.ts';
import { viewOfProblem } from '../../../src/web/join/join-view.ts';

test.each([
  [0, { kind: 'offline' }],
  [401, { kind: 'joining' }],
  [403, { kind: 'shut_out', message: 'Said so.' }],
  [404, { kind: 'dead' }],
  [429, { kind: 'failed', message: 'Said so.' }],
  [500, { kind: 'failed', message: 'Said so.' }],
])('an answer %i to a link shows %j', (status, view) => {
  expect(viewOfProblem(new ApiError({ status, code: 'some', message: 'Said so.' }))).toEqual(view);
});

test('what is no answer of the server is told as it is', () => {
  expect(viewOfProblem(new Error('unreadable'))).toEqual({ kind: 'failed', message: 'Error: unreadable' });
});
