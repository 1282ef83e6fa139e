import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServedFolder, serveFolder } from '../support/served-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ann = ['ann', 'sales_manager'] as const;
const zoe = ['zoe', 'sales_rep'] as const;

let served: ServedFolder;

beforeEach(async () => {
  served = await serveFolder(temporaryFolder());
  await served.call(ann, 'POST', '/api/quotes', { id: 'q1', fields: { title: 'Bolts', currency: 'EUR' } });
  const writes = [{ cell: 'fields/title', value: 'Nuts' }];
  await served.call(ann, 'PATCH', '/api/quotes/q1/cells', { writes });
});

afterEach(async () => {
  expect(await served.stop()).toBe(0);
});

test('name-version names the quote as it is or was, versions lists the names', async () => {
  expect((await served.runAs(ann, 'quote', 'versions', 'q1')).out).toBe('Quote q1 has no named versions.\n');
  const now = await served.runAs(ann, 'quote', 'name-version', 'q1', 'Sent to ACME');
  expect(now).toMatchObject({ code: 0, err: '' });
  expect(now.out).toMatch(/^Entry 2 of quote q1, .* UTC, is named: Sent to ACME\n$/);
  const before = await served.runAs(ann, 'quote', 'name-version', 'q1', 'First', '--at', '1', '--json');
  expect(before.json()).toMatchObject({ name: 'First', seq: 1, namedBy: { id: 'ann' } });

  const listed = await served.runAs(zoe, 'quote', 'versions', 'q1');
  const lines = listed.out.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^Entry {2}Name +Made \(UTC\) +Named by +Named \(UTC\)$/);
  expect(lines[1]).toMatch(/^ +2 {2}Sent to ACME {2}/);
  expect(lines[2]).toMatch(/^ +1 {2}First {2}/);
  const json = (await served.runAs(zoe, 'quote', 'versions', 'q1', '--json')).json();
  expect(json.versions).toHaveLength(2);
});

test('what cannot be named is said, with exit code 1', async () => {
  await served.call(ann, 'PUT', '/api/quotes/q1/people/zoe', { permission: 'viewer' });
  await served.runAs(ann, 'quote', 'name-version', 'q1', 'First');
  for (const [person, argv, err] of [
    [ann, ['q1', 'First'], /There is a version "First" of this quote already/],
    [ann, ['q1', 'Later', '--at', '9'], /there is no entry 9 in this quote/],
    [ann, ['q9', 'Lost'], /there is no quote q9 at /],
    [zoe, ['q1', 'Mine'], /You can only view this quote/],
  ] as const) {
    const failed = await served.runAs(person, 'quote', 'name-version', ...argv);
    expect([failed.code, failed.out]).toEqual([1, '']);
    expect(failed.err).toMatch(err);
  }
});
