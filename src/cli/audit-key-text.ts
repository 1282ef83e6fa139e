import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto';
import { type NoteKey, formatNoteKey, noteKey, parseNoteKey } from '../log/signed-note.ts';

/** What stands before the 32 bytes of a private key in its DER form (RFC 8410). */
const PRIVATE_KEY_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/** An Ed25519 private key as people hand it over: PKCS8 PEM, or its seed of 32 bytes in base64. Null where it is none. */
export function parsePrivateKey(text: string): KeyObject | null {
  try {
    // Where a variable cannot hold lines, they are often written as \n.
    const key = text.includes('-----BEGIN')
      ? createPrivateKey(text.replaceAll('\\n', '\n'))
      : privateKeyOf(Buffer.from(text.trim(), 'base64'));
    return key?.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

const privateKeyOf = (seed: Buffer): KeyObject | null =>
  seed.length === SEED_BYTES
    ? createPrivateKey({ key: Buffer.concat([PRIVATE_KEY_PREFIX, seed]), format: 'der', type: 'pkcs8' })
    : null;

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/**
 * The public keys in a text that was kept: lines `NAME+ID+KEY`, and PEM, which has no name and takes that of the
 * signatures it is to check. Everything else in the text is passed over.
 */
export function parsePublicKeys(text: string, signers: readonly string[]): NoteKey[] {
  const lines = text.split(/\r?\n/).map((line) => parseNoteKey(line.trim()));
  const pems = (text.match(PEM) ?? []).map(publicKeyOf);
  return [
    ...lines.filter((key) => key !== null),
    ...pems.flatMap((key) => (key === null ? [] : signers.map((name) => noteKey(name, key)))),
  ];
}

function publicKeyOf(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

/** As lines to keep: the form that tools for signed notes take, then PEM for all others. */
export const publicKeyLines = (key: NoteKey): string[] => [
  formatNoteKey(key),
  String(key.publicKey.export({ format: 'pem', type: 'spki' })).trimEnd(),
];
