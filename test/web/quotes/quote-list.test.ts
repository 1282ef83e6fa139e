import { expect, test, vi } from 'vitest';
import type { z } from 'zod';
import type { Api } from '../../../src/web/api/api.ts';
import { NO_FILTER } from '../../../src/web/quotes/quote-filter.ts';
import { createQuoteList } from '../../../src/web/quotes/quote-list.ts';
import { listed } from './listed.ts';

/** Answers in the order of the test's choice. */
function createServer() {
  const asked: { path: string; answer: (body: unknown) => void; fail: (error: Error) => void }[] = [];
  const api: Pick<Api, 'get'> = {
    get: (path, schema) =>
      new Promise<unknown>((answer, fail) => asked.push({ path, answer, fail })).then(
        (body) => schema.parse(body) as z.infer<typeof schema>,
      ),
  };
  const next = async (count: number) => {
    await vi.waitUntil(() => asked.length >= count);
    const last = asked[count - 1];
    if (last === undefined) throw new Error('asked');
    return last;
  };
  return { api, asked, next };
}

const ready = { kind: 'ready', isStale: false, problem: null };

test('reads the first page, then the next one on demand', async () => {
  const server = createServer();
  const list = createQuoteList(server.api);
  list.show(NO_FILTER);
  expect(list.state()).toEqual({ kind: 'loading' });
  (await server.next(1)).answer({ quotes: [listed('b', 2)], next: '2.b' });
  await vi.waitUntil(() => list.state().kind === 'ready');
  list.more();
  list.more();
  const second = await server.next(2);
  expect(second.path).toContain('after=2.b');
  second.answer({ quotes: [listed('a', 1)] });
  await vi.waitFor(() => expect(list.state()).toMatchObject({ ...ready, next: null }));
  expect(server.asked).toHaveLength(2);
});

test('the rows stay, stale, until those of another filter are here; only the newest reading counts', async () => {
  const server = createServer();
  const list = createQuoteList(server.api);
  list.show(NO_FILTER);
  (await server.next(1)).answer({ quotes: [listed('a', 1)] });
  await vi.waitUntil(() => list.state().kind === 'ready');
  list.show({ ...NO_FILTER, text: 'x' });
  list.show({ ...NO_FILTER, text: 'xy' });
  expect(list.state()).toMatchObject({ isStale: true, quotes: [{ id: 'a' }] });
  (await server.next(3)).answer({ quotes: [listed('xy', 3)] });
  (await server.next(2)).answer({ quotes: [listed('x', 2)] });
  await vi.waitFor(() => expect(list.state()).toMatchObject({ ...ready, quotes: [{ id: 'xy' }] }));
});

test('what is told while a page is on its way is not lost', async () => {
  const server = createServer();
  const list = createQuoteList(server.api);
  list.show(NO_FILTER);
  const page = await server.next(1);
  list.apply({ kind: 'change', quotes: [listed('a', 9, { title: 'newer' })] });
  page.answer({ quotes: [listed('a', 1)] });
  await vi.waitFor(() => expect(list.state()).toMatchObject({ quotes: [{ title: 'newer' }] }));
});

test('a failure is told; with rows there, they stay', async () => {
  const server = createServer();
  const list = createQuoteList(server.api);
  list.show(NO_FILTER);
  (await server.next(1)).fail(new Error('No connection.'));
  await vi.waitFor(() => expect(list.state()).toEqual({ kind: 'failed', message: 'No connection.' }));
  list.reload();
  expect(list.state()).toEqual({ kind: 'loading' });
  (await server.next(2)).answer({ quotes: [listed('a', 1)] });
  await vi.waitFor(() => expect(list.state()).toMatchObject(ready));
  list.reload();
  (await server.next(3)).fail(new Error('No connection.'));
  await vi.waitFor(() =>
    expect(list.state()).toMatchObject({ kind: 'ready', problem: 'No connection.', quotes: [{ id: 'a' }] }),
  );
});
