import { type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { lazyDialog } from '../app/lazy-part.ts';
import { createCommandList } from './commands.ts';
import classes from './room-commands.module.css';
import { type CommandContext, CommandsContext } from './use-commands.ts';
import { useRoomCommands } from './use-room-commands.ts';
import { useShortcuts } from './use-shortcuts.ts';

const CommandPalette = lazyDialog(() => import('./command-palette.tsx').then((part) => part.CommandPalette));
const ShortcutsDialog = lazyDialog(() =>
  import('./shortcuts-dialog.tsx').then((part) => part.ShortcutsDialog),
);

const SAID_MS = 4_000;

/** Holds the commands of a room, listens to their keys, and shows the palette and the page of shortcuts. */
export function RoomCommands({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
  const [said, setSaid] = useState('');
  const opener = useRef<Element | null>(null);
  const context = useMemo((): CommandContext => {
    const show = (dialog: 'palette' | 'shortcuts'): void => {
      opener.current = document.activeElement;
      setOpen(dialog);
    };
    return {
      list: createCommandList(),
      openPalette: () => show('palette'),
      openShortcuts: () => show('shortcuts'),
      tell: setSaid,
    };
  }, []);
  useShortcuts(context.list);
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => setSaid(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  /** Puts the focus back where it was, then does what was chosen, which may take it elsewhere. */
  function close(then?: () => void): void {
    setOpen(null);
    // the dialog holds the focus until it is gone
    requestAnimationFrame(() => {
      if (opener.current instanceof HTMLElement) opener.current.focus();
      then?.();
    });
  }

  return (
    <CommandsContext value={context}>
      <Registered />
      {children}
      <Suspense fallback={null}>
        {open === 'palette' && <CommandPalette onClose={close} />}
        {open === 'shortcuts' && <ShortcutsDialog onClose={() => close()} />}
      </Suspense>
      <output className={classes['said']}>{said !== '' && <span>{said}</span>}</output>
    </CommandsContext>
  );
}

function Registered() {
  useRoomCommands();
  return null;
}
