import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CellId } from '../../src/lib/ids.ts';
import type { Author, WriteVerdict } from '../../src/authority/verdict.ts';
import { canonicalJson } from '../../src/log/canonical-json.ts';
import { GENESIS_HASH, hashOfEntry, policyHash, sealEntry } from '../../src/log/entry-hash.ts';
import type { Entry, EntryDraft } from '../../src/log/log.ts';
import { buildDraft, buildWrite, quoteId, userId } from '../support/build-entry.ts';

const title = 'fields/title' as CellId;
const bob: Author = { user: userId('bob'), role: 'vp_sales' };

const full = buildDraft({
  activeEdits: [{ ...bob, cell: title }],
  aliases: [
    { clock: 300, cell: 'note/n1', of: null },
    { clock: 301, cell: 'fields/title', of: { ...bob, seq: 9 } },
  ],
  writes: [
    buildWrite(),
    buildWrite({
      cell: title,
      before: 'é',
      offered: { b: 1, a: 'x' },
      applied: 'é',
      verdict: 'refused',
      reason: 'authority_overridden',
      by: bob,
    }),
  ],
});

const [, second] = full.writes as readonly [WriteVerdict, WriteVerdict];
const write = (change: Partial<WriteVerdict>): Partial<EntryDraft> => ({
  writes: [buildWrite(), { ...second, ...change }],
});
const actor = (change: Partial<EntryDraft['actor']>): Partial<EntryDraft> => ({
  actor: { ...full.actor, ...change },
});
const clocks = (change: object): Partial<EntryDraft> => ({
  clocks: [{ client: 7, clock: 0, length: 2, ...change }],
});
const activeEdit = (change: object): Partial<EntryDraft> => ({
  activeEdits: [{ ...bob, cell: title, ...change }],
});
const alias = (change: object): Partial<EntryDraft> => ({
  aliases: [
    { clock: 300, cell: 'note/n1', of: null },
    { clock: 301, cell: 'fields/title', of: { ...bob, seq: 9 }, ...change },
  ],
});

/** Changes of every field; the compiler asks for a line when a field is added. */
const changes: Readonly<Record<keyof EntryDraft, readonly Partial<EntryDraft>[]>> = {
  quote: [{ quote: quoteId('q2') }],
  seq: [{ seq: 2 }],
  at: [{ at: full.at + 1 }],
  actor: [actor({ user: userId('anna') }), actor({ role: 'admin' }), actor({ permission: 'host' })],
  session: [{ session: 's2' }, { session: null }, { session: '' }],
  connection: [{ connection: 'c2' }, { connection: null }],
  origin: [{ origin: 'slack' }],
  kind: [{ kind: 'create' }],
  clocks: [clocks({ client: 8 }), clocks({ clock: 1 }), clocks({ length: 3 }), { clocks: [] }],
  received: [{ received: Uint8Array.of(1, 2, 4) }, { received: new Uint8Array(0) }],
  merged: [{ merged: Uint8Array.of(1, 3) }, { merged: new Uint8Array(0) }, { merged: null }],
  policy: [{ policy: policyHash('{}') }],
  gateVersion: [{ gateVersion: 2 }],
  seen: [{ seen: { kind: 'revision', revision: 0 } }, { seen: { kind: 'connection', revision: 1 } }],
  activeEdits: [
    activeEdit({ user: userId('carl') }),
    activeEdit({ role: 'admin' }),
    activeEdit({ cell: 'fields/owner' }),
    { activeEdits: [] },
    { activeEdits: [...full.activeEdits, ...full.activeEdits] },
  ],
  aliases: [
    alias({ clock: 302 }),
    alias({ cell: 'fields/owner' }),
    alias({ of: null }),
    alias({ of: { ...bob, user: userId('carl'), seq: 9 } }),
    alias({ of: { ...bob, role: 'admin', seq: 9 } }),
    alias({ of: { ...bob, seq: 10 } }),
    { aliases: full.aliases.toReversed() },
    { aliases: [] },
  ],
  writes: [
    write({ cell: 'fields/owner' as CellId }),
    write({ operation: 'delete' }),
    write({ before: null }),
    write({ before: 'null' }),
    write({ offered: { b: 1, a: 'y' } }),
    write({ offered: '{"a":"x","b":1}' }),
    write({ offered: null }),
    write({ applied: true }),
    write({ verdict: 'held' }),
    write({ reason: 'locked' }),
    write({ reason: null }),
    write({ by: null }),
    write({ by: { ...bob, user: userId('carl') } }),
    write({ by: { ...bob, role: 'admin' } }),
    { writes: full.writes.toReversed() },
    { writes: [] },
  ],
};

