import { use } from 'react';
import type { ConflictChoice } from '../../../wire/conflict-choice.ts';
import type { ConflictJson } from '../../../wire/session-schemas.ts';
import { CommandsContext } from '../../commands/use-commands.ts';
import { useCellName } from '../panel/use-row-name.ts';
import { useQuote } from '../use-room.ts';
import { useTask } from '../use-task.ts';

export interface Settle {
  /** Does nothing while another choice is on its way. */
  settle(choice: ConflictChoice): void;
  /** Why the last choice was not taken, as a sentence. */
  readonly problem: string | null;
}

/** Chooses. The conflict goes with the message of the server. */
export function useSettle({ n, cell }: ConflictJson): Settle {
  const quote = useQuote();
  const cellName = useCellName();
  const tell = use(CommandsContext)?.tell;
  const { problem, run, refuse } = useTask();

  async function choose(choice: ConflictChoice): Promise<void> {
    const { accepted, message } = await quote.settleConflict(n, choice);
    if (accepted) tell?.(`${cellName(cell)} is settled.`);
    else refuse(message ?? 'The rules do not let you choose this value.');
  }

  return { settle: (choice) => run(() => choose(choice)), problem };
}
