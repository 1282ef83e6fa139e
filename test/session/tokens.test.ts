import {
  type CryptoKey,
  type JWK,
  SignJWT,
  UnsecuredJWT,
  base64url,
  exportJWK,
  exportSPKI,
  generateKeyPair,
} from 'jose';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ROLES } from '../../src/authority/role.ts';
import { Fault } from '../../src/lib/fault.ts';
import type { UserId } from '../../src/lib/ids.ts';
import type { TokenProblemKind } from '../../src/session/token-claims.ts';
import { TOKEN_CHARS_MAX, createTokenVerifier, signToken } from '../../src/session/tokens.ts';
import { type KeyProvider, startKeyProvider } from '../support/key-provider.ts';

const SECRET = 'a secret of the tests, long enough for HS256';
const NOW_SECONDS = 1_800_000_000;
const now = () => NOW_SECONDS * 1000;
const ann = {
  sub: 'ann',
  name: 'Ann Lee',
  role: 'sales_rep',
  iat: NOW_SECONDS - 60,
  exp: NOW_SECONDS + 3600,
};

const bytes = (text: string) => new TextEncoder().encode(text);
const without = (...claims: (keyof typeof ann)[]) =>
  Object.fromEntries(Object.entries(ann).filter(([claim]) => !claims.some((one) => one === claim)));

const hmac = (claims: object, secret = SECRET, alg = 'HS256') =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg }).sign(bytes(secret));
const unsigned = (header: object, claims: object, signature = '') =>
  `${base64url.encode(JSON.stringify(header))}.${base64url.encode(JSON.stringify(claims))}.${signature}`;

/** Checks the kind, and that the message gives nothing of the token away. */
function expectProblem(
  outcome: Awaited<ReturnType<ReturnType<typeof createTokenVerifier>>>,
  kind: TokenProblemKind,
  token: string | null | undefined,
): void {
  expect(outcome).toMatchObject({ ok: false, reason: { kind } });
  const message = outcome.ok ? '' : outcome.reason.message;
  expect(message).toMatch(/\.\)?$/);
  for (const part of (token ?? '').split('.').filter((text) => text.length > 8)) {
    expect(message).not.toContain(part);
  }
}

