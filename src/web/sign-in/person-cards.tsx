import { ChevronRight } from 'lucide-react';
import { ROLE_TITLES } from '../../authority/role.ts';
import type { SignInJson } from '../../wire/http-schemas.ts';
import { colorOf } from '../../wire/person-color.ts';
import { initialOf } from '../words/initial-of.ts';
import classes from './person-cards.module.css';

type DemoPerson = Extract<SignInJson, { kind: 'demo' }>['people'][number];

/** One card per person of the demo. */
export const PersonCards = (props: {
  readonly people: readonly DemoPerson[];
  readonly onChoose: (token: string) => void;
}) => (
  <ul className={classes['cards']}>
    {props.people.map(({ user, name, role, token }) => (
      <li key={user}>
        <button type="button" className={classes['card']} onClick={() => props.onChoose(token)}>
          <span className={classes['avatar']} style={{ backgroundColor: colorOf(user) }} aria-hidden>
            {initialOf(name)}
          </span>
          <span>
            <span className={classes['name']}>{name}</span>
            <span className={classes['role']}>{ROLE_TITLES[role]}</span>
          </span>
          <ChevronRight className={classes['arrow']} size={16} aria-hidden />
        </button>
      </li>
    ))}
  </ul>
);
