import { Menu } from '@mantine/core';
import { LogOut, Moon, Printer, Sun } from 'lucide-react';
import { useLocation } from 'wouter';
import { ROLE_TITLES } from '../../../authority/role.ts';
import { colorOf } from '../../../wire/person-color.ts';
import { useSignOut } from '../../sign-in/sign-out.tsx';
import { usePerson } from '../../sign-in/use-sign-in.ts';
import { useScheme } from '../../styles/use-scheme.ts';
import { initialOf } from '../../words/initial-of.ts';
import { useMe, useQuote } from '../use-room.ts';
import avatarClasses from './people-avatars.module.css';
import classes from './person-menu.module.css';

/** Who one is here, in the role that counts now. On a phone it holds what the header has no room for. */
export function PersonMenu() {
  const person = usePerson();
  const { quoteId } = useQuote();
  const role = useMe()?.user.role ?? person.role;
  const signOut = useSignOut();
  const [, navigate] = useLocation();
  const { isDark, change } = useScheme();
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-end" width={220}>
      <Menu.Target>
        <button
          type="button"
          className={avatarClasses['avatar']}
          style={{ backgroundColor: colorOf(person.user) }}
          aria-label={`You: ${person.name}, ${ROLE_TITLES[role]}`}
        >
          {initialOf(person.name)}
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes['dropdown']}>
        <div className={classes['person']}>
          <span className={classes['name']}>{person.name}</span>
          <span className={classes['role']}>{ROLE_TITLES[role]}</span>
        </div>
        <Menu.Divider className={classes['divider'] ?? ''} />
        <Menu.Item
          className={classes['phone'] ?? ''}
          leftSection={<Printer size={14} aria-hidden="true" />}
          onClick={() => navigate(`/q/${quoteId}/print`)}
        >
          Print view
        </Menu.Item>
        <Menu.Item
          className={classes['phone'] ?? ''}
          leftSection={isDark ? <Sun size={14} aria-hidden="true" /> : <Moon size={14} aria-hidden="true" />}
          onClick={change}
        >
          {isDark ? 'Light theme' : 'Dark theme'}
        </Menu.Item>
        {/* The first item may be hidden, and what is hidden takes no focus. */}
        <Menu.Item data-autofocus leftSection={<LogOut size={14} aria-hidden="true" />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
