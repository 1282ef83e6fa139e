import { z } from 'zod';
import { ROLES } from '../authority/role.ts';

/** A person, as messages and answers name them. */
export const userSchema = z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES) });
export type WireUser = z.infer<typeof userSchema>;

export const cellValueSchema = z.union([z.string(), z.boolean(), z.null()]);