test('[L16] any change of any field, and of the hash before, changes the hash', () => {
  const variants = Object.values(changes).flat();
  const hashes = [
    sealEntry(full, GENESIS_HASH),
    sealEntry(full, new Uint8Array(32).fill(1)),
    ...variants.map((change) => sealEntry({ ...full, ...change }, GENESIS_HASH)),
  ].map(({ hash }) => Buffer.from(hash).toString('hex'));
  expect(new Set(hashes).size).toBe(variants.length + 2);
});

test('[L16] the hash is of the content, not of what the entry says its hash is', () => {
  const entry = sealEntry(full, GENESIS_HASH);
  expect(hashOfEntry({ ...entry, hash: GENESIS_HASH } as Entry)).toEqual(entry.hash);
  expect(hashOfEntry({ ...entry, writes: [] })).not.toEqual(entry.hash);
});

test('[L17] what the header of entry-hash.ts says, written again without lib0, gives the same hash', () => {
  const previous = new Uint8Array(32).fill(7);
  for (const draft of [full, { ...full, merged: null, session: null, connection: null }]) {
    expect(Buffer.from(sealEntry(draft, previous).hash).toString('hex')).toBe(
      independentHash(draft, previous),
    );
  }
});

test('[L17] version 1 stays what it is', () => {
  expect(Buffer.from(sealEntry(full, GENESIS_HASH).hash).toString('hex')).toBe(
    'af57d9001a0028b737f0672b6df3097a960f8d0df9293b2e7fc17a912566820a',
  );
});

test('[L16] numbers that no entry has are a bug of ours', () => {
  for (const seq of [-1, 1.5, Number.NaN, 2 ** 53]) {
    expect(() => sealEntry(buildDraft({ seq }), GENESIS_HASH)).toThrow(/whole number/);
  }
  expect(() => sealEntry(full, new Uint8Array(31))).toThrow(/32 bytes/);
});

function independentHash(entry: EntryDraft, previousHash: Uint8Array): string {
  const uint = (value: number): Buffer => {
    const groups: number[] = [];
    let rest = BigInt(value);
    for (; rest > 127n; rest >>= 7n) groups.push(Number(rest & 127n) | 128);
    return Buffer.from([...groups, Number(rest)]);
  };
  const bytes = (value: Uint8Array): Buffer => Buffer.concat([uint(value.length), value]);
  const text = (value: string): Buffer => bytes(Buffer.from(value, 'utf8'));
  const maybe = (value: Buffer | null): Buffer =>
    Buffer.concat(value === null ? [Buffer.of(0)] : [Buffer.of(1), value]);
  const list = <T>(items: readonly T[], one: (item: T) => Buffer[]): Buffer =>
    Buffer.concat([uint(items.length), ...items.flatMap(one)]);
  const maybeText = (value: string | null): Buffer => maybe(value === null ? null : text(value));
  const author = ({ user, role }: Author): Buffer => Buffer.concat([text(user), text(role)]);

  return createHash('sha256')
    .update(
      Buffer.concat([
        text('quoteroom entry v1'),
        text(entry.quote),
        uint(entry.seq),
        uint(entry.at),
        text(entry.actor.user),
        text(entry.actor.role),
        text(entry.actor.permission),
        maybeText(entry.session),
        maybeText(entry.connection),
        text(entry.origin),
        text(entry.kind),
        list(entry.clocks, ({ client, clock, length }) => [uint(client), uint(clock), uint(length)]),
        bytes(entry.received),
        maybe(entry.merged === null ? null : bytes(entry.merged)),
        text(entry.policy),
        uint(entry.gateVersion),
        text(entry.seen.kind),
        uint(entry.seen.revision),
        list(entry.activeEdits, (edit) => [author(edit), text(edit.cell)]),
        list(entry.aliases, ({ clock, cell, of }) => [
          uint(clock),
          text(cell),
          maybe(of === null ? null : Buffer.concat([author(of), uint(of.seq)])),
        ]),
        list(entry.writes, (one) => [
          text(one.cell),
          text(one.operation),
          text(canonicalJson(one.before)),
          text(canonicalJson(one.offered)),
          text(canonicalJson(one.applied)),
          text(one.verdict),
          maybeText(one.reason),
          maybe(one.by === null ? null : author(one.by)),
        ]),
        bytes(previousHash),
      ]),
    )
    .digest('hex');
}
