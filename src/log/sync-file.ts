import { closeSync, fsyncSync, openSync } from 'node:fs';
import process from 'node:process';

/** When it returns, what was written to the file is on the disk. */
export function syncFile(path: string, flags: string): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Without this a power cut could take the names of the files in it. Windows has no such thing. */
export function syncFolder(path: string): void {
  if (process.platform !== 'win32') syncFile(path, 'r');
}
