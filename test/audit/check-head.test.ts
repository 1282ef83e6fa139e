import { expect, test } from 'vitest';
import { checkHead } from '../../src/audit/check-head.ts';
import { present } from '../../src/lib/assert.ts';
import { Fault } from '../../src/lib/fault.ts';
import type { HeadLeaf } from '../../src/log/head-tree.ts';
import type { Entry, Log } from '../../src/log/log.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { buildChain, quoteId, storedPolicy, userId } from '../support/build-entry.ts';

const chain = buildChain('q1', 5);
const leafAt = (seq: number): HeadLeaf => present(chain[seq - 1], 'the chain has it');
const Q1 = quoteId('q1');

async function logWith(...entries: readonly Entry[]): Promise<Log> {
  const log = createMemoryLog();
  await log.savePolicy(storedPolicy);
  if (entries.length > 0) await log.append(entries, []);
  return log;
}

/** As the rows of a database that was changed give it: no log of ours takes such entries. */
const logOf = (entries: readonly Entry[]): Pick<Log, 'entries' | 'head'> => ({
  head: async () => entries.at(-1) ?? null,
  entries: async (_quote, { after, limit }) => entries.filter(({ seq }) => seq > after).slice(0, limit),
});

test('the entry that a head covers is there: all is well, and what came after it is counted', async () => {
  const log = await logWith(...chain, ...buildChain('q2', 2));
  expect(await checkHead(log, [leafAt(3)], [Q1, quoteId('q2')])).toEqual({
    quotes: 1,
    after: 4,
    problems: [],
  });
});

test('only what was asked for is looked at', async () => {
  expect(await checkHead(await logWith(), [leafAt(3)], [])).toEqual({ quotes: 0, after: 0, problems: [] });
});

const edited = { ...leafAt(3), actor: { ...chain[2]?.actor, user: userId('max') } } as Entry;

test.each<[kind: string, entries: readonly Entry[], words: string]>([
  ['cut', [], 'quote q1 is not in the database, a signed head covers its entries 1 to 3'],
  ['cut', chain.slice(0, 2), 'quote q1 ends at entry 2, a signed head covers 3'],
  ['missing', chain.filter(({ seq }) => seq !== 3), 'entry 3 of quote q1, which the head covers, is missing'],
  ['rewritten', chain.with(2, edited), 'entry 3 of quote q1 has another hash than the head says'],
  [
    'rewritten',
    buildChain('q1', 5, { session: 'other' }),
    'entry 3 of quote q1 has another hash than the head says',
  ],
])('%s', async (kind, entries, message) => {
  const { problems } = await checkHead(logOf(entries), [leafAt(3)], [Q1]);
  expect(problems).toEqual([{ quote: 'q1', seq: 3, kind, message }]);
});

test('an entry that cannot be read is not what the head says, and any other fault is one', async () => {
  const failing = (code: string): Pick<Log, 'entries' | 'head'> => ({
    ...logOf(chain),
    entries: () => Promise.reject(new Fault({ code, message: 'no', retryable: false })),
  });
  const { problems } = await checkHead(failing('log_corrupt'), [leafAt(3)], [Q1]);
  expect(problems).toMatchObject([{ quote: 'q1', seq: 3, kind: 'unreadable' }]);
  await expect(checkHead(failing('log_unavailable'), [leafAt(3)], [Q1])).rejects.toMatchObject({
    code: 'log_unavailable',
  });
});
