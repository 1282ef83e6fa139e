import { type ChildProcess, fork } from 'node:child_process';
import { quantile } from './statistics.ts';
import { type RunningTarget, type Target, usageOf } from './targets.ts';

/**
 * Many people who move about in one document, each a stock y-websocket client with its echo of all that it hears. They live in
 * processes of their own; where a server sends them more than they can read, the moves a second show it.
 */
export interface PresenceResult {
  /** Presence frames that each client was sent in a second. */
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Of the server process, user and system; 100 is one core. */
  readonly cpuPercent: number;
  /** ms from a move to its sight at another person. */
  readonly p50: number;
  readonly p99: number;
  /** Moves that were made, all people together. */
  readonly movesPerSecond: number;
  /** Connections that are left at the end. */
  readonly connected: number;
}

/** What a process with some of the people is asked to do, see `presence-people.ts`. */
export type PeopleOrder =
  | {
      readonly kind: 'connect';
      readonly urls: readonly string[];
      readonly prefix: string;
      readonly hello: string | null;
    }
  | { readonly kind: 'move'; readonly everyMs: number }
  | { readonly kind: 'count' }
  | { readonly kind: 'report' };

/** What it answers, once it is done. */
export interface PeopleReport {
  readonly frames: number;
  readonly bytes: number;
  readonly moves: number;
  readonly connected: number;
  /** ms, a sample */
  readonly latencies: readonly number[];
}

const MOVES_PER_SECOND = 5;
const PROCESSES = 4;
const WARM_UP_MS = 5_000;

export async function measurePresence(
  target: Target,
  people: number,
  seconds: number,
): Promise<PresenceResult> {
  const running = await target.start();
  const workers = Array.from({ length: PROCESSES }, startWorker);
  try {
    await running.prepare();
    await connectPeople(running, workers, people);
    await all(workers, { kind: 'move', everyMs: 1000 / MOVES_PER_SECOND });
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
    await all(workers, { kind: 'count' });
    const [startedAt, cpuBefore] = [performance.now(), usageOf(running.pid).cpuSeconds];
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const cpu = usageOf(running.pid).cpuSeconds - cpuBefore;
    const passed = (performance.now() - startedAt) / 1000;
    const reports = await all(workers, { kind: 'report' });
    const sum = (figure: (report: PeopleReport) => number): number =>
      reports.reduce((total, report) => total + figure(report), 0);
    const latencies = reports.flatMap((report) => report.latencies);
    return {
      framesPerSecond: sum(({ frames }) => frames) / people / passed,
      bytesPerSecond: sum(({ bytes }) => bytes) / people / passed,
      cpuPercent: (cpu / passed) * 100,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      movesPerSecond: sum(({ moves }) => moves) / passed,
      connected: sum(({ connected }) => connected),
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await running.stop();
  }
}

async function connectPeople(
  running: RunningTarget,
  workers: readonly ChildProcess[],
  people: number,
): Promise<void> {
  const urls: string[] = [];
  for (let index = 0; index < people; index++) urls.push(await running.url(index));
  const share = Math.ceil(people / workers.length);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  for (const [index, worker] of workers.entries()) {
    await ask(worker, {
      kind: 'connect',
      urls: urls.slice(index * share, (index + 1) * share),
      prefix: hex(running.prefix),
      hello: running.hello === null ? null : hex(running.hello),
    });
  }
}

const startWorker = (): ChildProcess => fork(new URL('./presence-people.ts', import.meta.url).pathname);

const all = (workers: readonly ChildProcess[], order: PeopleOrder): Promise<PeopleReport[]> =>
  Promise.all(workers.map((worker) => ask(worker, order)));

function ask(worker: ChildProcess, order: PeopleOrder): Promise<PeopleReport> {
  return new Promise((resolve, reject) => {
    worker.once('message', (report) => resolve(report as PeopleReport));
    worker.once('exit', (code) => reject(new Error(`the people's process ended with ${code}`)));
    worker.send(order);
  });
}
