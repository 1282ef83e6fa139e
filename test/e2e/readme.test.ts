import { spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { present } from '../../src/lib/assert.ts';
import type { UserId } from '../../src/lib/ids.ts';
import { signToken } from '../../src/session/tokens.ts';
import { sectionOf } from '../docs/fenced-blocks.ts';
import { type QuoteroomServer, SECRET, startQuoteroom } from '../support/quoteroom-process.ts';
import { PROJECT, readText } from '../support/source-tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/**
 * The README's "From your own code", run as it stands against a demo server: only the server's address is another one, and
 * `token` is given. Each example sets the same cell.
 */
const [stock = '', library = '', curl = '', ...more] = indentedBlocks(
  sectionOf(readText('README.md'), 'From your own code'),
);
const README_ADDRESS = '127.0.0.1:8080';
const WRITES_WITHIN_MS = 20_000;

test('the examples are those that are run here', () => {
  expect(stock).toContain("from 'y-websocket'");
  expect(library).toContain("from 'quoteroom/client'");
  expect(curl).toMatch(/^curl /);
  expect(more).toEqual([]);
});

let server: QuoteroomServer;
let token: string;

describe('beside a demo server', () => {
  beforeEach(async () => {
    server = await startQuoteroom(temporaryFolder(), { args: ['--dev'] });
    onTestFinished(async () => void (await server.stop('SIGKILL')));
    const rita = { user: 'rita' as UserId, role: 'sales_rep' } as const;
    token = await signToken(SECRET, rita, { now: Date.now(), lifetimeMs: 3_600_000 });
    expect(await quantity()).toBe('480');
  });

  test('the stock client writes a cell', async () => {
    const run = createExample(stock).start();
    // It has no end of its own.
    await Promise.race([run.ended, vi.waitFor(expectWritten, { timeout: WRITES_WITHIN_MS })]);
    run.stop();
    expect(await run.ended).toEqual({ code: null, output: '' });
    await expectWritten();
  });

  test('quoteroom/client writes a cell and ends once it is saved', async () => {
    const example = createExample(library);
    // Holds also what does not happen when all goes well, as the handling of a refusal.
    expect(await example.compile().ended).toEqual({ code: 0, output: '' });
    expect(await example.start().ended).toEqual({ code: 0, output: '' });
    await expectWritten();
  });

  test('curl writes a cell', async () => {
    const { url, init } = parseCurl(atServer(curl).replaceAll('$QUOTEROOM_TOKEN', token));
    const response = await fetch(url, init);
    expect(await response.json()).toMatchObject({ verdicts: [{ accepted: true }] });
    await expectWritten();
  });
});

/** What is indented by four spaces, with the blank lines within. */
function indentedBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/(?:^ {4}.*\n(?:\n+(?= {4}))?)+/gm)].map(([block]) =>
    block.replaceAll(/^ {4}/gm, ''),
  );
}

function atServer(code: string): string {
  expect(code).toContain(README_ADDRESS);
  return code.replaceAll(README_ADDRESS, `127.0.0.1:${server.port}`);
}

interface Run {
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  stop(): void;
}

/** A module that finds the project's packages, and the source of `quoteroom/client` in place of what was last built. */
function createExample(code: string): { compile(): Run; start(): Run } {
  const folder = temporaryFolder();
  const [file, settings] = [join(folder, 'example.mts'), join(folder, 'tsconfig.json')];
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(file, `const token = process.env['QUOTEROOM_TOKEN'] ?? '';\n${atServer(code)}`);
  const compilerOptions = { rootDir: '/', paths: { 'quoteroom/client': [sourceOfClient()] } };
  writeFileSync(
    settings,
    JSON.stringify({ extends: join(PROJECT, 'tsconfig.json'), compilerOptions, include: [file] }),
  );
  return {
    compile: () => runNode([join(PROJECT, 'node_modules/typescript/bin/tsc'), '-p', settings]),
    start: () => runNode(['--import', 'tsx', file], { TSX_TSCONFIG_PATH: settings, QUOTEROOM_TOKEN: token }),
  };
}

/** The file that becomes what package.json exports. */
function sourceOfClient(): string {
  const { exports } = JSON.parse(readText('package.json')) as {
    exports: Record<string, { default: string }>;
  };
  const built = present(exports['./client'], 'package.json exports the client').default;
  return join(PROJECT, built.replace('/dist/', '/src/').replace(/\.js$/, '.ts'));
}

function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, args, {
    cwd: PROJECT,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const ended = new Promise<Awaited<Run['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
  return { ended, stop: () => void child.kill('SIGKILL') };
}

/** The request that a `curl` with these options makes. */
function parseCurl(command: string): { url: string; init: RequestInit } {
  const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|([^\s\\]+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
  const after = (option: string): string[] => words.filter((_word, at) => words[at - 1] === option);
  const headers = after('-H').map((header): [string, string] => {
    const [name = '', ...value] = header.split(': ');
    return [name, value.join(': ')];
  });
  const [[method = 'GET'], [body = '']] = [after('-X'), after('-d')];
  const url = present(
    words.find((word) => word.startsWith('http')),
    'curl is given an address',
  );
  return { url, init: { method, headers, body } };
}

async function expectWritten(): Promise<void> {
  expect(await quantity()).toBe('500');
}

async function quantity(): Promise<string | undefined> {
  const response = await fetch(`${server.url}/api/quotes/q-acme-2026`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { lineItems } = (await response.json()) as { lineItems: { id: string; quantity: string }[] };
  return lineItems.find(({ id }) => id === 'bearings')?.quantity;
}
