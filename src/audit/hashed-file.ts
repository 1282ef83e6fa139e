import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { pauseAfter } from '../log/pause.ts';
import { assert } from '../lib/assert.ts';

/** A file that is written from its beginning to its end, and hashed on the way. Holds little in memory. */
export interface HashedFile {
  /** `rows` is how many of the file's records the text holds. */
  append(text: string, rows: number): void;
  /** Writes what is left to the disk, and says what the file is. */
  finish(): FileRecord;
  /** Gives the file up. May be called after `finish`. */
  close(): void;
}

export interface FileRecord {
  readonly rows: number;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

const HELD_CHARACTERS_MAX = 1 << 18;

/** Throws where there is such a file already. Only its owner can read it. */
export function createHashedFile(path: string): HashedFile {
  const hash = createHash('sha256');
  let file: number | null = openSync(path, 'wx', 0o600);
  let held = '';
  let rowCount = 0;
  let byteCount = 0;

  function write(): void {
    const bytes = Buffer.from(held, 'utf8');
    held = '';
    hash.update(bytes);
    byteCount += bytes.length;
    // A write may take less than it was given.
    for (let at = 0; at < bytes.length;) at += writeSync(opened(), bytes, at);
    // In small parts: much at once would hold up the syncs of a server.
    const start = performance.now();
    fsyncSync(opened());
    pauseAfter(performance.now() - start);
  }

  function opened(): number {
    assert(file !== null, 'nothing is written to a file after it was closed');
    return file;
  }

  function close(): void {
    if (file !== null) closeSync(file);
    file = null;
  }

  return {
    append(text, rows) {
      held += text;
      rowCount += rows;
      if (held.length >= HELD_CHARACTERS_MAX) write();
    },
    finish() {
      write();
      close();
      return { rows: rowCount, bytes: byteCount, sha256: hash.digest('hex') };
    },
    close,
  };
}
