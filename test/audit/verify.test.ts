import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { checkCheckpoint } from '../../src/audit/check-checkpoint.ts';
import type { Problem } from '../../src/audit/finding.ts';
import { PROBLEMS_MAX, type QuoteVerification, verifyQuotes } from '../../src/audit/verify.ts';
import { noActiveEdits } from '../../src/authority/active-edits.ts';
import { type Gate, createGate } from '../../src/authority/gate.ts';
import { present } from '../../src/lib/assert.ts';
import { Fault } from '../../src/lib/fault.ts';
import type { CellId, QuoteId, UserId } from '../../src/lib/ids.ts';
import { createCheckpoint, openCheckpoint, sealCheckpoint } from '../../src/log/checkpoint.ts';
import { sealEntry } from '../../src/log/entry-hash.ts';
import type { Checkpoint, Entry } from '../../src/log/log.ts';
import { type Recorded, logOf, playSession, playUpgrade, record } from '../support/recorded-quote.ts';
import { policyOf } from '../support/star.ts';

let recorded: Recorded;
beforeEach(() => {
  recorded = record(playSession());
});

async function verify(): Promise<QuoteVerification> {
  const { ok, quotes } = await verifyQuotes(logOf(recorded), [recorded.quote]);
  const quote = present(quotes[0], 'the quote was looked at');
  expect(ok).toBe(quote.ok);
  return quote;
}

const problems = async (): Promise<readonly Problem[]> => (await verify()).problems;
const named = async (): Promise<string[]> => (await problems()).map(({ seq, kind }) => `${seq} ${kind}`);

const entryAt = (seq: number): Entry =>
  present(
    recorded.entries.find((entry) => entry.seq === seq),
    `there is an entry ${seq}`,
  );

function change(seq: number, changed: Partial<Entry>): void {
  recorded.entries = recorded.entries.map((entry) => (entry.seq === seq ? { ...entry, ...changed } : entry));
}

/** As somebody would who knows how the chain is made: all hashes from there on are made again. */
function forge(seq: number, changed: Partial<Entry>): void {
  change(seq, changed);
  let previous = seq === 1 ? entryAt(1).previousHash : entryAt(seq - 1).hash;
  recorded.entries = recorded.entries.map((entry) => {
    if (entry.seq < seq) return entry;
    const sealed = sealEntry(entry, previous);
    previous = sealed.hash;
    return sealed;
  });
}

const flipped = (bytes: Uint8Array | null, at = -1): Uint8Array => {
  const copy = Uint8Array.from(present(bytes, 'there are bytes to flip'));
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
};

const seqOf = (isWanted: (entry: Entry) => boolean): number =>
  present(recorded.entries.find(isWanted), 'the session has such an entry').seq;

const refusedSeq = (): number =>
  seqOf(({ writes }) => writes.some(({ reason }) => reason === 'not_permitted'));
const overriddenSeq = (): number =>
  seqOf(({ writes }) => writes.some(({ by, reason }) => by !== null && reason === 'authority_overridden'));

test('a log as it was written is fine', async () => {
  expect(await verify()).toEqual({ quote: 'q1', entries: recorded.entries.length, ok: true, problems: [] });
  expect(recorded.entries.length).toBeGreaterThan(7);
  expect(recorded.entries.some(({ aliases }) => aliases.length > 0)).toBe(true);
  expect(recorded.entries.some(({ activeEdits }) => activeEdits.length > 0)).toBe(true);
});

test('[A57] a log that another version of the gate began is decided by the rules of each', async () => {
  recorded = record(playUpgrade());
  expect(new Set(recorded.entries.map(({ gateVersion }) => gateVersion))).toEqual(new Set([1, 2]));
  expect((await verify()).problems).toEqual([]);
  const [old, last] = recorded.checkpoints.map((checkpoint) => present(checkpoint, 'there are two'));
  const { memory } = present(last, 'there are two');
  recorded.checkpoints = [sealCheckpoint({ ...present(old, 'there are two'), memory })];
  expect(await named()).toEqual(['4 checkpoint']);
});

test('[A57] an entry under the number of another version is found out', async () => {
  recorded = record(playUpgrade());
  const written = seqOf(({ actor, writes }) => actor.user === 'bob' && writes[0]?.verdict === 'accepted');
  forge(written, { gateVersion: 2 });
  // Where no conflict is open the versions agree: what tells them apart comes before it.
  forge(written - 1, { gateVersion: 2 });
  expect((await problems())[0]).toMatchObject({ seq: written, kind: 'verdict' });
});

