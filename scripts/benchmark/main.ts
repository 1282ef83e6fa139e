import { cpus, totalmem } from 'node:os';
import { closeCodes } from '../../src/wire/close-codes.ts';
import { type AuditResult, measureAudit } from './audit.ts';
import { coldOpen } from './cold-open.ts';
import { crashLoss } from './crash.ts';
import { measureDisk } from './disk.ts';
import { type LoadResult, measureLoad, measureThroughput } from './load.ts';
import { type PresenceResult, measurePresence } from './presence.ts';
import { seek } from './seek.ts';
import { slowReader } from './slow-reader.ts';
import { formatTable, median, quantile } from './statistics.ts';
import { type Target, hocuspocus, quoteroom, yWebsocket } from './targets.ts';

/**
 * The benchmark: all servers in one run on one machine, in turn, several rounds, and the median of each figure, so that a
 * slow minute of the machine hits all alike. Each part prints a table for the README.
 */
const TARGETS: readonly Target[] = [quoteroom, yWebsocket, hocuspocus];
const EDITORS = [10, 50, 100];

const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 1 : 3;
const seconds = isQuick ? 3 : 8;

const parts: Readonly<Record<string, () => Promise<void>>> = {
  load: printLoad,
  disk: printDisk,
  throughput: printThroughput,
  crash: printCrash,
  cold: printColdOpen,
  slow: printSlowReader,
  presence: printPresence,
  audit: printAudit,
  seek: printSeek,
};

async function printLoad(): Promise<void> {
  for (const editors of EDITORS) {
    const results = new Map<Target, LoadResult[]>(TARGETS.map((target) => [target, []]));
    for (let round = 0; round < rounds; round++) {
      for (const target of TARGETS) results.get(target)?.push(await measureLoad(target, editors, seconds));
    }
    const of = (target: Target, figure: (result: LoadResult) => number): number =>
      median((results.get(target) ?? []).map(figure));
    console.log(
      `\n${editors} editors of one quote, 5 edits a second each, ${seconds} s, median of ${rounds}:\n`,
    );
    console.log(
      formatTable(
        ['server', 'p50 ms', 'p99 ms', 'CPU us/edit', 'CPU ratio', 'KiB/connection', 'not seen'],
        TARGETS.map((target) => [
          target.name,
          of(target, (result) => result.p50).toFixed(2),
          of(target, (result) => result.p99).toFixed(2),
          of(target, (result) => result.cpuMicrosecondsPerEdit).toFixed(0),
          (
            of(quoteroom, (result) => result.cpuMicrosecondsPerEdit) /
            of(target, (result) => result.cpuMicrosecondsPerEdit)
          ).toFixed(2),
          (of(target, (result) => result.bytesPerConnection) / 1024).toFixed(0),
          of(target, (result) => result.lost).toFixed(0),
        ]),
      ),
    );
  }
  console.log('\nCPU ratio: Quoteroom divided by that server; below 1 is better for Quoteroom.');
}

async function printDisk(): Promise<void> {
  const rows: string[][] = [];
  for (const editors of EDITORS) {
    const { p50, p99, cpuMicroseconds } = await measureDisk(editors * 5, seconds);
    rows.push([`${editors * 5} commits/s`, p50.toFixed(2), p99.toFixed(2), cpuMicroseconds.toFixed(0)]);
  }
  console.log(
    '\nThe least that durability costs here: one row of 100 bytes committed and synced, nothing else:\n',
  );
  console.log(formatTable(['', 'p50 ms', 'p99 ms', 'CPU us/commit'], rows));
}

async function printThroughput(): Promise<void> {
  const rows: string[][] = [];
  for (const target of TARGETS) {
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) rates.push(await measureThroughput(target, isQuick ? 2 : 4));
    rows.push([target.name, median(rates).toFixed(0)]);
  }
  console.log('\nClosed loop, 8 editors that each wait to be seen before the next edit:\n');
  console.log(formatTable(['server', 'edits/s'], rows));
}

async function printCrash(): Promise<void> {
  const rows: string[][] = [];
  for (const target of TARGETS) {
    const { seen, missing } = await crashLoss(target, isQuick ? 2 : 4);
    rows.push([target.name, String(seen), String(missing)]);
  }
  console.log(
    '\nSIGKILL under 100 edits a second; edits that an observer had seen and that are missing after the restart:\n',
  );
  console.log(formatTable(['server', 'seen', 'missing'], rows));
}

