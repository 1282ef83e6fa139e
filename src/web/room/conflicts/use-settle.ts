import { use, useRef, useState } from 'react';
import type { ConflictChoice } from '../../../client/session-calls.ts';
import type { ConflictJson } from '../../../wire/session-schemas.ts';
import { CommandsContext } from '../../commands/use-commands.ts';
import { useCellName } from '../panel/use-row-name.ts';
import { useQuote } from '../use-room.ts';

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
  const isBusy = useRef(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function settle(choice: ConflictChoice): Promise<void> {
    if (isBusy.current) return;
    isBusy.current = true;
    setProblem(null);
    try {
      const { accepted, message } = await quote.settleConflict(n, choice);
      if (accepted) tell?.(`${cellName(cell)} is settled.`);
      else setProblem(message ?? 'The rules do not let you choose this value.');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      isBusy.current = false;
    }
  }

  return { settle: (choice) => void settle(choice), problem };
}
