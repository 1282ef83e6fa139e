import { Menu, Tooltip } from '@mantine/core';
import { ROLE_TITLES } from '../../../authority/role.ts';
import type { OtherPresence } from '../../../client/connect-quote.ts';
import { initialOf } from '../../words/initial-of.ts';
import { peopleHere } from '../people/people-here.ts';
import { useCellName } from '../panel/use-row-name.ts';
import { placeOf, whereabouts } from '../people/whereabouts.ts';
import { useMe, useOthers, useRoom } from '../use-room.ts';
import classes from './people-avatars.module.css';

const SHOWN_MAX = 6;

/** Who is here, each once; a click goes to where they are. */
export function PeopleAvatars() {
  const { target } = useRoom();
  const cellName = useCellName();
  const people = peopleHere(useOthers(), useMe()?.user.id ?? null);
  if (people.length === 0) return null;
  const shown = people.slice(0, SHOWN_MAX);
  const others = people.slice(SHOWN_MAX);

  function goTo(person: OtherPresence): void {
    const place = placeOf(person);
    if (place !== null) target.goTo(place);
  }

  return (
    <ul className={classes['people']} aria-label="People here">
      {shown.map((person) => {
        const words = describe(person, cellName);
        return (
          <li key={person.user.id}>
            <Tooltip label={words}>
              <button
                type="button"
                className={classes['avatar']}
                style={{ backgroundColor: person.user.color }}
                data-presence={presenceOf(person)}
                aria-label={words}
                aria-disabled={placeOf(person) === null}
                onClick={() => goTo(person)}
              >
                {initialOf(person.user.name)}
              </button>
            </Tooltip>
          </li>
        );
      })}
      {others.length > 0 && (
        <li>
          <Menu withInitialFocusPlaceholder={false} position="bottom-end" width={280}>
            <Menu.Target>
              <button
                type="button"
                className={classes['more']}
                aria-label={`${others.length} more people here`}
              >
                +{others.length}
              </button>
            </Menu.Target>
            <Menu.Dropdown className={classes['dropdown']}>
              {others.map((person) => (
                <Menu.Item
                  key={person.user.id}
                  leftSection={
                    <span
                      className={classes['avatar']}
                      style={{ backgroundColor: person.user.color }}
                      data-presence={presenceOf(person)}
                      aria-hidden="true"
                    >
                      {initialOf(person.user.name)}
                    </span>
                  }
                  onClick={() => goTo(person)}
                >
                  {describe(person, cellName)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </li>
      )}
    </ul>
  );
}

/** "Dana Diaz, Deal desk, editing Discount of Roller 80". */
const describe = (person: OtherPresence, cellName: (cell: string) => string): string =>
  `${person.user.name}, ${ROLE_TITLES[person.user.role]}, ${whereabouts(person, cellName)}`;

const presenceOf = ({ status, editing }: OtherPresence): 'absent' | 'editing' | 'here' =>
  status === 'idle' || status === 'away' ? 'absent' : typeof editing === 'string' ? 'editing' : 'here';
