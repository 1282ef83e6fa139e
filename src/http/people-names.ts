import type { Author } from '../authority/verdict.ts';
import type { UserId } from '../lib/ids.ts';
import type { Directory } from '../session/directory.ts';
import type { KnownPerson, WireUser } from '../wire/user-schema.ts';

/** People by their ids, as answers show them: with a name, which is the id where they never signed in. */
export interface PeopleNames {
  nameOf(user: string): string;
  /** As they are known now. */
  person(user: string): KnownPerson;
  /** As they were when they wrote. */
  author(author: Author): WireUser;
}

export async function readPeopleNames(
  directory: Pick<Directory, 'people'>,
  users: Iterable<string>,
): Promise<PeopleNames> {
  const ids = [...new Set(users)] as UserId[];
  const known = ids.length === 0 ? [] : await directory.people(ids);
  const byId = new Map<string, KnownPerson>(
    known.map(({ user, name, role }) => [user, { id: user, name, role }]),
  );
  const person = (user: string): KnownPerson => byId.get(user) ?? { id: user, name: user };
  return {
    nameOf: (user) => person(user).name,
    person,
    author: ({ user, role }) => ({ id: user, name: person(user).name, role }),
  };
}
