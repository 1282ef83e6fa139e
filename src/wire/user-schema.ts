import { z } from 'zod';
import { ROLES } from '../authority/role.ts';

/** A person, as messages and answers name them. */
export const userSchema = z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES) });
export type WireUser = z.infer<typeof userSchema>;

/** A person whose role may be unknown, since they never signed in here. */
export const personSchema = userSchema.partial({ role: true });
export type KnownPerson = z.infer<typeof personSchema>;

/** ms since 1970 */
export const time = z.number().int();

export const cellValueSchema = z.union([z.string(), z.boolean(), z.null()]);
