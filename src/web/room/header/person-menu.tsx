import { Menu } from '@mantine/core';
import { DoorClosed, History, LogOut, Moon, Printer, Redo2, Sun, Undo2, UserPlus } from 'lucide-react';
import { ROLE_TITLES } from '../../../authority/role.ts';
import { colorOf } from '../../../wire/person-color.ts';
import { isEnabled } from '../../commands/commands.ts';
import { useAllCommands } from '../../commands/use-commands.ts';
import { useSignOut } from '../../sign-in/sign-out.tsx';
import { usePerson } from '../../sign-in/use-sign-in.ts';
import { useScheme } from '../../styles/use-scheme.ts';
import { initialOf } from '../../words/initial-of.ts';
import { useMe } from '../use-room.ts';
import avatarClasses from './people-avatars.module.css';
import classes from './person-menu.module.css';

/** Who one is here, in the role that counts now. On a phone it holds what the header has no room for. */
export function PersonMenu() {
  const person = usePerson();
  const role = useMe()?.user.role ?? person.role;
  const signOut = useSignOut();
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
        <PhoneItems />
        <EndSessionItem />
        {/* The first item may be hidden, and what is hidden takes no focus. */}
        <Menu.Item data-autofocus leftSection={<LogOut size={14} aria-hidden="true" />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** For hosts. */
function EndSessionItem() {
  const command = useAllCommands().find(({ id }) => id === 'end-session');
  return (
    command !== undefined && (
      <Menu.Item leftSection={<DoorClosed size={14} aria-hidden="true" />} onClick={command.run}>
        {command.title}
      </Menu.Item>
    )
  );
}

/** The commands whose buttons the header hides on a phone. */
function PhoneItems() {
  const commands = useAllCommands();
  const { isDark } = useScheme();
  const icons = {
    undo: Undo2,
    redo: Redo2,
    share: UserPlus,
    history: History,
    print: Printer,
    theme: isDark ? Sun : Moon,
  };
  return Object.entries(icons).map(([id, Icon]) => {
    const command = commands.find((one) => one.id === id);
    return (
      command !== undefined && (
        <Menu.Item
          key={id}
          className={classes['phone'] ?? ''}
          leftSection={<Icon size={14} aria-hidden="true" />}
          disabled={!isEnabled(command)}
          onClick={command.run}
        >
          {command.title}
        </Menu.Item>
      )
    );
  });
}
