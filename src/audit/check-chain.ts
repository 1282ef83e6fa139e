import { isSameBytes } from '../lib/bytes.ts';
import { GENESIS_HASH, hashOfEntry } from '../log/entry-hash.ts';
import type { Entry, Head } from '../log/log.ts';
import type { Finding } from './finding.ts';

/**
 * Does the entry follow the one before, and is it what its hash says? `before` is the entry before it: null for the first,
 * `unknown` where that one is missing or cannot be read, so that nothing can be said of the link between them.
 */
export function checkChain(entry: Entry, before: Head | null | 'unknown'): Finding[] {
  return [...checkLink(entry, before), ...checkHash(entry)];
}

function checkLink(entry: Entry, before: Head | null | 'unknown'): Finding[] {
  if (before === 'unknown') return [];
  const at = { seq: entry.seq, kind: 'chain' } as const;
  const findings: Finding[] = [];
  if (!isSameBytes(entry.previousHash, before?.hash ?? GENESIS_HASH)) {
    const other =
      before === null ? '32 zero bytes, as the first entry must' : `the hash of entry ${before.seq}`;
    findings.push({ ...at, message: `entry ${entry.seq} does not name ${other} as the hash before it` });
  }
  if (before !== null && entry.at < before.at) {
    findings.push({ ...at, message: `entry ${entry.seq} is older than entry ${before.seq} before it` });
  }
  return findings;
}

function checkHash(entry: Entry): Finding[] {
  if (isSameBytes(hashOfEntry(entry), entry.hash)) return [];
  const message = `entry ${entry.seq} is not what its hash was made of: it was changed after it was written`;
  return [{ seq: entry.seq, kind: 'hash', message }];
}

export const headOf = ({ seq, at, hash }: Entry): Head => ({ seq, at, hash });
