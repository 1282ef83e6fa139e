import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type DataLock, isDataHeld, lockDataFolder } from '../../src/log/data-lock.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { openSqliteLog } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function lock(folder: string): DataLock {
  const held = lockDataFolder(folder);
  onTestFinished(() => held.release());
  return held;
}

async function lockInAnotherProcess(folder: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('../support/hold-data-lock.ts', import.meta.url));
  const child = fork(script, [folder], { execArgv: ['--import', 'tsx'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}

test('[L32] a second process is refused and told who has the folder and what to do', async () => {
  const folder = join(temporaryFolder(), 'data');
  const child = await lockInAnotherProcess(folder);
  expect(() => lockDataFolder(folder)).toThrow(
    expect.objectContaining({
      name: 'Fault',
      code: 'data_locked',
      message: expect.stringMatching(
        new RegExp(`${folder} is in use by process ${child.pid} on .*: stop it first`),
      ),
    }),
  );
});

test.each(['SIGKILL', 'SIGTERM', 'an exit'] as const)(
  '[L33] the lock ends with its process: %s',
  async (end) => {
    const folder = temporaryFolder();
    const child = await lockInAnotherProcess(folder);
    const exited = once(child, 'exit');
    if (end === 'an exit') child.send('exit');
    else child.kill(end);
    await exited;
    expect(() => lock(folder)).not.toThrow();
  },
);

test('[L33] a released lock is free; releasing twice is fine', () => {
  const folder = temporaryFolder();
  const first = lock(folder);
  expect(() => lockDataFolder(folder)).toThrow(/is in use by process/);
  expect(() => lockDataFolder(folder)).toThrow(/is in use by process/);
  first.release();
  first.release();
  const second = lock(folder);
  first.release();
  expect(() => lockDataFolder(folder)).toThrow(/is in use/);
  second.release();
});

test('[L34] a folder that is locked can be read', () => {
  const folder = temporaryFolder();
  lock(folder);
  openSqliteLog(folder);
  const reader = openDatabase(join(folder, 'quoteroom.db'), { readonly: true });
  onTestFinished(() => void reader.close());
  expect(reader.prepare('SELECT count(*) FROM entries').pluck().get()).toBe(0);
});

test.each([
  ['below a file', () => join(temporaryFile(), 'data')],
  ['where no folders can be made', () => '/proc/quoteroom/data'],
])('[L32] a folder that cannot be used says so: %s', (_name, folder) => {
  expect(() => lockDataFolder(folder())).toThrow(expect.objectContaining({ code: 'data_unusable' }));
});

function temporaryFile(): string {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  return file;
}

test('whether somebody owns a folder can be asked without taking it', async () => {
  const folder = join(temporaryFolder(), 'data');
  expect(isDataHeld(folder)).toBe(false);
  const held = lock(folder);
  expect(isDataHeld(folder)).toBe(true);
  held.release();
  expect(isDataHeld(folder)).toBe(false);
  await lockInAnotherProcess(folder);
  expect(isDataHeld(folder)).toBe(true);
});
