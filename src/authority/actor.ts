import type { UserId } from '../lib/ids.ts';
import type { Permission, Role } from './role.ts';

/** Over what a person works in a quote. */
export const ORIGINS = ['browser', 'slack', 'api', 'system'] as const;
export type Origin = (typeof ORIGINS)[number];

/** Who asks for something in one quote, as verified: role from their newest token, permission from the quote's grants. */
export interface Actor {
  readonly user: UserId;
  readonly role: Role;
  readonly permission: Permission;
}
