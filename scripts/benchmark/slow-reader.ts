import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { connectAll, waitUntil } from './load.ts';
import { connectObserver } from './editors.ts';
import { quantile } from './statistics.ts';
import { quoteroom, usageOf } from './targets.ts';

export interface SlowReaderResult {
  readonly p50: number;
  readonly p99: number;
  readonly residentBytes: number;
  readonly closedWith: number | null;
}

/** Runs of the same load: without a slow reader, then with one that stops reading its socket. */
export async function slowReader(
  seconds: number,
): Promise<{ without: SlowReaderResult; beside: SlowReaderResult }> {
  return { without: await run(seconds, false), beside: await run(seconds, true) };
}

async function run(seconds: number, isSlow: boolean): Promise<SlowReaderResult> {
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
    const end = performance.now() + seconds * 1000;
    for (let sent = 0; performance.now() < end; sent++) {
      const person = people[sent % people.length];
      if (person === undefined) break;
      sentAt.set(person.edit(), performance.now());
      // 7 KiB of text each, so that the stalled socket's buffers fill within seconds.
      person.fill('x'.repeat(7_000));
      if (sent % 20 === 0) residentBytes = Math.max(residentBytes, usageOf(running.pid).residentBytes);
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    if (slow !== null) await waitUntil(() => slow.closedWith() !== null, 3_000);
    const closedWith = slow?.closedWith() ?? null;
    slow?.socket.terminate();
    for (const one of [...people, observer]) one.close();
    return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), residentBytes, closedWith };
  } finally {
    await running.stop();
  }
}

/** A client that syncs and then reads no more until the end. */
async function connectStalled(url: string): Promise<{ socket: WebSocket; closedWith(): number | null }> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  let code: number | null = null;
  socket.on('close', (closedWith) => (code = closedWith));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  // Step 1 of an empty document, and an empty step 2, so that updates are sent to it.
  socket.send(new Uint8Array([0, 0, 1, 0]));
  socket.send(new Uint8Array([0, 1, 2, 0, 0]));
  await new Promise((resolve) => socket.once('message', resolve));
  socket.pause();
  return { socket, closedWith: () => code };
}
