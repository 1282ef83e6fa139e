import { gzipSync } from 'node:zlib';
import { type CryptoKey, type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { KEY_SET_BYTES_MAX } from '../../src/session/key-set.ts';
import { type VerifyToken, createTokenVerifier } from '../../src/session/tokens.ts';
import { type KeyProvider, startKeyProvider } from '../support/key-provider.ts';

const START = 1_800_000_000_000;
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const ISSUED = START / 1_000;

let pair: { publicKey: CryptoKey; privateKey: CryptoKey };
let jwk: JWK;
let provider: KeyProvider;
let now: number;
let verify: VerifyToken;

beforeAll(async () => {
  pair = await generateKeyPair('RS256');
  jwk = await exportJWK(pair.publicKey);
});
beforeEach(async () => {
  now = START;
  provider = await startKeyProvider([{ ...jwk, kid: 'one' }]);
  verify = createTokenVerifier({ jwksUrl: provider.url, audience: 'quoteroom', issuer: null }, () => now);
});
afterEach(() => provider.close());

const claims = { sub: 'ann', role: 'sales_rep', aud: 'quoteroom', iat: ISSUED, exp: ISSUED + 7 * 24 * 3600 };
const signedWith = (kid: string): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(pair.privateKey);
const keySet = (...kids: string[]): string => JSON.stringify({ keys: kids.map((kid) => ({ ...jwk, kid })) });

const isGood = { ok: true };
const isUnknown = { ok: false, reason: { kind: 'unknown_key' } };
const isFault = { name: 'Fault', code: 'jwks_unavailable', retryable: true };

test('[D12] the keys are fetched once, and again when they are 10 minutes old', async () => {
  const token = await signedWith('one');
  expect(await verify(token)).toMatchObject(isGood);
  now += 600 * SECOND - 1;
  expect(await verify(token)).toMatchObject(isGood);
  expect(provider.requests()).toBe(1);
  now += 1;
  provider.answer(200, keySet('two'));
  expect(await verify(token)).toMatchObject(isUnknown);
  expect(provider.requests()).toBe(2);
});

test('[D12] a key that is new at the provider is fetched when a token names it', async () => {
  expect(await verify(await signedWith('one'))).toMatchObject(isGood);
  provider.answer(200, keySet('one', 'two'));
  now += 30 * SECOND;
  expect(await verify(await signedWith('two'))).toMatchObject(isGood);
  expect(provider.requests()).toBe(2);
});

test.each([
  ['an error', 500, ''],
  ['a redirect', 302, ''],
  ['no JSON', 200, '<h1>Maintenance</h1>'],
  ['no key set', 200, '{"keys":"none"}'],
])('[D12] while the provider answers with %s the last keys go on for 24 hours', async (_, status, body) => {
  const token = await signedWith('one');
  expect(await verify(token)).toMatchObject(isGood);
  provider.answer(status, body);
  for (const later of [600 * SECOND, HOUR, 24 * HOUR - 1]) {
    now = START + later;
    expect(await verify(token)).toMatchObject(isGood);
  }
  now = START + 24 * HOUR;
  await expect(verify(token)).rejects.toMatchObject(isFault);
  provider.answer(200, keySet('one'));
  now += 30 * SECOND;
  expect(await verify(token)).toMatchObject(isGood);
});

test('[D12] a provider that is gone signs nobody out either', async () => {
  const token = await signedWith('one');
  expect(await verify(token)).toMatchObject(isGood);
  await provider.close();
  now += HOUR;
  expect(await verify(token)).toMatchObject(isGood);
});

test('[D13] many tokens with unknown keys make one fetch, while it succeeds', async () => {
  expect(await verify(await signedWith('one'))).toMatchObject(isGood);
  now += 30 * SECOND;
  const strangers = await Promise.all(Array.from({ length: 30 }, (_, at) => signedWith(`stranger-${at}`)));
  for (const outcome of await Promise.all(strangers.map(verify))) expect(outcome).toMatchObject(isUnknown);
  for (const token of strangers) expect(await verify(token)).toMatchObject(isUnknown);
  expect(provider.requests()).toBe(2);
});

test('[D13] many tokens make one fetch in 30 seconds, while it fails', async () => {
  provider.answer(500, '');
  const tokens = await Promise.all(Array.from({ length: 30 }, (_, at) => signedWith(`stranger-${at}`)));
  for (const token of tokens) await expect(verify(token)).rejects.toMatchObject(isFault);
  expect(provider.requests()).toBe(1);
  now += 30 * SECOND - 1;
  await expect(verify(await signedWith('one'))).rejects.toMatchObject(isFault);
  expect(provider.requests()).toBe(1);
  now += 1;
  provider.answer(200, keySet('one'));
  expect(await verify(await signedWith('one'))).toMatchObject(isGood);
  expect(provider.requests()).toBe(2);
});

test('[D13] in an outage, known and unknown keys together make one fetch in 30 seconds', async () => {
  const token = await signedWith('one');
  expect(await verify(token)).toMatchObject(isGood);
  provider.answer(500, '');
  now += HOUR;
  for (let time = 0; time < 10; time += 1) {
    expect(await verify(token)).toMatchObject(isGood);
    await expect(verify(await signedWith(`stranger-${time}`))).rejects.toMatchObject(isFault);
  }
  expect(provider.requests()).toBe(2);
});

test('[D15] an unknown key is a fault while the keys cannot be fetched, then refused', async () => {
  expect(await verify(await signedWith('one'))).toMatchObject(isGood);
  provider.answer(500, '');
  now += 30 * SECOND;
  const token = await signedWith('two');
  await expect(verify(token)).rejects.toMatchObject(isFault);
  provider.answer(200, keySet('one'));
  now += 30 * SECOND;
  expect(await verify(token)).toMatchObject(isUnknown);
});

test('[D14] a key set of 1 MiB is read, a longer one is not', async () => {
  const token = await signedWith('one');
  const longest = keySet('one').padEnd(KEY_SET_BYTES_MAX);
  provider.answer(200, `${longest} `);
  await expect(verify(token)).rejects.toMatchObject(isFault);
  provider.answer(200, longest);
  now += 30 * SECOND;
  expect(await verify(token)).toMatchObject(isGood);
});

test('[D14] the bound holds for what was compressed', async () => {
  const packed = gzipSync(keySet('one').padEnd(KEY_SET_BYTES_MAX + 1));
  provider.answerWith((response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
  });
  await expect(verify(await signedWith('one'))).rejects.toMatchObject(isFault);
});

test('[D14] an endless key set is cut off', async () => {
  const chunk = ' '.repeat(65_536);
  let sent = 0;
  const hungUp = new Promise<void>((resolve) => {
    provider.answerWith((response) => {
      const send = (): void => {
        do sent += chunk.length;
        while (response.write(chunk));
      };
      response
        .on('drain', send)
        .on('close', () => resolve())
        .writeHead(200);
      send();
    });
  });
  await expect(verify(await signedWith('one'))).rejects.toMatchObject(isFault);
  await hungUp;
  // What the sockets hold in between comes on top.
  expect(sent).toBeLessThan(32 * KEY_SET_BYTES_MAX);
});
