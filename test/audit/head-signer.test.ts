import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { openHead } from '../../src/audit/head-file.ts';
import { HEAD_ENTRIES_MAX, HEAD_MS, type HeadSigner, openHeadSigner } from '../../src/audit/head-signer.ts';
import { present } from '../../src/lib/assert.ts';
import { Fault } from '../../src/lib/fault.ts';
import type { HeadLeaf } from '../../src/log/head-tree.ts';
import type { Heads, SignedHead } from '../../src/log/heads.ts';
import type { Entry, Log } from '../../src/log/log.ts';
import { createMemoryHeads } from '../../src/log/memory-heads.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { type NoteSigner, noteSigner } from '../../src/log/signed-note.ts';
import { buildChain, buildWrite, storedPolicy } from '../support/build-entry.ts';

const newSigner = (): NoteSigner => noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);
const signer = newSigner();

/** A clock that goes only when it is told to. */
function createClock() {
  let now = 1_000_000;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    waiting: () => timers.size,
    later(ms: number, run: () => void) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    /** Time passes, what is due runs, and what that started goes as far as it can. */
    async pass(ms: number) {
      now += ms;
      for (const timer of timers) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.run();
      }
      await new Promise((resolve) => void setImmediate(resolve));
    },
  };
}

let clock: ReturnType<typeof createClock>;
let heads: Heads;
let log: Log;
let reported: unknown[];

beforeEach(async () => {
  clock = createClock();
  heads = createMemoryHeads();
  log = createMemoryLog();
  reported = [];
  await log.savePolicy(storedPolicy);
});

const open = (
  entries: readonly HeadLeaf[] = [],
  given: { readonly signer?: NoteSigner; readonly heads?: Heads; readonly log?: Log } = {},
): Promise<HeadSigner> =>
  openHeadSigner(
    {
      heads,
      log,
      signer,
      now: clock.now,
      later: clock.later,
      report: (error) => void reported.push(error),
      ...given,
    },
    entries,
  );

/** A signer that has signed its first head, over a log with nothing in it. */
async function openSigned(given: Parameters<typeof open>[1] = {}): Promise<HeadSigner> {
  const opened = await open([], given);
  await opened.sign();
  return opened;
}

const newestN = async (): Promise<number> => (await heads.newest())?.n ?? 0;
const leavesOf = ({ leaves }: SignedHead): string[] => leaves.map(({ quote, seq }) => `${quote} ${seq}`);
const lastOf = (chain: readonly Entry[]): Entry => present(chain.at(-1), 'the chain has an entry');

test('the first head of a log comes after ten seconds, and again only when something happened', async () => {
  await open();
  await clock.pass(HEAD_MS - 1);
  expect(await newestN()).toBe(0);
  await clock.pass(1);
  expect(await newestN()).toBe(1);
  expect(clock.waiting()).toBe(0);
});

test('ten seconds after the first entry that none covers there is a head that does', async () => {
  const watched = (await openSigned()).watched(log);
  const chain = buildChain('q1', 2);
  await watched.append(chain.slice(0, 1), []);
  await clock.pass(HEAD_MS - 1);
  await watched.append(chain.slice(1), []);
  expect(await newestN()).toBe(1);
  await clock.pass(1);
  expect(await newestN()).toBe(2);
  expect(await heads.leaves(2)).toEqual([{ quote: 'q1', seq: 2, hash: lastOf(chain).hash }]);
  await clock.pass(10 * HEAD_MS);
  expect(await newestN()).toBe(2);
});

test('a hundred entries are not kept waiting for ten seconds, of whatever quotes they are', async () => {
  const watched = (await openSigned()).watched(log);
  await clock.pass(1_000);
  await watched.append(buildChain('q1', HEAD_ENTRIES_MAX - 1), []);
  await clock.pass(0);
  expect(await newestN()).toBe(1);
  await watched.append(buildChain('q2', 1), []);
  await clock.pass(0);
  expect(await newestN()).toBe(2);
});

test('two heads that nobody asked for are 100 ms apart', async () => {
  const watched = (await openSigned()).watched(log);
  await watched.append(buildChain('q1', 500), []);
  await clock.pass(99);
  expect(await newestN()).toBe(1);
  await clock.pass(1);
  expect(await newestN()).toBe(2);
});

test('who asks gets a head over all that was acknowledged, and the newest where nothing came after it', async () => {
  const opened = await openSigned();
  const chain = buildChain('q1', 3);
  await opened.watched(log).append(chain, []);
  const head = await opened.sign();
  expect(head).toMatchObject({ n: 2, at: clock.now() });
  expect(leavesOf(head)).toEqual(['q1 3']);
  expect(openHead(head, [signer])).toMatchObject({ ok: true, value: { n: 2, key: { id: signer.id } } });
  expect(await opened.sign()).toEqual(head);
  expect(await opened.newest()).toEqual(head);
  expect(clock.waiting()).toBe(0);
});

test('two who ask at once get the same head', async () => {
  const opened = await openSigned();
  await opened.watched(log).append(buildChain('q1', 1), []);
  const [one, other] = await Promise.all([opened.sign(), opened.sign()]);
  expect(one).toEqual(other);
});

test('what could not be appended is not signed', async () => {
  const opened = await openSigned();
  const failing = { ...log, append: () => Promise.reject(new Error('no disk')) };
  await expect(opened.watched(failing).append(buildChain('q1', 1), [])).rejects.toThrow('no disk');
  expect((await opened.sign()).n).toBe(1);
});