describe('a change of any field of an entry is found at that entry', () => {
  const write = (entry: Entry) => present(entry.writes[0], 'it has a write');
  const changes: Record<string, (entry: Entry) => Partial<Entry>> = {
    at: ({ at }) => ({ at: at + 1 }),
    user: ({ actor }) => ({ actor: { ...actor, user: 'max' as UserId } }),
    role: ({ actor }) => ({ actor: { ...actor, role: 'admin' } }),
    permission: ({ actor }) => ({ actor: { ...actor, permission: 'viewer' } }),
    session: () => ({ session: null }),
    connection: () => ({ connection: 'c-other' }),
    origin: () => ({ origin: 'slack' }),
    kind: () => ({ kind: 'create' }),
    clocks: ({ clocks }) => ({ clocks: clocks.map((range) => ({ ...range, length: range.length + 1 })) }),
    received: ({ received }) => ({ received: flipped(received) }),
    merged: ({ merged }) => ({ merged: flipped(merged) }),
    'merged to none': () => ({ merged: null }),
    policy: () => ({ policy: 'f'.repeat(64) }),
    gateVersion: () => ({ gateVersion: 3 }),
    seen: ({ seen }) => ({ seen: { ...seen, revision: seen.revision + 1 } }),
    activeEdits: () => ({
      activeEdits: [{ user: 'ada' as UserId, role: 'admin', cell: 'fields/title' as CellId }],
    }),
    aliases: () => ({ aliases: [{ clock: 9, cell: 'fields/title', of: null }] }),
    verdict: (entry) => ({ writes: [{ ...write(entry), verdict: 'accepted', reason: null, by: null }] }),
    reason: (entry) => ({ writes: [{ ...write(entry), reason: 'locked' }] }),
    winner: (entry) => ({ writes: [{ ...write(entry), by: { user: 'ada' as UserId, role: 'admin' } }] }),
    before: (entry) => ({ writes: [{ ...write(entry), before: 'forged' }] }),
    offered: (entry) => ({ writes: [{ ...write(entry), offered: 'forged' }] }),
    applied: (entry) => ({ writes: [{ ...write(entry), applied: 'forged' }] }),
    operation: (entry) => ({ writes: [{ ...write(entry), operation: 'delete' }] }),
    cell: (entry) => ({ writes: [{ ...write(entry), cell: 'fields/owner' as CellId }] }),
    'a row taken out': () => ({ writes: [] }),
    'a row put in': (entry) => ({ writes: [...entry.writes, write(entry)] }),
    previousHash: ({ previousHash }) => ({ previousHash: flipped(previousHash) }),
    hash: ({ hash }) => ({ hash: flipped(hash) }),
  };

  test.each(Object.entries(changes))('%s', async (_field, changed) => {
    const seq = overriddenSeq();
    change(seq, changed(entryAt(seq)));
    const found = await problems();
    expect(found[0]?.seq).toBe(seq);
    expect(found.some((problem) => problem.seq === seq && problem.kind === 'hash')).toBe(true);
  });

  test('each byte of what was received and merged', async () => {
    for (const field of ['received', 'merged'] as const) {
      const seq = overriddenSeq();
      const bytes = present(entryAt(seq)[field], 'it has both');
      for (let at = 0; at < bytes.length; at++) {
        change(seq, { [field]: flipped(bytes, at) });
        expect((await problems())[0], `byte ${at}`).toMatchObject({ seq, kind: 'hash' });
      }
      recorded = record(playSession());
    }
  });
});

