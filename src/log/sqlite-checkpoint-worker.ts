import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { isQuoteId } from '../lib/ids.ts';
import { createCheckpointMaker } from './make-checkpoint.ts';
import { openDatabase } from './sqlite-database.ts';
import { createSqliteLog } from './sqlite-log.ts';

/**
 * The thread of `sqlite-checkpointer.ts`: takes the name of a quote, answers how many entries the checkpoint is further than
 * the one before, or what went wrong.
 */
const { databasePath } = z.object({ databasePath: z.string() }).parse(workerData);
const db = openDatabase(databasePath);
// What a checkpoint says can be made again: its commit does not hold up edits until the disk has it.
db.pragma('synchronous = NORMAL');
// Whatever has gathered in the write-ahead log is copied into the database here, with that commit, not in an edit's turn.
db.pragma('wal_autocheckpoint = 1000');
const maker = createCheckpointMaker(createSqliteLog(db));

parentPort?.on('message', (quote: unknown) => {
  // Whoever asks waits for an answer, whatever it was that they asked.
  if (typeof quote !== 'string' || !isQuoteId(quote)) {
    parentPort?.postMessage({ problem: 'what it was asked for is not the name of a quote' });
    return;
  }
  maker.make(quote).then(
    (entries) => parentPort?.postMessage({ entries }),
    (error: unknown) =>
      parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) }),
  );
});
