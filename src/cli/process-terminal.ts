import { userInfo } from 'node:os';
import { basename, relative } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Terminal } from './terminal.ts';

/** The terminal of this process. A second Ctrl+C ends it at once. */
export function createProcessTerminal(): Terminal {
  // Whoever reads us (`| head`) may have read enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isScreen: process.stdout.isTTY,
    size: () => ({ columns: process.stdout.columns, rows: process.stdout.rows }),
    env: process.env,
    cwd: process.cwd(),
    program: programName(process.argv[1] ?? ''),
    account: accountName(),
    ask,
    now: Date.now,
    onStop(stop) {
      let isAsked = false;
      const onSignal = (signal: NodeJS.Signals): void => {
        if (isAsked && signal === 'SIGINT') process.exit(130);
        if (!isAsked) stop();
        isAsked = true;
      };
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
      return () => {
        process.off('SIGINT', onSignal);
        process.off('SIGTERM', onSignal);
      };
    },
  };
}

/** On standard error, since standard output may go into a file. Ctrl+C and Ctrl+D answer nothing. */
async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      lines.once('close', () => resolve(''));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}

function programName(script: string): string {
  if (basename(script) === 'quoteroom') return 'quoteroom';
  const path = relative(process.cwd(), script);
  return `node ${path.startsWith('..') ? script : path}`;
}

function accountName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** Ends the process once all that was written has left it. */
export function exitWhenWritten(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
