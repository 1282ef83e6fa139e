import { type JWTVerifyGetKey, createRemoteJWKSet, customFetch, errors } from 'jose';
import { present } from '../lib/assert.ts';
import { Fault } from '../lib/fault.ts';

/**
 * The keys of an identity provider: its key set, fetched when a token needs it, and kept.
 *
 * A set is fetched again when it is ten minutes old, and when a token names a key that it does not hold, since
 * providers change their keys. While fetching fails, the last good set goes on for a day: an outage of the provider
 * signs nobody out, and a key that was withdrawn does not stay good for ever. Two fetches are 30 seconds apart, failed
 * or not: anybody can send tokens with unknown keys.
 *
 * jose fetches, checks and searches the set; when it fetches is decided here, by the clock passed in.
 */
export function createKeySet(url: URL, now: () => number): JWTVerifyGetKey {
  const keySet = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cacheMaxAge: Infinity,
    cooldownDuration: Infinity,
    [customFetch]: fetchBounded,
  });
  /** ms since 1970: of the set at hand, and of the last attempt to get one. */
  let [fetchedAt, triedAt] = [-Infinity, -Infinity];
  /** Why the last attempt failed, if it did. */
  let fault: Fault | null = null;
  let fetching: Promise<void> | null = null;

  async function fetchKeys(): Promise<void> {
    try {
      await keySet.reload();
      fetchedAt = now();
      fault = null;
    } catch (error) {
      fault = keySetFault(url, error);
    }
    triedAt = now();
    fetching = null;
  }

  async function refresh(): Promise<void> {
    if (fetching === null && now() - triedAt < COOLDOWN_MS) return;
    await (fetching ??= fetchKeys());
  }

  return async (header, token) => {
    if (now() - fetchedAt >= FRESH_MS) await refresh();
    if (now() - fetchedAt >= KEPT_MS) throw present(fault, 'without keys the last fetch failed');
    try {
      return await keySet(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw keySetFault(url, error);
    }
    await refresh();
    // The key may be a new one that cannot be had yet: the token is not to blame.
    if (fault !== null) throw fault;
    return keySet(header, token);
  };
}

const FETCH_TIMEOUT_MS = 5_000;
const FRESH_MS = 10 * 60_000;
const COOLDOWN_MS = 30_000;
const KEPT_MS = 24 * 60 * 60_000;
/** Key sets of providers are a few thousand bytes. */
export const KEY_SET_BYTES_MAX = 1_048_576;

/** Ends the answer with an error where it grows too long, after decompression. */
async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (response.status !== 200 || response.body === null) return response;
  let bytes = 0;
  const bound = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= KEY_SET_BYTES_MAX) controller.enqueue(chunk);
      else controller.error(new Error(`the key set is longer than ${KEY_SET_BYTES_MAX} bytes`));
    },
  });
  return new Response(response.body.pipeThrough(bound), { status: response.status });
}

/** Retryable. The message leaves out the query of the address: it may hold a key. */
export function keySetFault(url: URL, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const where = url.origin + url.pathname;
  return new Fault({
    code: 'jwks_unavailable',
    message:
      `Cannot use the identity provider's keys at ${where}: ` +
      'check that jwksUrl is right, can be reached from this server and lists good keys.',
    retryable: true,
    cause,
  });
}
