import { type KeyObject, createHash, createPublicKey, sign, verify } from 'node:crypto';
import { assert } from '../lib/assert.ts';
import { type Result, fail, ok } from '../lib/result.ts';

/**
 * Signed notes as C2SP specifies them (c2sp.org/signed-note), with Ed25519: a text that ends with a line feed, an empty
 * line, and signature lines
 *
 *     — NAME base64(4 bytes of the key's id, then the signature over the text)
 *
 * where the id is the start of the SHA-256 of the name, a line feed, one byte 1, and the 32 bytes of the public key. So any
 * tool that reads signed notes can check ours.
 */
export interface NoteKey {
  readonly name: string;
  /** 8 digits of hex. */
  readonly id: string;
  readonly publicKey: KeyObject;
}

export interface NoteSigner extends NoteKey {
  readonly privateKey: KeyObject;
}

export interface OpenedNote {
  readonly text: string;
  /** Whose signature was good. */
  readonly key: NoteKey;
}

const ED25519 = 1;
/** What stands before the 32 bytes of a public key in its DER form (RFC 8410). */
const PUBLIC_KEY_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const NAME = /^[^\s+\p{Cc}]+$/u;
const SIGNATURES_MAX = 16;

export function noteKey(name: string, publicKey: KeyObject): NoteKey {
  assert(NAME.test(name), 'the name of a key has neither spaces nor a plus sign');
  assert(publicKey.asymmetricKeyType === 'ed25519', 'notes are signed with Ed25519');
  const hash = createHash('sha256')
    .update(name)
    .update(Uint8Array.of(0x0a, ED25519))
    .update(rawOf(publicKey));
  return { name, id: hash.digest('hex').slice(0, 8), publicKey };
}

export const noteSigner = (name: string, privateKey: KeyObject): NoteSigner => ({
  ...noteKey(name, createPublicKey(privateKey)),
  privateKey,
});

export function signNote(text: string, signer: NoteSigner): string {
  assert(text.endsWith('\n'), 'the text of a note ends with a line feed');
  const signature = sign(null, Buffer.from(text, 'utf8'), signer.privateKey);
  const bytes = Buffer.concat([Buffer.from(signer.id, 'hex'), signature]);
  return `${text}\n— ${signer.name} ${bytes.toString('base64')}\n`;
}

/**
 * The text of a note that one of these keys signed. A note that one of them is said to have signed, but did not, is refused
 * whoever else signed it; signatures of others are passed over.
 */
export function openNote(note: string, keys: readonly NoteKey[]): Result<OpenedNote> {
  const parts = splitNote(note);
  if (!parts.ok) return parts;
  const { text, signatures } = parts.value;
  let good: NoteKey | null = null;
  for (const { name, id, signature } of signatures) {
    const key = keys.find((one) => one.name === name && one.id === id);
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), key.publicKey, signature))
      return fail(
        `the signature of the key ${name} (${id}) is wrong: the text was changed, or is not theirs`,
      );
    good ??= key;
  }
  if (good !== null) return ok({ text, key: good });
  const signers = signatures.map(({ name, id }) => `${name} (${id})`).join(', ');
  return fail(`it is signed by ${signers}, which is none of the keys given`);
}

export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly signature: Uint8Array;
}

/** What a note says of its signatures, whether they are good or not. */
export function splitNote(
  note: string,
): Result<{ readonly text: string; readonly signatures: readonly NoteSignature[] }> {
  if (hasControls(note)) return fail('it is no signed note: it holds a control character');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return fail('it is no signed note: no empty line before signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  const signatures = lines.map(parseSignature);
  const known = signatures.filter((one) => one !== null);
  if (known.length !== lines.length || lines.length > SIGNATURES_MAX)
    return fail('it is no signed note: a line of a signature has another form');
  return ok({ text: note.slice(0, end + 1), signatures: known });
}

/** Those below a space, but for the line feed. */
const hasControls = (text: string): boolean => /[^\P{Cc}\n\u007f-\u009f]/u.test(text);

function parseSignature(line: string): NoteSignature | null {
  const [, name, base64] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  if (name === undefined || base64 === undefined) return null;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length <= 4 || bytes.toString('base64') !== base64) return null;
  return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
}

/** Who a note says signed it, whether that is so or not; nobody where it is none. */
export function signersOf(note: string): readonly NoteSignature[] {
  const parts = splitNote(note);
  return parts.ok ? parts.value.signatures : [];
}

/** `NAME+ID`, as lines of keys begin. */
export const keyName = ({ name, id }: Pick<NoteKey, 'name' | 'id'>): string => `${name}+${id}`;

/** A public key as one line, in the form that tools for signed notes take: `NAME+ID+base64(1, then the key)`. */
export const formatNoteKey = (key: NoteKey): string =>
  `${keyName(key)}+${Buffer.concat([Uint8Array.of(ED25519), rawOf(key.publicKey)]).toString('base64')}`;

/** Null where it is none, or its id is not that of its name and key. */
export function parseNoteKey(line: string): NoteKey | null {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  if (name === undefined || base64 === undefined) return null;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 33 || bytes[0] !== ED25519) return null;
  const der = Buffer.concat([PUBLIC_KEY_PREFIX, bytes.subarray(1)]);
  const key = noteKey(name, createPublicKey({ key: der, format: 'der', type: 'spki' }));
  return key.id === id ? key : null;
}

const rawOf = (publicKey: KeyObject): Buffer =>
  publicKey.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_KEY_PREFIX.length);
