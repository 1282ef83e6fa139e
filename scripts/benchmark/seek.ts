import { performance } from 'node:perf_hooks';
import { fillQuote } from './cold-open.ts';
import { DOCUMENT, type RunningTarget, quoteroom } from './targets.ts';

/** Milliseconds from asking for a quote as it was after an entry to having all of it, over HTTP. */
export interface SeekResult {
  /** Points all over its history, in no order. */
  readonly anywhere: readonly number[];
  /** One entry after the other, as a history that is played asks for them. */
  readonly onwards: readonly number[];
}

const LINES = 300;
const SEEKS = 100;

/** Fills a quote of 300 lines through its own server, kills the server, and looks back in the new process. */
export async function seek(entries: number): Promise<SeekResult> {
  const running = await quoteroom.start();
  try {
    await running.prepare();
    await ask(running, `${DOCUMENT}/cells`, { writes: linesOf(LINES) });
    (await fillQuote(running, entries)).close();
    await running.crash();
    const { revision } = (await ask(running, DOCUMENT)) as { revision: number };
    const timed = async (at: number): Promise<number> => {
      const start = performance.now();
      await ask(running, `${DOCUMENT}?at=${at}&removed=1`);
      return performance.now() - start;
    };
    const points = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
    // Its thread starts, and its code is compiled.
    for (const point of points(SEEKS / 2)) await timed(1 + ((point * 7_919) % revision));
    const anywhere: number[] = [];
    for (const point of points(SEEKS)) anywhere.push(await timed(1 + ((point * 104_729) % revision)));
    const onwards: number[] = [];
    for (const point of points(SEEKS)) onwards.push(await timed(Math.floor(revision / 2) + point));
    return { anywhere, onwards };
  } finally {
    await running.stop();
  }
}

const linesOf = (count: number): { readonly cell: string; readonly value: string }[] =>
  Array.from({ length: count }, (_, index) => index).flatMap((index) =>
    Object.entries({
      position: `a${String(index).padStart(4, '0')}V`,
      name: `Line ${index}`,
      sku: `S-${index}`,
      quantity: '2',
      unitPrice: '10.50',
    }).map(([column, value]) => ({ cell: `lineItems/s${index}/${column}`, value })),
  );

/** With the token that an editor connects with. */
async function ask(running: RunningTarget, path: string, body?: unknown): Promise<unknown> {
  const { host, searchParams } = new URL(await running.url(0));
  const response = await fetch(`http://${host}/api/quotes/${path}`, {
    method: body === undefined ? 'GET' : 'PATCH',
    headers: {
      authorization: `Bearer ${searchParams.get('token')}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} was not answered: ${await response.text()}`);
  return response.json();
}
