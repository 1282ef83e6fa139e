import { z } from 'zod';
import { ROLES, type Role } from '../authority/role.ts';
import { type UserId, isUserId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';

/** What a verified token says of a person. Times are whole seconds since 1970. */
export interface TokenClaims {
  readonly sub: UserId;
  /** For show only; the `sub` where the token has none. */
  readonly name: string;
  readonly role: Role;
  readonly email: string | null;
  /** The newest of a person's tokens sets their role. */
  readonly iat: number;
  readonly exp: number;
}

/** Why a token is not believed, and what to do about it. Never holds any part of the token. */
export interface TokenProblem {
  readonly kind: TokenProblemKind;
  readonly message: string;
}

const messages = {
  missing: 'There is no sign-in token. Sign in, or send one as "Authorization: Bearer TOKEN".',
  too_long: 'The sign-in token is too long. Have your identity provider put fewer claims in it.',
  malformed: 'The sign-in token is not a JSON Web Token. Check that it was copied whole.',
  wrong_algorithm:
    'The sign-in token is signed in a way that this server does not take: ' +
    'HS256 with a secret, RS, PS, ES or EdDSA with a key set.',
  bad_signature: 'The sign-in token was not signed with a key of this server. Sign in again.',
  unknown_key:
    'The sign-in token was signed with a key that the identity provider does not list. Sign in again.',
  wrong_type:
    'The sign-in token has another purpose: its header "typ" is not JWT or at+jwt. Send an ID or access token.',
  wrong_audience:
    'The sign-in token is for another application: its "aud" is not the setting "audience". Get one for Quoteroom.',
  wrong_issuer:
    'The sign-in token is from elsewhere: its "iss" is not the setting "issuer". Sign in with the right provider.',
  expired: 'The sign-in token has expired. Sign in again.',
  not_yet_valid:
    'The sign-in token is not valid yet. Check the clocks of this server and of the one that signed it.',
  no_subject: 'The sign-in token does not say whom it is about. It needs the claim "sub", as text.',
  unknown_role: `The sign-in token names no role that exists. Its claim "role" is one of ${ROLES.join(', ')}.`,
  invalid_claim: 'The sign-in token has a missing or unusable claim. Have its issuer correct it.',
};
export type TokenProblemKind = keyof typeof messages;

/** `claim` is the name of the claim at fault. */
export function tokenProblem(kind: TokenProblemKind, claim?: string): TokenProblem {
  const which = claim === undefined ? '' : ` (Claim: "${claim}".)`;
  return { kind, message: messages[kind] + which };
}

const YEAR_9999 = 253_402_300_799;
const seconds = z.number().min(0).max(YEAR_9999).transform(Math.floor);

// Identity providers fill in "" or null where they know nothing.
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text?.trim() ?? '');

const claimsSchema = z.object({
  sub: z.string().min(1).refine(isUserId),
  name: optionalText.transform(showable),
  role: z.enum(ROLES),
  email: optionalText.refine((text) => text === '' || /^[^\s@]{1,64}@[^\s@]{1,189}$/.test(text)),
  iat: seconds,
  exp: seconds,
});

/**
 * Reads the payload of a token with a good signature. `latest` is the latest time, in seconds, that is not the future.
 */
export function parseClaims(payload: unknown, latest: number): Result<TokenClaims, TokenProblem> {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) return fail(problemOf(parsed.error));
  const { sub, name, role, email, iat, exp } = parsed.data;
  // A token from the future would outrank every later one of the same person.
  if (iat > latest) return fail(tokenProblem('not_yet_valid', 'iat'));
  return ok({ sub, name: name || sub, role, email: email || null, iat, exp });
}

function problemOf(error: z.ZodError): TokenProblem {
  const [issue] = error.issues;
  const claim = String(issue?.path[0] ?? 'payload');
  if (claim === 'role') return tokenProblem('unknown_role');
  const isMissing = issue?.code === 'invalid_type' || issue?.code === 'too_small';
  return claim === 'sub' && isMissing ? tokenProblem('no_subject') : tokenProblem('invalid_claim', claim);
}

const NAME_CHARACTERS_MAX = 128;

/** Names stand in front of everybody: no line breaks, no characters that turn the reading direction around. */
function showable(name: string): string {
  const plain = name.replace(/\p{Cc}+/gu, ' ').replace(/[\u202A-\u202E\u2066-\u2069]/gu, '');
  return [...plain].slice(0, NAME_CHARACTERS_MAX).join('').trim();
}
