import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as encoding from 'lib0/encoding';
import { signToken } from '../../src/session/tokens.ts';
import type { UserId } from '../../src/lib/ids.ts';

/** A server to be measured: how to start it, how to reach one document on it, and how its frames begin. */
export interface Target {
  readonly name: string;
  start(): Promise<RunningTarget>;
}

export interface RunningTarget {
  readonly pid: number;
  /** The folder it keeps its data in. */
  readonly data: string;
  /** Makes sure that the document is there. */
  prepare(): Promise<void>;
  /** Where an editor connects. */
  url(editor: number): Promise<string>;
  /** Frames to be sent before y-protocols' own, and what stands before each message. */
  readonly prefix: Uint8Array;
  readonly hello: Uint8Array | null;
  /** SIGKILL, then a new process on the same data. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export const DOCUMENT = 'bench';
const SECRET = 'a secret of the benchmark, long enough for HS256';

/** Starts a server process and waits until its port answers. */
async function launch(
  command: readonly string[],
  env: Record<string, string>,
  port: number,
): Promise<ChildProcess> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let problem = '';
  child.stderr?.on('data', (data: Buffer) => (problem = (problem + data.toString()).slice(-2_000)));
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`${command.join(' ')} ended: ${problem}`);
    if (await answers(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`${command.join(' ')} did not listen within 10 s: ${problem}`);
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/healthz`);
    return true;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));

async function run(
  command: (port: number, data: string) => readonly string[],
  env: (port: number, data: string) => Record<string, string>,
  about: (port: number) => Pick<RunningTarget, 'prepare' | 'url' | 'prefix' | 'hello'>,
): Promise<RunningTarget> {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'quoteroom-bench-'));
  const start = (): Promise<ChildProcess> => launch(command(port, data), env(port, data), port);
  let child = await start();
  return {
    ...about(port),
    data,
    get pid() {
      return child.pid ?? 0;
    },
    async crash() {
      child.kill('SIGKILL');
      await ended(child);
      child = await start();
    },
    async stop() {
      child.kill('SIGKILL');
      await ended(child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const here = (name: string): string => new URL(name, import.meta.url).pathname;

const bare = new Uint8Array(0);

/** Quoteroom as it is delivered: gate, log with fsync, checks of tokens, all on. */
export const quoteroom: Target = {
  name: 'Quoteroom (gate, log, fsync)',
  start: () =>
    run(
      (port, data) => [
        'node',
        here('../../dist/cli/main.js'),
        'serve',
        '--port',
        String(port),
        '--data',
        data,
      ],
      () => ({
        QUOTEROOM_SECRET: SECRET,
        QUOTEROOM_DEFAULT_PERMISSION: 'editor',
        QUOTEROOM_COLLABORATION_MAX_PARTICIPANTS: '1000',
        QUOTEROOM_LIMITS_SYNC_FRAMES_PER_SECOND: '100000',
        QUOTEROOM_LIMITS_SYNC_FRAMES_BURST: '100000',
      }),
      (port) => ({
        async prepare() {
          const response = await fetch(`http://127.0.0.1:${port}/api/quotes`, {
            method: 'POST',
            headers: { authorization: `Bearer ${await tokenOf(0)}`, 'content-type': 'application/json' },
            body: JSON.stringify({
              id: DOCUMENT,
              fields: { title: 'Benchmark' },
              lineItems: [],
              discounts: [],
              notes: [],
            }),
          });
          const isThere = response.status === 409;
          if (!response.ok && !isThere) throw new Error(`the quote was not made: ${await response.text()}`);
        },
        url: async (editor) => `ws://127.0.0.1:${port}/sync/${DOCUMENT}?token=${await tokenOf(editor)}`,
        prefix: bare,
        hello: null,
      }),
    ),
};

const tokenOf = (editor: number): Promise<string> =>
  signToken(
    SECRET,
    { user: `editor${editor}` as UserId, name: `Editor ${editor}`, role: 'sales_rep' },
    { now: Date.now(), lifetimeMs: 3_600_000 },
  );

/** The reference server of y-websocket, in memory: no authority, nothing kept. */
export const yWebsocket: Target = {
  name: '@y/websocket-server 0.1.1 (in memory)',
  start: () =>
    run(
      () => ['node', here('../../node_modules/@y/websocket-server/src/server.js')],
      (port) => ({ PORT: String(port), HOST: '127.0.0.1' }),
      (port) => ({
        prepare: () => Promise.resolve(),
        url: () => Promise.resolve(`ws://127.0.0.1:${port}/${DOCUMENT}`),
        prefix: bare,
        hello: null,
      }),
    ),
};

/** Hocuspocus with its SQLite extension: stores the whole document some time after an edit. */
export const hocuspocus: Target = {
  name: '@hocuspocus/server 4.7.0 (SQLite)',
  start: () =>
    run(
      (port, data) => ['node', here('./serve-hocuspocus.mjs'), String(port), join(data, 'hocuspocus.db')],
      () => ({}),
      (port) => ({
        prepare: () => Promise.resolve(),
        url: () => Promise.resolve(`ws://127.0.0.1:${port}`),
        prefix: named(),
        hello: authentication(),
      }),
    ),
};

/** Hocuspocus puts the document's name before each message. */
function named(): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, DOCUMENT);
  return encoding.toUint8Array(encoder);
}

/** Message 2 (auth), 0 (token). */
function authentication(): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, DOCUMENT);
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarString(encoder, 'token');
  encoding.writeVarString(encoder, '4.7.0');
  return encoding.toUint8Array(encoder);
}

/** CPU seconds (user and system) and resident bytes of a process, as Linux counts them. */
export function usageOf(pid: number): { cpuSeconds: number; residentBytes: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const resident = /VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? '0';
  return { cpuSeconds: ticks / 100, residentBytes: Number(resident) * 1024 };
}
