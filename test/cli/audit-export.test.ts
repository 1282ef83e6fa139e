import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { runVerifier } from '../support/audit-bundle.ts';
import { serveFolder } from '../support/served-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

const ann = ['ann', 'admin'] as const;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const run = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder }, ...argv);

/** A data folder that a server wrote two quotes into. */
async function serveTwo(): ReturnType<typeof serveFolder> {
  const served = await serveFolder(folder);
  for (const id of ['q1', 'q2']) {
    const quote = {
      id,
      fields: { title: 'Bolts', currency: 'EUR' },
      lineItems: [{ id: 'l1', quantity: '2' }],
    };
    await served.call(ann, 'POST', '/api/quotes', quote);
  }
  await served.runAs(ann, 'set', 'q1', 'lineItems/l1/quantity', '3');
  return served;
}

test('export: a bundle that its own program checks with the key from elsewhere, beside a running server', async () => {
  const served = await serveTwo();
  await served.runAs(ann, 'audit', 'head', '--out', 'head.txt');
  await served.runAs(ann, 'set', 'q1', 'lineItems/l1/quantity', '4');
  const { code, out, err } = await run('audit', 'export', 'q1', '--out', 'bundle');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^q1: 3 entries, \d+ writes, last hash [0-9a-f]{64}\nHead \d+ of .*, signed by quoteroom\//,
  );
  expect(out).toContain(`Check it with: node ${join(folder, 'bundle/verify.mjs')}`);

  const kept = (await run('audit', 'key')).out;
  const key = kept.split('\n')[0] ?? '';
  const checked = await runVerifier(join(folder, 'bundle'), '--key', key);
  // An edit came after the head.
  expect(checked).toMatchObject({ code: 3, err: '' });
  expect(checked.out).toContain('the signed head covers entries 1 to 2, and proves nothing of those after');
  await served.stop();

  // At its end the server signed what was left.
  await run('audit', 'export', '--all', '--out', 'all');
  const all = await runVerifier(join(folder, 'all'), '--key', key);
  expect(all.code).toBe(0);
  expect(all.out.match(/the signed head covers them all/g)).toHaveLength(2);
});

test('export: as JSON, the manifest and where it is', async () => {
  await (await serveTwo()).stop();
  const { code, json } = await run('audit', 'export', '--all', '--out', 'a/b', '--json');
  expect(code).toBe(0);
  const { folder: place, ...manifest } = json();
  expect(place).toBe(join(folder, 'a/b'));
  expect(manifest).toEqual(JSON.parse(readFileSync(join(folder, 'a/b/manifest.json'), 'utf8')));
  expect(
    manifest.quotes.map(({ id, entries }: { id: string; entries: number }) => `${id} ${entries}`),
  ).toEqual(['q1 2', 'q2 1']);
});

test('export: says what is wrong with how it was called', async () => {
  await (await serveTwo()).stop();
  expect(await run('audit', 'export', 'q1')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--out'),
  });
  for (const argv of [
    ['--out', 'x'],
    ['q1', '--all', '--out', 'x'],
    ['q1', '--out', 'x', '--url', 'http://x'],
  ]) {
    expect(await run('audit', 'export', ...argv)).toMatchObject({ code: 2 });
  }
  expect(await run('audit', 'export', 'q9', '--out', 'x')).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no quote q9'),
  });
  expect(await run('audit', 'export', 'q1', '--out', 'data')).toMatchObject({
    code: 1,
    err: expect.stringContaining('it is there already'),
  });
  expect(readdirSync(folder).toSorted()).toEqual(['data', 'quoteroom.yaml']);
});

test('backup: a checked copy beside a running server, which nothing overwrites', async () => {
  const served = await serveTwo();
  const { code, out, err } = await run('backup', 'copies.db');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /copies\.db: \d+\.\d MiB, 2 quotes, 3 entries; read again, and the newest entry of each quote compared\n$/,
  );
  expect(statSync(join(folder, 'copies.db')).mode & 0o077).toBe(0);
  const before = readFileSync(join(folder, 'copies.db'));
  await served.runAs(ann, 'set', 'q2', 'lineItems/l1/quantity', '5');
  expect(await run('backup', 'copies.db')).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is a file of that name already'),
  });
  expect(readFileSync(join(folder, 'copies.db')).equals(before)).toBe(true);
  const { json } = await run('backup', 'other.db', '--json');
  expect(json()).toMatchObject({ file: join(folder, 'other.db'), quotes: 2, entries: 4 });
  await served.stop();
  expect(readdirSync(folder).toSorted()).toEqual(['copies.db', 'data', 'other.db', 'quoteroom.yaml']);
});

test('backup: in the place of the database it is all there was', async () => {
  await (await serveTwo()).stop();
  // A folder that is not there may be a disk that is not there: nothing is made in its place.
  expect(await run('backup', 'restored/quoteroom.db')).toMatchObject({ code: 1 });
  mkdirSync(join(folder, 'restored'));
  expect(await run('backup', 'restored/quoteroom.db')).toMatchObject({ code: 0 });
  const verified = await run('audit', 'verify', '--data', 'restored', '--json');
  expect(verified.code).toBe(0);
  expect(verified.json()).toEqual((await run('audit', 'verify', '--json')).json());
});

test('backup: where it cannot be made', async () => {
  await (await serveTwo()).stop();
  expect(await run('backup')).toMatchObject({ code: 2 });
  expect(await run('backup', 'data')).toMatchObject({ code: 1, err: expect.stringContaining('already') });
  expect(await run('backup', 'quoteroom.yaml/copy.db')).toMatchObject({ code: 1 });
  expect(await run('backup', 'copy.db', '--data', 'nowhere')).toMatchObject({ code: 1 });
  expect(readdirSync(folder).toSorted()).toEqual(['data', 'quoteroom.yaml']);
});

test('progress is shown on a screen only, and leaves nothing on it', async () => {
  await (await serveTwo()).stop();
  for (const argv of [
    ['audit', 'verify'],
    ['audit', 'export', 'q1', '--out', 'x'],
    ['backup', 'copy.db'],
  ]) {
    const { code, err } = await runCommand({ cwd: folder, isScreen: true }, ...argv);
    expect(code).toBe(0);
    expect(err, argv.join(' ')).toSatisfy((text: string) => text.endsWith('\r\u001b[K'));
  }
});
