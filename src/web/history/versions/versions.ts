import type { z } from 'zod';
import { type GivenPermission, type Role, mayEdit, mayManage } from '../../../authority/role.ts';
import type { peopleSchema } from '../../../wire/http-schemas.ts';
import type { VersionJson } from '../../../wire/version-schemas.ts';

/** Who looks, and what they may do in this quote. */
export interface Reader {
  readonly user: string;
  readonly role: Role;
  readonly permission: GivenPermission;
}

/** What was given to them by name counts before what everyone gets. */
export const permissionIn = (
  { people, defaultPermission }: z.infer<typeof peopleSchema>,
  user: string,
): Reader['permission'] => people.find((grant) => grant.user.id === user)?.permission ?? defaultPermission;

/** Whether they may give names: its editors and hosts. */
export const mayName = ({ permission }: Reader): boolean => permission !== 'none' && mayEdit(permission);

/** Whether they may rename and delete this one: the editor who named it, hosts, and admins. */
export const mayChange = (reader: Reader, { namedBy }: VersionJson): boolean =>
  mayManage(reader) || (mayName(reader) && namedBy.id === reader.user);

/** The names of this point; the one that was given last first. */
export const versionsAt = (versions: readonly VersionJson[], seq: number): readonly VersionJson[] =>
  versions.filter((version) => version.seq === seq).toSorted((a, b) => b.namedAt - a.namedAt);
