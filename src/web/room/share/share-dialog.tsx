import { Modal } from '@mantine/core';
import { mayManage } from '../../../authority/role.ts';
import { usePeople } from '../people/use-people.ts';
import { useMe } from '../use-room.ts';
import { shareAddress } from './share-address.ts';
import { CopyLine } from './copy-line.tsx';
import classes from './share-dialog.module.css';
import { ShareLinks } from './share-links.tsx';
import { ADDRESS_SENTENCES, whoToAsk } from './share-words.ts';
import { SlackMirrors } from './slack-mirrors.tsx';

/** How others get to this quote: by its address, and by links that hosts and admins make. */
export function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="Share this quote"
      closeButtonProps={{ 'aria-label': 'Close' }}
      lockScroll={false}
      size={560}
      transitionProps={{ duration: 0 }}
    >
      <ShareBody />
    </Modal>
  );
}

function ShareBody() {
  const me = useMe();
  const { people } = usePeople();
  const manages = me !== null && mayManage({ role: me.user.role, permission: me.permission });
  const hosts = people?.people.filter(({ permission }) => permission === 'host') ?? [];
  return (
    <div className={classes['body']}>
      <section className={classes['section']} aria-labelledby="share-address">
        <h3 id="share-address">People with access</h3>
        <CopyLine
          label="Address of this quote"
          address={shareAddress(window.location.href)}
          action="Copy address"
          hasFocus
        />
        <p className={classes['hint']}>
          {people === null
            ? 'It opens for people who have access.'
            : ADDRESS_SENTENCES[people.defaultPermission]}
        </p>
        {!manages && people !== null && (
          <p className={classes['hint']}>{whoToAsk(hosts.map(({ user }) => user.name))}</p>
        )}
      </section>
      {manages && <ShareLinks />}
      <SlackMirrors />
    </div>
  );
}
