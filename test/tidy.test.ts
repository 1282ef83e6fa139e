/**
 * The house rules that neither the compiler nor the linter knows: which folder may import which, what is pure,
 * that every rule of a SPEC.md has a test, and what lies where.
 */
import { statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT, importsOf, listFiles, listTop, readText, withoutStrings } from './support/source-tree.ts';

/** Each folder of `src/`, lowest first, and the folders it may import beside itself. */
const MAY_IMPORT = new Map<string, readonly string[]>([
  ['lib', []],
  ['quote', ['lib']],
  ['authority', ['lib', 'quote']],
  ['wire', ['lib', 'quote', 'authority']],
  ['log', ['lib', 'quote', 'authority']],
  ['session', ['lib', 'quote', 'authority', 'wire']],
  ['room', ['lib', 'quote', 'authority', 'wire', 'log', 'session']],
  ['audit', ['lib', 'quote', 'authority', 'log']],
  ['client', ['lib', 'quote', 'authority', 'wire']],
  ['http', ['lib', 'quote', 'authority', 'wire', 'log', 'session', 'room', 'audit']],
  ['slack', ['lib', 'quote', 'authority', 'wire', 'log', 'session', 'room']],
  ['web', ['lib', 'quote', 'authority', 'wire', 'client']],
]);
/** `cli` puts everything together. */
const TOP_LAYER = 'cli';

