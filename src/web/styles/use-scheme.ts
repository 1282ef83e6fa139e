import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

/**
 * Light or dark, as the device has it until somebody chooses. Transitions are kept: to hold them back Mantine would put a
 * style element into the page, which the policy forbids.
 */
export function useScheme(): {
  readonly isDark: boolean;
  /** What `change` does, for whoever is to do it. */
  readonly title: string;
  readonly change: () => void;
} {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  const other = isDark ? 'light' : 'dark';
  return { isDark, title: `Use the ${other} theme`, change: () => setColorScheme(other) };
}
