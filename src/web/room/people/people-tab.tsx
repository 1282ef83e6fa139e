import { Button, Skeleton } from '@mantine/core';
import { mayManage } from '../../../authority/role.ts';
import { clockTime } from '../../words/time-ago.ts';
import { useNow } from '../../words/use-now.ts';
import { useMe, useOthers } from '../use-room.ts';
import { AddPerson } from './add-person.tsx';
import { GrantRow } from './grant-row.tsx';
import type { PanelTabProps } from '../panel/panel-tab.ts';
import { peopleAround } from './people-around.ts';
import { EarlierPeople } from './earlier-people.tsx';
import { useParticipants } from './use-participants.ts';
import classes from './people-tab.module.css';
import { DEFAULT_SENTENCES } from './permission-words.ts';
import { PersonHere } from './person-here.tsx';
import { useGoTo } from '../panel/use-go-to.ts';
import { usePeople } from './use-people.ts';

/** Who is here and where; who may do what, and for hosts to change it. */
export function PeopleTab({ onLeave }: PanelTabProps) {
  const me = useMe();
  const { here, earlier } = peopleAround(useOthers(), useParticipants(), me?.user.id ?? null);
  const goTo = useGoTo(onLeave);
  const { people, problem, reload, give } = usePeople();
  const now = useNow();
  const manages = me !== null && mayManage({ role: me.user.role, permission: me.permission });
  const named = new Set(people?.people.map(({ user }) => user.id));
  return (
    <div className={classes['tab']}>
      <section aria-labelledby="people-here">
        <h2 id="people-here" className={classes['title']}>
          Here now
        </h2>
        <ul className={classes['list']}>
          {me !== null && <PersonHere user={me.user} isMe />}
          {here.map(({ user, presence, lastActivityAt }) => (
            <PersonHere
              key={user.id}
              user={user}
              presence={presence}
              since={lastActivityAt === null ? null : clockTime(lastActivityAt, now)}
              onGo={goTo}
            />
          ))}
        </ul>
        {me !== null && here.length === 0 && (
          <p className={classes['hint']}>Nobody else is here right now.</p>
        )}
        <EarlierPeople earlier={earlier} now={now} />
      </section>
      <section aria-labelledby="people-access">
        <h2 id="people-access" className={classes['title']}>
          Access
        </h2>
        {people === null && problem === null && <Skeleton height={88} radius={6} />}
        {problem !== null && (
          <div className={classes['problem']} role="alert">
            <p>{problem}</p>
            <Button size="compact-sm" variant="default" onClick={reload}>
              Try again
            </Button>
          </div>
        )}
        {people !== null && (
          <>
            <ul className={classes['list']}>
              {people.people.map((grant) => (
                <GrantRow
                  key={grant.user.id}
                  grant={grant}
                  isMe={grant.user.id === me?.user.id}
                  onGive={manages ? give : null}
                />
              ))}
            </ul>
            <p className={classes['hint']}>{DEFAULT_SENTENCES[people.defaultPermission]}</p>
            {manages ? (
              <AddPerson
                suggested={here.map(({ user }) => user).filter(({ id }) => !named.has(id))}
                onGive={give}
              />
            ) : (
              <p className={classes['hint']}>Only hosts and admins can change this.</p>
            )}
          </>
        )}
      </section>
    </div>
  );
}