describe('with a secret', () => {
  const verify = createTokenVerifier({ secret: SECRET }, now);

  test('a good token gives its claims', async () => {
    const token = await hmac({ ...ann, email: 'ann@acme.test', other: 1 });
    expect(await verify(token)).toEqual({ ok: true, value: { ...ann, email: 'ann@acme.test' } });
  });

  test.each([
    ['no name', without('name'), { name: 'ann', email: null }],
    ['an empty name and no email address', { ...ann, name: ' ', email: '' }, { name: 'ann', email: null }],
    ['null for both', { ...ann, name: null, email: null }, { name: 'ann', email: null }],
    ['a name over several lines', { ...ann, name: 'Ann\r\nLee' }, { name: 'Ann Lee' }],
    ['a name that turns around', { ...ann, name: 'Ann\u202Enimda\u2066' }, { name: 'Annnimda' }],
    ['a very long name', { ...ann, name: '😀'.repeat(500) }, { name: '😀'.repeat(128) }],
    [
      'times with fractions',
      { ...ann, iat: ann.iat + 0.5, exp: ann.exp + 0.9 },
      { iat: ann.iat, exp: ann.exp },
    ],
    [
      'a clock a little behind',
      { ...ann, iat: NOW_SECONDS + 4, nbf: NOW_SECONDS + 4 },
      { iat: NOW_SECONDS + 4 },
    ],
    ['a clock a little ahead', { ...ann, exp: NOW_SECONDS - 4 }, { exp: NOW_SECONDS - 4 }],
  ])('%s is fine', async (_, claims, expected) => {
    expect(await verify(await hmac(claims))).toMatchObject({ ok: true, value: expected });
  });

  const refusedClaims: [string, object, TokenProblemKind][] = [
    ['expired', { ...ann, exp: NOW_SECONDS - 6 }, 'expired'],
    ['without an end', without('exp'), 'invalid_claim'],
    ['with an end in words', { ...ann, exp: 'never' }, 'invalid_claim'],
    ['with an end after all ends', { ...ann, exp: 1e300 }, 'invalid_claim'],
    ['not yet valid', { ...ann, nbf: NOW_SECONDS + 60 }, 'not_yet_valid'],
    ['with a start in words', { ...ann, nbf: 'now' }, 'invalid_claim'],
    ['issued in the future', { ...ann, iat: NOW_SECONDS + 60 }, 'not_yet_valid'],
    ['without a time of issue', without('iat'), 'invalid_claim'],
    ['issued before time began', { ...ann, iat: -1 }, 'invalid_claim'],
    ['about nobody', without('sub'), 'no_subject'],
    ['about an empty name', { ...ann, sub: '' }, 'no_subject'],
    ['about a number', { ...ann, sub: 7 }, 'no_subject'],
    ['about a line break', { ...ann, sub: 'ann\nadmin' }, 'invalid_claim'],
    ['about a very long name', { ...ann, sub: 'a'.repeat(129) }, 'invalid_claim'],
    ['without a role', without('role'), 'unknown_role'],
    ['with an unknown role', { ...ann, role: 'emperor' }, 'unknown_role'],
    ['with a role in capitals', { ...ann, role: 'ADMIN' }, 'unknown_role'],
    ['with two roles', { ...ann, role: ['admin'] }, 'unknown_role'],
    ['with a number for a name', { ...ann, name: 7 }, 'invalid_claim'],
    ['with no email address in email', { ...ann, email: 'ann at acme' }, 'invalid_claim'],
    ['with an empty payload', {}, 'no_subject'],
  ];
  test.each(refusedClaims)('a token %s is refused', async (_, claims, kind) => {
    const token = await hmac(claims);
    expectProblem(await verify(token), kind, token);
  });

  test.each([
    ['alg none', unsigned({ alg: 'none' }, ann), 'wrong_algorithm'],
    ['alg None', unsigned({ alg: 'None' }, ann), 'wrong_algorithm'],
    ['alg none with a signature', unsigned({ alg: 'none' }, ann, 'c2lnbmF0dXJl'), 'wrong_algorithm'],
    ['no alg', unsigned({ typ: 'JWT' }, ann), 'malformed'],
    ['an alg that is a list', unsigned({ alg: ['HS256'] }, ann), 'malformed'],
    ['an empty signature', unsigned({ alg: 'HS256' }, ann), 'bad_signature'],
    ['an unknown critical header', unsigned({ alg: 'HS256', crit: ['x'], x: 1 }, ann, 'c2ln'), 'malformed'],
    ['an encrypted token', 'a.b.c.d.e', 'malformed'],
    ['a word', 'garbage', 'malformed'],
    ['two dots', '..', 'malformed'],
    ['broken base64', '!!!.???.***', 'malformed'],
    ['a header that is no object', `${base64url.encode('[]')}.${base64url.encode('{}')}.aaaa`, 'malformed'],
    ['control characters', '\u0000.\u0000.\u0000', 'malformed'],
    ['nothing', '', 'missing'],
    ['null', null, 'missing'],
    ['undefined', undefined, 'missing'],
    ['a huge word', 'a'.repeat(10_000_000), 'too_long'],
  ] as const)('%s is refused', async (_, token, kind) => {
    expectProblem(await verify(token), kind, token);
  });

  test('an unsecured token of the library is refused', async () => {
    const token = new UnsecuredJWT(ann).encode();
    expectProblem(await verify(token), 'wrong_algorithm', token);
  });

  test('[D11] a token for another end is refused', async () => {
    const signer = new SignJWT({ ...ann }).setProtectedHeader({ alg: 'HS256', typ: 'logout+jwt' });
    const token = await signer.sign(bytes(SECRET));
    expectProblem(await verify(token), 'wrong_type', token);
  });

  test('another secret is refused', async () => {
    const token = await hmac(ann, `${SECRET}.`);
    expectProblem(await verify(token), 'bad_signature', token);
  });

  test.each(['HS384', 'HS512'])('the right secret with %s is refused', async (alg) => {
    const token = await hmac(ann, SECRET, alg);
    expectProblem(await verify(token), 'wrong_algorithm', token);
  });

  test('a payload that is not an object is refused', async () => {
    const [header, ,] = (await hmac(ann)).split('.');
    const key = await crypto.subtle.importKey(
      'raw',
      bytes(SECRET),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const signed = `${header}.${base64url.encode('"ann"')}`;
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(signed)));
    const token = `${signed}.${base64url.encode(signature)}`;
    expectProblem(await verify(token), 'malformed', token);
  });

  test('a good token up to the length limit is read, a longer one is not', async () => {
    const fits = await hmac({ ...ann, groups: 'g'.repeat(5_500) });
    expect(fits.length).toBeLessThan(TOKEN_CHARS_MAX);
    expect(await verify(fits)).toMatchObject({ ok: true });
    const tooLong = await hmac({ ...ann, groups: 'g'.repeat(7_000) });
    expectProblem(await verify(tooLong), 'too_long', tooLong);
  });

  test('a token with any one character changed is refused', async () => {
    const token = await hmac(ann);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'z', '0', '_', '.', ' '),
        async (at, other) => {
          const changed = token.slice(0, at) + other + token.slice(at + 1);
          // The last character of base64 carries unused bits: two ways to write the same signature.
          fc.pre(changed !== token && at !== token.length - 1);
          expect(await verify(changed)).toMatchObject({ ok: false });
        },
      ),
    );
  });

  test('no text whatever throws', async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.string(), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await verify(text)).toMatchObject({ ok: false });
      }),
    );
  });
});

