import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { openDatabase } from '../log/sqlite-database.ts';
import { createSqliteLog } from '../log/sqlite-log.ts';
import { checkStretch } from './check-stretch.ts';
import type { StretchAsked } from './sqlite-stretches.ts';

/** A thread of `sqlite-stretches.ts`: one stretch at a time, from a connection of its own. It only reads. */
const { databasePath } = z.object({ databasePath: z.string() }).parse(workerData);
const log = createSqliteLog(openDatabase(databasePath, { readonly: true }));

parentPort?.on('message', ({ quote, stretch }: StretchAsked) => {
  checkStretch(log, quote, stretch).then(
    (result) => parentPort?.postMessage(result),
    // Whatever broke on it: the walk from entry 1 says what it is.
    () => parentPort?.postMessage(null),
  );
});
