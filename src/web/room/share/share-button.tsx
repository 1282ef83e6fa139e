import { UserPlus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { lazyDialog } from '../../app/lazy-part.ts';
import { useRegisterCommands } from '../../commands/use-commands.ts';
import classes from './share-button.module.css';

const ShareDialog = lazyDialog(() => import('./share-dialog.tsx').then((part) => part.ShareDialog));

/** How others get here: the address, and links that let people in. */
export function ShareButton() {
  const [isOpen, setOpen] = useState(false);
  useRegisterCommands([
    {
      id: 'share',
      title: 'Share this quote',
      group: 'Quote',
      words: 'link invite access people',
      run: () => setOpen(true),
    },
  ]);
  return (
    <>
      <button type="button" className={classes['share']} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <UserPlus size={14} aria-hidden="true" />
        Share
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <ShareDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
