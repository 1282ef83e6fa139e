import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { QuoteId } from '../../src/lib/ids.ts';
import { createCheckpoint, isIntact, openCheckpoint, sealCheckpoint } from '../../src/log/checkpoint.ts';
import { decodeMemory, encodeMemory } from '../../src/log/checkpoint-memory.ts';
import { policyHash } from '../../src/log/entry-hash.ts';
import { loadGate } from '../../src/log/load-gate.ts';
import type { Checkpoint, Log } from '../../src/log/log.ts';
import { makeCheckpoint } from '../support/make-checkpoint.ts';
import { createMemoryLog } from '../../src/log/memory-log.ts';
import { arbitraryEdit, arbitraryRole, makeEdit } from '../support/edits.ts';
import { type Recorded, playUpgrade, record } from '../support/recorded-quote.ts';
import { logUnavailable } from '../support/flaky-log.ts';
import { type RoomHarness, createRoomHarness } from '../support/room-harness.ts';
import type { Peer } from '../support/room-peer.ts';
import { type Star, describeStructs } from '../support/star.ts';

const row = { 'lineItems/l1/position': 'a0', 'lineItems/l1/name': 'Bolt' };

async function quoteWithHistory(): Promise<RoomHarness> {
  const harness = await createRoomHarness({ cells: row });
  const rep = await harness.join({ user: 'rep', role: 'sales_rep' });
  const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
  for (let round = 0; round < 5; round++) {
    rep.doc.getMap('lineItems').set('l1/quantity', `${round}`);
    vp.doc.getMap('lineItems').set('l1/quantity', `${round + 10}`);
    if (round % 2 === 0) await harness.settle();
  }
  await harness.settle();
  return harness;
}

async function expectSame(harness: RoomHarness, log: Log = harness.log): Promise<void> {
  const { gate } = await harness.room();
  const loaded = await loadGate(log, harness.quote);
  expect(loaded?.head.seq).toBe(gate.revision);
  expect(loaded?.gate.remember()).toEqual(gate.remember());
  expect(loaded?.gate.doc.clientID).toBe(gate.doc.clientID);
  expect(describeStructs(loaded?.gate.doc ?? new Y.Doc())).toEqual(describeStructs(gate.doc));
}

