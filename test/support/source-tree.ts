/** The project's own files as text, for tests that hold rules over all of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const PROJECT = join(import.meta.dirname, '../..');

export const readText = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

/** What stands at the top, but for what git does not keep. */
export function listTop(): string[] {
  const ignored = new Set([
    '.git',
    ...readText('.gitignore')
      .split('\n')
      .map((line) => line.replaceAll('/', '')),
  ]);
  return readdirSync(PROJECT).filter((name) => !ignored.has(name) && !name.endsWith('.tsbuildinfo'));
}

/** Every file below a folder, as paths from the project's top, `src/lib/ids.ts`. */
export function listFiles(folder: string): string[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(PROJECT, join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Strings and comments of TypeScript, strings first, so that neither is looked for inside the other. */
const STRING_OR_COMMENT =
  /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[^]*?\*\/|\/\/[^\n]*/g;

const withoutComments = (code: string): string =>
  code.replace(STRING_OR_COMMENT, (_all, text?: string) => text ?? ' ');

/** Code alone. Templates stay, for the expressions in them. */
export const withoutStrings = (code: string): string =>
  code.replace(STRING_OR_COMMENT, (_all, text?: string) => (text?.startsWith('`') === true ? text : "''"));

const IMPORT =
  /(?:^|;)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'|\bnew URL\(\s*'(\.[^']+)'/gm;

/** What a file imports (types too): packages as they are written, own files as paths from the project's top. */
export function importsOf(path: string): string[] {
  return [...withoutComments(readText(path)).matchAll(IMPORT)]
    .map(([, from, dynamic, url]) => from ?? dynamic ?? url ?? '')
    .map((target) => (target.startsWith('.') ? join(dirname(path), target) : target));
}
