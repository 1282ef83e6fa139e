import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { PROJECT } from './source-tree.ts';

/** The program as a user runs it, in processes of its own. */
export interface QuoteroomServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** What it printed so far, both streams. */
  output(): string;
  /** Sends a signal and waits for the end. Gives the exit code; null after SIGKILL. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

export const SECRET = 'a secret for processes of tests, long enough';

const MAIN = ['--import', 'tsx', 'src/cli/main.ts'];
const STARTS_WITHIN_MS = 20_000;

/** Starts `quoteroom serve` and resolves once it answers; rejects with its output if it ends before. */
export async function startQuoteroom(
  data: string,
  options: {
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    /** That of an earlier one, so that its clients find it again. */
    readonly port?: number;
  } = {},
): Promise<QuoteroomServer> {
  const port = options.port ?? (await freePort());
  const child = spawn(
    process.execPath,
    [...MAIN, 'serve', '--data', data, '--port', String(port), ...(options.args ?? [])],
    { cwd: PROJECT, env: environment(options.env), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  child.stdout?.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  child.stderr?.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  const ended = endOf(child);
  const url = `http://127.0.0.1:${port}`;
  const isUp = await Promise.race([answers(url), ended.then(() => false)]);
  if (!isUp) {
    child.kill('SIGKILL');
    throw new Error(`the server did not start:\n${printed}`);
  }
  return {
    url,
    port,
    pid: child.pid ?? 0,
    output: () => printed,
    async stop(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs one command to its end. */
export async function runQuoteroom(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [...MAIN, ...args], {
    cwd: PROJECT,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  const code = await endOf(child);
  return { code, stdout, stderr };
}

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });

/** Without settings of whoever runs the tests. */
function environment(own: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('QUOTEROOM_'));
  return { ...Object.fromEntries(inherited), QUOTEROOM_SECRET: SECRET, ...own };
}

async function answers(url: string): Promise<boolean> {
  const end = performance.now() + STARTS_WITHIN_MS;
  while (performance.now() < end) {
    const response = await fetch(`${url}/readyz`).catch(() => null);
    if (response?.ok === true) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
