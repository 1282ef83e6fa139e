import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signToken } from '../../src/session/tokens.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import type { ExitCode } from '../../src/cli/terminal.ts';
import { lockDataFolder } from '../../src/log/data-lock.ts';
import { signInSchema } from '../../src/wire/http-schemas.ts';
import { present } from '../../src/lib/assert.ts';
import { openMigrated } from '../support/open-sqlite-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  type CommandResult,
  type TestTerminal,
  createTestTerminal,
  runCommand,
} from '../support/test-terminal.ts';

const SECRET = 'a secret for tests, long enough for HS256';
const DEMO_PERSON = { user: 'late' as UserId, role: 'sales_rep' } as const;
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

describe('a demo server', () => {
  let terminal: TestTerminal;
  let ended: Promise<ExitCode>;
  let url: string;
  let daysPassed: number;

  beforeEach(async () => {
    daysPassed = 0;
    const now = (): number => Date.now() + daysPassed * 24 * 3_600_000;
    terminal = createTestTerminal({ cwd: folder, now });
    ended = runCommandLine(['serve', '--dev', '--port', '0'], terminal);
    await Promise.race([terminal.untilWritten('audit log q-acme-2026'), ended]);
    url = present(/listens at (http:\S+)/.exec(terminal.written.out)?.[1], terminal.written.err);
  });

  afterEach(async () => {
    terminal.stop();
    expect(await ended).toBe(0);
  });

  const tokenOf = (name: string): string =>
    present(new RegExp(`${name}.*\\?token=(\\S+)`).exec(terminal.written.out)?.[1], 'it is printed');
  const runAs = (name: string, ...argv: string[]): Promise<CommandResult> =>
    runCommand({ cwd: folder, env: { QUOTEROOM_URL: url, QUOTEROOM_TOKEN: tokenOf(name) } }, ...argv);

  test('prints a sign-in link for each role, makes quotes, and notes no token', async () => {
    const { out, err } = terminal.written;
    for (const role of ['sales_rep', 'sales_manager', 'vp_sales', 'deal_desk', 'admin']) {
      expect(out).toMatch(new RegExp(`${role} +${url}/\\?token=`));
    }
    const { quotes } = (await runAs('Rita', 'quote', 'list', '--json')).json();
    expect(quotes.map(({ currency }: { currency: string }) => currency).toSorted()).toEqual([
      'EUR',
      'JPY',
      'KWD',
    ]);
    expect(err).not.toContain(tokenOf('Rita'));
    expect(await runAs('Rita', 'audit', 'verify')).toMatchObject({ code: 0 });
  });

  test('its page signs people in with tokens made when it asks, that are good for 7 days', async () => {
    daysPassed = 6;
    const asked = await fetch(`${url}/api/sign-in`);
    const signIn = signInSchema.parse(await asked.json());
    const people = signIn.kind === 'demo' ? signIn.people : [];
    expect(people.map(({ name, role }) => [name, role])).toEqual([
      ['Rita Reyes', 'sales_rep'],
      ['Ben Brandt', 'sales_rep'],
      ['Max Meier', 'sales_manager'],
      ['Vera Voss', 'vp_sales'],
      ['Dana Diaz', 'deal_desk'],
      ['Ada Abara', 'admin'],
    ]);
    const statusOf = async (token: string): Promise<number> =>
      (await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    daysPassed = 12;
    for (const { token } of people) expect(await statusOf(token)).toBe(200);
    expect(await statusOf(tokenOf('Rita'))).toBe(401);
  });

  test('set: accepted, refused with reason, refused with the winner', async () => {
    const cell = 'lineItems/drives/discountPercent';
    const accepted = await runAs('Max', 'set', 'q-acme-2026', cell, '15');
    expect(accepted).toMatchObject({ code: 0, out: `accepted: ${cell} is "15"\n` });
    const over = await runAs('Rita', 'set', 'q-acme-2026', cell, '30', '--json');
    expect(over.code).toBe(1);
    const message = 'sales_rep may set at most 10 here; vp_sales is the lowest role that may set this';
    expect(over.json()).toMatchObject({
      cell,
      accepted: false,
      reason: 'not_permitted',
      message,
      kept: '15',
    });
    const told = await runAs('Rita', 'set', 'q-acme-2026', cell, '30');
    expect(told.out).toBe(`refused: ${cell} "30": not_permitted (${message}); it stays "15"\n`);
    // The demo's discounts are sticky: what a manager gave, a rep does not take back.
    const sticky = await runAs('Rita', 'set', 'q-acme-2026', cell, '5');
    expect(sticky.code).toBe(1);
    expect(sticky.out).toMatch(/authority_overridden .* by Max Meier \(sales_manager\); it stays "15"/);
    expect(await runAs('Rita', 'set', 'q-acme-2026', cell, 'x')).toMatchObject({ code: 1 });
    expect(await runAs('Rita', 'set', 'q-acme-2026', 'fields/contact', '--clear')).toMatchObject({ code: 0 });
    expect(await runAs('Rita', 'set', 'q-none', 'fields/title', 'x')).toMatchObject({ code: 1 });
  });

  test('set: a row that is not there is refused, and made only if asked for', async () => {
    const set = (...argv: string[]) => runAs('Rita', 'set', 'q-acme-2026', ...argv);
    const show = async () => (await runAs('Rita', 'quote', 'show', 'q-acme-2026', '--json')).json();
    const before = await show();
    const message = 'q-acme-2026 has no line "bearing"; did you mean "bearings"? (--new makes it)';
    expect(await set('lineItems/bearing/quantity', '5')).toMatchObject({
      code: 1,
      out: '',
      err: `error: ${message}\n`,
    });
    const json = await set('lineItems/bearing/quantity', '5', '--json');
    expect(json.code).toBe(1);
    expect(json.json()).toEqual({ error: { code: 'no_such_row', message } });
    expect(await set('lineItems/zz/position', 'a5')).toMatchObject({ code: 1 });
    expect(await set('discounts/unheard-of/label', 'x')).toMatchObject({
      err: 'error: q-acme-2026 has no discount "unheard-of" (--new makes it)\n',
    });
    expect(await show()).toEqual(before);

    expect(await set('lineItems/belts/quantity', '5', '--new')).toMatchObject({ code: 0 });
    const { lineItems } = await show();
    expect(lineItems.at(-1)).toMatchObject({ id: 'belts', quantity: '5' });
    expect(lineItems).toHaveLength(before.lineItems.length + 1);
    expect(await set('lineItems/belts/quantity', '6')).toMatchObject({ code: 0 });
  });

  test('watch: what is there, what changes, who comes, until one leaves', async () => {
    const watcher = createTestTerminal({
      cwd: folder,
      env: { QUOTEROOM_URL: url, QUOTEROOM_TOKEN: tokenOf('Ada') },
    });
    const left = runCommandLine(['watch', 'q-gulf-desalination'], watcher);
    await watcher.untilWritten('Total KWD');
    await runAs('Vera', 'set', 'q-gulf-desalination', 'lineItems/vessels/quantity', '13');
    await watcher.untilWritten('lineItems/vessels/quantity: "12" -> "13"');
    await watcher.untilWritten('total: ');
    watcher.stop();
    expect(await left).toBe(0);
  });

  test('watch on a screen draws it again in place, and leaves it as it was', async () => {
    const env = { QUOTEROOM_URL: url, QUOTEROOM_TOKEN: tokenOf('Ada') };
    const watcher = createTestTerminal({
      cwd: folder,
      env,
      isScreen: true,
      size: () => ({ columns: 60, rows: 10 }),
    });
    const left = runCommandLine(['watch', 'q-kitano-cells'], watcher);
    await watcher.untilWritten('q-kitano-cells - live');
    const frame = watcher.written.out.split('\u001B[H').at(-1) ?? '';
    expect(frame.split('\r\n')).toHaveLength(10);
    watcher.stop();
    expect(await left).toBe(0);
    expect(watcher.written.out).toContain('\u001B[?1049l');
  });

  test('watch ends with one error, and without saying live, when its token counts no more', async () => {
    const port = new URL(url).port;
    const env = { QUOTEROOM_URL: url, QUOTEROOM_TOKEN: tokenOf('Ada') };
    const watcher = createTestTerminal({ cwd: folder, env });
    const left = runCommandLine(['watch', 'q-acme-2026'], watcher);
    await watcher.untilWritten('Total EUR');
    terminal.stop();
    expect(await ended).toBe(0);
    await watcher.untilWritten('restarting');

    const secret = { QUOTEROOM_SECRET: 'another secret, of at least 32 bytes' };
    terminal = createTestTerminal({ cwd: folder, env: secret });
    ended = runCommandLine(['serve', '--dev', '--port', port], terminal);
    expect(await left).toBe(1);
    const why = `error: ${url} does not take your token: The sign-in token was not signed with a key of this server. Sign in again. Set QUOTEROOM_TOKEN: `;
    const expectOneError = (err: string): void => {
      expect(err.startsWith(why)).toBe(true);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    };
    expectOneError(watcher.written.err);
    expect(watcher.written.out).not.toMatch(/  live$|token|sign-in/m);

    for (const argv of [
      ['watch', 'q-acme-2026'],
      ['set', 'q-acme-2026', 'fields/title', 'x'],
      ['quote', 'list'],
      ['quote', 'show', 'q-acme-2026'],
    ]) {
      const { code, out, err } = await runCommand({ cwd: folder, env }, ...argv);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expectOneError(err);
    }
  });

  test('a token that is no token, or has run out, is told as that', async () => {
    const commands = [
      ['set', 'q-acme-2026', 'fields/title', 'x'],
      ['quote', 'list'],
      ['audit', 'log', 'q-acme-2026'],
    ];
    const signed = (at: number) =>
      signToken(readFileSync(join(folder, 'data/dev-secret'), 'utf8').trim(), DEMO_PERSON, {
        now: at,
        lifetimeMs: 1_000,
      });
    const reasons = new Map([
      [
        tokenOf('Ada').slice(0, -70),
        /does not take your token: The sign-in token is not a JSON Web Token\. Check that/,
      ],
      [
        await signed(Date.now() - 3_600_000),
        /^error: your token has run out: get a new one\. Set QUOTEROOM_TOKEN/,
      ],
    ]);
    for (const [token, why] of reasons) {
      for (const argv of commands) {
        const env = { QUOTEROOM_URL: url, QUOTEROOM_TOKEN: token };
        const { code, err } = await runCommand({ cwd: folder, env }, ...argv);
        expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(why) });
      }
    }
  });

  test('watch ends when its token runs out, and says so', async () => {
    const watcher = createTestTerminal({
      cwd: folder,
      env: { QUOTEROOM_URL: url, QUOTEROOM_TOKEN: tokenOf('Ada') },
    });
    const left = runCommandLine(['watch', 'q-acme-2026'], watcher);
    await watcher.untilWritten('Total EUR');
    daysPassed = 8;
    expect(await left).toBe(1);
    expect(watcher.written.err).toMatch(/^error: your token has run out: get a new one\. [^\n]*\n$/);
  });

  test('prints each token once, and no line of JSON', () => {
    const { out, err } = terminal.written;
    expect(err).toBe('');
    for (const name of ['Rita', 'Max', 'Ada']) expect(out.split(tokenOf(name))).toHaveLength(2);
  });

  test('audit log asks the server, or reads the folder with --data', async () => {
    const cell = 'lineItems/drives/discountPercent';
    await runAs('Max', 'set', 'q-acme-2026', cell, '15');
    await runAs('Rita', 'set', 'q-acme-2026', cell, '5');
    for (const argv of [
      [],
      ['--json'],
      ['--refused'],
      ['--user', 'max', '--json'],
      ['--cell', 'lineItems/drives', '--limit', '1'],
      ['--after', '1', '--limit', '1'],
    ]) {
      const here = await runCommand({ cwd: folder }, 'audit', 'log', 'q-acme-2026', ...argv);
      const there = await runAs('Ada', 'audit', 'log', 'q-acme-2026', ...argv);
      expect(there).toMatchObject({ code: 0, err: '' });
      if (argv.includes('--json')) expect(there.json()).toEqual(here.json());
      else expect(there.out).toBe(here.out);
      expect(here.out).not.toContain('No such entries');
    }
    // A viewer hears that something was refused, and not what.
    const others = await runAs('Vera', 'audit', 'log', 'q-acme-2026', '--refused');
    expect(others.out).toMatch(
      /discountPercent: refused: authority_overridden by \S+ \(sales_manager\); stays "15"/,
    );
    expect(await runAs('Ada', 'audit', 'log', 'q-none')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no quote q-none at'),
    });
  });

  test('watch says live again once the server is back', async () => {
    const port = new URL(url).port;
    const watcher = createTestTerminal({
      cwd: folder,
      env: { QUOTEROOM_URL: url, QUOTEROOM_TOKEN: tokenOf('Ada') },
    });
    const left = runCommandLine(['watch', 'q-acme-2026'], watcher);
    await watcher.untilWritten('Total EUR');
    terminal.stop();
    expect(await ended).toBe(0);
    terminal = createTestTerminal({ cwd: folder });
    ended = runCommandLine(['serve', '--dev', '--port', port], terminal);
    await watcher.untilWritten('  live\n');
    watcher.stop();
    expect(await left).toBe(0);
  });

  test('what is not there is said once', async () => {
    for (const argv of [
      ['watch', 'q-none'],
      ['set', 'q-none', 'fields/title', 'x'],
      ['quote', 'show', 'q-none'],
    ]) {
      expect(await runAs('Rita', ...argv)).toMatchObject({
        code: 1,
        err: `error: there is no quote q-none at ${url}: "quoteroom quote list" shows those that you may see\n`,
      });
    }
  });

  test('list and show ask the server, or read the folder with --data', async () => {
    await runAs('Max', 'set', 'q-acme-2026', 'fields/title', 'Asked');
    const listed = await runAs('Rita', 'quote', 'list', '--search', 'asked');
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out).toMatch(/^q-acme-2026 +Asked .* EUR .* Max Meier$/m);
    expect(listed.out.trimEnd().split('\n')).toHaveLength(2);
    expect((await runAs('Rita', 'quote', 'list', '--status', 'declined')).out).toBe('No quotes match.\n');

    const here = (...argv: string[]) =>
      runAs('Rita', 'quote', 'show', 'q-acme-2026', '--data', 'data', ...argv);
    const there = (...argv: string[]) => runAs('Rita', 'quote', 'show', 'q-acme-2026', ...argv);
    for (const argv of [[], ['--json'], ['--at', '1'], ['--at', '2100-01-01', '--removed', '--json']]) {
      const asked = await there(...argv);
      expect(asked).toMatchObject({ code: 0, err: '' });
      const read = await here(...argv);
      if (argv.includes('--json')) expect(asked.json()).toEqual(read.json());
      else expect(asked.out).toBe(read.out);
    }
    expect((await there('--json')).json()).toMatchObject({ revision: 2, fields: { title: 'Asked' } });
    for (const [at, why] of [
      ['9', 'has entries 1 to 2, not 9'],
      ['2001-01-01', 'did not exist yet at 2001-01-01 00:00:00 UTC'],
    ] as const) {
      expect(await there('--at', at)).toMatchObject({ code: 1, err: expect.stringContaining(why) });
    }
    expect(await there('--at', 'noon')).toMatchObject({ code: 2 });
    const nowhere = await runCommand(
      { cwd: folder, env: { QUOTEROOM_TOKEN: tokenOf('Rita') } },
      ...['quote', 'list', '--url', 'http://127.0.0.1:1'],
    );
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('no server answers') });
  });

  test('import goes to the server, as the person of the token', async () => {
    writeFileSync(join(folder, 'lines.csv'), 'SKU,Quantity,Price\nA,2,1.50\n');
    const imported = await runAs('Rita', 'quote', 'import', 'lines.csv', '--currency', 'EUR', '--json');
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(imported.json()).toMatchObject({ id: 'lines', revision: 1, lineItems: 1 });
    expect((await runAs('Rita', 'quote', 'show', 'lines', '--json')).json()).toMatchObject({
      lineItems: [{ id: 'l1' }],
      totals: { total: '3.00' },
    });
    expect(await runAs('Rita', 'quote', 'import', 'lines.csv')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/lines/),
    });
    const asOther = await runAs('Rita', 'quote', 'import', 'lines.csv', '--id', 'other', '--as', 'ada');
    expect(asOther).toMatchObject({ code: 2, err: expect.stringContaining('the token says who imports') });
    const here = await runCommand({ cwd: folder }, 'quote', 'import', 'lines.csv', '--id', 'other');
    expect(here).toMatchObject({ code: 1, err: expect.stringContaining('--url URL') });
  });

  test('import tells what the server refused as the import into a folder does', async () => {
    writeFileSync(join(folder, 'high.csv'), 'SKU,Quantity,Price,Discount %\nA,1,2,5\n\nB,1,2,30\n');
    const quote = {
      fields: { title: 'T', status: 'approved' },
      lineItems: [{ id: 'l1', name: 'A' }],
      discounts: [{ kind: 'percent', value: '50' }],
    };
    writeFileSync(join(folder, 'high.json'), JSON.stringify(quote));
    for (const file of ['high.csv', 'high.json']) {
      const argv = ['quote', 'import', file, '--currency', 'EUR'];
      const there = await runAs('Rita', ...argv);
      const here = await runCommand({ cwd: folder }, ...argv, '--data', 'new', '--role', 'sales_rep');
      expect(here).toMatchObject({ code: 1, err: expect.stringContaining('sales_rep') });
      expect(there).toEqual({ ...here, json: expect.any(Function) });
    }
    expect(await runAs('Vera', 'quote', 'import', 'high.csv')).toMatchObject({ code: 0 });
  });

  test('what was acknowledged and printed holds after a restart, and no demo quotes are made again', async () => {
    await runAs('Rita', 'set', 'q-acme-2026', 'fields/title', 'Kept');
    const earlier = tokenOf('Rita');
    terminal.stop();
    expect(await ended).toBe(0);
    terminal = createTestTerminal({ cwd: folder });
    ended = runCommandLine(['serve', '--dev', '--port', '0'], terminal);
    await terminal.untilWritten('audit log q-acme-2026');
    expect(terminal.written.out).not.toContain('New here');
    const again = present(/listens at (http:\S+)/.exec(terminal.written.out)?.[1], 'it is printed');
    const env = { QUOTEROOM_URL: again, QUOTEROOM_TOKEN: earlier };
    expect(await runCommand({ cwd: folder, env }, 'quote', 'list')).toMatchObject({ code: 0 });
    expect(terminal.written.out).toContain(`their secret is kept in ${join(folder, 'data', 'dev-secret')}`);
    const shown = await runCommand({ cwd: folder }, 'quote', 'show', 'q-acme-2026', '--json');
    expect(shown.json()).toMatchObject({ revision: 2, fields: { title: 'Kept' } });
  });
});

