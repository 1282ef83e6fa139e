import { beforeEach, describe, expect, test } from 'vitest';
import type { Directory, Grant, Person } from '../../src/session/directory.ts';
import { RESERVATIONS_PER_USER_MAX } from '../../src/lib/limits.ts';
import { quoteId, userId } from '../support/build-entry.ts';

const [ann, bob, carl] = [userId('ann'), userId('bob'), userId('carl')];
const [q1, q2] = [quoteId('q1'), quoteId('q2')];

const person = (change: Partial<Person> = {}): Person => ({
  user: ann,
  name: 'Ann',
  email: 'ann@example.com',
  role: 'sales_rep',
  tokenIssuedAt: 100,
  seenAt: 100_500,
  ...change,
});

const grant = (change: Partial<Grant> = {}): Grant => ({
  quote: q1,
  user: bob,
  permission: 'editor',
  grantedBy: ann,
  source: 'host',
  at: 1_000,
  ...change,
});

/** What every adapter of the directory keeps to. */
export function describeDirectoryContract(adapter: string, create: () => Directory): void {
  describe(`${adapter} as a directory`, () => {
    let directory: Directory;

    beforeEach(() => {
      directory = create();
      return () => directory.close();
    });

    test('[D1] remembers what a token says about a person', async () => {
      expect(await directory.person(ann)).toBeNull();
      expect(await directory.see(person())).toStrictEqual(person());
      expect(await directory.person(ann)).toStrictEqual(person());
      const withoutEmail = person({ user: bob, email: null });
      expect(await directory.see(withoutEmail)).toStrictEqual(withoutEmail);
    });

    test('[D2] a newer token replaces all that was known', async () => {
      await directory.see(person());
      const promoted = person({
        name: 'Ann B.',
        email: null,
        role: 'vp_sales',
        tokenIssuedAt: 101,
        seenAt: 101_000,
      });
      expect(await directory.see(promoted)).toStrictEqual(promoted);
      expect(await directory.person(ann)).toStrictEqual(promoted);
    });

    test('[D2] an older token changes nothing, however late it is seen', async () => {
      await directory.see(person());
      const old = person({ role: 'admin', tokenIssuedAt: 99, seenAt: 900_000 });
      expect(await directory.see(old)).toStrictEqual(person());
      expect(await directory.person(ann)).toStrictEqual(person());
    });

    test('[D2] of two tokens of the same second the later call counts', async () => {
      await directory.see(person());
      const same = person({ role: 'admin', seenAt: 100_900 });
      expect(await directory.see(same)).toStrictEqual(same);
      expect(await directory.see(person())).toStrictEqual(person());
    });

    test('[D3] gives the people it knows of those asked for, by id', async () => {
      await directory.see(person({ user: carl }));
      await directory.see(person());
      expect(await directory.people([carl, bob, ann, ann])).toStrictEqual([person(), person({ user: carl })]);
      expect(await directory.people([])).toEqual([]);
    });

    test('[D19] finds people by their e-mail, whatever the case of its letters', async () => {
      await directory.see(person({ email: 'Ann@Example.com' }));
      await directory.see(person({ user: bob, email: 'bob@example.com' }));
      await directory.see(person({ user: carl, email: 'ann@example.COM' }));
      const found = await directory.byEmail('ann@example.com');
      expect(found.map(({ user }) => user)).toEqual([ann, carl]);
      expect(await directory.byEmail('nobody@example.com')).toEqual([]);
      expect(await directory.byEmail('%')).toEqual([]);
    });

    test('[D4] a grant is one per quote and person; the last one set counts', async () => {
      expect(await directory.grant(q1, bob)).toBeNull();
      await directory.setGrant(grant());
      const shutOut = grant({ permission: 'none', grantedBy: carl, at: 2_000 });
      await directory.setGrant(shutOut);
      expect(await directory.grant(q1, bob)).toStrictEqual(shutOut);
      expect(await directory.grants(q1)).toStrictEqual([shutOut]);
      expect(await directory.grant(q2, bob)).toBeNull();
      expect(await directory.grant(q1, ann)).toBeNull();
    });

    test('[D5] lists the grants of a quote by person, and of a person by quote', async () => {
      const all = [grant({ user: carl }), grant({ quote: q2 }), grant({ permission: 'host' })];
      for (const one of all) await directory.setGrant(one);
      expect(await directory.grants(q1)).toStrictEqual([
        grant({ permission: 'host' }),
        grant({ user: carl }),
      ]);
      expect(await directory.grantsOf(bob)).toStrictEqual([
        grant({ permission: 'host' }),
        grant({ quote: q2 }),
      ]);
      expect(await directory.grants(quoteId('unknown'))).toEqual([]);
      expect(await directory.grantsOf(ann)).toEqual([]);
    });

    test('[D16] a grant keeps whether it came of a link, and the last one set counts in that, too', async () => {
      await directory.setGrant(grant({ source: 'link' }));
      expect(await directory.grant(q1, bob)).toStrictEqual(grant({ source: 'link' }));
      await directory.setGrant(grant());
      expect(await directory.grantsOf(bob)).toStrictEqual([grant()]);
    });

    test('[D6] a deleted grant is gone, and no other', async () => {
      await directory.setGrant(grant());
      await directory.setGrant(grant({ user: carl }));
      await directory.deleteGrant(q1, bob);
      await directory.deleteGrant(q1, bob);
      expect(await directory.grants(q1)).toStrictEqual([grant({ user: carl })]);
    });

    test('[D9] a client id is kept for whoever announced it first, in one quote', async () => {
      const first = { quote: q1, client: 7, user: ann, at: 1_000 };
      const other = { quote: q1, client: 4_294_967_294, user: bob, at: 500 };
      await directory.reserve(first);
      await directory.reserve(other);
      await directory.reserve({ ...first, user: bob, at: 2_000 });
      await directory.reserve({ ...first, at: 3_000 });
      await directory.reserve({ ...first, quote: q2, user: carl });
      expect(await directory.reservations(q1)).toStrictEqual([other, first]);
      expect(await directory.reservations(q2)).toStrictEqual([{ ...first, quote: q2, user: carl }]);
      expect(await directory.reservations(quoteId('unknown'))).toEqual([]);
    });

    test('[D9] of too many of one person in one quote the oldest are given up, and nobody else’s', async () => {
      const others = { quote: q1, client: 1, user: bob, at: 1 };
      const elsewhere = { quote: q2, client: 2, user: ann, at: 1 };
      await directory.reserve(others);
      await directory.reserve(elsewhere);
      for (let count = 0; count < RESERVATIONS_PER_USER_MAX + 2; count++) {
        await directory.reserve({ quote: q1, client: 1_000 - count, user: ann, at: 10 + count });
      }
      const [kept, ...own] = await directory.reservations(q1);
      expect(kept).toStrictEqual(others);
      expect(own.length).toBe(RESERVATIONS_PER_USER_MAX);
      expect(own[0]?.client).toBe(998);
      expect(await directory.reservations(q2)).toStrictEqual([elsewhere]);
    });

    test('[D17] everyone who signed in is listed, by their ids', async () => {
      await directory.see(person({ user: bob }));
      await directory.see(person());
      expect(await directory.everyone()).toStrictEqual([person(), person({ user: bob })]);
    });

    test('[D18] an erased name is gone, and no token from before brings it back; a newer one does', async () => {
      await directory.see(person());
      await directory.see(person({ user: bob, name: 'Bob' }));
      const erased = { user: ann, name: 'Erased person (ann)', issuedFrom: 200 };
      expect(await directory.erase(erased)).toStrictEqual(person());
      const left = person({ name: 'Erased person (ann)', email: null, tokenIssuedAt: 200 });
      expect(await directory.person(ann)).toStrictEqual(left);
      expect(await directory.see(person({ tokenIssuedAt: 199, role: 'admin' }))).toStrictEqual(left);
      expect(await directory.person(bob)).toMatchObject({ name: 'Bob' });
      expect(await directory.see(person({ tokenIssuedAt: 200 }))).toMatchObject({ name: 'Ann' });
      expect(await directory.erase({ ...erased, user: carl })).toBeNull();
      expect(await directory.person(carl)).toBeNull();
    });

    test('[D7] closing twice is fine', async () => {
      await directory.close();
      await expect(directory.close()).resolves.toBeUndefined();
    });
  });
}
