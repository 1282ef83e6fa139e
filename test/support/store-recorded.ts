import { present } from '../../src/lib/assert.ts';
import type { Log } from '../../src/log/log.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import type { Recorded } from './recorded-quote.ts';

/** Puts what was recorded into a log, as the room would have. */
export async function storeRecorded<OneLog extends Log>(recorded: Recorded, log: OneLog): Promise<OneLog> {
  for (const policy of recorded.policies) await log.savePolicy(policy);
  await log.append(recorded.entries, [present(recorded.summary, 'it is listed')]);
  for (const checkpoint of recorded.checkpoints) await log.saveCheckpoint(checkpoint);
  return log;
}

export const memoryLogOf = (recorded: Recorded): Promise<Log> => storeRecorded(recorded, createMemoryLog());