test('the links of a demo lead to a page, and settings without effect are named', async () => {
  const env = { QUOTEROOM_SLACK_ROLE_MAX_AGE_DAYS: '3', QUOTEROOM_LIMITS_CHAT_PER_MINUTE: '9' };
  const terminal = createTestTerminal({ cwd: folder, env });
  const ended = runCommandLine(['serve', '--dev', '--port', '0'], terminal);
  await terminal.untilWritten('audit log q-acme-2026');
  const warnings = terminal.written.out.split('\n').filter((line) => line.startsWith('Warning'));
  expect(warnings).toEqual([expect.stringMatching(/without effect yet: (?=.*limits\.chatPerMinute)/)]);
  const link = present(/\S+\/\?token=\S+/.exec(terminal.written.out)?.[0], 'a link is printed');
  const page = await fetch(link);
  // The page itself, or where it is not built one that says so.
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain('<title>Quoteroom</title>');
  terminal.stop();
  expect(await ended).toBe(0);
});

test('without --dev the page is told where people sign in, and gets no tokens', async () => {
  const env = { QUOTEROOM_SECRET: SECRET, QUOTEROOM_SIGN_IN_URL: 'https://sso.acme.test/quotes' };
  const terminal = createTestTerminal({ cwd: folder, env });
  const ended = runCommandLine(['serve', '--port', '0'], terminal);
  await Promise.race([terminal.untilWritten('Ctrl+C stops it'), ended]);
  const url = present(/listens at (http:\S+)/.exec(terminal.written.out)?.[1], terminal.written.err);
  const asked = await fetch(`${url}/api/sign-in`);
  expect(await asked.json()).toEqual({ kind: 'token', signInUrl: 'https://sso.acme.test/quotes' });
  terminal.stop();
  expect(await ended).toBe(0);
});