describe('who forges the whole chain is found by deciding again', () => {
  test('a refusal that is made to look accepted', async () => {
    const seq = refusedSeq();
    forge(seq, { writes: entryAt(seq).writes.map((row) => ({ ...row, verdict: 'accepted', reason: null })) });
    const found = await problems();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ seq, kind: 'verdict' });
    expect(found[0]?.message).toContain('recorded accepted');
    expect(found[0]?.message).toContain('came out refused (not_permitted)');
  });

  test('a winner who was none', async () => {
    const seq = overriddenSeq();
    const by = { user: 'ada' as UserId, role: 'admin' as const };
    forge(seq, { writes: entryAt(seq).writes.map((row) => ({ ...row, by })) });
    expect(await named()).toEqual([`${seq} verdict`]);
  });

  test('other merged bytes', async () => {
    const seq = refusedSeq();
    forge(seq, { merged: flipped(entryAt(seq).merged) });
    expect(await named()).toEqual([`${seq} merged`]);
  });

  test('a role that the author did not have', async () => {
    const seq = refusedSeq();
    forge(seq, { actor: { ...entryAt(seq).actor, role: 'admin' } });
    expect((await problems())[0]).toMatchObject({ seq, kind: 'verdict' });
  });

  test('corrections, clocks and active edits that were none', async () => {
    const seq = seqOf(({ aliases }) => aliases.length > 0);
    const edit = { user: 'ada' as UserId, role: 'admin' as const, cell: 'lineItems/l9/name' as CellId };
    forge(seq, { aliases: [], clocks: [{ client: 1, clock: 0, length: 1 }], activeEdits: [edit] });
    expect(await named()).toEqual([`${seq} clocks`, `${seq} aliases`, `${seq} active_edits`]);
  });

  test('an update that no gate would take', async () => {
    forge(3, { received: Uint8Array.of(7, 7, 7) });
    const found = await problems();
    expect(found.map(({ seq, kind }) => `${seq} ${kind}`)).toEqual(['3 decision']);
    expect(found[0]?.message).toMatch(/recorded entry 3, came out malformed/);
  });
});

describe('places in the chain', () => {
  test.each([1, 4])('a missing entry %i is named by its own number', async (seq) => {
    recorded.entries = recorded.entries.filter((entry) => entry.seq !== seq);
    const found = await problems();
    expect(found).toEqual([
      {
        seq,
        kind: 'missing',
        message: `entry ${seq} is missing; the entries after it cannot be decided again`,
      },
    ]);
  });

  test.each(['list', 'checkpoint'])('a missing last entry is known from the %s', async (source) => {
    const last = recorded.entries.length;
    recorded.entries = recorded.entries.slice(0, -1);
    if (source === 'list') recorded.checkpoints = [];
    else recorded.summary = { ...present(recorded.summary, 'it is listed'), seq: last - 1 };
    expect(await named()).toEqual([`${last} missing`]);
  });

  test('of very many missing ones the first are named, the rest in one', async () => {
    recorded.summary = { ...present(recorded.summary, 'it is listed'), seq: 1_000_000 };
    const found = await problems();
    expect(found).toHaveLength(PROBLEMS_MAX + 1);
    expect(found[0]).toMatchObject({ seq: recorded.entries.length + 1, kind: 'missing' });
    expect(found.at(-1)).toMatchObject({ kind: 'more', message: 'and 101 more problems from here on' });
  });

  test('two entries that changed places are both found', async () => {
    const [third, fourth] = [entryAt(3), entryAt(4)];
    change(3, { ...fourth, seq: 3 });
    change(4, { ...third, seq: 4 });
    const found = await named();
    expect(found).toEqual(expect.arrayContaining(['3 hash', '4 hash', '3 chain', '4 chain']));
  });

  test('an entry that is older than the one before', async () => {
    forge(5, { at: entryAt(4).at - 1 });
    expect(await named()).toEqual(['5 chain']);
  });

  test('everything after a tampered entry is still checked by its hash', async () => {
    change(3, { received: Uint8Array.of(1) });
    change(6, { session: 'other' });
    expect(await named()).toEqual(['3 hash', '3 decision', '6 hash']);
  });

  test('an entry that cannot be read, with its neighbours still looked at', async () => {
    const log = logOf(recorded);
    const { quotes } = await verifyQuotes(
      {
        ...log,
        entries: async (quote, range) => {
          const entries = await log.entries(quote, range);
          if (!entries.some(({ seq }) => seq === 4)) return entries;
          throw new Fault({ code: 'log_corrupt', message: 'entry 4 cannot be read', retryable: false });
        },
      },
      [recorded.quote],
    );
    expect(quotes[0]?.problems).toEqual([
      {
        seq: 4,
        kind: 'unreadable',
        message: 'entry 4 cannot be read; the entries after it cannot be decided again',
      },
    ]);
    expect(quotes[0]?.entries).toBe(recorded.entries.length - 1);
  });
});

