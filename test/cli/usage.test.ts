import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT } from '../support/source-tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { runCommand } from '../support/test-terminal.ts';

const run = (...argv: string[]) => runCommand({ cwd: temporaryFolder() }, ...argv);

test.each([
  [],
  ['serve'],
  ['token'],
  ['quote'],
  ['quote', 'import'],
  ['quote', 'list'],
  ['quote', 'show'],
  ['watch'],
  ['set'],
  ['audit'],
  ['audit', 'verify'],
  ['audit', 'replay'],
  ['audit', 'log'],
  ['audit', 'blame'],
  ['audit', 'diff'],
  ['migrate'],
  ['report'],
  ['session'],
  ['session', 'create'],
  ['session', 'join'],
  ['session', 'list'],
  ['session', 'participants'],
  ['session', 'end'],
  ['session', 'keep-open'],
  ['session', 'conflicts'],
  ['session', 'settle'],
  ['slack'],
  ['slack', 'manifest'],
  ['slack', 'status'],
])('help is there and shows an example: quoteroom %s %s', async (...command) => {
  const { code, out, err } = await run(...command, '--help');
  expect(code).toBe(0);
  expect(err).toBe('');
  expect(out).toMatch(/^Usage: quoteroom/);
  const isGroup = command.length === 1 && ['quote', 'audit'].includes(command[0] ?? '');
  if (!isGroup) expect(out).toMatch(/Examples:\n {2}quoteroom|QUOTEROOM_SECRET=/);
});

test('help is asked for in every way', async () => {
  for (const argv of [
    ['help', 'quote'],
    ['-h'],
    ['quote', '-h'],
    ['quote', 'help', 'show'],
    ['quote', 'show', 'q1', '--help'],
  ]) {
    expect(await run(...argv)).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: quoteroom/) });
  }
});

test('the version is that of package.json', async () => {
  expect(await run('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([
  [[], /Usage/],
  [['quote'], /Usage/],
  [['nonsense'], /unknown command 'nonsense'/],
  [['quote', 'lst'], /Did you mean list/],
  [['foo', '--help'], /unknown command 'foo'/],
  [['wtch', '-h'], /unknown command 'wtch' \(Did you mean watch\?\)/],
  [['quote', 'lst', '--help'], /Did you mean list/],
  [['quote', 'show'], /missing required argument 'quote'/],
  [['quote', 'show', 'q1', 'q2'], /too many arguments/],
  [['quote', 'show', 'no/id'], /cannot be a quote's id/],
  [['quote', 'list', '--status', 'lost'], /--status is one of draft, in_review/],
  [['quote', 'list', '--config', 'none.yaml'], /there is no such file/],
  [['quote', 'import', 'x.csv', '--decimal', ';'], /--decimal is/],
  [['quote', 'import', 'x.csv', '--currency', 'euro'], /ISO 4217/],
  [['quote', 'import', 'x.csv', '--role', 'boss'], /--role is one of/],
  [['token', '--user', 'ann'], /required option '--role <role>' not specified/],
  [['token', '--usr', 'ann'], /^error: unknown option '--usr' \(Did you mean --user\?\)\n/],
  [['token', '--user', 'ann', '--rol', 'admin'], /unknown option '--rol' \(Did you mean --role\?\)/],
  [['token', '--user', 'ann', '--role', 'boss'], /--role is one of sales_rep/],
  [['token', '--user', 'ann', '--role', 'admin', '--expires', 'soon'], /--expires: a duration is/],
  [['token', '--user', 'ann', '--role', 'admin'], /QUOTEROOM_SECRET/],
  [['serve', '--port', 'http'], /port \(--port\): expected a number/],
  [['serve'], /nobody could sign in.*--dev/],
  [['serve', '--dev', '--host', '0.0.0.0'], /with --dev/],
  [['set', 'q1', 'fields/title'], /either a value or --clear/],
  [['set', 'q1', 'title', 'x'], /is not a cell/],
  [['set', 'q1', 'fields/title', 'x'], /where is the server/],
  [['quote', 'import', 'x.csv', '--url', 'http://127.0.0.1:1', '--as', 'ann'], /the token says who imports/],
  [['quote', 'import', 'x.csv', '--url', 'http://127.0.0.1:1', '--role', 'admin'], /the token says who/],
  [['quote', 'show', 'q1', '--url', 'http://127.0.0.1:1'], /who are you/],
  [['watch', 'q1', '--url', 'http://127.0.0.1:1'], /who are you/],
  [['watch', 'q1', '--url', 'quotes.example', '--token', 't'], /address is like http/],
  [['audit', 'verify', '--url', 'http://127.0.0.1:1'], /"audit verify" checks the data folder itself/],
  [['audit', 'replay', 'q1', '--url', 'http://127.0.0.1:1'], /"audit replay" checks the data folder itself/],
  [['audit', 'log', 'q1', '--limit', '0'], /--limit takes a whole number from 1/],
  [['audit', 'log', 'q1', '--role', 'boss'], /--role is one of sales_rep/],
  [['audit', 'log', 'q1', '--since', '12'], /--since takes a time/],
  [['audit', 'log', 'q1', '--cell', ''], /--cell takes a cell, a row or a pattern/],
  [['audit', 'blame', 'q1', '--cell', 'fields/a*b*c*'], /--cell takes at most 2 stars/],
  [['audit', 'diff', 'q1', '--to', '3'], /required option '--from <seq\|time>' not specified/],
])('wrong usage is 2 and says why: %j', async (argv, why) => {
  const { code, out, err } = await run(...argv);
  expect(err).toMatch(why);
  expect(err).not.toContain('    at ');
  expect({ code, out }).toEqual({ code: 2, out: '' });
});

test('with --json the reason is the one document, for usage and for what could not be done', async () => {
  const usage = await run('quote', 'list', '--status', 'lost', '--json');
  expect(usage.code).toBe(2);
  expect(usage.json()).toMatchObject({ error: { code: 'usage' } });
  const fault = await run('quote', 'list', '--json');
  expect(fault.code).toBe(1);
  expect(fault.json()).toMatchObject({ error: { code: 'database_unusable' } });
});

test('as a process: exit code and streams are those of the command', () => {
  const main = join(PROJECT, 'src/cli/main.ts');
  const process = (...argv: string[]) =>
    spawnSync('node', ['--import', 'tsx', main, ...argv], { cwd: PROJECT, encoding: 'utf8' });
  expect(process('audit', '--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('verify'),
    stderr: '',
  });
  expect(process('audit', 'verfy')).toMatchObject({ status: 2, stdout: '' });
});
