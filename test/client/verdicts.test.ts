import { expect, test } from 'vitest';
import { VERDICTS_KEPT_MAX, createVerdicts } from '../../src/client/verdicts.ts';

const by = { id: 'ann', name: 'Ann', role: 'vp_sales' as const };

test('lists what became of each write, newest last', () => {
  const verdicts = createVerdicts();
  const before = verdicts.list();
  verdicts.add(
    {
      type: 'refused',
      revision: 7,
      writes: [{ cell: 'fields/title', reason: 'authority_overridden', by, kept: 'a', offered: 'b' }],
    },
    1000,
  );
  verdicts.add(
    { type: 'overridden', revision: 8, writes: [{ cell: 'fields/owner', by, kept: 'c', yours: 'd' }] },
    2000,
  );
  expect(before).toEqual([]);
  expect(verdicts.list()).toEqual([
    {
      kind: 'refused',
      revision: 7,
      at: 1000,
      cell: 'fields/title',
      reason: 'authority_overridden',
      by,
      kept: 'a',
      offered: 'b',
    },
    { kind: 'overridden', revision: 8, at: 2000, cell: 'fields/owner', by, kept: 'c', yours: 'd' },
  ]);
});

test('keeps a bounded number of them', () => {
  const verdicts = createVerdicts();
  const write = { cell: 'fields/title', reason: 'locked' as const, kept: 'a', offered: 'b' };
  for (let revision = 1; revision <= VERDICTS_KEPT_MAX + 5; revision += 1) {
    verdicts.add({ type: 'refused', revision, writes: [write] }, 0);
  }
  expect(verdicts.list()).toHaveLength(VERDICTS_KEPT_MAX);
  expect(verdicts.list().at(-1)?.revision).toBe(VERDICTS_KEPT_MAX + 5);
});
