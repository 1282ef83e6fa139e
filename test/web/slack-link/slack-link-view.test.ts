import { expect, test } from 'vitest';
import { ApiError } from '../../../src/web/api/api.ts';
import { viewOfProblem } from '../../../src/web/slack-link/slack-link-view.ts';

const account = { name: 'Mallory', workspace: 'ACME' };
const answered = (status: number): ApiError => new ApiError({ status, code: 'some', message: 'Said so.' });

test.each([
  [0, { kind: 'offline' }],
  [404, { kind: 'dead' }],
  [429, { kind: 'failed', message: 'Said so.' }],
  [500, { kind: 'failed', message: 'Said so.' }],
])('an answer %i to a link from Slack shows %j', (status, view) => {
  for (const before of [{ kind: 'loading' }, { kind: 'connecting', account }] as const)
    expect(viewOfProblem(answered(status), before)).toEqual(view);
});

test('after a new sign-in it goes on loading, and asks again before it connects', () => {
  expect(viewOfProblem(answered(401), { kind: 'loading' })).toEqual({ kind: 'loading' });
  expect(viewOfProblem(answered(401), { kind: 'connecting', account })).toEqual({ kind: 'asking', account });
});

test('what is no answer of the server is told as it is', () => {
  expect(viewOfProblem(new Error('unreadable'), { kind: 'loading' })).toEqual({
    kind: 'failed',
    message: 'Error: unreadable',
  });
});
