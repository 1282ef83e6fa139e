import classes from './key-hint.module.css';
import { isMac, keyNames } from './keys.ts';

/** The keys of a command, one cap each. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className={classes['keys']}>
      {keyNames(keys, isMac()).map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  );
}
