import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';
import type { ExitCode } from '../../src/cli/terminal.ts';
import { lockDataFolder } from '../../src/log/data-lock.ts';
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
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

describe('a demo server', () => {
  let terminal: TestTerminal;
  let ended: Promise<ExitCode>;
  let url: string;

  beforeEach(async () => {
    terminal = createTestTerminal({ cwd: folder });
    ended = runCommandLine(['serve', '--dev', '--port', '0'], terminal);
    await Promise.race([terminal.untilWritten('audit log q-acme-2026'), ended]);
    url = present(/listens at (http:\S+)/.exec(terminal.written.out)?.[1], terminal.written.err);
  });

  afterEach(async () => {
    terminal.stop();
    expect(await ended).toBe(0);
  });

  const tokenOf = (name: string): string =>
    present(
      new RegExp(`${name}.*:\\n {2}export QUOTEROOM_TOKEN=(\\S+)`).exec(terminal.written.out)?.[1],
      'it is printed',
    );
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

  test('set: accepted, refused with reason, refused with the winner', async () => {
    const cell = 'lineItems/drives/discountPercent';
    const accepted = await runAs('Max', 'set', 'q-acme-2026', cell, '15');
    expect(accepted).toMatchObject({ code: 0, out: `accepted: ${cell} is "15"\n` });
    const over = await runAs('Rita', 'set', 'q-acme-2026', cell, '30', '--json');
    expect(over.code).toBe(1);
    expect(over.json()).toMatchObject({ cell, accepted: false, reason: 'not_permitted', kept: '15' });
    // The demo's discounts are sticky: what a manager gave, a rep does not take back.
    const sticky = await runAs('Rita', 'set', 'q-acme-2026', cell, '5');
    expect(sticky.code).toBe(1);
    expect(sticky.out).toMatch(/authority_overridden .* by Max Meier \(sales_manager\); it stays "15"/);
    expect(await runAs('Rita', 'set', 'q-acme-2026', cell, 'x')).toMatchObject({ code: 1 });
    expect(await runAs('Rita', 'set', 'q-acme-2026', 'fields/contact', '--clear')).toMatchObject({ code: 0 });
    const lost = await runAs('Rita', 'set', 'q-acme-2026', 'lineItems/nobody/quantity', '2');
    expect(lost).toMatchObject({ code: 0, out: expect.stringContaining('its row is not on the quote') });
    expect(await runAs('Rita', 'set', 'q-none', 'fields/title', 'x')).toMatchObject({ code: 1 });
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

  test('import goes to the server, as the person of the token', async () => {
    writeFileSync(join(folder, 'lines.csv'), 'SKU,Quantity,Price\nA,2,1.50\n');
    const imported = await runAs('Rita', 'quote', 'import', 'lines.csv', '--currency', 'EUR', '--json');
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(imported.json()).toMatchObject({ id: 'lines', revision: 1, lineItems: 1 });
    expect((await runAs('Rita', 'quote', 'show', 'lines', '--json')).json().totals.total).toBe('3.00');
    expect(await runAs('Rita', 'quote', 'import', 'lines.csv')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/lines/),
    });
    const here = await runCommand({ cwd: folder }, 'quote', 'import', 'lines.csv', '--id', 'other');
    expect(here).toMatchObject({ code: 1, err: expect.stringContaining('--url URL') });
  });

  test('what was acknowledged is there after a restart, and no demo quotes are made again', async () => {
    await runAs('Rita', 'set', 'q-acme-2026', 'fields/title', 'Kept');
    terminal.stop();
    expect(await ended).toBe(0);
    terminal = createTestTerminal({ cwd: folder });
    ended = runCommandLine(['serve', '--dev', '--port', '0'], terminal);
    await terminal.untilWritten('audit log q-acme-2026');
    expect(terminal.written.out).not.toContain('New here');
    const shown = await runCommand({ cwd: folder }, 'quote', 'show', 'q-acme-2026', '--json');
    expect(shown.json()).toMatchObject({ revision: 2, fields: { title: 'Kept' } });
  });
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
    // Nothing is left behind that would keep the folder.
    lockDataFolder(join(folder, 'data')).release();
  });

  test('another server has the data folder', async () => {
    const lock = lockDataFolder(join(folder, 'data'));
    expectOneLine(await serve('--port', '0'), /in use by process \d+/);
    lock.release();
  });

  test('the data folder is a file', async () => {
    writeFileSync(join(folder, 'data'), '');
    expectOneLine(await serve('--port', '0'), /cannot use the data folder/);
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
