import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { closeCodes } from '../../src/wire/close-codes.ts';
import { connectObserver } from './editors.ts';
import { connectAll } from './load.ts';
import { quantile } from './statistics.ts';
import { quoteroom, usageOf } from './targets.ts';

export interface SlowReaderResult {
  readonly p50: number;
  readonly p99: number;
  readonly residentBytes: number;
  /** What the server's own count of closes says: the code is the last that a stalled reader would read. */
  readonly isClosedAsTooSlow: boolean;
}

/** 24 MB in all: the kernel takes up to 16 MB for a socket that nobody reads, and 4 MiB of our own come on top. */
const EDITS = 3_000;
const TEXT = 'x'.repeat(8_000);

/** Runs of the same load: without a slow reader, then with one that stops reading its socket. */
export async function slowReader(): Promise<{ without: SlowReaderResult; beside: SlowReaderResult }> {
  return { without: await run(false), beside: await run(true) };
}

async function run(isSlow: boolean): Promise<SlowReaderResult> {
  const running = await quoteroom.start();
  try {
    await running.prepare();
    const observer = await connectObserver(running, 10_000);
    const people = await connectAll(running, 10);
    const slow = isSlow ? await connectStalled(await running.url(10_001)) : null;
    const sentAt = new Map<number, number>();
    const latencies: number[] = [];
    observer.onSeen((number) => {
      const at = sentAt.get(number);
      if (at !== undefined) latencies.push(performance.now() - at);
    });
    let residentBytes = 0;
    for (let sent = 0; sent < EDITS; sent++) {
      const person = people[sent % people.length];
      if (person === undefined) break;
      sentAt.set(person.edit(), performance.now());
      person.fill(TEXT);
      if (sent % 20 === 0) residentBytes = Math.max(residentBytes, usageOf(running.pid).residentBytes);
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    const isClosedAsTooSlow = await countsCloseAsTooSlow(await running.url(0));
    slow?.terminate();
    for (const one of [...people, observer]) one.close();
    return {
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      residentBytes,
      isClosedAsTooSlow,
    };
  } finally {
    await running.stop();
  }
}

/** A client that syncs and then reads no more until the end. */
async function connectStalled(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  // Step 1 of an empty document, and an empty step 2, so that updates are sent to it.
  socket.send(new Uint8Array([0, 0, 1, 0]));
  socket.send(new Uint8Array([0, 1, 2, 0, 0]));
  await new Promise((resolve) => socket.once('message', resolve));
  socket.pause();
  return socket;
}

async function countsCloseAsTooSlow(url: string): Promise<boolean> {
  const metrics = await fetch(new URL('/metrics', url.replace(/^ws/, 'http')));
  return (await metrics.text()).includes(`quoteroom_closes_total{code="${closeCodes.tooSlow}"} 1`);
}
