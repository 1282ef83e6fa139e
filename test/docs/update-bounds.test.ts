/** The bounds that the documents name are those of the gate, however a number is written there. */
import { expect, test } from 'vitest';
import * as bounds from '../../src/authority/update-bounds.ts';
import { CLIENTS_PER_UPDATE_MAX, STRUCTS_MAX } from '../../src/lib/limits.ts';
import { readText } from '../support/source-tree.ts';

const PROTOCOL = 'docs/protocol.md';
const AUTHORITY = 'docs/authority.md';

test.each([
  [PROTOCOL, /more than ([\d,]+) new structs/, bounds.FRESH_STRUCTS_MAX],
  [PROTOCOL, /\(([\d,]+) with those that the server holds\)/, STRUCTS_MAX],
  [PROTOCOL, /([\d,]+) delete ranges/, bounds.DELETE_RANGES_MAX],
  [PROTOCOL, /([\d,]+) clients with new structs/, CLIENTS_PER_UPDATE_MAX],
  [PROTOCOL, /nested more than ([\d,]+) deep/, bounds.VALUE_DEPTH_MAX],
  [PROTOCOL, /a format of more than ([\d,]+) characters/, bounds.FORMAT_CHARS_MAX],
  [PROTOCOL, /a clock above 2\^(\d+)/, Math.log2(bounds.CLOCK_MAX)],
  [PROTOCOL, /texts in ([\d,]+) notes that are not there/, bounds.SPARE_TEXTS_PER_USER_MAX],
  [PROTOCOL, /([\d,]+) client ids/, bounds.CLIENTS_PER_USER_MAX],
  [PROTOCOL, /([\d,]+) steps of such merging/, bounds.MERGE_STEPS_PER_USER_MAX],
  [AUTHORITY, /begin ([\d,]+) texts of notes that are none/, bounds.SPARE_TEXTS_PER_USER_MAX],
  [AUTHORITY, /more than ([\d,]+) steps of Yjs's search/, bounds.MERGE_STEPS_MAX],
  [AUTHORITY, /over its life, too, up to ([\d,]*\d)/, bounds.MERGE_STEPS_PER_USER_MAX],
])('%s: %s', (path, phrase, bound) => {
  const [, written] = phrase.exec(readText(path).replaceAll(/\s+/g, ' ')) ?? [];
  expect(Number(written?.replaceAll(',', ''))).toBe(bound);
});
