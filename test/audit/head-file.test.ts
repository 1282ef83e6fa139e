import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HeadFile, formatHeadFile, openHead, parseHeadFile } from '../../src/audit/head-file.ts';
import { present } from '../../src/lib/assert.ts';
import { formatHeadText } from '../../src/log/head-text.ts';
import { type HeadLeaf, leafLine, rootOfLines } from '../../src/log/head-tree.ts';
import { noteSigner, signNote } from '../../src/log/signed-note.ts';
import { quoteId } from '../support/build-entry.ts';

const signer = noteSigner('quoteroom/test', generateKeyPairSync('ed25519').privateKey);

const leaf = (quote: string, seq: number): HeadLeaf => ({
  quote: quoteId(quote),
  seq,
  hash: new Uint8Array(32).fill(seq),
});

function signed(...leaves: readonly HeadLeaf[]): HeadFile {
  const root = rootOfLines(leaves.map(leafLine));
  const text = formatHeadText({
    origin: signer.name,
    size: leaves.length,
    root,
    n: 7,
    at: 1_772_366_400_000,
  });
  return { note: signNote(text, signer), leaves };
}

const opened = (text: string) => {
  const file = parseHeadFile(text);
  return file.ok ? openHead(file.value, [signer]) : file;
};

test.each([[[]], [[leaf('q1', 3)]], [[leaf('Q', 1), leaf('q1', 3), leaf('q2', 200)]]])(
  'a head comes back from its file as it was: %j',
  (leaves) => {
    const file = signed(...leaves);
    const text = formatHeadFile(file);
    expect(parseHeadFile(text)).toEqual({ ok: true, value: file });
    expect(opened(text)).toMatchObject({
      ok: true,
      value: { origin: 'quoteroom/test', n: 7, at: 1_772_366_400_000, size: leaves.length, leaves },
    });
  },
);

test('what stands before the leaves is the signed note, whole', () => {
  const file = signed(leaf('q1', 3));
  expect(formatHeadFile(file)).toBe(`${file.note}\n["q1",3,"${'03'.repeat(32)}"]\n`);
});

test('a file with any one byte changed proves nothing', () => {
  const bytes = Buffer.from(formatHeadFile(signed(leaf('q1', 3), leaf('q2', 5))));
  fc.assert(
    fc.property(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(opened(changed.toString('utf8')).ok).toBe(false);
    }),
    { numRuns: 300 },
  );
});

describe('leaves that are not those that were signed', () => {
  const file = signed(leaf('q1', 3), leaf('q2', 5));
  const lines = file.leaves.map(leafLine);
  const withLeaves = (leaves: readonly string[]): string => `${file.note}\n${leaves.join('\n')}\n`;

  test.each([
    ['one left out', lines.slice(0, 1)],
    ['none', []],
    ['one more', [...lines, leafLine(leaf('q3', 1))]],
    ['in another order', lines.toReversed()],
    ['another number', [leafLine(leaf('q1', 4)), present(lines[1], 'there are two')]],
  ])('%s', (_what, leaves) => {
    expect(opened(withLeaves(leaves))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('leaves'),
    });
  });

  test.each(['', 'a head', '{"head":1}', file.note.replace('\n\n', '\n'), `${file.note}\nq1 3\n`])(
    'what is no head is told: %j',
    (text) => {
      expect(parseHeadFile(text)).toMatchObject({
        ok: false,
        reason: expect.stringContaining('no signed head'),
      });
    },
  );
});
