import { describe, expect, test } from 'vitest';
import type { VersionJson } from '../../../../src/wire/version-schemas.ts';
import {
  type Reader,
  mayChange,
  mayName,
  permissionIn,
  versionsAt,
} from '../../../../src/web/history/versions/versions.ts';

const versionOf = (id: string, seq: number, namedAt = 0, by = 'ann'): VersionJson => ({
  id,
  name: id,
  seq,
  at: 0,
  namedBy: { id: by, name: by },
  namedAt,
});

const reader = (permission: Reader['permission'], role: Reader['role'] = 'sales_rep'): Reader => ({
  user: 'ann',
  role,
  permission,
});

describe('who names versions, and who changes names', () => {
  const own = versionOf('own', 1);
  const others = versionOf('others', 1, 0, 'bo');
  test.each([
    [reader('viewer'), [false, false, false]],
    [reader('editor'), [true, true, false]],
    [reader('host'), [true, true, true]],
    [reader('viewer', 'admin'), [false, true, true]],
    [reader('none', 'admin'), [false, true, true]],
    [reader('none'), [false, false, false]],
  ])('%o', (who, may) => {
    expect([mayName(who), mayChange(who, own), mayChange(who, others)]).toEqual(may);
  });

  test('what was given by name counts before what everyone gets', () => {
    const people = {
      people: [
        {
          user: { id: 'ann', name: 'Ann' },
          permission: 'viewer' as const,
          grantedBy: { id: 'bo', name: 'Bo' },
          at: 0,
        },
      ],
      defaultPermission: 'editor' as const,
    };
    expect([permissionIn(people, 'ann'), permissionIn(people, 'bo')]).toEqual(['viewer', 'editor']);
  });
});

test('a point has the name that it was given last', () => {
  const found = versionsAt([versionOf('a', 2, 1), versionOf('b', 2, 5), versionOf('c', 3, 9)], 2);
  expect(found.map(({ name }) => name)).toEqual(['b', 'a']);
});
