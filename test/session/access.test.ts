import { expect, test } from 'vitest';
import type { QuoteId, UserId } from '../../src/lib/ids.ts';
import { createAccess } from '../../src/session/access.ts';
import type { Directory } from '../../src/session/directory.ts';
import { createMemoryDirectory } from '../../src/session/memory-directory.ts';
import { createTokenVerifier, signToken } from '../../src/session/tokens.ts';

const SECRET = 'a secret of the tests, long enough for HS256';
const START = 1_800_000_000_000;
const quote = 'q1' as QuoteId;
const ada = 'ada' as UserId;

function setUp(): {
  directory: Directory & { seen: number };
  access: ReturnType<typeof createAccess>;
  clock: { now: number };
  tokenFor(role: 'sales_rep' | 'vp_sales'): Promise<string>;
} {
  const clock = { now: START };
  const memory = createMemoryDirectory();
  const directory = {
    ...memory,
    seen: 0,
    see(person: Parameters<Directory['see']>[0]) {
      directory.seen += 1;
      return memory.see(person);
    },
  };
  const verifyToken = createTokenVerifier({ secret: SECRET }, () => clock.now);
  return {
    directory,
    clock,
    access: createAccess({ directory, verifyToken, defaultPermission: 'viewer', now: () => clock.now }),
    tokenFor: (role) =>
      signToken(SECRET, { user: ada, name: 'Ada', role }, { now: clock.now, lifetimeMs: 3_600_000 }),
  };
}

test('a person is noted once a minute, however often they ask', async () => {
  const { directory, access, clock, tokenFor } = setUp();
  const token = await tokenFor('sales_rep');
  for (let request = 0; request < 10; request++) await access.signIn(token);
  expect(directory.seen).toBe(1);
  clock.now += 60_000;
  await access.signIn(token);
  expect(directory.seen).toBe(2);
});

test('a person is signed in for as long as their own token is good, whatever others of theirs say', async () => {
  const { access, clock, tokenFor } = setUp();
  const first = await access.signIn(await tokenFor('sales_rep'));
  const token = await tokenFor('sales_rep');
  clock.now += 60_000;
  await access.signIn(await tokenFor('vp_sales'));
  expect(first).toMatchObject({ value: { tokenExpiresAt: START + 3_600_000 } });
  expect(await access.signIn(token)).toMatchObject({
    value: { role: 'vp_sales', tokenExpiresAt: START + 3_600_000 },
  });
});

test('an older token cannot bring an older role back', async () => {
  const { access, clock, tokenFor } = setUp();
  const older = await tokenFor('sales_rep');
  await access.signIn(older);
  clock.now += 1_000;
  const newer = await tokenFor('vp_sales');
  await access.signIn(newer);
  for (const token of [older, newer, older]) {
    expect(await access.signIn(token)).toMatchObject({ ok: true, value: { role: 'vp_sales' } });
  }
});

test('a grant stands above the default permission, and none shuts out', async () => {
  const { access, directory, tokenFor } = setUp();
  const signedIn = await access.signIn(await tokenFor('sales_rep'));
  if (!signedIn.ok) throw new Error('the token is good');
  const person = signedIn.value;
  expect(await access.actorIn(person, quote)).toEqual({ user: ada, role: 'sales_rep', permission: 'viewer' });
  const grant = { quote, user: ada, grantedBy: ada, source: 'host', at: START } as const;
  await directory.setGrant({ ...grant, permission: 'host' });
  expect(await access.actorIn(person, quote)).toMatchObject({ permission: 'host' });
  await directory.setGrant({ ...grant, permission: 'none' });
  expect(await access.actorIn(person, quote)).toBeNull();
});
