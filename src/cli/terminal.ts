/** What a command has of the world around it. Tests bring their own. */
export interface Terminal {
  /** Writes to standard output, as it is. */
  out(text: string): void;
  /** Writes to standard error, as it is. */
  err(text: string): void;
  /** Whether standard output is a screen that can be drawn on again, and how large it is. */
  readonly isScreen: boolean;
  size(): { readonly columns: number; readonly rows: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** How a person calls this program: `quoteroom`, `node dist/cli/main.js`. */
  readonly program: string;
  /** The account that runs it; null where the system does not say. */
  readonly account: string | null;
  /** Asks the person, and gives the line that they answer with; null where nobody sits at a keyboard. */
  ask(question: string): Promise<string | null>;
  /** ms since 1970 */
  now(): number;
  /** Calls back when the person or the system asks to stop (Ctrl+C, SIGTERM). Returns the function that ends it. */
  onStop(stop: () => void): () => void;
}

/** 0: good. 1: a check failed, or what was asked for could not be done. 2: wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** What a command is given: the terminal, and a place for how it ends (0 unless it says otherwise). */
export interface CommandContext extends Terminal {
  end(code: ExitCode): void;
}

export function printJson({ out }: Pick<Terminal, 'out'>, value: unknown): void {
  out(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLines({ out }: Pick<Terminal, 'out'>, lines: readonly string[]): void {
  out(lines.map((line) => `${line}\n`).join(''));
}
