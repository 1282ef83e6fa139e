import { Moon, Sun } from 'lucide-react';
import { useScheme } from '../../styles/use-scheme.ts';
import { IconButton } from './icon-button.tsx';

/** Between light and dark. */
export function ThemeSwitch({ className }: { readonly className?: string | undefined }) {
  const { isDark, title, change } = useScheme();
  return (
    <IconButton label={title} className={className} onClick={change}>
      {isDark ? <Sun size={16} aria-hidden="true" /> : <Moon size={16} aria-hidden="true" />}
    </IconButton>
  );
}
