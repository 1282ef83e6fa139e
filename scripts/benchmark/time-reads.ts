import { performance } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { runCommandLine } from '../../src/cli/program.ts';

/**
 * Runs a command in this process and gives the longest time in ms that it kept a read transaction open. Outside of an explicit
 * transaction each statement is one; here none is read row by row, so each ends when its call does.
 */
export async function timeReads(command: string, data: string, out: string): Promise<number> {
  const target: Readonly<Record<string, readonly string[]>> = {
    'audit verify': [],
    'audit export': ['--all', '--out', out],
    backup: [out],
  };
  const longest = watchReads();
  const argv = [...command.split(' '), ...(target[command] ?? []), '--data', data, '--json'];
  const nowhere = (): void => undefined;
  const code = await runCommandLine(argv, {
    ...{
      out: nowhere,
      err: nowhere,
      isScreen: false,
      env: {},
      cwd: '/',
      program: 'quoteroom',
      account: null,
      ask: async () => null,
    },
    size: () => ({ columns: 80, rows: 24 }),
    now: Date.now,
    onStop: () => nowhere,
  });
  const ms = longest.end();
  if (code !== 0) throw new Error(`quoteroom ${command} ended with ${code}`);
  return ms;
}

type Method = (...args: unknown[]) => unknown;

/** Puts a clock around everything that reads, for every database of this process. */
function watchReads(): { end(): number } {
  let longest = 0;
  let began: number | null = null;
  const memory = new Database(':memory:');
  const statement = Object.getPrototypeOf(memory.prepare('SELECT 1')) as Record<string, Method>;
  const database = Database.prototype as unknown as Record<string, Method>;
  memory.close();
  const undo: (() => void)[] = [];

  function wrap(
    owner: Record<string, Method>,
    name: string,
    around: (call: () => unknown, args: unknown[]) => unknown,
  ) {
    const original = owner[name];
    if (original === undefined) throw new Error(`better-sqlite3 has no ${name}`);
    owner[name] = function timed(this: unknown, ...args) {
      return around(() => original.apply(this, args), args);
    };
    undo.push(() => (owner[name] = original));
  }

  const timed = (call: () => unknown): unknown => {
    const start = performance.now();
    try {
      return call();
    } finally {
      if (began === null) longest = Math.max(longest, performance.now() - start);
    }
  };
  wrap(statement, 'get', timed);
  wrap(statement, 'all', timed);
  wrap(database, 'exec', (call, [sql]) => {
    if (sql === 'BEGIN') began = performance.now();
    const done = call();
    if (sql === 'ROLLBACK' && began !== null) {
      longest = Math.max(longest, performance.now() - began);
      began = null;
    }
    return done;
  });
  return {
    end() {
      for (const restore of undo) restore();
      return longest;
    },
  };
}
