import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { DialogTitle } from '../../sign-in/dialog-title.tsx';
import { peopleHere } from '../people/people-here.ts';
import { useConflicts, useMe, useOthers, useQuote } from '../use-room.ts';
import { useTask } from '../use-task.ts';
import { endQuestion } from './session-words.ts';

/** Asks a host before everyone is sent out. */
export function EndSessionDialog({ onClose }: { readonly onClose: () => void }) {
  const quote = useQuote();
  const me = useMe()?.user.id ?? null;
  const others = peopleHere(useOthers(), me).map(({ user }) => user.name);
  const conflicts = useConflicts().length;
  const { isBusy, problem, run } = useTask();

  async function end(): Promise<void> {
    await quote.endSession();
    onClose();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={<DialogTitle>End the session for everyone?</DialogTitle>}
      closeButtonProps={{ 'aria-label': 'Close' }}
      lockScroll={false}
      centered
    >
      <Stack gap={16}>
        <Text>{endQuestion({ others, conflicts })}</Text>
        {problem !== null && (
          <Text c="var(--qr-bad)" role="alert">
            {problem}
          </Text>
        )}
        <Group gap={8} justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red.9" loading={isBusy} onClick={() => run(end)} data-autofocus>
            End the session
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