describe('a token of our own', () => {
  const verify = createTokenVerifier({ secret: SECRET }, now);
  const user = 'ann' as UserId;

  test('says what was asked for', async () => {
    const person = { user, name: 'Ann', role: 'deal_desk', email: 'ann@acme.test' } as const;
    const token = await signToken(SECRET, person, { now: now(), lifetimeMs: 90_500 });
    const { name, role, email } = person;
    const claims = { sub: user, name, role, email, iat: NOW_SECONDS, exp: NOW_SECONDS + 91 };
    expect(await verify(token)).toEqual({ ok: true, value: claims });
  });

  test.each(ROLES)('carries the role %s and is named after the user', async (role) => {
    const token = await signToken(SECRET, { user, role }, { now: now(), lifetimeMs: 1000 });
    expect(await verify(token)).toMatchObject({
      ok: true,
      value: { role, name: 'ann', email: null },
    });
  });
});

describe('with a key set', () => {
  let rsa: { publicKey: CryptoKey; privateKey: CryptoKey };
  let other: typeof rsa;
  let curve: typeof rsa;
  let provider: KeyProvider;

  beforeAll(async () => {
    rsa = await generateKeyPair('RS256');
    other = await generateKeyPair('RS256');
    curve = await generateKeyPair('ES256');
  });
  beforeEach(async () => {
    provider = await startKeyProvider([{ ...(await exportJWK(rsa.publicKey)), kid: 'one' }]);
  });
  afterEach(() => provider.close());

  const AUDIENCE = 'api://quoteroom';
  const ours = { ...ann, aud: AUDIENCE };
  const verifier = ({ issuer = null }: { issuer?: string | null } = {}, clock = now) =>
    createTokenVerifier({ jwksUrl: provider.url, audience: AUDIENCE, issuer }, clock);
  const sign = (
    key: CryptoKey,
    header: { alg: string; kid?: string; typ?: string; jwk?: JWK; jku?: string },
    claims: object = ours,
  ) => new SignJWT({ ...claims }).setProtectedHeader(header).sign(key);

  test('a good token gives its claims, and the keys are fetched once', async () => {
    const verify = verifier();
    const token = await sign(rsa.privateKey, { alg: 'RS256', kid: 'one' });
    expect(await verify(token)).toEqual({ ok: true, value: { ...ann, email: null } });
    expect(await verify(token)).toMatchObject({ ok: true });
    expect(provider.requests()).toBe(1);
  });

  const HERE = 'https://id.acme.test/';
  test.each<[string, object, { issuer?: string }, TokenProblemKind | 'good']>([
    ['for us', {}, {}, 'good'],
    ['for us among others', { aud: ['crm', AUDIENCE] }, {}, 'good'],
    ['for another application', { aud: 'crm' }, {}, 'wrong_audience'],
    ['for several others', { aud: ['crm', 'wiki'] }, {}, 'wrong_audience'],
    ['for almost us', { aud: `${AUDIENCE}/` }, {}, 'wrong_audience'],
    ['for nobody in particular', { aud: undefined }, {}, 'wrong_audience'],
    ['for an empty list', { aud: [] }, {}, 'wrong_audience'],
    ['for a number', { aud: 7 }, {}, 'wrong_audience'],
    ['of any issuer where none is set', { iss: 'https://other.test/' }, {}, 'good'],
    ['of the issuer that is set', { iss: HERE }, { issuer: HERE }, 'good'],
    ['of another issuer', { iss: 'https://other.test/' }, { issuer: HERE }, 'wrong_issuer'],
    ['of almost that issuer', { iss: HERE.slice(0, -1) }, { issuer: HERE }, 'wrong_issuer'],
    ['of no issuer', {}, { issuer: HERE }, 'wrong_issuer'],
    [
      'of that issuer, for another application',
      { iss: HERE, aud: 'crm' },
      { issuer: HERE },
      'wrong_audience',
    ],
  ])('[D10] a token %s', async (_, claims, expected, outcome) => {
    const token = await sign(rsa.privateKey, { alg: 'RS256', kid: 'one' }, { ...ours, ...claims });
    const got = await verifier(expected)(token);
    if (outcome === 'good') expect(got).toMatchObject({ ok: true });
    else expectProblem(got, outcome, token);
  });

  test('[D10] the audience counts for tokens that do not name their key, too', async () => {
    const keys = await Promise.all([other, rsa].map((pair) => exportJWK(pair.publicKey)));
    provider.answer(200, JSON.stringify({ keys }));
    const token = await sign(rsa.privateKey, { alg: 'RS256' }, { ...ours, aud: 'crm' });
    expectProblem(await verifier()(token), 'wrong_audience', token);
  });

  test.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'])('[D11] typ %s is good', async (typ) => {
    const token = await sign(rsa.privateKey, { alg: 'RS256', kid: 'one', typ });
    expect(await verifier()(token)).toMatchObject({ ok: true });
  });

  test.each(['logout+jwt', 'secevent+jwt', 'dpop+jwt', 'JOSE', '', 'JWT '])(
    '[D11] typ "%s" is refused',
    async (typ) => {
      const token = await sign(rsa.privateKey, { alg: 'RS256', kid: 'one', typ });
      expectProblem(await verifier()(token), 'wrong_type', token);
    },
  );

  test('every rule about claims holds here too', async () => {
    const expired = await sign(
      rsa.privateKey,
      { alg: 'RS256', kid: 'one' },
      { ...ours, exp: NOW_SECONDS - 6 },
    );
    expectProblem(await verifier()(expired), 'expired', expired);
    const emperor = await sign(rsa.privateKey, { alg: 'RS256', kid: 'one' }, { ...ours, role: 'emperor' });
    expectProblem(await verifier()(emperor), 'unknown_role', emperor);
  });

  test('the public key is not a secret: HS256 is refused, whichever way the key is written', async () => {
    const asPem = await exportSPKI(rsa.publicKey);
    const asJson = JSON.stringify(await exportJWK(rsa.publicKey));
    for (const secret of [asPem, asPem.trim(), asJson]) {
      const token = await hmac(ann, secret);
      expectProblem(await verifier()(token), 'wrong_algorithm', token);
    }
    expect(provider.requests()).toBe(0);
  });

  test('a secret in the key set is not used', async () => {
    provider.answer(
      200,
      JSON.stringify({ keys: [{ kty: 'oct', k: base64url.encode(SECRET), alg: 'HS256' }] }),
    );
    const token = await hmac(ann);
    expectProblem(await verifier()(token), 'wrong_algorithm', token);
  });

  test('alg none is refused', async () => {
    const token = unsigned({ alg: 'none', kid: 'one' }, ann);
    expectProblem(await verifier()(token), 'wrong_algorithm', token);
  });

  test('keys that a token brings or points to are not used', async () => {
    const brought = await sign(other.privateKey, {
      alg: 'RS256',
      kid: 'one',
      jwk: await exportJWK(other.publicKey),
    });
    expectProblem(await verifier()(brought), 'bad_signature', brought);
    const pointed = await sign(other.privateKey, {
      alg: 'RS256',
      kid: 'one',
      jku: 'http://127.0.0.1:1/keys',
    });
    expectProblem(await verifier()(pointed), 'bad_signature', pointed);
  });

  test('a key of another kind or name is unknown', async () => {
    const kind = await sign(curve.privateKey, { alg: 'ES256', kid: 'one' });
    expectProblem(await verifier()(kind), 'unknown_key', kind);
    const name = await sign(rsa.privateKey, { alg: 'RS256', kid: 'two' });
    expectProblem(await verifier()(name), 'unknown_key', name);
  });

  test('without a key name every fitting key is tried', async () => {
    const keys = await Promise.all([other, rsa, curve].map((pair) => exportJWK(pair.publicKey)));
    provider.answer(200, JSON.stringify({ keys }));
    const good = await sign(rsa.privateKey, { alg: 'RS256' });
    expect(await verifier()(good)).toMatchObject({ ok: true });
    const stranger = await generateKeyPair('RS256');
    const bad = await sign(stranger.privateKey, { alg: 'RS256' });
    expectProblem(await verifier()(bad), 'bad_signature', bad);
  });

  test('a token for the secret of a server with a secret is refused, and the other way round', async () => {
    const verify = createTokenVerifier({ secret: await exportSPKI(rsa.publicKey) }, now);
    const token = await sign(rsa.privateKey, { alg: 'RS256', kid: 'one' });
    expectProblem(await verify(token), 'wrong_algorithm', token);
  });

  test.each([
    [500, '{"keys":[]}'],
    [302, ''],
    [200, 'not json'],
    [200, '{"keys":"none"}'],
  ])('keys that cannot be had (%i %s) are a fault that passes', async (status, body) => {
    let at = now();
    const verify = verifier({}, () => at);
    const token = await sign(rsa.privateKey, { alg: 'RS256', kid: 'one' });
    const good = provider.body();
    provider.answer(status, body);
    await expect(verify(token)).rejects.toMatchObject({
      name: 'Fault',
      code: 'jwks_unavailable',
      retryable: true,
    });
    provider.answer(200, good);
    at += 30_000;
    expect(await verify(token)).toMatchObject({ ok: true });
  });

  test('a key too weak to use is a fault, and does not stand in the way of another', async () => {
    const weak = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
    provider.answer(200, JSON.stringify({ keys: [{ ...weak, kid: 'one' }] }));
    const named = await sign(rsa.privateKey, { alg: 'RS256', kid: 'one' });
    await expect(verifier()(named)).rejects.toMatchObject({ code: 'jwks_unavailable' });
    provider.answer(200, JSON.stringify({ keys: [weak, await exportJWK(rsa.publicKey)] }));
    const nameless = await sign(rsa.privateKey, { alg: 'RS256' });
    expect(await verifier()(nameless)).toMatchObject({ ok: true });
  });

  test('a provider that is away is a fault, whose message holds no query of the address', async () => {
    const verify = createTokenVerifier(
      { jwksUrl: `${provider.url}?key=hidden`, audience: AUDIENCE, issuer: null },
      now,
    );
    await provider.close();
    const fault = await verify(await sign(rsa.privateKey, { alg: 'RS256', kid: 'one' })).catch(
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(Fault);
    expect(String(fault)).toContain(provider.url);
    expect(String(fault)).not.toContain('hidden');
  });
});
