import type { QuoteId } from '../../src/lib/ids.ts';
import { GENESIS_HASH, hashOfEntry } from '../../src/log/entry-hash.ts';
import type { Log } from '../../src/log/log.ts';

/** What is wrong with a quote's chain of entries, or null: numbers without holes, each hash right, each naming the one before. */
export async function findChainProblem(log: Log, quote: QuoteId): Promise<string | null> {
  let last: { seq: number; hash: Uint8Array } = { seq: 0, hash: GENESIS_HASH };
  for (;;) {
    const entries = await log.entries(quote, { after: last.seq, limit: 500 });
    if (entries.length === 0) break;
    for (const entry of entries) {
      if (entry.seq !== last.seq + 1) return `entry ${last.seq + 1} is missing`;
      if (Buffer.compare(entry.previousHash, last.hash) !== 0)
        return `entry ${entry.seq} follows another one`;
      if (Buffer.compare(hashOfEntry(entry), entry.hash) !== 0) return `entry ${entry.seq} was changed`;
      last = entry;
    }
  }
  const head = await log.head(quote);
  return head?.seq === last.seq ? null : `the head is ${head?.seq ?? 'nowhere'}, not ${last.seq}`;
}
