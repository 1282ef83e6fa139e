import { Button } from '@mantine/core';
import { TimerOff } from 'lucide-react';
import { Notice } from '../../pages/notice.tsx';
import { useMe, useSession } from '../use-room.ts';
import { endedWords } from './session-words.ts';

/** In place of a room whose session has ended. */
export function EndedNotice({ onRejoin }: { readonly onRejoin: () => void }) {
  const { title, how } = endedWords(useSession(), useMe()?.user.id ?? null);
  return (
    <Notice icon={TimerOff} title={title} actions={<Button onClick={onRejoin}>Open the quote again</Button>}>
      <p>{how} The quote is as everyone left it. Opening it again starts a new session.</p>
    </Notice>
  );
}
