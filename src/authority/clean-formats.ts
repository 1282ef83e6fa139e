import * as Y from 'yjs';
import { FORMAT_STEPS_MAX } from './update-bounds.ts';

/**
 * Takes formats out of a text that say what is said already. Every stock client that shows the text does so by itself after
 * a change from elsewhere, a viewer's too, and sends it as an edit. Done here first, in the transaction that brings
 * the change, they find nothing left to do, and nobody is refused for an edit they never made.
 */
export function cleanFormats(text: Y.Text, transaction: Y.Transaction): void {
  if (!text._hasFormatting || isCostly(text)) return;
  do cleanGaps(text, transaction);
  while (Y.cleanupYTextFormatting(text) > 0);
}

/**
 * Lets a text that came with its content, from a checkpoint, know whether there are formats in it. Yjs notes it on whatever
 * stands for a root when a format comes in, and forgets it when that root is given its type.
 */
export function noteFormats(text: Y.Text): void {
  for (let item = text._start; item !== null && !text._hasFormatting; item = item.right) {
    text._hasFormatting = item.content instanceof Y.ContentFormat;
  }
}

/** Between two pieces of text, of each format only the last one counts. */
function cleanGaps(text: Y.Text, transaction: Y.Transaction): void {
  const keys = new Set<string>();
  for (let item = lastOf(text); item !== null; item = item.left) {
    if (item.deleted) continue;
    if (item.countable) keys.clear();
    if (!(item.content instanceof Y.ContentFormat)) continue;
    if (keys.has(item.content.key)) item.delete(transaction);
    keys.add(item.content.key);
  }
}

function lastOf(text: Y.Text): Y.Item | null {
  let last = text._start;
  while (last !== null && last.right !== null) last = last.right;
  return last;
}

/** Yjs copies all open formats at every piece of text. */
function isCostly(text: Y.Text): boolean {
  const keys = new Set<string>();
  let pieces = 0;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.content instanceof Y.ContentFormat) keys.add(item.content.key);
    else if (!item.deleted) pieces += 1;
  }
  return pieces * keys.size > FORMAT_STEPS_MAX;
}
