import { ActionIcon } from '@mantine/core';
import { Moon, Sun } from 'lucide-react';
import { useScheme } from '../styles/use-scheme.ts';

/** Between light and dark. */
export function ThemeSwitch() {
  const { isDark, title, change } = useScheme();
  return (
    <ActionIcon variant="subtle" color="gray" size={32} aria-label={title} title={title} onClick={change}>
      {isDark ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />}
    </ActionIcon>
  );
}
