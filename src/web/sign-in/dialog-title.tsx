import { Text } from '@mantine/core';

export const DialogTitle = ({ children }: { readonly children: string }) => (
  <Text component="span" fw={600} size="lg">
    {children}
  </Text>
);
