import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { KeptQuote } from '../offline/kept-quotes.ts';
import { DialogTitle } from './dialog-title.tsx';
import { unsentSentences } from './sign-out-words.ts';

/** Asks before edits are lost: shown where there are any. */
export function SignOutDialog(props: {
  readonly unsent: readonly KeptQuote[];
  readonly onLeave: () => void;
  readonly onStay: () => void;
}) {
  const { unsent, onLeave, onStay } = props;
  return (
    <Modal
      opened
      onClose={onStay}
      title={<DialogTitle>Sign out and lose changes?</DialogTitle>}
      lockScroll={false}
      centered
    >
      <Stack gap={16}>
        <Stack gap={4}>
          {unsentSentences(unsent).map((sentence) => (
            <Text key={sentence}>{sentence}</Text>
          ))}
        </Stack>
        <Text c="dimmed">
          Signing out takes everything of yours from this device. Stay, and they are sent as soon as you are
          online.
        </Text>
        <Group gap={8} justify="flex-end">
          <Button variant="default" onClick={onLeave}>
            Sign out and lose them
          </Button>
          <Button onClick={onStay} data-autofocus>
            Stay
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
