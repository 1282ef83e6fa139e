import type { CommandContext } from './terminal.ts';

export interface ShownProgress {
  /** What is being worked on, where it is one of several things. */
  readonly quote?: string;
  readonly done: number;
  readonly of: number;
}

/** One line that is written over, where there is a screen to do it on. */
export function showProgress(
  context: CommandContext,
  unit = 'entries',
): ((progress: ShownProgress) => void) | undefined {
  if (!context.isScreen) return undefined;
  return ({ quote, done, of }) => {
    const what = quote === undefined ? '' : `${quote}: `;
    context.err(done === of ? '\r\u001b[K' : `\r\u001b[K${what}${done} of ${of} ${unit}`);
  };
}
