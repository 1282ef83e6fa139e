import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createWalSync } from '../../src/log/sqlite-wal-sync.ts';
import { quantile } from './statistics.ts';

/**
 * The least that "durable before visible" can cost on this machine: one row of 100 bytes committed and synced for each
 * edit, at the pace of so many editors, without gate, hash chain, sockets or anything else.
 */
export async function measureDisk(
  commitsPerSecond: number,
  seconds: number,
): Promise<{ p50: number; p99: number; cpuMicroseconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'quoteroom-bench-'));
  const db = openDatabase(join(folder, 'disk.db'));
  try {
    db.exec('CREATE TABLE rows (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)');
    const wal = createWalSync(db);
    const insert = db.prepare('INSERT INTO rows (bytes) VALUES (?)');
    const row = new Uint8Array(100);
    const run = async (count: number): Promise<number[]> => {
      const latencies: number[] = [];
      const start = performance.now();
      for (let done = 0; done < count; done++) {
        const due = start + (done * 1000) / commitsPerSecond;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
        const at = performance.now();
        wal.withoutWaiting(() => void insert.run(row));
        await wal.sync();
        latencies.push(performance.now() - at);
      }
      return latencies;
    };
    await run(commitsPerSecond);
    const before = process.cpuUsage();
    const latencies = await run(commitsPerSecond * seconds);
    const { user, system } = process.cpuUsage(before);
    wal.close();
    return {
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpuMicroseconds: (user + system) / latencies.length,
    };
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
