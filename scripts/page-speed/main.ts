import { cpus, loadavg } from 'node:os';
import { formatTable, median, quantile } from '../benchmark/statistics.ts';
import { large, rita } from '../screenshot/quotes.ts';
import { type Stage, openStage } from '../screenshot/stage.ts';
import {
  type KeyTimes,
  type RemoteEdit,
  calmest,
  measureKeys,
  measureRemoteEdits,
  openQuote,
} from './measure.ts';
import { type ProfiledPage, buildProfiledPage } from './profiled-page.ts';

/**
 * How fast the page is, with large quotes: until it can be used, from a key to what it paints, and what somebody else's
 * edit costs. Times are of the page as it is served; only what React rendered is asked of a profiling build.
 */
const ROUNDS = 3;
const named = process.argv.slice(2).map(Number);
const sizes = named.length > 0 ? named : [500, 2000];

const ms = (value: number): string => value.toFixed(1);

const stage = await openStage();
const profiled = await buildProfiledPage();
try {
  for (const lines of sizes) await printQuote(stage, profiled, lines);
  console.log(`\nLoad of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores.`);
} finally {
  profiled.remove();
  await stage.close();
}

async function printQuote(on: Stage, page: ProfiledPage, lines: number): Promise<void> {
  const id = `q-${lines}`;
  await on.create(rita, large(id, lines));
  const usable: number[] = [];
  const rounds: (readonly KeyTimes[])[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const served = await openQuote(on, id);
    usable.push(await served.evaluate(() => window.probe.usable));
    rounds.push(await measureKeys(served));
    await served.context().close();
  }
  const keys = (rounds[0] ?? []).flatMap((_, kind) => {
    const best = calmest(rounds.flatMap((round) => round[kind] ?? []));
    return best === undefined ? [] : [best];
  });
  console.log(
    `\n${lines} lines, the calmest of ${ROUNDS} runs; usable after ${ms(Math.min(...usable))} ms:\n`,
  );
  console.log(
    formatTable(
      ['key to paint', 'p50 ms', 'p95 ms', 'max ms'],
      keys.map(({ name, times }) => [
        name,
        ms(median(times)),
        ms(quantile(times, 0.95)),
        ms(Math.max(...times)),
      ]),
    ),
  );
  const watched = await openQuote(on, id, page);
  printRemote(await measureRemoteEdits(on, watched, id));
  await watched.context().close();
}

function printRemote(edits: readonly RemoteEdit[]): void {
  console.log(
    `\nA quantity that somebody else changed: painted after ${ms(median(edits.map(({ toPaint }) => toPaint)))} ms, ` +
      `${median(edits.map(({ components }) => components.length))} components rendered in ` +
      `${ms(median(edits.map((edit) => edit.ms)))} ms, ${median(edits.map(({ commits }) => commits))} commits:`,
  );
  const counts = new Map<string, number>();
  for (const name of edits.at(-1)?.components ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
  console.log([...counts].map(([name, count]) => (count === 1 ? name : `${count} ${name}`)).join(', '));
}
