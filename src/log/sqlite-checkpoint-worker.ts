import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { isQuoteId } from '../lib/ids.ts';
import { makeCheckpoint } from './make-checkpoint.ts';
import { openDatabase } from './sqlite-database.ts';
import { createSqliteLog } from './sqlite-log.ts';

/** The thread of `sqlite-checkpointer.ts`: takes the name of a quote, answers null or what went wrong. */
const { databasePath } = z.object({ databasePath: z.string() }).parse(workerData);
const log = createSqliteLog(openDatabase(databasePath));

parentPort?.on('message', (quote: unknown) => {
  if (typeof quote !== 'string' || !isQuoteId(quote)) return;
  makeCheckpoint(log, quote).then(
    () => parentPort?.postMessage(null),
    (error: unknown) => parentPort?.postMessage(error instanceof Error ? error.message : String(error)),
  );
});
