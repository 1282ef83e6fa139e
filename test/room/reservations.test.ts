import { expect, test } from 'vitest';
import type { UserId } from '../../src/lib/ids.ts';
import { RESERVATIONS_PER_USER_MAX } from '../../src/lib/limits.ts';
import { createReservations } from '../../src/room/reservations.ts';

const ada = 'ada' as UserId;
const eve = 'eve' as UserId;

function begin({
  written = [],
  stored = [],
}: { written?: [number, UserId][]; stored?: [number, UserId][] } = {}) {
  const ledger = new Map(written);
  const saved: [number, UserId][] = [];
  const reservations = createReservations({
    ledger: { ownerOf: (client) => ledger.get(client) ?? null },
    stored: stored.map(([client, user]) => ({ client, user })),
    save: (client, user) => void saved.push([client, user]),
  });
  return { ...reservations, saved };
}

test('[R35] an id is the first person’s who announces it, which is stored once', () => {
  const { ownerOf, announce, saved } = begin({ stored: [[1, ada]] });
  expect([ownerOf(1), ownerOf(2)]).toEqual([ada, null]);
  for (const client of [1, 2, 2]) announce(client, eve);
  announce(2, ada);
  expect([ownerOf(1), ownerOf(2)]).toEqual([ada, eve]);
  expect(saved).toEqual([[2, eve]]);
});

test('[R35] an id under which somebody wrote is theirs, whoever announced it', () => {
  const { ownerOf, announce, saved } = begin({
    written: [
      [1, ada],
      [2, ada],
    ],
    stored: [[1, eve]],
  });
  for (const client of [1, 2]) announce(client, eve);
  expect([1, 2].map(ownerOf)).toEqual([ada, ada]);
  expect(saved).toEqual([]);
});

test('[R35] of each person the newest ids are kept, those of others untouched', () => {
  const { ownerOf, announce, saved } = begin({ stored: [[1, ada]] });
  for (let client = 2; client <= RESERVATIONS_PER_USER_MAX; client++) announce(client, ada);
  announce(100_000, eve);
  expect(ownerOf(1)).toBe(ada);
  announce(200_000, ada);
  expect([1, 2, 100_000, 200_000].map(ownerOf)).toEqual([null, ada, eve, ada]);
  // Whoever still uses one that was given up says so again before long.
  announce(1, ada);
  expect([1, 2, 3].map(ownerOf)).toEqual([ada, null, ada]);
  expect(saved.at(-1)).toEqual([1, ada]);
});
