import { assert, unreachable } from '../lib/assert.ts';
import type { Json } from '../authority/verdict.ts';

/**
 * One text for each JSON value, whoever writes it down: RFC 8785 (JCS). No white space, the members of an object by
 * the UTF-16 code units of their names, numbers and strings as ECMAScript's `JSON.stringify` writes them. Beyond the RFC, a lone
 * surrogate is written as its escape (`\ud800`) instead of being an error.
 */
export function canonicalJson(value: Json): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      assert(Number.isFinite(value), 'a number in JSON is finite');
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      return isList(value) ? `[${value.map(canonicalJson).join(',')}]` : canonicalObject(value);
    default:
      return unreachable(value);
  }
}

function canonicalObject(object: { readonly [name: string]: Json }): string {
  const members = Object.entries(object)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
