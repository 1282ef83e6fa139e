import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keepDevSecret } from '../../src/cli/dev-secret.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('is made once for a folder, and readable by its owner only', () => {
  const folder = temporaryFolder();
  const { secret, path } = keepDevSecret(folder);
  expect(secret.reveal()).toMatch(/^[\w-]{43}$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).toBe(`${secret.reveal()}\n`);
  expect(keepDevSecret(folder).secret.reveal()).toBe(secret.reveal());
  expect(keepDevSecret(temporaryFolder()).secret.reveal()).not.toBe(secret.reveal());
});

test('something else in its place is never signed with', () => {
  const folder = temporaryFolder();
  const { path } = keepDevSecret(folder);
  writeFileSync(path, '');
  expect(() => keepDevSecret(folder)).toThrow(`${path} holds something else; delete it`);
});
