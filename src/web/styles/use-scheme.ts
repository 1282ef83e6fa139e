import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

/**
 * Light or dark, as the device has it until somebody chooses. Transitions are kept: to hold them back Mantine would put a
 * style element into the page, which the policy forbids.
 */
export function useScheme(): { readonly isDark: boolean; readonly change: () => void } {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const isDark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  return { isDark, change: () => setColorScheme(isDark ? 'light' : 'dark') };
}