test('closing signs what is left, once', async () => {
  const opened = await openSigned();
  await opened.watched(log).append(buildChain('q1', 1), []);
  await Promise.all([opened.close(), opened.close()]);
  expect(await newestN()).toBe(2);
  expect(clock.waiting()).toBe(0);
  await opened.watched(log).append(buildChain('q2', 1), []);
  expect(clock.waiting()).toBe(0);
});

test('a clock that was put back gives no head a time before the one before it', async () => {
  const opened = await openSigned();
  const { at } = await opened.sign();
  await clock.pass(-5_000);
  await opened.watched(log).append(buildChain('q1', 1), []);
  expect((await opened.sign()).at).toBe(at);
});

describe('a store that fails', () => {
  /** Fails until it is told to work again. */
  function failing(): Heads & { mend(): void } {
    let isBroken = true;
    const cause = new Fault({ code: 'heads_unavailable', message: 'the disk is full', retryable: true });
    return {
      ...heads,
      append: (...given) => (isBroken ? Promise.reject(cause) : heads.append(...given)),
      mend: () => void (isBroken = false),
    };
  }

  test('is tried again after ten seconds, with all that came meanwhile', async () => {
    const broken = failing();
    const watched = (await open([], { heads: broken })).watched(log);
    const chain = buildChain('q1', 2);
    await watched.append(chain.slice(0, 1), []);
    await clock.pass(HEAD_MS);
    expect(reported).toMatchObject([{ code: 'heads_unavailable' }]);
    await watched.append(chain.slice(1), []);
    broken.mend();
    await clock.pass(HEAD_MS - 1);
    expect(await newestN()).toBe(0);
    await clock.pass(1);
    expect(await heads.leaves(1)).toEqual([{ quote: 'q1', seq: 2, hash: lastOf(chain).hash }]);
    expect(reported).toHaveLength(1);
  });

  test('is told to who asked, and tried again without being asked', async () => {
    const broken = failing();
    const opened = await open([], { heads: broken });
    await opened.watched(log).append(buildChain('q1', 1), []);
    await expect(opened.sign()).rejects.toMatchObject({ code: 'heads_unavailable' });
    expect(reported).toEqual([]);
    broken.mend();
    await clock.pass(HEAD_MS);
    expect(await heads.leaves(1)).toMatchObject([{ quote: 'q1', seq: 1 }]);
  });

  test('does not keep a server from closing', async () => {
    const opened = await open([], { heads: failing() });
    await opened.close();
    expect(reported).toMatchObject([{ code: 'heads_unavailable' }]);
    expect(clock.waiting()).toBe(0);
  });
});

describe('after a restart', () => {
  test('what the last head does not cover is covered by the next one', async () => {
    const first = await openSigned();
    const [one, other] = [buildChain('q1', 3), buildChain('q2', 2)];
    await first.watched(log).append(one, []);
    await first.sign();
    // As if the server had been killed before the next head.
    await log.append(other, []);
    await open([lastOf(one), lastOf(other)]);
    await clock.pass(HEAD_MS);
    expect(await newestN()).toBe(3);
    expect((await heads.leaves(3)).map(({ quote, seq }) => `${quote} ${seq}`)).toEqual(['q1 3', 'q2 2']);
    expect(reported).toEqual([]);
  });

  test('nothing is signed where everything is covered by this key', async () => {
    const chain = buildChain('q1', 3);
    const first = await openSigned();
    await first.watched(log).append(chain, []);
    await first.close();
    const again = await open([lastOf(chain)]);
    expect(clock.waiting()).toBe(0);
    expect((await again.sign()).n).toBe(2);
  });

  test('with another key the same is signed again, and the old head stays good for the old key', async () => {
    const first = await openSigned();
    const old = present(await first.newest(), 'it was signed');
    const rotated = newSigner();
    await open([], { signer: rotated });
    await clock.pass(HEAD_MS);
    const newest = present(await (await open([], { signer: rotated })).newest(), 'it was signed');
    expect(newest.n).toBe(2);
    expect(openHead(newest, [rotated]).ok).toBe(true);
    expect(openHead(newest, [signer]).ok).toBe(false);
    expect(openHead(old, [signer, rotated])).toMatchObject({ ok: true, value: { key: { id: signer.id } } });
  });
});

describe('a log that is not what its newest head covers', () => {
  const chain = buildChain('q1', 3);

  beforeEach(async () => {
    const first = await openSigned();
    await first.watched(log).append(chain, []);
    await first.close();
    log = createMemoryLog();
    await log.savePolicy(storedPolicy);
  });

  async function expectNothingSigned(entries: readonly HeadLeaf[], words: RegExp): Promise<void> {
    const opened = await open(entries);
    expect(reported).toMatchObject([
      { code: 'heads_contradicted', message: expect.stringMatching(/head 2/) },
    ]);
    expect(reported).toMatchObject([{ message: expect.stringMatching(words) }]);
    await opened.watched(log).append(buildChain('q2', 200), []);
    await clock.pass(10 * HEAD_MS);
    await expect(opened.sign()).rejects.toMatchObject({ code: 'heads_contradicted' });
    await opened.close();
    expect(await newestN()).toBe(2);
    expect(reported).toHaveLength(1);
  }

  test('a cut tail: nothing is signed any more, whatever happens', async () => {
    await log.append(chain.slice(0, 2), []);
    await expectNothingSigned([lastOf(chain.slice(0, 2))], /q1 ends at entry 2, a signed head covers 3/);
  });

  test('a quote that is gone', async () => {
    await expectNothingSigned([], /q1 is not in the database/);
  });

  test('a history that was written anew, and went on', async () => {
    const other = buildChain('q1', 5, { writes: [buildWrite({ offered: '9', applied: '9' })] });
    await log.append(other, []);
    await expectNothingSigned([lastOf(other)], /entry 3 of quote q1 has another hash/);
  });
});
