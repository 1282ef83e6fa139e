import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { present, unreachable } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';
import { parseNoteKey } from '../log/signed-note.ts';
import { openDatabase } from '../log/sqlite-database.ts';
import { createSqliteHeads } from '../log/sqlite-heads.ts';
import { createSqliteLog } from '../log/sqlite-log.ts';
import { createLookBack } from './look-back.ts';
import type { NumberedAnswer, NumberedQuestion } from './question-thread.ts';
import type { LookBackQuestion } from './sqlite-look-back.ts';
import { createStrayRows } from './sqlite-stray-rows.ts';

/** The thread of `sqlite-look-back.ts`. It only reads. */
const { databasePath, keys } = z
  .object({ databasePath: z.string(), keys: z.array(z.string()) })
  .parse(workerData);
const db = openDatabase(databasePath, { readonly: true });
const lookBack = createLookBack({
  log: createSqliteLog(db),
  heads: createSqliteHeads(db),
  keys: keys.map((key) => present(parseNoteKey(key), 'keys are handed over as they are written')),
  strayRows: createStrayRows(db),
});

parentPort?.on('message', ({ n, question }: NumberedQuestion) => {
  // It comes from this program's own code.
  answer(question as LookBackQuestion).then(
    (value) => send({ n, kind: 'value', value }),
    (error: unknown) => send({ n, kind: 'problem', ...faultOf(error) }),
  );
});

const send = (sent: NumberedAnswer): void => parentPort?.postMessage(sent);

function answer(question: LookBackQuestion): Promise<unknown> {
  const { kind, quote, query } = question;
  switch (kind) {
    case 'blame':
      return lookBack.blame(quote, query);
    case 'diff':
      return lookBack.diff(quote, query);
    case 'page':
      return lookBack.page(quote, query);
    case 'timeline':
      return lookBack.timeline(quote, query);
    case 'snapshotAt':
      return lookBack.snapshotAt(quote, query);
    case 'verify':
      return lookBack.verify(quote);
    case 'vouching':
      return lookBack.vouching(quote);
    default:
      return unreachable(kind);
  }
}

function faultOf(error: unknown): Pick<Fault, 'code' | 'message' | 'retryable'> {
  if (error instanceof Fault) {
    const { code, message, retryable } = error;
    return { code, message, retryable };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'look_back_failed', message, retryable: true };
}
