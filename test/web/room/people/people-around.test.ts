import { describe, expect, test } from 'vitest';
import type { OtherPresence } from '../../../../src/client/connect-quote.ts';
import type { ParticipantJson } from '../../../../src/wire/session-schemas.ts';
import { earlierWords, peopleAround } from '../../../../src/web/room/people/people-around.ts';

const userOf = (name: string) => ({ id: name.toLowerCase(), name, role: 'sales_rep' as const });

const present = (name: string, more: Partial<OtherPresence> = {}): OtherPresence => ({
  clientId: name.charCodeAt(0),
  user: userOf(name),
  ...more,
});

const participant = (name: string, more: Partial<ParticipantJson> = {}): ParticipantJson => ({
  user: userOf(name),
  permission: 'editor',
  status: 'viewing',
  cell: null,
  joinedAt: 1,
  lastActivityAt: 5,
  ...more,
});

const namesOf = (people: readonly { readonly user: { readonly name: string } }[]): string[] =>
  people.map(({ user }) => user.name);

describe('peopleAround', () => {
  test('who does something comes first, then by name', () => {
    const { here } = peopleAround(
      [
        present('Ada', { status: 'idle' }),
        present('Ben'),
        present('Cleo', { cell: 'fields/title' }),
        present('Dana', { cell: 'fields/title', editing: 'fields/title' }),
        present('Abe'),
      ],
      [],
      'me',
    );
    expect(namesOf(here)).toEqual(['Dana', 'Cleo', 'Abe', 'Ben', 'Ada']);
  });

  test('who has been away for long is known from the participants, as is who takes part without a page', () => {
    const { here, earlier } = peopleAround(
      [present('Ben')],
      [
        participant('Away', { status: 'away', lastActivityAt: 3 }),
        participant('Bot', { status: 'editing', cell: 'fields/title' }),
        participant('Me'),
      ],
      'me',
    );
    expect(here.map(({ user, presence }) => [user.name, presence.status, presence.editing])).toEqual([
      ['Bot', null, 'fields/title'],
      ['Ben', undefined, undefined],
      ['Away', 'away', null],
    ]);
    expect(here.at(-1)?.lastActivityAt).toBe(3);
    expect(earlier).toEqual([]);
  });

  test('presence counts more than a list read before, and brings the time of the last sign', () => {
    const { here, earlier } = peopleAround(
      [present('Ben', { status: 'idle' })],
      [participant('Ben', { leftAt: 9, lastActivityAt: 7 })],
      'me',
    );
    expect(here).toEqual([
      { user: userOf('Ben'), presence: present('Ben', { status: 'idle' }), lastActivityAt: 7 },
    ]);
    expect(earlier).toEqual([]);
  });

  test('who left is told with when, the last first, without the reader', () => {
    const { here, earlier } = peopleAround(
      [],
      [
        participant('Ada', { leftAt: 4 }),
        participant('Ben', { leftAt: 8 }),
        participant('Me', { leftAt: 9 }),
      ],
      'me',
    );
    expect(here).toEqual([]);
    expect(earlier).toEqual([
      { user: userOf('Ben'), leftAt: 8 },
      { user: userOf('Ada'), leftAt: 4 },
    ]);
  });
});

test('who was here earlier, in a line', () => {
  const people = ['Ben', 'Dana', 'Ada', 'Cleo'].map((name) => ({ user: userOf(name), leftAt: 1 }));
  const words = (count: number): string => earlierWords(people.slice(0, count), () => '14:10');
  expect(words(1)).toBe('Earlier: Ben, left 14:10');
  expect(words(2)).toBe('Earlier: Ben and Dana');
  expect(words(4)).toBe('Earlier: Ben, Dana and 2 more');
});