describe('loading a quote', () => {
  const action = fc.record({
    who: fc.nat(3),
    edit: arbitraryEdit,
    then: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('nothing', 'settle', 'turn') },
      { weight: 1, arbitrary: fc.constantFrom('checkpoint', 'reload', 'rejoin') },
    ),
  });

  test('[R54] a checkpoint and what came after it lead to the same gate as the whole log, and it goes on the same way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryRole, { minLength: 4, maxLength: 4 }),
        fc.array(action, { maxLength: 40 }),
        async (roles, actions) => {
          const harness = await createRoomHarness({ cells: row, limits: { refusalsPerMinute: 10_000 } });
          const peers: Peer[] = [];
          for (const [index, role] of roles.entries())
            peers.push(await harness.join({ user: `u${index}`, role }));
          for (const { who, edit, then } of actions) {
            const peer = peers[who];
            if (peer === undefined) throw new Error('one of the four');
            makeEdit(peer.doc, edit);
            if (then === 'settle') await harness.settle();
            if (then === 'turn') await harness.turn();
            if (then === 'checkpoint') await makeCheckpoint(harness.log, harness.quote);
            if (then === 'rejoin') peers[who] = await harness.rejoin(peer);
            if (then !== 'reload') continue;
            await harness.settle();
            harness.crash();
            for (const [index, one] of peers.entries()) peers[index] = await harness.rejoin(one);
          }
          await harness.settle();
          await expectSame(harness);
          await expectSame(harness, { ...harness.log, checkpoint: async () => null });
          await makeCheckpoint(harness.log, harness.quote);
          await expectSame(harness);
        },
      ),
      { numRuns: 80 },
    );
  }, 60_000);

  test('[R54] [L45] a checkpoint opens as the gate that it was made of', async () => {
    const harness = await quoteWithHistory();
    const { gate } = await harness.room();
    const checkpoint = createCheckpoint(harness.quote, gate);
    const again = openCheckpoint(checkpoint);
    expect(again.remember()).toEqual(gate.remember());
    expect(describeStructs(again.doc)).toEqual(describeStructs(gate.doc));
    expect(JSON.parse(checkpoint.snapshot)).toHaveProperty('fields.status', 'draft');
    expect(isIntact(checkpoint)).toBe(true);
  });

  test('[R54] an unknown quote is not there', async () => {
    const { log } = await createRoomHarness();
    expect(await loadGate(log, 'q9' as QuoteId)).toBeNull();
    await expect(makeCheckpoint(log, 'q9' as QuoteId)).resolves.toBeUndefined();
  });

  test('[R55] a checkpoint that is no good is passed over, and the next one takes its place', async () => {
    const harness = await quoteWithHistory();
    const { log, quote } = harness;
    await makeCheckpoint(log, quote);
    const good = await log.checkpoint(quote);
    if (good === null) throw new Error('the checkpoint was made');
    const other = await createRoomHarness({ quote: 'q1', cells: { 'fields/title': 'another quote' } });
    const bad: readonly Partial<Checkpoint>[] = [
      { state: Uint8Array.of(1, 2, 3) },
      { memory: Uint8Array.of(1, 2, 3) },
      { gateVersion: 0 },
      { seq: good.seq + 5 },
      { seq: good.seq - 1 },
      { state: createCheckpoint(quote, (await other.room()).gate).state },
    ];
    const changed = bad.map((change) => ({ ...good, ...change }));
    // Most of them are not even of use with a hash of their own.
    for (const checkpoint of [...changed, ...changed.slice(0, -1).map(sealCheckpoint)]) {
      const broken: Log = { ...log, checkpoint: async () => checkpoint };
      await expectSame(harness, broken);
      expect((await loadGate(broken, quote))?.checkpointSeq).toBe(0);
      const saved: Checkpoint[] = [];
      await makeCheckpoint(
        { ...broken, saveCheckpoint: async (checkpoint) => void saved.push(checkpoint) },
        quote,
      );
      expect(saved.map(({ seq }) => seq)).toEqual([good.seq]);
    }
    expect((await loadGate(log, quote))?.checkpointSeq).toBe(good.seq);
    // One that is good is not made again.
    const saveCheckpoint = (): Promise<void> => expect.unreachable('nothing changed');
    await makeCheckpoint({ ...log, saveCheckpoint }, quote);
  });

  test('[R55] a log that does not lead to what it says is not opened, and the entry is named', async () => {
    const harness = await quoteWithHistory();
    const entries = await harness.log.entries(harness.quote, { after: 0, limit: 100 });
    for (const bent of [3, 7]) {
      const log: Log = {
        ...harness.log,
        decisions: async (quote, range) =>
          (await harness.log.decisions(quote, range)).map((entry) =>
            entry.seq === bent ? { ...entry, merged: entries[bent]?.merged ?? null } : entry,
          ),
      };
      await expect(loadGate(log, harness.quote)).rejects.toMatchObject({
        code: 'log_diverged',
        retryable: false,
        message: expect.stringContaining(`entry ${bent} `) as string,
      });
    }
    const short: Log = { ...harness.log, head: async () => ({ seq: 99, at: 0, hash: new Uint8Array(32) }) };
    await expect(loadGate(short, harness.quote)).rejects.toMatchObject({ code: 'log_diverged' });
  });

  test('[R55] a log that other rules decided is not opened, and is not said to be damaged', async () => {
    const harness = await quoteWithHistory();
    await makeCheckpoint(harness.log, harness.quote);
    const newer: Log = {
      ...harness.log,
      decisions: async (quote, range) =>
        (await harness.log.decisions(quote, range)).map((entry) =>
          entry.seq < 3 ? entry : { ...entry, gateVersion: 3 },
        ),
      checkpoint: async (quote, atMost) => {
        const checkpoint = await harness.log.checkpoint(quote, atMost);
        return checkpoint && sealCheckpoint({ ...checkpoint, gateVersion: 3 });
      },
    };
    await expect(loadGate(newer, harness.quote)).rejects.toMatchObject({
      code: 'gate_version_other',
      retryable: false,
      message: expect.stringContaining('version 3 of the gate decided its entry 3') as string,
    });
  });

  test('[R55] [A57] entries of version 1 are decided by its rules, and its checkpoints are of use', async () => {
    const { star, recorded, log } = await upgradedQuote();
    expect(recorded.entries.map(({ gateVersion }) => gateVersion)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
    expect(recorded.checkpoints.map(({ seq, gateVersion }) => [seq, gateVersion])).toEqual([
      [4, 1],
      [11, 2],
    ]);
    for (const [kept, seq] of [
      [[], 0],
      [recorded.checkpoints.slice(0, 1), 4],
      [recorded.checkpoints, 11],
    ] as const) {
      const checkpoint: Log['checkpoint'] = async (_quote, atMost = Infinity) =>
        kept.findLast((one) => one.seq <= atMost) ?? null;
      const loaded = await loadGate({ ...log, checkpoint }, recorded.quote);
      expect(loaded?.checkpointSeq).toBe(seq);
      expect(loaded?.gate.remember()).toEqual(star.gate.remember());
      expect(loaded?.gate.ledger.conflicts()).toMatchObject([
        { n: 2, cell: 'fields/title', kept: { value: 'Ann' }, parked: [{ user: 'bob', value: 'Bob again' }] },
      ]);
    }
  });

  test('[R55] [A57] and not by those of another version', async () => {
    const { recorded, log } = await upgradedQuote();
    const decidedBy = (gateVersion: number): Log => ({
      ...log,
      checkpoint: async () => null,
      decisions: async (quote, range) =>
        (await log.decisions(quote, range)).map((decision) => ({ ...decision, gateVersion })),
    });
    await expect(loadGate(decidedBy(2), recorded.quote)).rejects.toMatchObject({
      code: 'log_diverged',
      message: expect.stringContaining('entry 3 ') as string,
    });
    await expect(loadGate(decidedBy(1), recorded.quote)).rejects.toMatchObject({
      code: 'log_diverged',
      message: expect.stringContaining('entry 7 ') as string,
    });
  });

  test('[R55] a policy that is missing is named, and nothing is decided by another', async () => {
    const harness = await quoteWithHistory();
    const log: Log = { ...harness.log, policy: async () => null };
    await expect(loadGate(log, harness.quote)).rejects.toMatchObject({ code: 'policy_missing' });
  });

  test('[L43] a policy that was changed under its hash is named, and nothing is decided by it', async () => {
    const harness = await quoteWithHistory();
    await makeCheckpoint(harness.log, harness.quote);
    const [first] = await harness.log.entries(harness.quote, { after: 0, limit: 1 });
    const hash = first?.policy ?? '';
    const json = (await harness.log.policy(hash)) ?? '';
    const milder = json.replace('"sales_rep":10', '"sales_rep":90');
    expect(policyHash(json)).toBe(hash);
    expect(milder).not.toBe(json);
    const tampered: Log = { ...harness.log, policy: async () => milder, checkpoint: async () => null };
    await expect(loadGate(tampered, harness.quote)).rejects.toMatchObject({
      code: 'policy_damaged',
      retryable: false,
      message: expect.stringContaining(`the policy ${hash} was changed after it was stored`) as string,
    });
  });

  test('[L44] a checkpoint with a tampered memory is passed over for the one before it, else for the first entry', async () => {
    const harness = await quoteWithHistory();
    const { log, quote } = harness;
    await makeCheckpoint(log, quote);
    const older = (await log.checkpoint(quote)) ?? expect.unreachable('it was made');
    const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
    for (const quantity of ['97', '98']) {
      vp.doc.getMap('lineItems').set('l1/quantity', quantity);
      await harness.settle();
    }
    const { gate } = await harness.room();
    const newer = createCheckpoint(quote, gate);
    expect((await loadGate(log, quote))?.passedOver).toEqual([]);
    await log.saveCheckpoint({ ...newer, memory: promoted(newer.memory) });
    await expectSame(harness);
    expect(await loadGate(log, quote)).toMatchObject({
      checkpointSeq: older.seq,
      passedOver: [
        { code: 'checkpoint_passed_over', message: expect.stringContaining(`entry ${newer.seq} `) },
      ],
    });
    await log.saveCheckpoint({ ...older, memory: promoted(older.memory) });
    await expectSame(harness);
    expect((await loadGate(log, quote))?.checkpointSeq).toBe(0);
  });

  test('[R55] a checkpoint on which the gate breaks is passed over, and why is told', async () => {
    const harness = await quoteWithHistory();
    const { log, quote } = harness;
    const checkpoint = createCheckpoint(quote, (await harness.room()).gate);
    await log.saveCheckpoint(sealCheckpoint({ ...checkpoint, memory: withoutTold(checkpoint.memory) }));
    const vp = await harness.join({ user: 'vp', role: 'vp_sales' });
    vp.doc.getMap('lineItems').set('l1/quantity', '99');
    await harness.settle();
    await expectSame(harness);
    const loaded = await loadGate(log, quote);
    expect(loaded?.checkpointSeq).toBe(0);
    expect(loaded?.passedOver).toMatchObject([
      { code: 'checkpoint_passed_over', retryable: false, cause: expect.any(TypeError) },
    ]);
    expect(loaded?.passedOver[0]?.message).toContain(`the checkpoint after entry ${checkpoint.seq}`);
  });

  test('[R55] a store that cannot be read is no bad checkpoint: it is asked again later', async () => {
    const log = createMemoryLog();
    const harness = await createRoomHarness({ cells: row, log });
    await makeCheckpoint(log, harness.quote);
    const ada = await harness.join({ user: 'ada', role: 'sales_rep' });
    ada.doc.getMap('lineItems').set('l1/quantity', '3');
    await harness.settle();
    let isFailing = true;
    const failing: Log = {
      ...log,
      decisions: (...args) => {
        if (!isFailing) return log.decisions(...args);
        isFailing = false;
        return Promise.reject(logUnavailable());
      },
    };
    await expect(loadGate(failing, harness.quote)).rejects.toMatchObject({ code: 'log_unavailable' });
    expect((await loadGate(failing, harness.quote))?.checkpointSeq).toBe(1);
  });
});

/** A log that an older release began, and this one went on with. */
async function upgradedQuote(): Promise<{ star: Star; recorded: Recorded; log: Log }> {
  const star = playUpgrade();
  const recorded = record(star);
  const log = createMemoryLog();
  for (const policy of recorded.policies) await log.savePolicy(policy);
  await log.append(recorded.entries, recorded.summary === null ? [] : [recorded.summary]);
  return { star, recorded, log };
}

/** A memory of the wrong form, which no gate notices before somebody writes. */
function withoutTold(memory: Uint8Array): Uint8Array {
  const known = decodeMemory(memory);
  const cells = known.ledger.cells.map((cell) => ({ ...cell, told: null as unknown as [] }));
  return encodeMemory({ ...known, ledger: { ...known.ledger, cells } });
}

/** A memory in which everyone who wrote was an admin: of the right form, and with the right document beside it. */
function promoted(memory: Uint8Array): Uint8Array {
  const known = decodeMemory(memory);
  const cells = known.ledger.cells.map((cell) => ({
    ...cell,
    newest: cell.newest.map(
      ([seq, user, , value, imported]) => [seq, user, 'admin', value, imported] as const,
    ),
  }));
  return encodeMemory({ ...known, ledger: { ...known.ledger, cells } });
}
