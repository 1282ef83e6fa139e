import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import { formatHeadText, parseHeadText } from '../../src/log/head-text.ts';
import {
  type NoteKey,
  formatNoteKey,
  noteKey,
  noteSigner,
  openNote,
  parseNoteKey,
  signNote,
} from '../../src/log/signed-note.ts';

const newSigner = (name = 'quoteroom/test') => noteSigner(name, generateKeyPairSync('ed25519').privateKey);
const keyOf = (line: string): NoteKey => present(parseNoteKey(line), 'it is a key');

/** From the documentation of Go's `golang.org/x/mod/sumdb/note`, which the form comes from. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

test('[L53] a note and a key of another implementation are read', () => {
  const key = keyOf(GO_KEY);
  expect(formatNoteKey(key)).toBe(GO_KEY);
  const opened = openNote(GO_NOTE, [key]);
  expect(opened).toMatchObject({ ok: true, value: { key: { name: 'PeterNeumann', id: 'c74f20a3' } } });
});

test('[L53] what was signed is opened by the key of its signer, and by no other', () => {
  const [signer, other] = [newSigner(), newSigner()];
  const note = signNote('one\n\ntwo\n', signer);
  expect(openNote(note, [other, keyOf(formatNoteKey(signer))])).toMatchObject({
    ok: true,
    value: { text: 'one\n\ntwo\n', key: { id: signer.id } },
  });
  expect(openNote(note, [other])).toEqual({
    ok: false,
    reason: `it is signed by quoteroom/test (${signer.id}), which is none of the keys given`,
  });
  // The same key under another name is another key.
  expect(openNote(note, [noteKey('elsewhere', createPublicKey(signer.privateKey))]).ok).toBe(false);
});

test('[L53] a note with any one byte changed is refused', () => {
  const signer = newSigner();
  const note = Buffer.from(signNote('quoteroom\n1\nroot\n', signer));
  fc.assert(
    fc.property(fc.nat(note.length - 1), fc.integer({ min: 1, max: 127 }), (at, flip) => {
      const changed = Buffer.from(note);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(openNote(changed.toString('utf8'), [signer]).ok).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('[L53] signatures of others beside it do no harm, a wrong one of a known key does', () => {
  const [signer, other] = [newSigner(), newSigner('witness')];
  const text = 'text\n';
  const line = (note: string): string => note.slice(text.length + 1);
  const both = signNote(text, signer) + line(signNote(text, other));
  expect(openNote(both, [signer]).ok).toBe(true);
  const wrong = signNote(text, signer) + line(signNote('other\n', other).slice(1));
  expect(openNote(wrong, [signer]).ok).toBe(true);
  expect(openNote(wrong, [signer, other])).toMatchObject({ ok: false });
});

test.each([
  '',
  'x',
  GO_KEY.slice(0, -4),
  GO_KEY.replace('c74f20a3', 'c74f20a4'),
  GO_KEY.replace('Peter', 'Paul'),
])('%o is no key', (line) => {
  expect(parseNoteKey(line)).toBeNull();
});

test('[L54] the text of a head comes back as it was', () => {
  const head = {
    origin: 'quoteroom/5d41402abc4b',
    size: 2,
    root: new Uint8Array(32).fill(7),
    n: 12,
    at: 1_772_366_400_000,
  };
  const text = formatHeadText(head);
  expect(text.split('\n')).toEqual([
    'quoteroom/5d41402abc4b',
    '2',
    Buffer.from(head.root).toString('base64'),
    'head 12',
    'at 2026-03-01T12:00:00.000Z',
    '',
  ]);
  const parsed = parseHeadText(text);
  expect(parsed.ok && { ...parsed.value, root: new Uint8Array(parsed.value.root) }).toEqual(head);
  for (const wrong of [
    `${text}more\n`,
    text.replace('\n2\n', '\n02\n'),
    text.slice(1).replace(/^[^\n]*/, ''),
    '',
  ])
    expect(parseHeadText(wrong).ok).toBe(false);
});