async function printColdOpen(): Promise<void> {
  const entries = isQuick ? 20_000 : 100_000;
  const milliseconds = await coldOpen(entries, rounds);
  console.log(
    `\nCold open of a quote with ${entries} entries (at most 500 and those of the last moments after the newest checkpoint), from connecting to synced:\n`,
  );
  console.log(
    formatTable(
      ['median ms', 'all ms'],
      [[median(milliseconds).toFixed(0), milliseconds.map((value) => value.toFixed(0)).join(' ')]],
    ),
  );
}

async function printSlowReader(): Promise<void> {
  const { without, beside } = await slowReader();
  console.log('\nA load of large edits without and with one reader that stops reading:\n');
  console.log(
    formatTable(
      ['', 'p50 ms', 'p99 ms', 'most resident MiB', 'slow reader closed with'],
      [
        [
          'without',
          without.p50.toFixed(2),
          without.p99.toFixed(2),
          (without.residentBytes / 2 ** 20).toFixed(0),
          '',
        ],
        [
          'beside one',
          beside.p50.toFixed(2),
          beside.p99.toFixed(2),
          (beside.residentBytes / 2 ** 20).toFixed(0),
          beside.isClosedAsTooSlow ? String(closeCodes.tooSlow) : 'not closed',
        ],
        [
          'ratio / more',
          (beside.p50 / without.p50).toFixed(2),
          (beside.p99 / without.p99).toFixed(2),
          ((beside.residentBytes - without.residentBytes) / 2 ** 20).toFixed(0),
          '',
        ],
      ],
    ),
  );
}

async function printPresence(): Promise<void> {
  const people = 100;
  const rows: string[][] = [];
  for (const target of TARGETS) {
    const results: PresenceResult[] = [];
    for (let round = 0; round < rounds; round++) results.push(await measurePresence(target, people, seconds));
    const of = (figure: (result: PresenceResult) => number): number => median(results.map(figure));
    rows.push([
      target.name,
      of((result) => result.framesPerSecond).toFixed(1),
      (of((result) => result.bytesPerSecond) / 1024).toFixed(0),
      of((result) => result.cpuPercent).toFixed(1),
      of((result) => result.p50).toFixed(0),
      of((result) => result.p99).toFixed(0),
      of((result) => result.movesPerSecond).toFixed(0),
      of((result) => result.connected).toFixed(0),
    ]);
  }
  console.log(
    `\n${people} people in one quote, stock y-websocket clients, 5 moves a second each, ${seconds} s, median of ${rounds}:\n`,
  );
  console.log(
    formatTable(
      [
        'server',
        'presence frames/s to each',
        'KiB/s to each',
        'CPU % of a core',
        'p50 ms',
        'p99 ms',
        'moves/s',
        'connected',
      ],
      rows,
    ),
  );
}

async function printAudit(): Promise<void> {
  const entries = isQuick ? 20_000 : 100_000;
  const results: AuditResult[] = await measureAudit({ entries, rounds, seconds });
  console.log(
    `\nOne quote with ${entries} entries; 10 editors with 5 edits a second each, without and beside each command, ${seconds} s, median of ${rounds}:\n`,
  );
  console.log(
    formatTable(
      ['command', 'alone s', 'p99 without ms', 'p99 beside ms', 'ratio', 'longest read ms'],
      results.map(({ command, ...result }) => [
        command,
        result.seconds.toFixed(1),
        result.p99Without.toFixed(2),
        result.p99Beside.toFixed(2),
        result.ratio.toFixed(2),
        result.longestReadMs.toFixed(0),
      ]),
    ),
  );
}

async function printSeek(): Promise<void> {
  const rows: string[][] = [];
  for (const entries of isQuick ? [10_000] : [10_000, 100_000]) {
    const { anywhere, onwards } = await seek(entries);
    const figures = [median(anywhere), quantile(anywhere, 0.99), median(onwards), quantile(onwards, 0.99)];
    rows.push([`${entries} entries`, ...figures.map((milliseconds) => milliseconds.toFixed(0))]);
  }
  console.log('\nA quote of 300 lines as it was after an entry, over HTTP, with its totals:\n');
  console.log(formatTable(['', 'anywhere p50 ms', 'p99 ms', 'next entry p50 ms', 'p99 ms'], rows));
}

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0 || process.argv.includes('--help')) {
  console.log(
    `scripts/bench [--quick] [PART ...]\nparts: ${Object.keys(parts).join(', ')}; all without a name`,
  );
  process.exit(unknown.length > 0 ? 2 : 0);
}
console.log(
  `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
);
for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name]?.();
process.exit(0);
