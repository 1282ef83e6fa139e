import { expect, test } from 'vitest';
import { createWalk } from '../../src/audit/walk-quote.ts';
import { present } from '../../src/lib/assert.ts';
import { createCheckpoint } from '../../src/log/checkpoint.ts';
import { logOf } from '../support/recorded-quote.ts';
import { type Elsewhere, readElsewhere, writeElsewhere } from '../support/written-elsewhere.ts';

interface Played {
  /** What came out differently. */
  readonly findings: readonly unknown[];
  /** The log as it would be kept from here. */
  readonly text: string;
}

async function play({ recorded }: Elsewhere): Promise<Played> {
  const walk = createWalk(logOf(recorded), recorded.quote, { to: recorded.entries.length });
  const findings: unknown[] = [];
  for await (const step of walk.steps()) findings.push(...step.findings);
  const checkpoints = [createCheckpoint(recorded.quote, walk.gate)];
  return { findings, text: writeElsewhere({ ...recorded, checkpoints }) };
}

/**
 * Logs that were written once, on another machine, and are kept as they are. If one of these fails, this machine or this version
 * decides otherwise than the one that wrote them: do not write them anew, raise `GATE_VERSION`.
 */
test.each([
  ['session', 'refusals, a correction, an active edit, notes and deletions'],
  ['upgrade', 'held conflicts, under both versions of the gate'],
])('%s (%s) is decided here as where it was written, to the byte', async (name) => {
  const elsewhere = readElsewhere(name);
  expect(await play(elsewhere)).toEqual({ findings: [], text: elsewhere.text });
});

test('a verdict that comes out otherwise here is found', async () => {
  const elsewhere = readElsewhere('session');
  const { entries } = elsewhere.recorded;
  const refused = present(
    entries.find(({ writes }) => writes.some(({ verdict }) => verdict === 'refused')),
    'somebody was refused',
  );
  const seen = { ...refused, seen: { kind: 'revision' as const, revision: refused.seq - 1 } };
  elsewhere.recorded.entries = entries.map((entry) => (entry === refused ? seen : entry));
  const { findings } = await play(elsewhere);
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'verdict' }));
});
