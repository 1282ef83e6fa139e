import { CommandFailure, UsageError } from './command-errors.ts';
import type { CommandContext } from './terminal.ts';

/** Goes on where the person said so, with `--yes` or by the word that is asked for. Throws where they did not. */
export async function confirm(
  { ask }: Pick<CommandContext, 'ask'>,
  question: string,
  { yes }: { readonly yes?: true },
): Promise<void> {
  if (yes === true) return;
  const answer = await ask(`${question} Type "yes" to go on: `);
  if (answer === null) throw new UsageError('nobody is there to be asked: add --yes to go on without asking');
  if (answer.trim().toLowerCase() !== 'yes')
    throw new CommandFailure('not_confirmed', 'nothing was changed: the answer was not "yes"');
}
