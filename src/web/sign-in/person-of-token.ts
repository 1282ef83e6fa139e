import { z } from 'zod';
import { ROLES } from '../../authority/role.ts';

/** Who a token says that it is for. For show and for the page's own bookkeeping: the server checks it, this page does not. */
export interface SignedInPerson {
  readonly user: string;
  readonly name: string;
  readonly role: (typeof ROLES)[number];
  /** ms since 1970; 0 and null where the token does not say. */
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  readonly token: string;
}

const claimsSchema = z.object({
  sub: z.string().min(1),
  name: z.string().optional(),
  role: z.enum(ROLES),
  /** s since 1970 */
  iat: z.number().optional(),
  exp: z.number().optional(),
});

/** Null for what is no token with our claims. */
export function personOfToken(token: string): SignedInPerson | null {
  try {
    const [, body = ''] = token.split('.');
    const text = atob(body.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const { sub, name, role, iat = 0, exp } = claimsSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return {
      user: sub,
      name: name === undefined || name === '' ? sub : name,
      role,
      issuedAt: iat * 1000,
      expiresAt: exp === undefined ? null : exp * 1000,
      token,
    };
  } catch {
    return null;
  }
}
