import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '../../src/authority/role.ts';
import { migrateUp } from '../../src/log/migrate.ts';
import { openDatabase } from '../../src/log/sqlite-database.ts';
import { createSqliteLog } from '../../src/log/sqlite-log.ts';
import { playSession, record } from '../support/recorded-quote.ts';
import { serverForTest } from '../support/server.ts';
import { memoryLogOf, storeRecorded } from '../support/store-recorded.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type CommandResult, runCommand } from '../support/test-terminal.ts';

/** `audit log`, `blame` and `diff`, on a data folder and of a server that has the same log. */
type Run = (...argv: string[]) => Promise<CommandResult>;

const recorded = record(playSession());
const last = recorded.entries.length;
/** Entry n is of this second and n more. */
const START = Date.UTC(2023, 10, 14, 22, 13, 20);
const timeOf = (seq: number, moreMs = 0): string => new Date(START + seq * 1_000 + moreMs).toISOString();

let folder: string;
const onData: Run = (...argv) => runCommand({ cwd: folder }, 'audit', ...argv);

beforeEach(async () => {
  folder = temporaryFolder();
  const db = openDatabase(join(folder, 'data/quoteroom.db'));
  migrateUp(db);
  const log = await storeRecorded(recorded, createSqliteLog(db));
  await log.close();
});

async function onServerAs(role: Role): Promise<Run> {
  const server = await serverForTest({ log: await memoryLogOf(recorded) });
  const token = await server.tokenFor('somebody', role);
  return (...argv) =>
    runCommand({ cwd: temporaryFolder() }, 'audit', ...argv, '--url', server.url, '--token', token);
}

describe('blame', () => {
  test('in words: who set it, what it was before, who was outvoted', async () => {
    const { code, out, err } = await onData('blame', 'q1', '--cell', 'fields/title,note/n1,fields/customer');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      [
        `q1, after entry ${last}`,
        'fields/title: "Bolts for ACME"',
        '    max (sales_manager), 2023-11-14 22:13:22, entry 2; before: "Bolts"',
        '    refused "Nuts" (authority_overridden): rita (sales_rep), 2023-11-14 22:13:23, entry 3',
        'fields/customer: empty',
        '    never set',
        '    refused "ACME" (authority_overridden): rita (sales_rep), 2023-11-14 22:13:28, entry 8',
        'note/n1',
        '    rita (sales_rep), 2023-11-14 22:13:26, entry 6',
        '',
      ].join('\n'),
    );
    expect((await onData('blame', 'q1', '--cell', 'fields/nothing')).out).toBe(
      `q1, entry ${last}: no such cells.\n`,
    );
  });

  test('after an entry and at a time', async () => {
    const bySeq = (await onData('blame', 'q1', '--at', '2', '--json')).json();
    expect(bySeq).toMatchObject({ quote: 'q1', revision: 2 });
    expect((await onData('blame', 'q1', '--at', timeOf(2, 900), '--json')).json()).toEqual(bySeq);
  });

  test('of a server: the same, but for what others offered in vain', async () => {
    const here = (await onData('blame', 'q1', '--json')).json();
    const asAdmin = await onServerAs('admin');
    expect((await asAdmin('blame', 'q1', '--json')).json()).toEqual(here);
    expect((await asAdmin('blame', 'q1', '--at', timeOf(3), '--cell', 'fields')).out).toBe(
      (await onData('blame', 'q1', '--at', '3', '--cell', 'fields')).out,
    );
    const asRep = await onServerAs('sales_rep');
    const { out } = await asRep('blame', 'q1', '--cell', 'fields/title');
    expect(out).toContain('    refused (authority_overridden): rita (sales_rep)');
    expect(out).not.toContain('Nuts');
  });
});

describe('diff', () => {
  test('in words: rows, cells and texts', async () => {
    const { code, out } = await onData('diff', 'q1', '--from', '1', '--to', String(last));
    expect(code).toBe(0);
    expect(out).toBe(
      [
        `q1, entry 1 to ${last}`,
        'added discounts/d1: max (sales_manager), 2023-11-14 22:13:25, entry 5',
        'added notes/n1: rita (sales_rep), 2023-11-14 22:13:27, entry 7',
        'fields/title: "Bolts" -> "Bolts for ACME"',
        '    max (sales_manager), 2023-11-14 22:13:22, entry 2',
        'lineItems/l1/quantity: "2" -> "3"',
        `    rita (sales_rep), 2023-11-14 22:13:${20 + last}, entry ${last}`,
        'lineItems/l1/discountPercent: empty -> "15"',
        '    max (sales_manager), 2023-11-14 22:13:25, entry 5',
        'discounts/d1/value: empty -> "5"',
        '    max (sales_manager), 2023-11-14 22:13:25, entry 5',
        'note/n1: rita (sales_rep), 2023-11-14 22:13:26, entry 6',
        '    - ""',
        '    + "call them"',
        '',
      ].join('\n'),
    );
    expect((await onData('diff', 'q1', '--from', '3', '--to', '3')).out).toBe(
      'q1, entry 3 to 3\nNothing is different.\n',
    );
  });

  test('between times; a server says the same', async () => {
    const here = (await onData('diff', 'q1', '--from', '0', '--to', '2', '--json')).json();
    const times = ['--from', '2020-01-01', '--to', timeOf(2, 500)] as const;
    expect((await onData('diff', 'q1', ...times, '--json')).json()).toEqual(here);
    const onServer = await onServerAs('sales_rep');
    expect((await onServer('diff', 'q1', ...times, '--json')).json()).toEqual(here);
  });
});

