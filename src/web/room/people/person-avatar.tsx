import { colorOf } from '../../../wire/person-color.ts';
import { initialOf } from '../../words/initial-of.ts';
import classes from './person-avatar.module.css';

/** One letter in the person's colour; the name stands beside it, so it says nothing to a screen reader. */
export function PersonAvatar({
  user,
  dimmed = false,
}: {
  readonly user: { readonly id: string; readonly name: string };
  readonly dimmed?: boolean;
}) {
  return (
    <span
      className={classes['avatar']}
      style={{ backgroundColor: colorOf(user.id) }}
      data-dimmed={dimmed || undefined}
      aria-hidden="true"
    >
      {initialOf(user.name)}
    </span>
  );
}
