import { Tooltip } from '@mantine/core';
import { Split, Users } from 'lucide-react';
import { useAllCommands } from '../../commands/use-commands.ts';
import { peopleHere } from '../people/people-here.ts';
import { useConflicts, useMe, useOthers, useSaveState, useSession } from '../use-room.ts';
import classes from './session-chip.module.css';
import { sessionWords } from './session-words.ts';

/** How the session stands. Leads to who is here, or to what is to be chosen; says nothing while the server cannot. */
export function SessionChip() {
  const session = useSession();
  const conflicts = useConflicts();
  const me = useMe()?.user.id ?? null;
  const people = peopleHere(useOthers(), me).length + 1;
  const isOffline = useSaveState().kind === 'offline';
  const commands = useAllCommands();
  if (session === null || isOffline) return null;
  const words = sessionWords(session.state, { people, conflicts, me });
  if (words === null) return null;
  const hasConflicts = conflicts.length > 0;
  const tab = hasConflicts ? 'panel-conflicts' : 'panel-people';
  const Icon = hasConflicts ? Split : Users;
  return (
    <Tooltip label={hasConflicts ? 'Show what is to be chosen' : 'Show who is here'} openDelay={400}>
      <button
        type="button"
        className={classes['chip']}
        data-session={session.state}
        onClick={() => commands.find(({ id }) => id === tab)?.run()}
      >
        <Icon size={13} strokeWidth={2.25} aria-hidden="true" />
        <span className={classes['words']}>{words}</span>
        {hasConflicts && <span className={classes['count']}>{conflicts.length}</span>}
      </button>
    </Tooltip>
  );
}
