import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ServedFolder, serveFolder } from '../support/served-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

let folder: string;
let server: ServedFolder;

const run = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder }, 'audit', ...argv);
const asAdmin = (...argv: string[]): Promise<CommandResult> =>
  server.runAs(['casey', 'admin'], 'audit', ...argv);
const newQuote = (id: string): Promise<unknown> =>
  server.call(['ann', 'sales_rep'], 'POST', '/api/quotes', { id, fields: { title: 'Bolts' } });
const retitle = (id: string, value: string): Promise<unknown> =>
  server.call(['ann', 'sales_rep'], 'PATCH', `/api/quotes/${id}/cells`, {
    writes: [{ cell: 'fields/title', value }],
  });

/** Keeps a head and the key as an auditor would: `kept.txt` covers q1 up to entry 2, and q2 up to 1. */
async function keepHead(): Promise<void> {
  await newQuote('q1');
  await newQuote('q2');
  await retitle('q1', 'Nuts');
  expect(await asAdmin('head', '--out', 'kept.txt')).toMatchObject({ code: 0, err: '' });
  writeFileSync(join(folder, 'kept.pub'), (await run('key')).out);
}

/** As somebody with the file in their hands. */
function tamper(sql: string): void {
  const db = new Database(join(folder, 'data/quoteroom.db'));
  const triggers = db
    .prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('entries', 'session_operations')`,
    )
    .pluck()
    .all();
  for (const name of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  db.exec(sql);
  db.close();
}

const CUT_Q1 = `DELETE FROM entries WHERE quote_id = 'q1' AND seq = 2;
  DELETE FROM session_operations WHERE quote_id = 'q1' AND seq = 2;
  DELETE FROM checkpoints WHERE quote_id = 'q1';
  UPDATE quotes SET (title, search, seq, last_change_at) =
    (SELECT title, replace(search, 'q2', 'q1'), 1, (SELECT at FROM entries WHERE quote_id = 'q1') FROM quotes WHERE id = 'q2') WHERE id = 'q1'`;

beforeEach(async () => {
  folder = temporaryFolder();
  server = await serveFolder(folder);
});

const verify = (...more: string[]): Promise<CommandResult> =>
  run('verify', '--head', 'kept.txt', '--key', 'kept.pub', ...more);

describe('audit key', () => {
  test('prints the public key twice: as tools for signed notes take it, and as PEM', async () => {
    const { code, out } = await run('key');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^quoteroom\/[0-9a-f]{12}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n-----BEGIN PUBLIC KEY-----\n/,
    );
    const { keys } = (await run('key', '--json')).json();
    expect(keys).toEqual([
      { name: expect.any(String), id: expect.any(String), key: out.split('\n')[0], pem: expect.any(String) },
    ]);
    await server.stop();
  });

  test('does not rotate under a running server; afterwards the old key is still shown by --all', async () => {
    const before = (await run('key')).out;
    expect(await run('key', '--rotate')).toMatchObject({ code: 1, err: expect.stringContaining('in use') });
    expect((await run('key')).out).toBe(before);
    await server.stop();
    const { out } = await run('key', '--rotate');
    expect(out).not.toBe(before);
    expect((await run('key', '--all')).out).toBe(before + out);
  });

  test('says so where no server ever ran, and where the key comes from the settings', async () => {
    await server.stop();
    const empty = temporaryFolder();
    expect(await runCommand({ cwd: empty }, 'audit', 'key')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no heads were ever signed'),
    });
    expect(existsSync(join(empty, 'data'))).toBe(false);
    const env = { QUOTEROOM_AUDIT_KEY: Buffer.alloc(32, 1).toString('base64') };
    expect(await runCommand({ cwd: folder, env }, 'audit', 'key', '--rotate')).toMatchObject({
      code: 2,
      err: expect.stringContaining('QUOTEROOM_AUDIT_KEY'),
    });
  });
});

describe('audit head', () => {
  test('a running server signs one at once, over all that was acknowledged; for admins', async () => {
    await newQuote('q1');
    const { code, out } = await asAdmin('head');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^quoteroom\/\S+\n1\n\S{44}\nhead \d+\nat \S+Z\n\n— quoteroom\/\S+ \S+\n\n\["q1",1,"[0-9a-f]{64}"\]\n$/,
    );
    expect(await server.runAs(['ann', 'sales_rep'], 'audit', 'head')).toMatchObject({
      code: 1,
      err: expect.stringContaining('admin'),
    });
    await server.stop();
  });

  test('without a server it is the newest in the data folder, which covers all since the server closed', async () => {
    await newQuote('q1');
    await server.stop();
    const { code, out } = await run('head');
    expect(code).toBe(0);
    expect(out).toContain('["q1",1,"');
  });

  test('never goes over a file that is there', async () => {
    await keepHead();
    const kept = readFileSync(join(folder, 'kept.txt'), 'utf8');
    await newQuote('q3');
    expect(await asAdmin('head', '--out', 'kept.txt')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is a file of that name already'),
    });
    expect(readFileSync(join(folder, 'kept.txt'), 'utf8')).toBe(kept);
    await server.stop();
  });
});

describe('audit verify --head', () => {
  test('the log holds what the head covers: 0, beside a running server, and it says what it does not prove', async () => {
    await keepHead();
    await retitle('q1', 'Rivets');
    const { code, out } = await verify();
    expect({ code }).toEqual({ code: 0 });
    expect(out).toMatch(
      /head \d+ of \S+, signed by quoteroom\/\S+, covers 2 quotes: the log still holds what it covers/,
    );
    expect(out).toContain('1 entry came after it: it proves nothing of those');
    expect((await verify('--json')).json().head).toMatchObject({
      ok: true,
      quotes: 2,
      after: 1,
      problems: [],
    });
    expect((await verify('q2', '--json')).json().head).toMatchObject({ ok: true, quotes: 1, after: 0 });
    await server.stop();
  });

  test('a tail that was cut with all that knew of it is found by the head alone', async () => {
    await keepHead();
    await server.stop();
    tamper(CUT_Q1);
    expect(await run('verify')).toMatchObject({ code: 0 });
    const { code, out } = await verify();
    expect(code).toBe(1);
    expect(out).toContain('[head: cut] quote q1 ends at entry 1, a signed head covers 2');
    expect((await verify('--json')).json()).toMatchObject({
      ok: false,
      head: { ok: false, problems: [{ quote: 'q1', seq: 2, kind: 'cut' }] },
    });
    expect(await verify('q2')).toMatchObject({ code: 0 });
  });

  test('a server on such a log says so and signs nothing', async () => {
    await keepHead();
    await server.stop();
    tamper(CUT_Q1);
    server = await serveFolder(folder);
    expect(await asAdmin('head')).toMatchObject({ code: 1, err: expect.stringContaining('earlier head') });
    await server.stop();
  });

  test('a quote that the head covers and that is gone is found, also when asked for it alone', async () => {
    await keepHead();
    await server.stop();
    for (const table of ['entries', 'session_operations', 'checkpoints'])
      tamper(`DELETE FROM ${table} WHERE quote_id = 'q2'`);
    tamper(`DELETE FROM quotes WHERE id = 'q2'`);
    for (const more of [[], ['q2']]) {
      expect(await verify(...more)).toMatchObject({
        code: 1,
        out: expect.stringContaining('[head: cut] quote q2 is not in the database'),
      });
    }
  });

  test('after a rotation each head is good for the key of its time', async () => {
    await keepHead();
    await server.stop();
    await run('key', '--rotate');
    server = await serveFolder(folder);
    copyFileSync(join(folder, 'kept.txt'), join(folder, 'old.txt'));
    await asAdmin('head', '--out', 'new.txt');
    writeFileSync(join(folder, 'all.pub'), (await run('key', '--all')).out);
    expect(await verify()).toMatchObject({ code: 0 });
    expect(await run('verify', '--head', 'new.txt', '--key', 'kept.pub')).toMatchObject({
      code: 1,
      out: expect.stringContaining('none of the keys given'),
    });
    for (const head of ['old.txt', 'new.txt'])
      expect(await run('verify', '--head', head, '--key', 'all.pub')).toMatchObject({ code: 0 });
    await server.stop();
  });

  test('a head that was changed proves nothing', async () => {
    await keepHead();
    await server.stop();
    const path = join(folder, 'kept.txt');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\nhead \d+\n/, '\nhead 99\n'));
    expect(await verify()).toMatchObject({ code: 1, out: expect.stringContaining('[head: signature]') });
  });

  test('files that are none, or only one of the two, are told', async () => {
    await keepHead();
    await server.stop();
    const wrong: readonly [options: readonly string[], code: number, words: string][] = [
      [['--head', 'kept.txt'], 2, '--head and --key go together'],
      [['--head', 'gone.txt', '--key', 'kept.pub'], 1, 'cannot read gone.txt'],
      [['--head', 'kept.pub', '--key', 'kept.pub'], 1, 'kept.pub: it is no signed head'],
      [['--head', 'kept.txt', '--key', 'kept.txt'], 1, 'there is no public key in it'],
    ];
    for (const [options, code, words] of wrong)
      expect(await run('verify', ...options)).toMatchObject({ code, err: expect.stringContaining(words) });
  });
});
