import { getPriority } from 'node:os';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isPatient } from '../../src/cli/give-way.ts';

test.each([
  [['audit', 'verify'], true],
  [['backup', 'copy.db'], true],
  [['serve', '--dev'], false],
  [['set', 'q1', 'fields/title', 'audit'], false],
  [[], false],
])('%j gives way: %j', (argv, expected) => {
  expect(isPatient(argv)).toBe(expected);
});

test.runIf(process.platform === 'linux')('every thread of it goes last, and nobody else does', () => {
  const before = getPriority();
  const script = `
    import('${new URL('../../src/cli/give-way.ts', import.meta.url).href}').then(({ giveWay }) => {
      giveWay();
      const { readdirSync, readFileSync } = process.getBuiltinModule('node:fs');
      const nice = readdirSync('/proc/self/task').map((thread) =>
        readFileSync('/proc/self/task/' + thread + '/stat', 'utf8').split(') ')[1].split(' ')[16]);
      console.log(JSON.stringify([...new Set(nice)]));
    });`;
  const out = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(out)).toEqual(['19']);
  expect(getPriority()).toBe(before);
});
