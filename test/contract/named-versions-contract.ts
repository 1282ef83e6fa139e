import { beforeEach, describe, expect, test } from 'vitest';
import { type NamedVersion, type NamedVersions, VERSIONS_MAX } from '../../src/session/named-versions.ts';
import { quoteId, userId } from '../support/build-entry.ts';

const [q1, q2] = [quoteId('q1'), quoteId('q2')];

export const namedVersion = (change: Partial<NamedVersion> = {}): NamedVersion => ({
  id: 'v1',
  quote: q1,
  name: 'Sent to ACME',
  seq: 7,
  at: 1_000,
  namedBy: userId('ann'),
  namedAt: 2_000,
  ...change,
});

/** What every adapter of the named versions keeps to. */
export function describeNamedVersionsContract(adapter: string, create: () => NamedVersions): void {
  describe(`${adapter} as a store of named versions`, () => {
    let versions: NamedVersions;

    beforeEach(() => {
      versions = create();
    });

    test('[NV1] versions are listed newest point first, and found equal in every field by id and quote', async () => {
      const own = [
        namedVersion({ id: 'v4', name: 'D', seq: 9, namedAt: 1_000 }),
        namedVersion({ id: 'v1', name: 'A', seq: 7, namedAt: 4_000 }),
        namedVersion({ id: 'v3', name: 'C', seq: 7, namedAt: 3_000 }),
        namedVersion({ id: 'v2', name: 'B', seq: 7, namedAt: 3_000 }),
      ];
      const elsewhere = namedVersion({ id: 'v5', quote: q2 });
      for (const version of [...own.toReversed(), elsewhere])
        expect(await versions.add(version)).toBe('added');
      expect(await versions.ofQuote(q1)).toStrictEqual(own);
      expect(await versions.ofQuote(q2)).toStrictEqual([elsewhere]);
      expect(await versions.ofQuote(quoteId('unknown'))).toEqual([]);
      expect(await versions.byId(q1, 'v3')).toStrictEqual(own[2]);
      expect(await versions.byId(q2, 'v3')).toBeNull();
      expect(await versions.byId(q1, 'v6')).toBeNull();
    });

    test('[NV2] a name is there once in a quote, and may be in others', async () => {
      const names = ['v1', 'v2'].map((id) => versions.add(namedVersion({ id })));
      expect((await Promise.all(names)).toSorted()).toEqual(['added', 'name_taken']);
      expect(await versions.add(namedVersion({ id: 'v3', seq: 8 }))).toBe('name_taken');
      expect(await versions.add(namedVersion({ id: 'v4', quote: q2 }))).toBe('added');
      expect(await versions.ofQuote(q1)).toHaveLength(1);
    });

    test('[NV3] a version is renamed through its own quote, to a name that is free or its own', async () => {
      await versions.add(namedVersion());
      await versions.add(namedVersion({ id: 'v2', name: 'Signed' }));
      expect(await versions.rename({ quote: q2, id: 'v1', name: 'Offer' })).toBe('unknown');
      expect(await versions.rename({ quote: q1, id: 'v3', name: 'Offer' })).toBe('unknown');
      expect(await versions.rename({ quote: q1, id: 'v1', name: 'Signed' })).toBe('name_taken');
      expect(await versions.rename({ quote: q1, id: 'v2', name: 'Signed' })).toBe('renamed');
      expect(await versions.byId(q1, 'v1')).toStrictEqual(namedVersion());
      expect(await versions.rename({ quote: q1, id: 'v1', name: 'Offer' })).toBe('renamed');
      expect(await versions.byId(q1, 'v1')).toStrictEqual(namedVersion({ name: 'Offer' }));
      expect(await versions.rename({ quote: q1, id: 'v2', name: 'Sent to ACME' })).toBe('renamed');
    });

    test('[NV3] a version is deleted through its own quote, and its name is free', async () => {
      await versions.add(namedVersion());
      expect(await versions.remove(q2, 'v1')).toBe(false);
      expect(await versions.remove(q1, 'v2')).toBe(false);
      expect(await versions.remove(q1, 'v1')).toBe(true);
      expect(await versions.remove(q1, 'v1')).toBe(false);
      expect(await versions.ofQuote(q1)).toEqual([]);
      expect(await versions.add(namedVersion({ id: 'v2' }))).toBe('added');
    });

    test('[NV4] a quote has so many and no more; one that is deleted makes room', async () => {
      const numbered = (count: number): NamedVersion =>
        namedVersion({ id: `v${count}`, name: `Version ${count}` });
      for (let count = 1; count <= VERSIONS_MAX; count++) await versions.add(numbered(count));
      expect(await versions.add(numbered(VERSIONS_MAX + 1))).toBe('full');
      expect(await versions.ofQuote(q1)).toHaveLength(VERSIONS_MAX);
      expect(await versions.add(namedVersion({ id: 'elsewhere', quote: q2 }))).toBe('added');
      await versions.remove(q1, 'v1');
      expect(await versions.add(numbered(VERSIONS_MAX + 1))).toBe('added');
    });
  });
}
