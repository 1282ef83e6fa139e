import { colorOf } from '../../wire/person-color.ts';
import { initialOf } from '../words/initial-of.ts';
import classes from './letter.module.css';

/** A person as one letter in their colour. Who it is stands beside it, or in a tooltip. */
export const Letter = ({ user }: { readonly user: { readonly id: string; readonly name: string } }) => (
  <span className={classes['letter']} style={{ backgroundColor: colorOf(user.id) }} aria-hidden>
    {initialOf(user.name)}
  </span>
);
