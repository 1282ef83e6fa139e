import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Secret, createSecret } from './secret.ts';
import { CommandFailure } from './command-errors.ts';

/**
 * The secret that `serve --dev` signs with. It stays in the data folder, readable by its owner only, so that the links
 * and tokens of a demo server outlive its restart. To be called by who holds the folder's lock.
 */
export function keepDevSecret(folder: string): { readonly secret: Secret; readonly path: string } {
  const path = join(folder, 'dev-secret');
  try {
    return { secret: createSecret(readSecret(path) ?? makeSecret(path)), path };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure('dev_secret', `cannot use the secret of --dev: ${why}`);
  }
}

function readSecret(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (/^[\w-]{43}$/.test(text)) return text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  throw new Error(`${path} holds something else; delete it, and a new one is made`);
}

function makeSecret(path: string): string {
  const text = randomBytes(32).toString('base64url');
  writeFileSync(path, `${text}\n`, { mode: 0o600, flag: 'wx' });
  return text;
}
