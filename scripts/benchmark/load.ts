import { performance } from 'node:perf_hooks';
import { type Editor, type Observer, connectEditor, connectObserver } from './editors.ts';
import { quantile } from './statistics.ts';
import { type RunningTarget, type Target, usageOf } from './targets.ts';

/** What one load on one server showed. */
export interface LoadResult {
  readonly edits: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicrosecondsPerEdit: number;
  readonly bytesPerConnection: number;
  readonly lost: number;
}

const EDITS_PER_SECOND = 5;
const WARM_UP_EDITS = 10_000;

/** So many editors at 5 edits a second each, spread evenly; two observers time every edit from its sending to their sight. */
export async function measureLoad(target: Target, editors: number, seconds: number): Promise<LoadResult> {
  const running = await target.start();
  try {
    await running.prepare();
    const before = usageOf(running.pid).residentBytes;
    const observers = [await connectObserver(running, 10_000), await connectObserver(running, 10_001)];
    const people = await connectAll(running, editors);
    const bytesPerConnection = (usageOf(running.pid).residentBytes - before) / (editors + observers.length);
    await warmUp(people);
    await timeEdits(people, observers, 1);
    const cpuBefore = usageOf(running.pid).cpuSeconds;
    const { latencies, edits, lost } = await timeEdits(people, observers, seconds);
    const cpu = usageOf(running.pid).cpuSeconds - cpuBefore;
    for (const one of [...people, ...observers]) one.close();
    return {
      edits,
      lost,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpuMicrosecondsPerEdit: (cpu / edits) * 1e6,
      bytesPerConnection,
    };
  } finally {
    await running.stop();
  }
}

/** Enough edits for the server's code to be compiled, whichever server it is: what is measured is a server that runs for days. */
async function warmUp(people: readonly Editor[]): Promise<void> {
  for (let sent = 0; sent < WARM_UP_EDITS; sent++) {
    people[sent % people.length]?.edit();
    if (sent % 8 === 7) await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export async function connectAll(target: RunningTarget, count: number): Promise<Editor[]> {
  const people: Editor[] = [];
  for (let index = 0; index < count; index++) people.push(await connectEditor(target, index));
  return people;
}

/** Their edits, spread evenly over the time, with how long each took until each observer saw it. */
export async function timeEdits(
  people: readonly Editor[],
  observers: readonly Observer[],
  seconds: number,
): Promise<{ latencies: number[]; edits: number; lost: number }> {
  const sentAt = new Map<number, number>();
  const latencies: number[] = [];
  for (const observer of observers) {
    observer.onSeen((number) => {
      const at = sentAt.get(number);
      if (at !== undefined) latencies.push(performance.now() - at);
    });
  }
  const start = performance.now();
  const total = Math.round(people.length * EDITS_PER_SECOND * seconds);
  for (let sent = 0; sent < total;) {
    const due = Math.min(
      total,
      Math.floor(((performance.now() - start) / 1000) * people.length * EDITS_PER_SECOND) + 1,
    );
    for (; sent < due; sent++) {
      const at = performance.now();
      const number = people[sent % people.length]?.edit();
      if (number !== undefined) sentAt.set(number, at);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  // An edit that its author overwrites before it is broadcast may be seen only as the later one.
  await waitUntil(() => latencies.length >= total * observers.length, 2_000);
  return { latencies, edits: total, lost: total - Math.round(latencies.length / observers.length) };
}

/** Edits a second when eight editors each wait to be seen before they go on. */
export async function measureThroughput(target: Target, seconds: number): Promise<number> {
  const running = await target.start();
  try {
    await running.prepare();
    const observer = await connectObserver(running, 10_000);
    const people = await connectAll(running, 8);
    const waiting = new Map<number, Editor>();
    let seen = 0;
    let isOver = false;
    observer.onSeen((number) => {
      const person = waiting.get(number);
      if (person === undefined) return;
      waiting.delete(number);
      seen += 1;
      if (!isOver) waiting.set(person.edit(), person);
    });
    const start = performance.now();
    for (const person of people) waiting.set(person.edit(), person);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    isOver = true;
    const rate = seen / ((performance.now() - start) / 1000);
    for (const one of [...people, observer]) one.close();
    return rate;
  } finally {
    await running.stop();
  }
}

export async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return condition();
}
