import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lockDataFolder } from '../../src/log/data-lock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const run = (...argv: string[]): Promise<CommandResult> => runCommand({ cwd: folder }, ...argv);

function file(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return name;
}

const LINES = [
  'SKU,Product Name,Quantity,Sales Price,Discount %,Margin',
  'B-10,Bolt M10,100,0.335,10,40',
  'N-10,Nut,3,1.20,,55',
];
const importLines = (...argv: string[]): Promise<CommandResult> =>
  run('quote', 'import', file('ACME Angebot.csv', LINES), ...argv);

describe('import', () => {
  test('of a CSV file makes a quote that list and show know', async () => {
    const imported = await importLines(
      '--currency',
      'EUR',
      '--customer',
      'ACME',
      '--as',
      'rita',
      '--role',
      'sales_rep',
    );
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(imported.out).toBe('Imported 2 lines as quote acme-angebot.\nNot taken over: Margin\n');

    const { quotes } = (await run('quote', 'list', '--json')).json();
    expect(quotes).toHaveLength(1);
    expect(quotes[0]).toMatchObject({
      id: 'acme-angebot',
      title: 'ACME Angebot',
      customer: 'ACME',
      status: 'draft',
    });
    expect(quotes[0]).toMatchObject({ owner: 'rita', createdBy: 'rita', currency: 'EUR', total: '33.75' });

    const shown = (await run('quote', 'show', 'acme-angebot', '--json')).json();
    expect(shown.lineItems.map((line: { sku: string }) => line.sku)).toEqual(['B-10', 'N-10']);
    expect(shown.lineItems.map((line: { id: string }) => line.id)).toEqual(['l1', 'l2']);
    expect(shown).toMatchObject({
      id: 'acme-angebot',
      revision: 1,
      totals: { total: '33.75', currency: 'EUR' },
    });
    const { out } = await run('quote', 'show', 'acme-angebot');
    expect(out).toMatch(/B-10 +Bolt M10 +100 +0\.335 +10 % +30\.15/);
    expect(out).toMatch(/Total EUR +33\.75/);
  });

  test('tells which headers became free columns, and which were missed', async () => {
    const csv = ['SKU;Benaming;Aantal;Preis', 'B-10;Schroef;100;0,335'];
    const imported = await run('quote', 'import', file('liste.csv', csv), '--currency', 'EUR');
    expect(imported.code).toBe(0);
    expect(imported.out).toBe(
      'Imported 1 line as quote liste.\n' +
        'Not known here, kept as free columns: "Benaming" as x_benaming, "Aantal" as x_aantal\n',
    );
    const headers = '"SKU", "Benaming", "Aantal", "Preis"';
    expect(imported.err).toBe(
      `warning: no header was recognized as the quantity, so each line counts once: the headers are ${headers}; known names are "Quantity", "Qty", "Menge"\n`,
    );

    const json = await run('quote', 'import', file('noch.csv', csv), '--json');
    expect(json.err).toBe('');
    expect(json.json()).toMatchObject({
      lineItems: 1,
      freeColumns: [{ header: 'Benaming', column: 'x_benaming' }, {}],
      currency: 'USD',
      warnings: [/quantity/, /USD/].map((about) => expect.stringMatching(about)),
    });
  });

  test('stops at a file without quantities and prices, unless they may be missing', async () => {
    const csv = file('worthless.csv', ['SKU,Benaming,Aantal', 'B-10,Schroef,100']);
    const { code, out, err } = await run('quote', 'import', csv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /quantity or the price.*"SKU", "Benaming", "Aantal".*"Qty".*"Price".*--allow-missing/,
    );
    expect(existsSync(join(folder, 'data'))).toBe(false);
    const allowed = await run('quote', 'import', csv, '--allow-missing');
    expect(allowed).toMatchObject({ code: 0, err: expect.stringMatching(/quantity[^]*price[^]*USD/) });
  });

  test('says that the currency is USD where nothing names one, and keeps quiet where something does', async () => {
    const csv = file('prices.csv', ['SKU,Quantity,Price', 'A,1,2']);
    const unsaid = await run('quote', 'import', csv, '--id', 'q1');
    expect(unsaid.err).toBe(
      'warning: the currency is USD, since neither --currency nor the file names one\n',
    );
    expect(unsaid.out).toBe('Imported 1 line as quote q1.\n');
    expect((await run('quote', 'show', 'q1', '--json')).json().fields.currency).toBe('USD');
    const inFile = file('in-file.csv', ['SKU,Quantity,Price,Currency', 'A,1,2,CHF']);
    const inJson = file('in-file.json', ['{ "fields": { "currency": null }, "lineItems": [] }']);
    for (const argv of [
      [csv, '--currency', 'EUR'],
      [inFile, '--id', 'q2'],
      [inJson, '--id', 'q3'],
    ]) {
      expect(await run('quote', 'import', ...argv)).toMatchObject({ code: 0, err: '' });
    }
    expect((await run('quote', 'import', '--help')).out).toContain('else USD');
  });

  test('of what show --json gave makes the same quote again', async () => {
    await importLines('--id', 'one', '--currency', 'EUR');
    const shown = (await run('quote', 'show', 'one', '--json')).out;
    expect(await run('quote', 'import', file('again.json', [shown]), '--id', 'two')).toMatchObject({
      code: 0,
    });
    const [one, two] = [JSON.parse(shown), (await run('quote', 'show', 'two', '--json')).json()];
    expect({ ...two, id: 'one' }).toEqual(one);
  });

  test('of a bad file names every line, imports nothing and makes no folder', async () => {
    const bad = file('bad.csv', ['SKU,Product Name,Quantity', 'A,Bolt,x', 'B,Nut,2', ',,3']);
    const { code, err, out } = await run('quote', 'import', bad);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('bad.csv was not imported, nothing of it');
    expect(err).toContain('line 2, Quantity: "x" is not a number');
    expect(err).toContain('line 4 has neither a name nor a SKU');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('is judged as written by the creator, with the line at fault', async () => {
    const high = file('high.csv', ['SKU,Quantity,Discount %', 'A,1,5', 'B,1,30']);
    const refused = await run('quote', 'import', high, '--as', 'rita', '--role', 'sales_rep');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(
      'line 3, Discount %: sales_rep may set at most 10 here; vp_sales is the lowest role',
    );
    expect(await run('quote', 'import', high, '--as', 'vera', '--role', 'vp_sales')).toMatchObject({
      code: 0,
    });
  });

  test('never writes over a quote', async () => {
    await importLines('--id', 'q1');
    expect(await importLines('--id', 'q1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('choose another id'),
    });
    expect((await run('quote', 'show', 'q1', '--json')).json().revision).toBe(1);
  });

  test('is refused while a server has the folder, and says what to do instead; reading works', async () => {
    await importLines('--id', 'q1');
    const lock = lockDataFolder(join(folder, 'data'));
    try {
      const { code, err } = await importLines('--id', 'q2');
      expect(code).toBe(1);
      expect(err).toMatch(/in use by process \d+.*--url URL.*POST \/api\/quotes/);
      expect((await run('quote', 'list', '--json')).json().quotes).toHaveLength(1);
    } finally {
      lock.release();
    }
  });

  test('of an Excel file says what to do', async () => {
    expect(await run('quote', 'import', file('lines.xlsx', ['PK\u0003\u0004']))).toMatchObject({
      code: 1,
      err: 'error: lines.xlsx: this is an Excel file: save it as CSV (UTF-8)\n',
    });
    expect(await run('quote', 'import', file('pk.csv', ['PK,Quantity,SKU', '1,2,A']))).toMatchObject({
      code: 0,
    });
  });

  test('of a file that is not there', async () => {
    expect(await run('quote', 'import', 'none.csv')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no such file'),
    });
  });
});

describe('show and list', () => {
  test('an id is shown whole, however long', async () => {
    const id = `q-${'long'.repeat(15)}`;
    await importLines('--id', id);
    expect((await run('quote', 'list')).out).toContain(`${id} `);
  });

  test('show names the free columns, and has them as JSON', async () => {
    const csv = file('free.csv', ['SKU,Quantity,Price,Billing frequency', 'A,1,2,Annually']);
    await run('quote', 'import', csv, '--id', 'q1');
    expect((await run('quote', 'show', 'q1')).out).toContain(
      'Further columns, in "quote show --json": x_billing_frequency',
    );
    const { lineItems } = (await run('quote', 'show', 'q1', '--json')).json();
    expect(lineItems[0]).toMatchObject({ x_billing_frequency: 'Annually' });
  });

  test('say what is not there', async () => {
    expect(await run('quote', 'list')).toMatchObject({
      code: 1,
      err: expect.stringContaining('cannot open the database'),
    });
    writeFileSync(join(folder, 'a-file'), '');
    for (const command of [
      ['quote', 'list', '--data', 'a-file'],
      ['quote', 'import', file('lines.csv', LINES), '--data', 'a-file'],
      ['audit', 'verify', '--data', 'a-file'],
    ]) {
      expect(await run(...command)).toMatchObject({
        code: 1,
        err: expect.stringMatching(
          /cannot use the data folder .*a-file: it is a file; give the folder .*--data/,
        ),
      });
    }
    await importLines('--id', 'q1');
    expect(await run('quote', 'show', 'q9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no quote q9'),
    });
    for (const [at, why] of [
      ['2', 'has entries 1 to 1, not 2'],
      ['2001-01-01', 'did not exist yet at 2001-01-01 00:00:00 UTC'],
    ] as const) {
      expect(await run('quote', 'show', 'q1', '--at', at)).toMatchObject({
        code: 1,
        err: expect.stringContaining(why),
      });
    }
    expect(await run('quote', 'show', 'q1', '--at', 'noon')).toMatchObject({ code: 2 });
    expect((await run('quote', 'show', 'q1', '--at', '2100-01-01', '--json')).json().revision).toBe(1);
    expect((await run('quote', 'list', '--search', 'nothing like it')).out).toBe('No quotes match.\n');
  });

  test('no text of a quote can draw on the terminal', async () => {
    const evil = file('evil.csv', ['SKU,Quantity,Product Name', 'A,1,"\u001B[2J\u202Eevil\nline"']);
    await run('quote', 'import', evil, '--title', '\u001B]0;owned\u0007');
    for (const command of [
      ['quote', 'list'],
      ['quote', 'show', 'evil'],
      ['audit', 'log', 'evil'],
    ]) {
      const { code, out } = await run(...command);
      expect(code).toBe(0);
      expect(out).toContain('owned');
      // eslint-disable-next-line no-control-regex
      expect(out).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F\u202E]/);
    }
  });
});
