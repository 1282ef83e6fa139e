import { connectAll, waitUntil } from './load.ts';
import { connectObserver } from './editors.ts';
import type { Target } from './targets.ts';

/** Kills a server under load and counts what an observer had seen and a newcomer after the restart does not find. */
export async function crashLoss(target: Target, seconds: number): Promise<{ seen: number; missing: number }> {
  const running = await target.start();
  try {
    await running.prepare();
    const observer = await connectObserver(running, 10_000);
    const people = await connectAll(running, 20);
    const newest = new Map<string, number>();
    let seen = 0;
    observer.onSeen(() => (seen += 1));
    const end = Date.now() + seconds * 1000;
    for (let next = 0; Date.now() < end; next++) {
      people[next % people.length]?.edit();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const [key, value] of observer.doc.getMap('lineItems').entries()) newest.set(key, Number(value));
    await running.crash();
    for (const one of [...people, observer]) one.close();
    await running.prepare().catch(() => undefined);
    const newcomer = await connectObserver(running, 10_001);
    const lines = newcomer.doc.getMap('lineItems');
    await waitUntil(() => lines.size > 0, 1_000);
    // Every edit overwrites its author's cell: what is behind is counted in edits of that author.
    const missing = [...newest].filter(([key, value]) => Number(lines.get(key) ?? 0) < value).length;
    newcomer.close();
    return { seen, missing };
  } finally {
    await running.stop();
  }
}
