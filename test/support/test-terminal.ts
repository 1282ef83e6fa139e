import { runCommandLine } from '../../src/cli/program.ts';
import type { ExitCode, Terminal } from '../../src/cli/terminal.ts';

/** A terminal that keeps what is written to it, for running commands without a process of their own. */
export interface TestTerminal extends Terminal {
  readonly written: { out: string; err: string };
  /** Asks the command to stop, as Ctrl+C does. */
  stop(): void;
  /** Resolves once standard output holds the text; the runner's time limit ends a wait in vain. */
  untilWritten(text: string): Promise<void>;
}

export function createTestTerminal(given: Partial<Terminal> & { readonly cwd: string }): TestTerminal {
  const written = { out: '', err: '' };
  const stops = new Set<() => void>();
  const waiting = new Set<() => void>();
  return {
    isScreen: false,
    size: () => ({ columns: 100, rows: 40 }),
    env: {},
    program: 'quoteroom',
    account: 'tester',
    ask: async () => null,
    now: Date.now,
    ...given,
    written,
    out(text) {
      written.out += text;
      for (const check of waiting) check();
    },
    err(text) {
      written.err += text;
    },
    onStop(stop) {
      stops.add(stop);
      return () => stops.delete(stop);
    },
    stop() {
      for (const stop of stops) stop();
    },
    untilWritten: (text) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!written.out.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

export interface CommandResult {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
  /** Standard output as the one JSON document that it is. */
  // A test reads what it expects.
  json(): ReturnType<typeof JSON.parse>;
}

/** Runs one command to its end: `run(folder, 'quote', 'list')`. */
export async function runCommand(
  given: Partial<Terminal> & { readonly cwd: string },
  ...argv: readonly string[]
): Promise<CommandResult> {
  const terminal = createTestTerminal(given);
  const code = await runCommandLine(argv, terminal);
  const { out, err } = terminal.written;
  return { code, out, err, json: () => JSON.parse(out) };
}
