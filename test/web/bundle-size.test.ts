import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { PROJECT } from '../support/source-tree.ts';

/**
 * What a visitor waits for, gzipped: scripts and styles, as the build's manifest names them. Fonts are not counted: the
 * page shows itself in the system's font until they are there.
 */
const WEB = join(PROJECT, 'dist/web');
const KILOBYTE = 1000;

const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    css: z.array(z.string()).optional(),
    imports: z.array(z.string()).optional(),
  }),
);

test('the first page is under 230 kB gzipped, the history under 270 kB, and the room under 320 kB', () => {
  expect(existsSync(WEB), 'the page is built: npm run build').toBe(true);
  const first = filesOf('index.html');
  const room = new Set([...first, ...filesOf('room/room-page.tsx')]);
  const quotes = new Set([...first, ...filesOf('quotes/quotes-page.tsx')]);
  expect(sizeOf(first)).toBeLessThan(230 * KILOBYTE);
  expect(sizeOf(quotes)).toBeLessThan(230 * KILOBYTE);
  const history = new Set([...first, ...filesOf('history/history-page.tsx')]);
  expect(sizeOf(history)).toBeLessThan(270 * KILOBYTE);
  expect(sizeOf(room)).toBeLessThan(320 * KILOBYTE);
});

/** A chunk's files, with those of all that it imports at once. */
function filesOf(name: string): Set<string> {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(WEB, '.vite/manifest.json'), 'utf8')));
  const files = new Set<string>();
  const add = (chunk: string): void => {
    const entry = manifest[chunk];
    if (entry === undefined) throw new Error(`the build has no chunk ${chunk}`);
    if (files.has(entry.file)) return;
    files.add(entry.file);
    for (const css of entry.css ?? []) files.add(css);
    for (const imported of entry.imports ?? []) add(imported);
  };
  add(name);
  return files;
}

const sizeOf = (files: ReadonlySet<string>): number =>
  [...files].reduce((sum, file) => sum + statSync(join(WEB, `${file}.gz`)).size, 0);
