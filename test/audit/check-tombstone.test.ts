import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkHead } from '../../src/audit/check-head.ts';
import { believedTombstones, checkTombstone } from '../../src/audit/check-tombstone.ts';
import { openHead } from '../../src/audit/head-file.ts';
import { type HeadSigner, openHeadSigner } from '../../src/audit/head-signer.ts';
import { present } from '../../src/lib/assert.ts';
import type { HeadLeaf } from '../../src/log/head-tree.ts';
import type { Heads } from '../../src/log/heads.ts';
import type { Log } from '../../src/log/log.ts';
import { createMemoryHeads } from '../../src/log/memory-heads.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { type NoteSigner, noteSigner } from '../../src/log/signed-note.ts';
import { type Tombstone, sealTombstone } from '../../src/log/tombstone.ts';
import { buildChain, quoteId, storedPolicy } from '../support/build-entry.ts';

const newSigner = (): NoteSigner => noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);
const signer = newSigner();
/** Of somebody who can write to the database and has not the key. */
const stranger = newSigner();

const q1 = quoteId('q1');
const chain = buildChain('q1', 5);
const leafAt = (seq: number): HeadLeaf => {
  const { quote, hash } = present(chain[seq - 1], 'the chain has it');
  return { quote, seq, hash };
};
const tombstoneAt = (seq: number, by = signer): Tombstone =>
  sealTombstone({ ...leafAt(seq), at: 9_000, by: 'ann', why: 'old', bundle: 'ab'.repeat(32) }, by);

describe('a tombstone', () => {
  const witnesses = { keys: [signer], leaf: leafAt(5), isLeft: false };
  const messages = (tombstone: Tombstone, change: Partial<typeof witnesses> = {}): string[] =>
    checkTombstone(tombstone, { ...witnesses, ...change }).findings.map(({ kind, message }) => {
      expect(kind).toBe('tombstone');
      return message;
    });

  test('as it was signed, of the entry that the newest head covers, is told', () => {
    const { purged, findings } = checkTombstone(tombstoneAt(5), witnesses);
    expect(findings).toEqual([]);
    expect(purged).toMatchObject({ seq: 5, at: 9_000, by: 'ann', signedBy: `quoteroom/test+${signer.id}` });
  });

  test('of a later entry than the head covers is fine; of an earlier or another one it is not', () => {
    expect(messages(tombstoneAt(5), { leaf: leafAt(4) })).toEqual([]);
    expect(messages(tombstoneAt(4))).toEqual([
      'quote q1 was purged with 4 entries, and a signed head covers 5',
    ]);
    expect(messages(tombstoneAt(5), { leaf: { ...leafAt(5), hash: new Uint8Array(32) } })).toEqual([
      'the last entry of quote q1, which was purged, had another hash than a signed head says',
    ]);
  });

  test('signed by a stranger, or over a quote that is there', () => {
    expect(messages(tombstoneAt(5, stranger))).toEqual([
      expect.stringContaining('is not what was signed: it is signed by quoteroom/test'),
    ]);
    expect(checkTombstone(tombstoneAt(5, stranger), witnesses).purged).toBeNull();
    expect(messages(tombstoneAt(5), { isLeft: true })).toEqual([
      'quote q1 has a tombstone, but rows of it are in the database',
    ]);
  });
});

describe('heads after a purge', () => {
  let log: Log;
  let heads: Heads;
  let reported: unknown[];

  const open = async (tombstones: readonly Tombstone[], entries: readonly HeadLeaf[]): Promise<HeadSigner> =>
    openHeadSigner(
      {
        ...{ heads, log, signer },
        tombstones: believedTombstones(tombstones, [signer]),
        now: () => 10_000,
        later: () => () => undefined,
        report: (error) => void reported.push(error),
      },
      entries,
    );

  const other = present(buildChain('q2', 1)[0], 'one entry');

  beforeEach(async () => {
    log = createMemoryLog();
    heads = createMemoryHeads();
    reported = [];
    await log.savePolicy(storedPolicy);
    await log.append([...chain, other], []);
    const before = await open([], [leafAt(5), other]);
    await before.sign();
    await before.close();
  });

  test('go on, over the same leaves: the tombstone stands for its entry', async () => {
    await log.purge(tombstoneAt(5));
    const signing = await open(await log.tombstones(), [other]);
    const [next] = buildChain('q3', 1);
    await signing.watched(log).append([present(next, 'one entry')], []);
    const head = await signing.sign();
    expect(head.leaves.map(({ quote, seq }) => [quote, seq])).toEqual([
      ['q1', 5],
      ['q2', 1],
      ['q3', 1],
    ]);
    expect(openHead(head, [signer]).ok).toBe(true);
    expect(reported).toEqual([]);
    const ids = [q1, quoteId('q2'), quoteId('q3')];
    const believed = believedTombstones(await log.tombstones(), [signer]);
    expect(await checkHead(log, head.leaves, ids, believed)).toEqual({
      ...{ quotes: 3, after: 0, purged: 1 },
      problems: [],
    });
  });

  test.each([
    ['none', []],
    ['one that a stranger signed', [tombstoneAt(5, stranger)]],
    ['one that ends before the entry that the head covers', [tombstoneAt(4)]],
  ])('end where a quote is gone and its tombstone is %s', async (_what, tombstones) => {
    await log.purge(tombstoneAt(5));
    const signing = await open(tombstones, [other]);
    await expect(signing.sign()).rejects.toMatchObject({ code: 'heads_contradicted' });
    expect(reported).toMatchObject([{ message: expect.stringContaining('quote q1') }]);
    const leaves = await heads.leaves(1);
    const checked = await checkHead(log, leaves, [q1], believedTombstones(tombstones, [signer]));
    expect(checked.problems).toMatchObject([{ quote: 'q1', seq: 5, kind: 'cut' }]);
  });

  test('an older head that covers less is held by the tombstone; another history is not', async () => {
    await log.purge(tombstoneAt(5));
    const believed = believedTombstones(await log.tombstones(), [signer]);
    expect((await checkHead(log, [leafAt(3)], [q1], believed)).problems).toEqual([]);
    const rewritten = { ...leafAt(5), hash: new Uint8Array(32) };
    expect((await checkHead(log, [rewritten], [q1], believed)).problems).toMatchObject([
      { kind: 'rewritten' },
    ]);
  });
});
