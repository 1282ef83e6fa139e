import { performance } from 'node:perf_hooks';
import { connectAll, waitUntil } from './load.ts';
import { connectObserver } from './editors.ts';
import { type RunningTarget, quoteroom } from './targets.ts';

/**
 * Fills a quote with entries through its own server, kills the server, and times the first client of the new process from
 * connecting to synced; gives the milliseconds of each round.
 */
export async function coldOpen(entries: number, rounds: number): Promise<number[]> {
  const running = await quoteroom.start();
  try {
    await fillQuote(running, entries);
    const milliseconds: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await running.crash();
      const start = performance.now();
      const newcomer = await connectObserver(running, 10_001 + round);
      milliseconds.push(performance.now() - start);
      newcomer.close();
    }
    return milliseconds;
  } finally {
    await running.stop();
  }
}

/** So many edits of 20 people, through the server, as fast as it takes them. They stay until they are closed. */
export async function fillQuote(running: RunningTarget, entries: number): Promise<{ close(): void }> {
  await running.prepare();
  const observer = await connectObserver(running, 10_000);
  const people = await connectAll(running, 20);
  let seen = 0;
  observer.onSeen(() => (seen += 1));
  const pending = 200;
  for (let sent = 0; sent < entries; sent++) {
    people[sent % people.length]?.edit();
    if (sent % 20 === 19) await waitUntil(() => sent - seen < pending, 60_000);
  }
  await waitUntil(() => people.every(({ socket }) => socket.bufferedAmount === 0), 10_000);
  return {
    close() {
      for (const one of [...people, observer]) one.close();
    },
  };
}
