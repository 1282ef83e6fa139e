import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parsePrivateKey, parsePublicKeys, publicKeyLines } from '../../src/cli/audit-key-text.ts';
import { keepAuditKey, readAuditKeys, rotateAuditKey } from '../../src/cli/audit-key.ts';
import { createSecret } from '../../src/cli/secret.ts';
import { formatNoteKey, noteKey } from '../../src/log/signed-note.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const keyFile = (): string => join(folder, 'audit-key');
const modeOf = (path: string): number => statSync(path).mode & 0o777;
const newKey = () => generateKeyPairSync('ed25519');
const newPem = (): string => String(newKey().privateKey.export({ format: 'pem', type: 'pkcs8' }));
const ids = (): string[] => readAuditKeys(folder).map(({ id }) => id);

describe('the key in the data folder', () => {
  test('is made once, for its owner only, and its public half is listed', () => {
    const made = keepAuditKey(folder, null);
    expect(made.name).toMatch(/^quoteroom\/[0-9a-f]{12}$/);
    expect(modeOf(keyFile())).toBe(0o600);
    expect(keepAuditKey(folder, null).id).toBe(made.id);
    expect(ids()).toEqual([made.id]);
    expect(readFileSync(join(folder, 'audit-keys'), 'utf8')).toBe(`${formatNoteKey(made)}\n`);
  });

  test.each([0o640, 0o604, 0o660, 0o620, 0o777])(
    'is refused where others may have it (mode %o), and the message says what to do',
    (mode) => {
      keepAuditKey(folder, null);
      chmodSync(keyFile(), mode);
      expect(() => keepAuditKey(folder, null)).toThrow(/is open to others .*chmod 600 .*--rotate/);
    },
  );

  test('may be kept from writing, too', () => {
    const { id } = keepAuditKey(folder, null);
    chmodSync(keyFile(), 0o400);
    expect(keepAuditKey(folder, null).id).toBe(id);
  });

  test('that is something else is told, and never overwritten', () => {
    writeFileSync(keyFile(), 'my notes', { mode: 0o600 });
    expect(() => keepAuditKey(folder, null)).toThrow(/holds something else than the key/);
    expect(readFileSync(keyFile(), 'utf8')).toBe('my notes');
  });

  test('another kind of key is none', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    writeFileSync(keyFile(), String(rsa.export({ format: 'pem', type: 'pkcs8' })), { mode: 0o600 });
    expect(() => keepAuditKey(folder, null)).toThrow(/holds something else/);
  });

  test('a list that is something else is told', () => {
    writeFileSync(join(folder, 'audit-keys'), 'x\n');
    expect(() => readAuditKeys(folder)).toThrow(/holds something else than public keys/);
  });
});

describe('rotation', () => {
  test('makes another key under the same name, and keeps the public half of the old one', () => {
    const old = keepAuditKey(folder, null);
    writeFileSync(`${keyFile()}.new`, 'left behind', { mode: 0o644 });
    const rotated = rotateAuditKey(folder);
    expect(rotated.name).toBe(old.name);
    expect(rotated.id).not.toBe(old.id);
    expect(ids()).toEqual([old.id, rotated.id]);
    expect(keepAuditKey(folder, null).id).toBe(rotated.id);
    expect(modeOf(keyFile())).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(['audit-key', 'audit-keys']);
  });

  test('that was interrupted before the new key took its place goes on with the old one, listed as the newest', () => {
    const old = keepAuditKey(folder, null);
    const other = noteKey(old.name, newKey().publicKey);
    writeFileSync(join(folder, 'audit-keys'), `${formatNoteKey(old)}\n${formatNoteKey(other)}\n`);
    expect(keepAuditKey(folder, null).id).toBe(old.id);
    expect(ids()).toEqual([old.id, other.id, old.id]);
  });
});

describe('the key of the settings', () => {
  test('signs instead of the one in the folder, which is not made then', () => {
    const pem = newPem();
    const signer = keepAuditKey(folder, createSecret(pem));
    expect(readdirSync(folder)).toEqual(['audit-keys']);
    expect(createPublicKey(signer.privateKey).equals(createPublicKey(pem))).toBe(true);
  });

  test('that takes the place of another keeps the name, and the old one in the list', () => {
    const own = keepAuditKey(folder, null);
    const given = keepAuditKey(folder, createSecret(newPem()));
    expect(given.name).toBe(own.name);
    expect(ids()).toEqual([own.id, given.id]);
  });

  test('may be PEM, PEM in one line, or the seed in base64', () => {
    const { privateKey } = newKey();
    const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('base64');
    for (const text of [pem, pem.replaceAll('\n', '\\n'), seed, `${seed}\n`])
      expect(parsePrivateKey(text)?.equals(privateKey), text).toBe(true);
    for (const text of [
      '',
      'x',
      seed.slice(4),
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    ])
      expect(parsePrivateKey(text)).toBeNull();
  });
});

test('public keys are read from lines and from PEM, among anything else', () => {
  const keys = [noteKey('quoteroom/a', newKey().publicKey), noteKey('quoteroom/b', newKey().publicKey)];
  const [first, second] = keys.map(publicKeyLines);
  const text = ['our keys:', first?.[0], '', second?.[1], 'bye'].join('\r\n');
  expect(parsePublicKeys(text, ['quoteroom/b']).map(({ id }) => id)).toEqual(keys.map(({ id }) => id));
  expect(parsePublicKeys(text, []).map(({ id }) => id)).toEqual([keys[0]?.id]);
  expect(parsePublicKeys('nothing', ['quoteroom/b'])).toEqual([]);
});
