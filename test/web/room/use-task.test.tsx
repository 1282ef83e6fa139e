// @vitest-environment happy-dom
import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useTask } from '../../../src/web/room/use-task.ts';
import '../../support/patience.ts';

test('does one thing at a time, and says why it came to nothing until it is tried again', async () => {
  const { result } = renderHook(useTask);
  let fail = (_error: Error): void => {};
  const first = new Promise<void>((_resolve, reject) => (fail = reject));
  const second = vi.fn<() => Promise<void>>(async () => undefined);
  act(() => {
    result.current.run(() => first);
    result.current.run(second);
  });
  expect([result.current.isBusy, second.mock.calls.length]).toEqual([true, 0]);
  fail(new Error('The server is busy.'));
  await waitFor(() =>
    expect(result.current).toMatchObject({ isBusy: false, problem: 'The server is busy.' }),
  );
  act(() => result.current.run(second));
  await waitFor(() => expect(result.current).toMatchObject({ isBusy: false, problem: null }));
  expect(second).toHaveBeenCalledTimes(1);
  act(() => result.current.run(async () => result.current.refuse('The rules say no.')));
  await waitFor(() => expect(result.current).toMatchObject({ isBusy: false, problem: 'The rules say no.' }));
});