describe('a server that cannot run says why in one line', () => {
  const serve = (...argv: string[]): Promise<CommandResult> =>
    runCommand({ cwd: folder, env: { QUOTEROOM_SECRET: SECRET } }, 'serve', ...argv);
  const expectOneLine = ({ code, out, err }: CommandResult, why: RegExp): void => {
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(why);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  };

  test('the port is in use', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    expectOneLine(await serve('--port', String(port)), /port \d+ of 127\.0\.0\.1 is in use.*--port/);
    await new Promise((resolve) => other.close(resolve));
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('another server has the data folder', async () => {
    const lock = lockDataFolder(join(folder, 'data'));
    expectOneLine(await serve('--port', '0'), /in use by process \d+ on [^:]*:[^ ]*: stop it first$/m);
    lock.release();
  });

  test('the data folder is a file', async () => {
    writeFileSync(join(folder, 'data'), '');
    expectOneLine(await serve('--port', '0'), /cannot use the data folder .*: it is a file/);
  });

  test('the data folder is a link to nowhere', async () => {
    symlinkSync('gone', join(folder, 'data'));
    expectOneLine(
      await serve('--port', '0'),
      new RegExp(`it is a link to ${join(folder, 'gone')}, which is not there`),
    );
  });

  test.skipIf(process.getuid?.() === 0)('the data folder cannot be written', async () => {
    chmodSync(folder, 0o500);
    expectOneLine(await serve('--port', '0'), /cannot use the data folder/);
    chmodSync(folder, 0o700);
  });

  test('a newer quoteroom was here', async () => {
    const db = openMigrated(join(folder, 'data'));
    db.exec(`INSERT INTO schema_migrations (version, name) VALUES (99, 'future')`);
    expectOneLine(await serve('--port', '0'), /schema version 99/);
  });
});
