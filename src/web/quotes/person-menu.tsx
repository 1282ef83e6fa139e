import { Menu, UnstyledButton } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { ROLE_TITLES } from '../../authority/role.ts';
import { useSignOut } from '../sign-in/sign-out.tsx';
import { usePerson } from '../sign-in/use-sign-in.ts';
import { Letter } from './letter.tsx';
import classes from './top-bar.module.css';

/** Who is signed in, and the way out. */
export function PersonMenu() {
  const { user, name, role } = usePerson();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={220} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes['person']} aria-label={`${name}, ${ROLE_TITLES[role]}`}>
          <Letter user={{ id: user, name }} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes['who']}>
          <span className={classes['name']}>{name}</span>
          <span className={classes['role']}>{ROLE_TITLES[role]}</span>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
