import { z } from 'zod';
import { isSameBytes } from '../lib/bytes.ts';
import { type QuoteId, isQuoteId } from '../lib/ids.ts';
import { type Result, fail, ok } from '../lib/result.ts';
import { type HeadText, parseHeadText } from '../log/head-text.ts';
import { type HeadLeaf, leafLine, rootOfLines } from '../log/head-tree.ts';
import { type NoteKey, openNote } from '../log/signed-note.ts';

/**
 * A signed head as a file to keep elsewhere: the signed note, an empty line, and the leaves of its tree, one a line, in order,
 * exactly as they are hashed (see `head-tree.ts`). Nothing else is needed to say which quote and entry the head speaks
 * of. The part before the second empty line is a signed note for any tool that reads those.
 */
export interface HeadFile {
  readonly note: string;
  readonly leaves: readonly HeadLeaf[];
}

/** A head whose signature is good, and whose leaves are those that were signed. */
export interface OpenedHead extends HeadText {
  readonly key: NoteKey;
  readonly leaves: readonly HeadLeaf[];
}

export const formatHeadFile = ({ note, leaves }: HeadFile): string =>
  `${note}\n${leaves.map((leaf) => `${leafLine(leaf)}\n`).join('')}`;

/** Takes the form apart and believes nothing of it; `openHead` does that. */
export function parseHeadFile(text: string): Result<HeadFile> {
  const [body, signatures, rest, ...more] = text.split('\n\n');
  if (body === undefined || signatures === undefined || more.length > 0)
    return fail('it is no signed head: it has not the three parts text, signature and leaves');
  // Of no leaves nothing follows the empty line.
  const lines = (rest ?? '').split('\n').filter((line) => line !== '');
  const note = `${body}\n\n${signatures.replace(/\n$/, '')}\n`;
  const leaves: HeadLeaf[] = [];
  for (const line of lines) {
    const leaf = parseLeaf(line);
    if (leaf === null) return fail(`it is no signed head: "${line.slice(0, 100)}" is no leaf`);
    leaves.push(leaf);
  }
  return ok({ note, leaves });
}

const leafSchema = z.tuple([
  z.custom<QuoteId>((id) => typeof id === 'string' && isQuoteId(id)),
  z.int().min(1),
  z.string().regex(/^[0-9a-f]{64}$/),
]);

function parseLeaf(line: string): HeadLeaf | null {
  try {
    const [quote, seq, hex] = leafSchema.parse(JSON.parse(line));
    const leaf = { quote, seq, hash: new Uint8Array(Buffer.from(hex, 'hex')) };
    return leafLine(leaf) === line ? leaf : null;
  } catch {
    return null;
  }
}

/** Is it signed by one of these keys, and are the leaves those that the signature covers? */
export function openHead({ note, leaves }: HeadFile, keys: readonly NoteKey[]): Result<OpenedHead> {
  const opened = openNote(note, keys);
  if (!opened.ok) return opened;
  const { text, key } = opened.value;
  const head = parseHeadText(text);
  if (!head.ok) return head;
  const { size, root } = head.value;
  if (size !== leaves.length || !isSameBytes(root, rootOfLines(leaves.map(leafLine))))
    return fail('its leaves are not those that were signed: they do not lead to the root in the signed text');
  return ok({ ...head.value, key, leaves });
}