/** The same code in server, browser, Slack and audit: time, ids and randomness come in as arguments. */
const PURE = ['lib', 'quote', 'authority', 'wire'];
const RUNS_IN_BROWSERS = [...PURE, 'client', 'web'];
const OUTSIDE_WORLD =
  /(?<![.\w])(?:Date\.now|new Date\(\s*\)|Math\.random|crypto\.|performance\.|console\.|process\.|fetch\(|(?:set|clear)(?:Timeout|Interval|Immediate)\()/;

const VAGUE_NAMES = /^(?:index|utils?|helpers?|common|manager|types|misc)\.tsx?$/;

const TOP = [
  ...[
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'vitest.config.ts',
    'vite.config.ts',
  ],
  ...['src', 'schema', 'test', 'scripts', 'docs', 'README.md', 'LICENSE'],
];

const isCode = (path: string): boolean => /\.tsx?$/.test(path);
const sources = listFiles('src').filter(isCode);
const tests = listFiles('test').filter(isCode);
const folderOf = (path: string): string => path.split('/')[1] ?? '';
const sourcesIn = (folders: readonly string[]): string[] =>
  sources.filter((path) => folders.includes(folderOf(path)));
const importsBySource = new Map(sources.map((path) => [path, importsOf(path)]));

describe('src', () => {
  test('every file lies in a folder of the layer table', () => {
    const known = [...MAY_IMPORT.keys(), TOP_LAYER];
    expect(sources.filter((path) => !known.includes(folderOf(path)))).toEqual([]);
  });

  test('imports stay in the folder or point down', () => {
    const wrong = imports().filter(({ from, to }) => {
      const folder = folderOf(from);
      if (!to.startsWith('src/')) return to.startsWith('test/') || to.startsWith('scripts/');
      return (
        folder !== TOP_LAYER && folder !== folderOf(to) && !MAY_IMPORT.get(folder)?.includes(folderOf(to))
      );
    });
    expect(wrong.map(show)).toEqual([]);
  });

  test('no file imports itself through others', () => {
    expect(findCycles()).toEqual([]);
  });

  test('what runs in browsers imports nothing of Node', () => {
    const wrong = imports().filter(
      ({ from, to }) => RUNS_IN_BROWSERS.includes(folderOf(from)) && isBuiltin(to),
    );
    expect(wrong.map(show)).toEqual([]);
  });

  test('pure folders reach for no clock, randomness, timer, network or console', () => {
    const wrong = sourcesIn(PURE).flatMap((path) => {
      const found = OUTSIDE_WORLD.exec(withoutStrings(readText(path)));
      return found === null ? [] : [`${path}: ${found[0]}`];
    });
    expect(wrong).toEqual([]);
  });

  test('files are named for one thing: no barrels, no utils', () => {
    expect(sources.filter((path) => VAGUE_NAMES.test(basename(path)))).toEqual([]);
  });

  test('classes are for errors only', () => {
    const wrong = sources.flatMap((path) =>
      [...withoutStrings(readText(path)).matchAll(/\bclass (\w+)(?: extends (\w+))?/g)]
        .filter(([, , parent = '']) => !/(?:Error|Fault|Bug)$/.test(parent))
        .map(([, name]) => `${path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('SPEC.md', () => {
  const specs = listFiles('src').filter((path) => basename(path) === 'SPEC.md');
  const quoted = new Set(tests.flatMap((path) => idsQuotedIn(readText(path))));

  test.each(specs)('every rule of %s has a test whose name begins with its id', (spec) => {
    const missing = rulesOf(spec).filter((id) => !quoted.has(id));
    expect(missing).toEqual([]);
  });

  test('no id stands for two rules, and no test names a rule that is not there', () => {
    const ids = specs.flatMap(rulesOf);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect([...quoted].filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('the project', () => {
  test('the top holds what a newcomer expects, and nothing else without a word in the README', () => {
    const readme = readText('README.md');
    const extra = listTop().filter((name) => !name.startsWith('.') && !TOP.includes(name));
    expect(extra.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  test('dependencies have exact versions, and each its reason in the README', () => {
    const dependencies = readDependencies();
    const inexact = Object.entries(dependencies).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
    );
    expect(inexact).toEqual([]);
    expect(dependenciesInReadme().toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  test('the lock file names no host', () => {
    expect(readText('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });

  test('CI calls scripts/test and nothing else; the scripts can be run', () => {
    const commands = readText('.ci/run')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(commands).toEqual(['exec "$(dirname "${BASH_SOURCE[0]}")/../scripts/test"']);
    const scripts = ['.ci/run', 'scripts/test', 'scripts/start'];
    expect(scripts.filter((path) => (statSync(join(PROJECT, path)).mode & 0o111) === 0)).toEqual([]);
  });

  test('no file knows a path of the machine it was written on', () => {
    const machines = ['home', 'root', 'Users', 'work', 'tmp/bash'].join('|');
    const path = new RegExp(`(?<![\\w.\\-/~])/(?:${machines})[/_.]`);
    const files = ['src', 'test', 'schema', 'scripts', 'docs', '.ci'].flatMap(listFiles);
    const top = listTop().filter((name) => statSync(join(PROJECT, name)).isFile());
    const isText = (name: string): boolean => !/\.(?:png|jpe?g|gif|webp|ico|woff2?|db|bin)$/.test(name);
    const wrong = [...files, ...top].filter(isText).flatMap((name) => {
      const found = path.exec(readText(name));
      return found === null ? [] : [`${name}: ${found[0]}`];
    });
    expect(wrong).toEqual([]);
  });
});

interface Import {
  readonly from: string;
  readonly to: string;
}

function imports(): Import[] {
  return [...importsBySource].flatMap(([from, targets]) => targets.map((to) => ({ from, to })));
}

const show = ({ from, to }: Import): string => `${from} imports ${to}`;

/** Each cycle once, as the path around it: depth first, `open` being the path from the start to here. */
function findCycles(): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, open: readonly string[]): void => {
    const start = open.indexOf(path);
    if (start >= 0) cycles.push([...open.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const next of importsBySource.get(path) ?? []) visit(next, [...open, path]);
    done.add(path);
  };
  for (const path of importsBySource.keys()) visit(path, []);
  return cycles;
}

/** An id in brackets at the beginning of a line, of an item of a list or of a row of a table is a rule. */
const rulesOf = (spec: string): string[] =>
  [...readText(spec).matchAll(/^\s*(?:[-*|]\s*)?\**`?\[([A-Z]{1,3}\d+[a-z]?)\]/gm)].map(([, id = '']) => id);

/** The ids at the beginning of a string; there may be several, each in its brackets. */
function idsQuotedIn(code: string): string[] {
  return [...code.matchAll(/['"`]((?:\[[A-Z]{1,3}\d+[a-z]?\][, ]*)+)/g)].flatMap(([, ids = '']) =>
    [...ids.matchAll(/\[(\w+)\]/g)].map(([, id = '']) => id),
  );
}

function readDependencies(): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(readText('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  return { ...dependencies, ...devDependencies };
}

/** The packages named in the first column of the README's table of dependencies, in rows that give a reason. */
function dependenciesInReadme(): string[] {
  const section = /^## Dependencies$([^]*?)(?=^## |(?![^]))/m.exec(readText('README.md'))?.[1] ?? '';
  return [...section.matchAll(/^\|([^|]*)\|\s*[^\s|-][^|]*\|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}
