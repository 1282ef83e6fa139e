import { beforeEach, describe, expect, test } from 'vitest';
import { Bug } from '../../src/lib/assert.ts';
import { GENESIS_HASH, hashOfEntry, policyHash, sealEntry } from '../../src/log/entry-hash.ts';
import type { CellId } from '../../src/lib/ids.ts';
import type { Decision, Entry, Log, QuoteQuery } from '../../src/log/log.ts';
import {
  buildChain,
  buildCheckpoint,
  buildDraft,
  buildSummary,
  buildWrite,
  quoteId,
  storedPolicy,
  userId,
} from '../support/build-entry.ts';

const q1 = quoteId('q1');
const q2 = quoteId('q2');
const all = { after: 0, limit: 1_000 };

/** What every adapter of the log keeps to; the rules are in `src/log/SPEC.md`. */
export function describeLogContract(adapter: string, create: () => Log): void {
  describe(`${adapter} as a log`, () => {
    let log: Log;

    beforeEach(async () => {
      log = create();
      await log.savePolicy(storedPolicy);
      return () => log.close();
    });

    const append = (...entries: Entry[]): Promise<void> => log.append(entries, []);

    test.each([
      ['one that is there', 3],
      ['one before the end', 1],
      ['one too far', 5],
    ])('[L1] refuses an entry that is no direct successor: %s', async (_, seq) => {
      const chain = buildChain('q1', 3);
      await append(...chain);
      const stray = sealEntry(
        buildDraft({ seq, at: 1_800_000_000_000 }),
        chain[seq - 2]?.hash ?? GENESIS_HASH,
      );
      await expect(append(stray)).rejects.toMatchObject({ code: 'log_fenced', retryable: false });
      expect(await log.entries(q1, all)).toEqual(chain);
    });

    test('[L1] refuses a first entry that is not number 1', async () => {
      await expect(append(sealEntry(buildDraft({ seq: 2 }), GENESIS_HASH))).rejects.toMatchObject({
        code: 'log_fenced',
      });
      expect(await log.head(q1)).toBeNull();
    });

    test('[L2] refuses an entry that does not name the hash of the one before', async () => {
      const [first, second] = buildChain('q1', 2);
      const other = sealEntry(buildDraft({ at: 1 }), GENESIS_HASH);
      await append(other);
      await expect(append(second as Entry)).rejects.toMatchObject({ code: 'log_fenced' });
      const unrooted = sealEntry(buildDraft({ quote: q2 }), (first as Entry).hash);
      await expect(append(unrooted)).rejects.toMatchObject({ code: 'log_fenced' });
      expect(await log.entries(q1, all)).toEqual([other]);
    });

    test('[L3] stores an append as a whole or not at all', async () => {
      const chain = buildChain('q1', 3);
      const withHole = [...buildChain('q2', 2), chain[0] as Entry, chain[2] as Entry];
      await expect(log.append(withHole, [buildSummary('q1'), buildSummary('q2')])).rejects.toMatchObject({
        code: 'log_fenced',
      });
      expect(await log.head(q1)).toBeNull();
      expect(await log.entries(q2, all)).toEqual([]);
      expect(await log.summary(q2)).toBeNull();
    });

    test('[L4] one append holds entries of several quotes, and several of one in order', async () => {
      const ones = buildChain('q1', 3);
      const twos = buildChain('q2', 2);
      await append(...ones.slice(0, 1), ...twos, ...ones.slice(1));
      expect(await log.entries(q1, all)).toEqual(ones);
      expect(await log.entries(q2, all)).toEqual(twos);
    });

    test('[L5] gives an entry back equal in every field, so that its hash can be computed again', async () => {
      const draft = buildDraft({
        session: null,
        connection: null,
        origin: 'api',
        kind: 'create',
        clocks: [
          { client: 4_294_967_294, clock: 0, length: 1 },
          { client: 1, clock: 9_007_199_254_740_991, length: 3 },
        ],
        merged: null,
        received: new Uint8Array(0),
        seen: { kind: 'revision', revision: 12 },
        activeEdits: [{ user: userId('bob'), role: 'vp_sales', cell: buildWrite().cell }],
        aliases: [
          { clock: 3, cell: 'note/n1', of: null },
          { clock: 4, cell: 'fields/title', of: { user: userId('bob'), role: 'admin', seq: 9 } },
        ],
        writes: [
          buildWrite({ operation: 'insert', before: null, offered: true, applied: true }),
          buildWrite({
            operation: 'delete',
            before: 'a "quoted" \u{1f600}\ud800\u0000',
            offered: null,
            applied: null,
          }),
          buildWrite({
            offered: { b: [1, 2.5e-7, null, 'x'], a: { ['__proto__']: false } },
            applied: '1',
            verdict: 'refused',
            reason: 'authority_overridden',
            by: { user: userId('bob'), role: 'vp_sales' },
          }),
          buildWrite({ offered: 'null', verdict: 'held', reason: 'held' }),
        ],
      });
      const entry = sealEntry(draft, GENESIS_HASH);
      await append(entry);
      const [read] = await log.entries(q1, all);
      expect(read).toStrictEqual(entry);
      expect(hashOfEntry(read as Entry)).toEqual(entry.hash);
    });

    test('[L6] entries come in order, those after a number, at most so many', async () => {
      const chain = buildChain('q1', 5);
      await append(...chain, ...buildChain('q2', 1));
      expect(await log.entries(q1, { after: 1, limit: 2 })).toEqual(chain.slice(1, 3));
      expect(await log.entries(q1, { after: 4, limit: 2 })).toEqual(chain.slice(4));
      expect(await log.entries(q1, { after: 5, limit: 2 })).toEqual([]);
      expect(await log.entries(quoteId('unknown'), all)).toEqual([]);
    });

    test('[L7] the head is number, time and hash of the last entry', async () => {
      expect(await log.head(q1)).toBeNull();
      const chain = buildChain('q1', 2);
      await append(...chain);
      const { seq, at, hash } = chain[1] as Entry;
      expect(await log.head(q1)).toStrictEqual({ seq, at, hash });
    });

    test('[L8] an entry older than the one before is a bug of ours, as is one whose policy is not stored', async () => {
      const [first] = buildChain('q1', 1) as [Entry];
      await append(first);
      const older = sealEntry(buildDraft({ seq: 2, at: first.at - 1 }), first.hash);
      await expect(append(older)).rejects.toThrow(Bug);
      const sameTime = sealEntry(buildDraft({ seq: 2, at: first.at }), first.hash);
      await append(sameTime);
      const lawless = sealEntry(buildDraft({ quote: q2, policy: policyHash('{}') }), GENESIS_HASH);
      await expect(append(lawless)).rejects.toThrow(Bug);
      expect(await log.entries(q1, all)).toEqual([first, sameTime]);
      expect(await log.head(q2)).toBeNull();
    });

    test('[L9] a policy is kept under the hash of its JSON, once and for good', async () => {
      await log.savePolicy({ ...storedPolicy, at: 2_000 });
      expect(await log.policy(storedPolicy.hash)).toBe(storedPolicy.json);
      expect(await log.policy(policyHash('{}'))).toBeNull();
      await expect(log.savePolicy({ ...storedPolicy, json: '{}' })).rejects.toThrow(Bug);
      expect(await log.policy(storedPolicy.hash)).toBe(storedPolicy.json);
    });

    test('[L10] the checkpoint is the newest one, or the newest not after an entry; a new one replaces its equal', async () => {
      expect(await log.checkpoint(q1)).toBeNull();
      await log.saveCheckpoint(buildCheckpoint('q1', 20));
      await log.saveCheckpoint(buildCheckpoint('q1', 10));
      await log.saveCheckpoint(buildCheckpoint('q2', 30));
      expect(await log.checkpoint(q1)).toStrictEqual(buildCheckpoint('q1', 20));
      expect(await log.checkpoint(q1, 20)).toMatchObject({ seq: 20 });
      expect(await log.checkpoint(q1, 19)).toMatchObject({ seq: 10 });
      expect(await log.checkpoint(q1, 9)).toBeNull();
      const newer = { ...buildCheckpoint('q1', 20), gateVersion: 2 };
      await log.saveCheckpoint(newer);
      expect(await log.checkpoint(q1)).toStrictEqual(newer);
    });

    test('[L10] a checkpoint takes the place of the one that it replaces, and of no other', async () => {
      for (const seq of [10, 20]) await log.saveCheckpoint(buildCheckpoint('q1', seq));
      await log.saveCheckpoint(buildCheckpoint('q2', 20));
      await log.saveCheckpoint(buildCheckpoint('q1', 30), 20);
      expect(await log.checkpoint(q1)).toMatchObject({ seq: 30 });
      expect(await log.checkpoint(q1, 29)).toMatchObject({ seq: 10 });
      expect(await log.checkpoint(q2)).toMatchObject({ seq: 20 });
      await log.saveCheckpoint(buildCheckpoint('q1', 40), 35);
      expect(await log.checkpoint(q1, 39)).toMatchObject({ seq: 30 });
    });

    test('[L42] decisions are the entries, with all that a gate needs to decide them again', async () => {
      const chain = buildChain('q1', 5, {
        merged: null,
        seen: { kind: 'connection', revision: 3 },
        activeEdits: [{ user: userId('bob'), role: 'admin', cell: 'fields/title' as CellId }],
      });
      await append(...chain);
      await append(...buildChain('q2', 2));
      const expected = chain.map(
        ({ seq, actor, kind, received, merged, policy, gateVersion, seen, activeEdits }): Decision => ({
          seq,
          actor,
          kind,
          received,
          merged,
          policy,
          gateVersion,
          seen,
          activeEdits,
        }),
      );
      expect(await log.decisions(q1, all)).toMatchObject(expected);
      expect(await log.decisions(q1, { after: 1, limit: 2 })).toMatchObject(expected.slice(1, 3));
      expect(await log.decisions(q1, { after: 5, limit: 2 })).toEqual([]);
      expect(await log.decisions(quoteId('unknown'), all)).toEqual([]);
      expect((await log.decisions(q2, all)).map(({ merged }) => merged)).toEqual(
        (await log.entries(q2, all)).map(({ merged }) => merged),
      );
    });

    test('[L11] a quote has the summary of its newest append', async () => {
      const [first, second] = buildChain('q1', 2) as [Entry, Entry];
      expect(await log.summary(q1)).toBeNull();
      await log.append([first], [buildSummary('q1')]);
      expect(await log.summary(q1)).toStrictEqual(buildSummary('q1'));
      const changed = buildSummary('q1', {
        title: 'Nuts',
        total: '99.00',
        seq: 2,
        lastChange: { at: 2_000, by: 'bob', cell: null },
      });
      await log.append([second], [changed]);
      expect(await log.summary(q1)).toStrictEqual(changed);
    });

    /** Ids of all pages, one after another. */
    async function list(query: Omit<QuoteQuery, 'limit' | 'after'>, limit = 100): Promise<string[]> {
      const ids: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<Log['quotes']>> = await log.quotes({
          ...query,
          limit,
          ...(after === null ? {} : { after }),
        });
        expect(page.quotes.length).toBeLessThanOrEqual(limit);
        ids.push(...page.quotes.map(({ id }) => id));
        after = page.next;
      } while (after !== null);
      return ids;
    }

    const changedAt = (at: number) => ({ lastChange: { at, by: 'ann', cell: null } });

    test.each([1, 2, 3, 5, 6])(
      '[L12] pages of %i hold every quote once, the last changed first',
      async (limit) => {
        const summaries = [
          ...['a', 'b', 'c'].map((id) => buildSummary(id, changedAt(5_000))),
          buildSummary('d', changedAt(9_000)),
          buildSummary('e', changedAt(1_000)),
        ];
        await log.append([], summaries);
        expect(await list({}, limit)).toEqual(['d', 'c', 'b', 'a', 'e']);
      },
    );

    test('[L12] a place that no page gave leads to an empty page', async () => {
      await log.append([], [buildSummary('a')]);
      for (const after of ['', 'x', '12', '1.a b', '.a']) {
        expect(await log.quotes({ limit: 10, after })).toEqual({ quotes: [], next: null });
      }
    });

    test('[L13] a search finds part of title, customer or id in any case and takes every character as it is', async () => {
      await log.append(
        [],
        [
          buildSummary('q-1', { title: '100% Müller_Bolts', customer: 'Straße' }),
          buildSummary('q-2', { title: '1000 bolts', customer: "O'Neil \\ Sons" }),
        ],
      );
      expect(await list({ text: 'BOLTS' })).toEqual(['q-2', 'q-1']);
      expect(await list({ text: 'MÜLLER' })).toEqual(['q-1']);
      expect(await list({ text: 'mu\u0308ller' })).toEqual(['q-1']);
      expect(await list({ text: '100%' })).toEqual(['q-1']);
      expect(await list({ text: 'r_b' })).toEqual(['q-1']);
      expect(await list({ text: '_' })).toEqual(['q-1']);
      expect(await list({ text: "o'neil \\" })).toEqual(['q-2']);
      expect(await list({ text: 'Q-2' })).toEqual(['q-2']);
      expect(await list({ text: '' })).toEqual(['q-2', 'q-1']);
      expect(await list({ text: 'nothing' })).toEqual([]);
    });

    test('[L14] status and ids narrow the list', async () => {
      await log.append(
        [],
        [buildSummary('a'), buildSummary('b', { status: 'sent' }), buildSummary('c', { status: 'sent' })],
      );
      expect(await list({ status: 'sent' })).toEqual(['c', 'b']);
      expect(await list({ ids: ['a', 'c', 'zzz'].map(quoteId) })).toEqual(['c', 'a']);
      expect(await list({ ids: ['a', 'c'].map(quoteId), status: 'sent', text: 'bolt' })).toEqual(['c']);
      expect(await list({ ids: [] })).toEqual([]);
    });

    describe('purging', () => {
      const tombstoneOf = (quote: typeof q1, seq: number, hash: Uint8Array) => ({
        ...{ quote, seq, hash, at: 9_000, note: 'as it was signed' },
      });
      const [chain, other] = [buildChain('q1', 3), buildChain('q2', 2)];
      const hashOf = (seq: number): Uint8Array => chain[seq - 1]?.hash ?? new Uint8Array();

      beforeEach(async () => {
        await log.append(
          [...chain, ...other],
          [buildSummary('q1', { seq: 3 }), buildSummary('q2', { seq: 2 })],
        );
        await log.saveCheckpoint(buildCheckpoint('q1', 3));
      });

      test('[L59] deletes a quote whole and leaves its tombstone; others stay', async () => {
        expect(await log.tombstone(q1)).toBeNull();
        const tombstone = tombstoneOf(q1, 3, hashOf(3));
        await log.purge(tombstone);
        expect(await log.head(q1)).toBeNull();
        expect(await log.entries(q1, all)).toEqual([]);
        expect(await log.decisions(q1, all)).toEqual([]);
        expect(await log.checkpoint(q1)).toBeNull();
        expect(await log.summary(q1)).toBeNull();
        expect((await log.quotes({ limit: 10 })).quotes.map(({ id }) => id)).toEqual(['q2']);
        expect(await log.tombstone(q1)).toStrictEqual(tombstone);
        expect(await log.tombstones()).toStrictEqual([tombstone]);
        expect(await log.entries(q2, all)).toStrictEqual(other);
        expect(await log.tombstone(q2)).toBeNull();
      });

      test.each([
        ['an entry before the last', 2, hashOf(2)],
        ['another hash', 3, hashOf(2)],
        ['an entry that is not there', 4, hashOf(3)],
      ])('[L60] a tombstone that names %s is refused, and nothing is deleted', async (_what, seq, hash) => {
        await expect(log.purge(tombstoneOf(q1, seq, hash))).rejects.toMatchObject({ code: 'log_fenced' });
        expect(await log.entries(q1, all)).toStrictEqual(chain);
        expect(await log.summary(q1)).not.toBeNull();
        expect(await log.tombstones()).toEqual([]);
      });

      test('[L60] [L61] nothing follows a tombstone: no second one, and no entry', async () => {
        const tombstone = tombstoneOf(q1, 3, hashOf(3));
        await log.purge(tombstone);
        await expect(log.purge({ ...tombstone, at: 1 })).rejects.toBeInstanceOf(Error);
        const next = buildChain('q1', 4).slice(3);
        for (const entries of [chain.slice(0, 1), next])
          await expect(append(...entries)).rejects.toMatchObject({ code: 'log_fenced' });
        expect(await log.head(q1)).toBeNull();
        expect(await log.tombstone(q1)).toStrictEqual(tombstone);
      });
    });

    test('[L15] closing twice is fine', async () => {
      await log.close();
      await expect(log.close()).resolves.toBeUndefined();
    });
  });
}
