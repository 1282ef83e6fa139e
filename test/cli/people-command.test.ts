import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteDirectory } from '../../src/session/sqlite-directory.ts';
import { userId } from '../support/build-entry.ts';
import { type ServedFolder, serveFolder } from '../support/served-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

const rita = ['rita', 'sales_rep'] as const;
const casey = ['casey', 'admin'] as const;

let folder: string;
let server: ServedFolder;

const run = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder }, 'people', ...argv);

beforeEach(async () => {
  folder = temporaryFolder();
  server = await serveFolder(folder);
  await server.call(rita, 'POST', '/api/quotes', { id: 'q1', fields: { title: 'Bolts' } });
  await server.call(rita, 'POST', '/api/quotes/q1/versions', { name: 'first', seq: 1 });
  await server.call(rita, 'POST', '/api/quotes/q1/links', { permission: 'viewer' });
  const session = await server.call(rita, 'POST', '/api/sessions', { quoteId: 'q1' });
  await server.call(rita, 'POST', `/api/sessions/${String(session.id)}/join`);
});

/** Everything that shows who did what: as JSON, and as the commands that show names say it. */
async function shown(): Promise<{ readonly json: string; readonly text: string }> {
  const session = String((await server.call(casey, 'GET', '/api/sessions')).sessions[0].id);
  const paths = [
    ...['/api/quotes', '/api/quotes/q1/people', '/api/quotes/q1/log', '/api/quotes/q1/blame'],
    ...['/api/quotes/q1/versions', '/api/quotes/q1/links', `/api/sessions/${session}`],
    `/api/sessions/${session}/participants`,
  ];
  const answers: unknown[] = [];
  for (const path of paths) answers.push(await server.call(casey, 'GET', path));
  let text = '';
  for (const argv of [
    ['session', 'participants', session],
    ['session', 'list'],
    ['quote', 'versions', 'q1'],
  ])
    text += (await server.runAs(casey, ...argv)).out;
  return { json: JSON.stringify(answers), text };
}

test('list: finds the id of a person, beside a running server', async () => {
  await server.call(casey, 'GET', '/api/quotes');
  const { code, out } = await run('list');
  expect(code).toBe(0);
  expect(out).toMatch(/^ID +NAME +ROLE +LAST SEEN\ncasey +Casey +admin .*\nrita +Rita +sales_rep .* UTC\n$/);
  expect((await run('list', 'RIT', '--json')).json()).toEqual({
    people: [{ user: 'rita', name: 'Rita', email: null, role: 'sales_rep', seenAt: expect.any(Number) }],
  });
  expect((await run('list', 'nobody')).out).toBe('Nobody here is called "nobody".\n');
  await server.stop();
});

test('list: who never signed in was never seen', async () => {
  await server.stop();
  const directory = createSqliteDirectory(openDatabase(join(folder, 'data', 'quoteroom.db')));
  const never = { name: 'Nina', email: null, role: 'sales_rep', tokenIssuedAt: 0, seenAt: 0 } as const;
  await directory.see({ ...never, user: userId('nina') });
  await directory.close();
  expect((await run('list', 'nina')).out).toMatch(/^nina +Nina +sales_rep +never$/m);
});

test('erase: replaces the name wherever it is shown, and says what is kept', async () => {
  // The quote itself says it, too: a field is content, to be changed there.
  await server.call(rita, 'PATCH', '/api/quotes/q1/cells', {
    writes: [{ cell: 'fields/owner', value: 'Rita' }],
  });
  const before = await shown();
  expect(before.json).toContain('"name":"Rita"');
  expect(before.text).toContain('Rita');
  expect(await run('erase', 'rita', '--yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('in use by process'),
  });
  await server.stop();
  expect(await run('erase', 'rita')).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
  expect(await run('erase', 'max', '--yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('nobody with the id max ever signed in'),
  });
  const { code, out } = await run('erase', 'rita', '--yes');
  expect(code).toBe(0);
  expect(out).toContain('rita: the name "Rita" was replaced by "Erased person (rita)", in 1 session too');
  expect(out).toContain('in the log of each quote: their id, role and permission, when they wrote, and what');
  expect(out).toContain('The field "owner" still says so in: q1');

  server = await serveFolder(folder);
  const change = { writes: [{ cell: 'fields/owner', value: 'the team' }] };
  await server.call(casey, 'PATCH', '/api/quotes/q1/cells', change);
  const now = await shown();
  expect(now.json).not.toContain('"name":"Rita"');
  expect(now.json).toContain('"name":"Erased person (rita)"');
  expect(now.text).not.toContain('Rita');
  expect(now.text).toContain('Erased person (rita)');
  await server.stop();
  const verified = await runCommand({ cwd: folder }, 'audit', 'verify');
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('q1: 3 entries, ok') });
});

test('erase: a sign-in from before changes nothing, a newer one gives the name anew', async () => {
  await server.stop();
  const inAnHour = { now: () => Date.now() + 3_600_000 };
  await runCommand({ cwd: folder, ...inAnHour }, 'people', 'erase', 'rita', '--yes', '--json');
  server = await serveFolder(folder);
  expect((await server.call(rita, 'GET', '/api/quotes')).error).toBeUndefined();
  await server.stop();
  expect((await run('list', 'rita', '--json')).json().people).toMatchObject([
    { user: 'rita', name: 'Erased person (rita)', email: null, role: 'sales_rep' },
  ]);
});

test('erase: what stood there is not in the file any more', async () => {
  await server.stop();
  // A row has the name right after the id.
  const rowOf = (name: string): boolean =>
    readFileSync(join(folder, 'data/quoteroom.db'), 'latin1').includes(`rita${name}`);
  expect(rowOf('Rita')).toBe(true);
  expect(await run('erase', 'rita', '--yes')).toMatchObject({ code: 0 });
  expect(rowOf('Rita')).toBe(false);
  expect(rowOf('Erased person (rita)')).toBe(true);
});

test('erase: nor is it where pages were split, and rows moved', async () => {
  for (let round = 0; round < 40; round += 1) {
    const session = await server.call(casey, 'POST', '/api/sessions', { quoteId: 'q1' });
    for (const who of ['bob', 'eve', 'max', 'percival', 'zoe'])
      await server.call([who, 'sales_rep'], 'POST', `/api/sessions/${String(session.id)}/join`);
    await server.call(casey, 'POST', `/api/sessions/${String(session.id)}/end`);
  }
  await server.stop();
  const bytes = (): string => readFileSync(join(folder, 'data/quoteroom.db'), 'latin1');
  expect(bytes()).toContain('Percival');
  expect(await run('erase', 'percival', '--yes')).toMatchObject({
    code: 0,
    out: expect.stringContaining('The database was written anew'),
  });
  expect(bytes()).not.toContain('Percival');
});
