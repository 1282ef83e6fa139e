import { type JWTVerifyOptions, type JWTVerifyResult, SignJWT, errors, jwtVerify } from 'jose';
import type { Role } from '../authority/role.ts';
import type { UserId } from '../lib/ids.ts';
import { type Result, fail } from '../lib/result.ts';
import { createKeySet, keySetFault } from './key-set.ts';
import { type TokenClaims, type TokenProblem, parseClaims, tokenProblem } from './token-claims.ts';

/**
 * Sign-in tokens: JSON Web Tokens, verified before a word of them is believed.
 *
 * The kind of key decides the algorithms, never the token: a secret takes HS256 and nothing else, a key set of an
 * identity provider takes asymmetric signatures and nothing else. So neither `none` nor a public key used as an HS256
 * secret gets through, and keys that a token carries or points to (`jwk`, `jku`, `x5u`) are not looked at.
 * An identity provider signs for many applications with the same keys: only a token for our audience is ours.
 * A key set that cannot be had is a fault of the world, not of the token.
 */
export type TokenKeys = { readonly secret: string } | ProviderKeys;

/** The keys of an identity provider, and what its tokens for us say. */
export interface ProviderKeys {
  readonly jwksUrl: string;
  /** One of the token's `aud`. */
  readonly audience: string;
  /** The token's `iss`; null takes any. */
  readonly issuer: string | null;
}

/** Says who a token is about, or why it is not believed. Throws `Fault` `jwks_unavailable` (retryable). */
export interface VerifyToken {
  (token: string | null | undefined): Promise<Result<TokenClaims, TokenProblem>>;
}

/** Characters of a token; those of identity providers are 1 to 3 thousand. */
export const TOKEN_CHARS_MAX = 8_192;
const CLOCK_TOLERANCE_SECONDS = 5;

const SECRET_ALGORITHMS = ['HS256'];
const KEY_SET_ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** `now` gives ms since 1970. */
export function createTokenVerifier(keys: TokenKeys, now: () => number): VerifyToken {
  const open = 'secret' in keys ? openWithSecret(keys.secret) : openWithKeySet(keys, now);
  return async (token) => {
    if (!token) return fail(tokenProblem('missing'));
    if (token.length > TOKEN_CHARS_MAX) return fail(tokenProblem('too_long'));
    const at = now();
    try {
      const { payload, protectedHeader } = await open(token, {
        currentDate: new Date(at),
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      if (!isForSigningIn(protectedHeader.typ)) return fail(tokenProblem('wrong_type'));
      return parseClaims(payload, at / 1000 + CLOCK_TOLERANCE_SECONDS);
    } catch (error) {
      return fail(problemOf(error));
    }
  };
}

/** A token with a good signature, for us, with good times; throws jose's errors. */
interface OpenToken {
  (token: string, times: JWTVerifyOptions): Promise<JWTVerifyResult>;
}

const TYPES = ['jwt', 'at+jwt'];

/** Tokens for other ends (logout, security events) carry a `typ` of their own: RFC 8725, 3.11. */
const isForSigningIn = (typ: unknown): boolean =>
  typ === undefined ||
  (typeof typ === 'string' && TYPES.includes(typ.toLowerCase().replace(/^application\//, '')));

function openWithSecret(secret: string): OpenToken {
  const key = bytesOf(secret);
  return (token, times) => jwtVerify(token, key, { ...times, algorithms: SECRET_ALGORITHMS });
}

function openWithKeySet({ jwksUrl, audience, issuer }: ProviderKeys, now: () => number): OpenToken {
  const url = new URL(jwksUrl);
  const findKey = createKeySet(url, now);
  const expected = {
    algorithms: KEY_SET_ALGORITHMS,
    audience,
    ...(issuer === null ? {} : { issuer }),
  };
  return async (token, times) => {
    const options = { ...times, ...expected };
    try {
      return await jwtVerify(token, findKey, options);
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return openWithAny(error, token, options);
      // What is not said of the token is said of the key: too short, for one.
      throw error instanceof errors.JOSEError ? error : keySetFault(url, error);
    }
  };
}

/** For key sets whose tokens do not say which of several keys signed them. */
async function openWithAny(
  keys: errors.JWKSMultipleMatchingKeys,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  for await (const key of keys) {
    try {
      return await jwtVerify(token, key, options);
    } catch (error) {
      const isWrongKey = error instanceof errors.JWSSignatureVerificationFailed;
      if (error instanceof errors.JOSEError && !isWrongKey) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) return tokenProblem('expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    // Without one it is not for us either.
    if (error.claim === 'aud') return tokenProblem('wrong_audience');
    if (error.claim === 'iss') return tokenProblem('wrong_issuer');
    const isTooEarly = error.claim === 'nbf' && error.reason === 'check_failed';
    return isTooEarly ? tokenProblem('not_yet_valid') : tokenProblem('invalid_claim', error.claim);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return tokenProblem('wrong_algorithm');
  if (error instanceof errors.JWSSignatureVerificationFailed) return tokenProblem('bad_signature');
  if (error instanceof errors.JWKSNoMatchingKey) return tokenProblem('unknown_key');
  if (error instanceof errors.JOSEError) return tokenProblem('malformed');
  throw error;
}

/** Whom a token of ours is about. */
export interface TokenPerson {
  readonly user: UserId;
  readonly name?: string | undefined;
  readonly role: Role;
  readonly email?: string | undefined;
}

/** Signs a token with the server's own secret: for the command line and the demo. Times in ms. */
export async function signToken(
  secret: string,
  person: TokenPerson,
  time: { readonly now: number; readonly lifetimeMs: number },
): Promise<string> {
  const issuedAt = Math.floor(time.now / 1000);
  const { name, role, email } = person;
  return new SignJWT({ name: name ?? person.user, role, ...(email === undefined ? {} : { email }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(person.user)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + Math.ceil(time.lifetimeMs / 1000))
    .sign(bytesOf(secret));
}

const bytesOf = (secret: string): Uint8Array => new TextEncoder().encode(secret);