describe('log', () => {
  const seqsOf = (result: CommandResult): number[] =>
    result.json().entries.map(({ seq }: { seq: number }) => seq);

  test.each([
    [['--refused'], [3, 4, 8]],
    [
      ['--user', 'max'],
      [2, 5],
    ],
    [['--role', 'sales_manager', '--cell', 'discounts'], [5]],
    [
      ['--cell', 'fields/title'],
      [1, 2, 3],
    ],
    [
      ['--cell', 'lineItems/*/quantity', '--user', 'rita'],
      [1, last - 1, last],
    ],
    [
      ['--since', timeOf(2), '--until', timeOf(4, 500)],
      [2, 3, 4],
    ],
    [['--since', '2030-01-01'], []],
  ])('%j takes entries %j, there and here', async (flags, seqs) => {
    const onServer = await onServerAs('admin');
    const here = await onData('log', 'q1', ...flags, '--json');
    expect(seqsOf(here)).toEqual(seqs);
    const there = await onServer('log', 'q1', ...flags, '--json');
    expect(there.json()).toEqual(here.json());
    const words = [await onData('log', 'q1', ...flags), await onServer('log', 'q1', ...flags)];
    expect(words[1]?.out).toBe(words[0]?.out);
    for (const seq of seqs) expect(words[0]?.out).toMatch(new RegExp(`^${seq}  2023-11-14`, 'm'));
  });

  test('a narrowed log goes on where its page ended, there and here', async () => {
    for (const run of [onData, await onServerAs('admin')]) {
      const first = await run('log', 'q1', '--refused', '--limit', '2', '--json');
      expect(seqsOf(first)).toEqual([3, 4]);
      expect(
        seqsOf(await run('log', 'q1', '--refused', '--after', String(first.json().next), '--json')),
      ).toEqual([8]);
    }
  });
});

test.each([
  [['blame', 'q1', '--at', '99'], 1, `--at: quote q1 has entries 1 to ${last}, not 99`],
  [['blame', 'q1', '--at', '2020-01-01'], 1, '--at: quote q1 did not exist yet at 2020-01-01 00:00:00 UTC'],
  [['blame', 'q1', '--at', 'noon'], 2, '"noon" is neither the number of an entry (12) nor a time'],
  [['blame', 'q1', '--cell', ','], 2, '--cell takes a cell, a row or a pattern'],
  [['blame', 'q9'], 1, 'there is no quote q9'],
  [
    ['diff', 'q1', '--from', '3', '--to', '2'],
    1,
    '--from: entry 3 comes after entry 2; give the earlier point first',
  ],
  [['diff', 'q1', '--from', '0', '--to', '99'], 1, `--to: quote q1 has entries 1 to ${last}, not 99`],
  [['diff', 'q1', '--from', 'x', '--to', '2'], 2, '--from: "x" is neither the number of an entry'],
  [['diff', 'q9', '--from', '0', '--to', '1'], 1, 'there is no quote q9'],
  [['log', 'q1', '--cell', 'fields/*a*b*c'], 2, '--cell takes at most 2 stars between two strokes'],
  [['log', 'q1', '--role', 'boss'], 2, '--role is one of sales_rep, sales_manager'],
  [['log', 'q1', '--since', '12'], 2, '--since takes a time, 2026-03-01 or 2026-03-01T12:00:00Z, not "12"'],
])('audit %j ends with %i and says why, there and here', async (argv, code, message) => {
  const onServer = await onServerAs('admin');
  for (const run of [onData, onServer]) {
    expect(await run(...argv)).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
  }
});

test('replay takes an entry or a time, and says which entries there are', async () => {
  const bySeq = (await onData('replay', 'q1', '--to', '3', '--json')).json();
  expect(bySeq).toMatchObject({ ok: true, revision: 3 });
  expect((await onData('replay', 'q1', '--to', timeOf(3, 999), '--json')).json()).toEqual(bySeq);
  for (const to of ['0', '99']) {
    expect(await onData('replay', 'q1', '--to', to)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`--to: quote q1 has entries 1 to ${last}, not ${to}`),
    });
  }
});

test('a log with an entry missing is told, and what finds out what is wrong', async () => {
  const db = new Database(join(folder, 'data/quoteroom.db'));
  for (const name of db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all())
    db.exec(`DROP TRIGGER ${String(name)}`);
  db.exec(`DELETE FROM entries WHERE quote_id = 'q1' AND seq = 3`);
  db.close();
  for (const argv of [
    ['blame', 'q1'],
    ['diff', 'q1', '--from', '1', '--to', '5'],
  ]) {
    expect(await onData(...argv)).toMatchObject({
      code: 1,
      err: expect.stringContaining('entry 3 of quote q1 is missing: "quoteroom audit verify"'),
    });
  }
});
