import { type KeyObject, createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type NoteKey,
  type NoteSigner,
  formatNoteKey,
  noteSigner,
  parseNoteKey,
} from '../log/signed-note.ts';
import { parsePrivateKey } from './audit-key-text.ts';
import { CommandFailure } from './command-errors.ts';
import type { Secret } from './secret.ts';

/**
 * The key that signs heads. It is never in the database: it comes from the setting `audit.key`, or is made once and kept in the
 * file `audit-key` of the data folder, readable by its owner only: one that others may read is refused, since they could
 * have signed with it. Beside it `audit-keys` lists the public key of every one that ever signed here, oldest first, so that
 * heads stay checkable when the key is another one.
 *
 * All keys of a folder have one name, the origin of its heads, made out of the first of them. What writes is to be called
 * by who holds the folder's lock.
 */
export function keepAuditKey(folder: string, given: Secret | null): NoteSigner {
  return orFailure(() => {
    const known = readAuditKeys(folder);
    const key = given === null ? (readKeyFile(folder) ?? makeKeyFile(folder)) : keyOf(given);
    return listKey(folder, known, key);
  });
}

/** Makes another key, which signs from the next start on. */
export function rotateAuditKey(folder: string): NoteSigner {
  return orFailure(() => {
    const known = readAuditKeys(folder);
    const key = newKey();
    const path = keyFileIn(folder);
    // First the list: a key must not sign before it is known.
    const signer = listKey(folder, known, key);
    // One that was left behind would keep its own permissions.
    rmSync(`${path}.new`, { force: true });
    writeFileSync(`${path}.new`, pemOf(key), { mode: 0o600, flag: 'wx' });
    renameSync(`${path}.new`, path);
    return signer;
  });
}

/** The public keys of a folder, oldest first; none where no server ever ran there. */
export function readAuditKeys(folder: string): NoteKey[] {
  const path = keyListIn(folder);
  const lines = (readIfThere(path) ?? '').split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const key = parseNoteKey(line);
    if (key !== null) return key;
    throw new CommandFailure(
      'audit_key',
      `${path} holds something else than public keys: restore it from a backup`,
    );
  });
}

const keyFileIn = (folder: string): string => join(folder, 'audit-key');
const keyListIn = (folder: string): string => join(folder, 'audit-keys');

function listKey(folder: string, known: readonly NoteKey[], key: KeyObject): NoteSigner {
  const signer = noteSigner(known[0]?.name ?? nameOf(key), key);
  if (known.at(-1)?.id !== signer.id) appendFileSync(keyListIn(folder), `${formatNoteKey(signer)}\n`);
  return signer;
}

/** Two folders have different names, and a folder whose list was lost takes the one it had, unless its key was changed. */
function nameOf(key: KeyObject): string {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return `quoteroom/${createHash('sha256').update(der).digest('hex').slice(0, 12)}`;
}

function keyOf(given: Secret): KeyObject {
  const key = parsePrivateKey(given.reveal());
  if (key !== null) return key;
  throw new CommandFailure(
    'audit_key',
    'audit.key is no Ed25519 private key: give PKCS8 PEM, or its seed in base64',
  );
}

function readKeyFile(folder: string): KeyObject | null {
  const path = keyFileIn(folder);
  const text = readIfThere(path);
  if (text === null) return null;
  refuseReadable(path);
  const key = parsePrivateKey(text);
  if (key !== null) return key;
  throw new CommandFailure(
    'audit_key',
    `${path} holds something else than the key that signs heads: restore it from a backup, or delete it, and a new one ` +
      'is made',
  );
}

/** Bits of a mode that give the group or all others anything. */
const OTHERS = 0o077;

/** Windows has no such bits: there it says nothing. */
function refuseReadable(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return;
  throw new CommandFailure(
    'audit_key',
    `${path} is open to others (mode ${mode.toString(8)}), who could sign heads with it: run "chmod 600 ${path}", and ` +
      'then "quoteroom audit key --rotate" if anybody may have read it',
  );
}

function makeKeyFile(folder: string): KeyObject {
  const key = newKey();
  writeFileSync(keyFileIn(folder), pemOf(key), { mode: 0o600, flag: 'wx' });
  return key;
}

const newKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;
const pemOf = (key: KeyObject): string => String(key.export({ format: 'pem', type: 'pkcs8' }));

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function orFailure<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure('audit_key', `cannot use the key that signs heads: ${why}`);
  }
}
