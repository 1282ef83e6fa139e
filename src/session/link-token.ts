import { createHash, randomBytes } from 'node:crypto';

/**
 * The secret in a share link: 32 random bytes, base64url. Only its SHA-256 is kept, so that whoever reads the database or a
 * copy of it holds no link. A plain hash is enough: salt and slow hashing protect what people choose, and 256 random
 * bits cannot be tried out. For the same reason a link is looked up by its hash as a key: what the time of a lookup
 * tells is about a hash that nobody can steer, not about the token.
 */
export const newLinkToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

export const hashLinkToken = (token: string): Uint8Array => createHash('sha256').update(token).digest();

const TOKEN_BYTES = 32;
