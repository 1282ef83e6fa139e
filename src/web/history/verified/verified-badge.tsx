import { Button, Popover } from '@mantine/core';
import { ShieldAlert, ShieldCheck, ShieldQuestionMark } from 'lucide-react';
import { useState } from 'react';
import { useNow } from '../../words/use-now.ts';
import { useHistory, useNewest } from '../use-history.ts';
import { type Verification, useVerification } from './use-verification.ts';
import { CHECKS, PROVES, PROVES_NOT, type VerifiedWords, verifiedWords } from './verified-words.ts';
import classes from './verified.module.css';

/** Whether the log is sound, as far as this server can tell; behind it what that means. */
export function VerifiedBadge({ quoteId }: { readonly quoteId: string }) {
  const verification = useVerification(quoteId);
  const newest = useNewest();
  const now = useNow();
  const [isOpen, setOpen] = useState(false);
  const { found, isChecking } = verification;
  const words = found === null ? null : verifiedWords(found, { newest, now });
  const state = words === null ? 'unknown' : words.isSound ? 'sound' : 'bad';
  const Icon = ICONS[state];
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      offset={4}
      width={400}
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className={classes['badge']}
          data-state={state}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon size={14} aria-hidden />
          {words?.badge ?? (isChecking ? 'Checking…' : 'Not verified')}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes['dropdown']} aria-label="What was verified">
        <Found verification={verification} words={words} onGo={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

const ICONS = { sound: ShieldCheck, bad: ShieldAlert, unknown: ShieldQuestionMark } as const;

function Found(props: {
  readonly verification: Verification;
  readonly words: VerifiedWords | null;
  readonly onGo: () => void;
}) {
  const { verification, words, onGo } = props;
  const { found, isChecking, problem, check } = verification;
  const history = useHistory();
  return (
    <>
      {found !== null && found.problems.length > 0 && (
        <section className={classes['problems']}>
          <h3>The log is not what it was</h3>
          <ul>
            {found.problems.map(({ seq, kind, message }) => (
              <li key={`${seq} ${kind} ${message}`}>
                <button
                  type="button"
                  className={classes['entry']}
                  onClick={() => {
                    history.goTo(seq);
                    onGo();
                  }}
                >
                  Entry {seq.toLocaleString()}
                </button>{' '}
                {message}
              </li>
            ))}
          </ul>
        </section>
      )}
      {words !== null && (
        <section className={classes['section']}>
          <h3>What was checked</h3>
          <p>
            {words.checked} {words.since}
          </p>
          <ul>
            {CHECKS.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          <h3>Signature</h3>
          <p className={classes['signed']}>{words.signed}</p>
          {words.isSound && (
            <>
              <h3>What that proves</h3>
              <p>{PROVES}</p>
            </>
          )}
          <h3>What it does not prove</h3>
          <p>{PROVES_NOT}</p>
        </section>
      )}
      {problem !== null && (
        <p className={classes['failed']} role="alert">
          {problem}
        </p>
      )}
      <div>
        <Button size="compact-sm" variant="default" loading={isChecking} onClick={check}>
          Check again
        </Button>
      </div>
    </>
  );
}
