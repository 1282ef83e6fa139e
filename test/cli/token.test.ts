import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTokenVerifier } from '../../src/session/tokens.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { runCommand } from '../support/test-terminal.ts';

const SECRET = 'a secret for tests, long enough for HS256';
const run = (env: Record<string, string>, ...argv: string[]) =>
  runCommand({ cwd: temporaryFolder(), env }, 'token', ...argv);

test('a token lets in who it was made for, in their role, until it expires', async () => {
  const now = Date.now();
  const { code, out } = await run(
    { QUOTEROOM_SECRET: SECRET },
    ...[
      '--user',
      'rita',
      '--role',
      'sales_rep',
      '--name',
      'Rita Reyes',
      '--email',
      'rita@example.com',
      '--expires',
      '30m',
    ],
  );
  expect(code).toBe(0);
  expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const claims = await createTokenVerifier({ secret: SECRET }, () => now)(out.trim());
  expect(claims).toMatchObject({
    ok: true,
    value: { sub: 'rita', role: 'sales_rep', name: 'Rita Reyes', email: 'rita@example.com' },
  });
  const later = await createTokenVerifier({ secret: SECRET }, () => now + 31 * 60_000)(out.trim());
  expect(later).toMatchObject({ ok: false, reason: { kind: 'expired' } });
});

test('with --json it says what it made', async () => {
  const made = await run({ QUOTEROOM_SECRET: SECRET }, '--user', 'ada', '--role', 'admin', '--json');
  expect(made.json()).toMatchObject({
    user: 'ada',
    role: 'admin',
    token: expect.any(String),
    expiresAt: expect.any(Number),
  });
});

test('without a secret it says which one to take', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'quoteroom.yaml'), 'host: 0.0.0.0\n');
  const { code, out, err } = await runCommand({ cwd: folder }, 'token', '--user', 'ada', '--role', 'admin');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toBe(
    "error: there is no secret to sign with: set QUOTEROOM_SECRET to the server's secret; " +
      `for a demo server: QUOTEROOM_SECRET=$(cat ${join(folder, 'data/dev-secret')})\n`,
  );
});

test('where an identity provider signs, this program does not', async () => {
  const { code, err } = await run(
    { QUOTEROOM_JWKS_URL: 'https://id.example/keys', QUOTEROOM_AUDIENCE: 'quoteroom' },
    '--user',
    'ada',
    '--role',
    'admin',
  );
  expect(code).toBe(2);
  expect(err).toContain('your identity provider makes the tokens of this server');
});
