import { Modal } from '@mantine/core';
import { COMMAND_GROUPS } from './commands.ts';
import { GRID_KEYS } from './grid-keys-shown.ts';
import { KeyHint } from './key-hint.tsx';
import classes from './shortcuts-dialog.module.css';
import { useAllCommands } from './use-commands.ts';

/** `?`: all keys, of the commands that there are and of the grid. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const commands = useAllCommands();
  const sections = [
    { title: 'In the grid', rows: GRID_KEYS },
    ...COMMAND_GROUPS.map((group) => ({
      title: group,
      rows: commands.flatMap((command) =>
        command.group === group && command.keys !== undefined
          ? [{ title: command.title, keys: command.keys }]
          : [],
      ),
    })),
  ];
  return (
    <Modal
      opened
      onClose={onClose}
      title="Keyboard shortcuts"
      classNames={{ title: classes['title'] ?? '' }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      lockScroll={false}
      returnFocus={false}
      size={720}
      transitionProps={{ duration: 0 }}
    >
      <div className={classes['sections']}>
        {sections
          .filter(({ rows }) => rows.length > 0)
          .map(({ title, rows }) => (
            <section key={title} className={classes['section']}>
              <h3>{title}</h3>
              <dl>
                {rows.map((row) => (
                  <div key={row.title} className={classes['row']}>
                    <dt>{row.title}</dt>
                    <dd>
                      {row.keys.map((keys) => (
                        <KeyHint key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
    </Modal>
  );
}