describe('policies', () => {
  test('one that is not there', async () => {
    recorded.policies = [];
    const found = await problems();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ seq: 1, kind: 'policy' });
  });

  test('one that was changed under its hash', async () => {
    recorded.policies = recorded.policies.map((one) => ({
      ...one,
      json: one.json.replace('"sales_rep":10', '"sales_rep":90'),
    }));
    expect((await problems())[0]?.message).toMatch(/was changed after it was stored/);
  });
});

describe('checkpoints', () => {
  const parts: Record<string, (checkpoint: Checkpoint) => Partial<Checkpoint>> = {
    document: ({ state }) => ({ state: flipped(state, 10) }),
    hash: ({ hash }) => ({ hash: flipped(hash) }),
    snapshot: ({ snapshot }) => ({ snapshot: snapshot.replace('10.00', '11.00') }),
    memory: ({ memory }) => ({ memory: flipped(memory, 10) }),
  };

  test.each(Object.entries(parts))(
    'a changed %s is found in an old and in the newest one',
    async (part, changed) => {
      recorded.checkpoints = recorded.checkpoints.map((checkpoint) => ({
        ...checkpoint,
        ...changed(checkpoint),
      }));
      const found = await problems();
      expect(found.map(({ seq, kind }) => `${seq} ${kind}`)).toEqual([
        '4 checkpoint',
        `${recorded.entries.length} checkpoint`,
      ]);
      expect(found[0]?.message).toContain(part);
    },
  );

  test('the state of another entry', async () => {
    const [old, last] = recorded.checkpoints;
    recorded.checkpoints = [{ ...present(last, 'there are two'), seq: present(old, 'there are two').seq }];
    expect(await named()).toEqual(['4 checkpoint']);
  });

  test('of one of other rules of the gate, what only they understand is not asked about, but its document is', async () => {
    const ofOtherRules = (checkpoint: Checkpoint): Checkpoint =>
      sealCheckpoint({ ...checkpoint, gateVersion: 99, memory: Uint8Array.of(1) });
    recorded.checkpoints = recorded.checkpoints.map(ofOtherRules);
    expect((await verify()).ok).toBe(true);
    const [old, last] = recorded.checkpoints.map((checkpoint) => present(checkpoint, 'there are two'));
    const { state } = present(old, 'there are two');
    recorded.checkpoints = [ofOtherRules({ ...present(last, 'there are two'), state })];
    expect(await named()).toEqual([`${recorded.entries.length} checkpoint`]);
  });

  test('one of a gate that was woken, and so knows its cells in another order, is as good', async () => {
    recorded.checkpoints = recorded.checkpoints.map((checkpoint) =>
      createCheckpoint(checkpoint.quote, openCheckpoint(checkpoint)),
    );
    expect((await verify()).ok).toBe(true);
    const gate = createGate();
    for (const [client, field] of [
      [5, 'title'],
      [9, 'customer'],
    ] as const) {
      const doc = new Y.Doc();
      doc.clientID = client;
      doc.getMap('fields').set(field, 'v');
      expect(submit(gate, Y.encodeStateAsUpdate(doc)).kind).toBe('judged');
    }
    const asleep = createCheckpoint(recorded.quote, gate);
    const woken = createCheckpoint(recorded.quote, openCheckpoint(asleep));
    expect(woken.snapshot).not.toBe(asleep.snapshot);
    expect(checkCheckpoint(woken, gate)).toEqual([]);
  });
});

const submit = (gate: Gate, update: Uint8Array): ReturnType<Gate['submit']> =>
  gate.submit({
    update,
    kind: 'update',
    actor: { user: 'ann' as UserId, role: 'admin', permission: 'editor' },
    seen: { kind: 'connection', revision: gate.revision },
    activeEdits: noActiveEdits,
    policy: policyOf(),
  });

test('a quote that was taken out of the list', async () => {
  recorded.summary = null;
  expect(await named()).toEqual(['1 list']);
});

test('many quotes: one result each, and all must be fine', async () => {
  const seen: string[] = [];
  const log = logOf(recorded);
  const ids = ['q1', 'q2'] as QuoteId[];
  const { ok, quotes } = await verifyQuotes(log, ids, ({ quote, done, of }) =>
    seen.push(`${quote} ${done}/${of}`),
  );
  expect(ok).toBe(true);
  expect(quotes.map(({ quote }) => quote)).toEqual(ids);
  const count = recorded.entries.length;
  expect(seen).toEqual([`q1 ${count}/${count}`, `q2 ${count}/${count}`]);
});
