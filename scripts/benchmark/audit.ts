import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fillQuote } from './cold-open.ts';
import { connectObserver } from './editors.ts';
import { connectAll, timeEdits } from './load.ts';
import { median, quantile } from './statistics.ts';
import { type RunningTarget, quoteroom } from './targets.ts';
import { timeReads } from './time-reads.ts';

/** What one command of an auditor costs, alone, and what it costs those who edit meanwhile. */
export interface AuditResult {
  readonly command: string;
  /** From its start to its end, beside a server that has nothing to do. */
  readonly seconds: number;
  /** Of edits while it runs again and again, and without it, in turn. */
  readonly p99Beside: number;
  readonly p99Without: number;
  /** Median over the rounds of one divided by the other. */
  readonly ratio: number;
  readonly longestReadMs: number;
}

export interface AuditLoad {
  readonly entries: number;
  readonly rounds: number;
  readonly seconds: number;
}

const EDITORS = 10;
const COMMANDS = ['audit verify', 'audit export', 'backup'];

/** One quote with so many entries, on a server that goes on. */
export async function measureAudit({ entries, rounds, seconds }: AuditLoad): Promise<AuditResult[]> {
  const running = await quoteroom.start();
  const scratch = mkdtempSync(join(tmpdir(), 'quoteroom-bench-audit-'));
  try {
    const people = await fillQuote(running, entries);
    people.close();
    const results: AuditResult[] = [];
    for (const command of COMMANDS) {
      const alone: number[] = [];
      for (let round = 0; round < rounds; round++) alone.push(await runOnce(running, command, scratch));
      const edits = await beside(running, { command, scratch, rounds, seconds });
      const longestReadMs = await timeReads(command, running.data, join(scratch, 'timed'));
      results.push({ command, seconds: median(alone), ...edits, longestReadMs });
      rmSync(join(scratch, 'timed'), { recursive: true, force: true });
    }
    return results;
  } finally {
    await running.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function beside(
  running: RunningTarget,
  {
    command,
    scratch,
    rounds,
    seconds,
  }: Omit<AuditLoad, 'entries'> & {
    readonly command: string;
    readonly scratch: string;
  },
): Promise<Pick<AuditResult, 'p99Beside' | 'p99Without' | 'ratio'>> {
  const observers = [await connectObserver(running, 10_000), await connectObserver(running, 10_001)];
  const people = await connectAll(running, EDITORS);
  // The server has done as many edits as the quote has entries; these are for the connections.
  await timeEdits(people, observers, 2);
  const p99 = async (): Promise<number> =>
    quantile((await timeEdits(people, observers, seconds)).latencies, 0.99);
  const [without, within]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    without.push(await p99());
    const over = new AbortController();
    const commands = (async () => {
      while (!over.signal.aborted) await runOnce(running, command, scratch);
    })();
    within.push(await p99());
    over.abort();
    await commands;
  }
  for (const one of [...people, ...observers]) one.close();
  return {
    p99Beside: median(within),
    p99Without: median(without),
    ratio: median(within.map((value, round) => value / (without[round] ?? NaN))),
  };
}

let runs = 0;

/** Gives the seconds it took; throws where it ended with anything but 0. */
async function runOnce(running: RunningTarget, command: string, scratch: string): Promise<number> {
  const out = join(scratch, `out-${++runs}`);
  const target: Readonly<Record<string, readonly string[]>> = {
    'audit verify': [],
    'audit export': ['--all', '--out', out],
    backup: [out],
  };
  const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
  const start = performance.now();
  const argv = [main, ...command.split(' '), ...(target[command] ?? []), '--data', running.data, '--json'];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  const seconds = (performance.now() - start) / 1000;
  rmSync(out, { recursive: true, force: true });
  if (code !== 0) throw new Error(`quoteroom ${command} ended with ${code}`);
  return seconds;
}
