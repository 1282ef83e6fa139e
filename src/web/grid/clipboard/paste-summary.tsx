import { Button, CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { unreachable } from '../../../lib/assert.ts';
import type { DecimalSign } from '../../../quote/import-result.ts';
import { copyText } from '../../commands/copy-text.ts';
import type { ClipboardNews, ClipboardNewsStore } from './clipboard-news.ts';
import { doneWords, isPassing, leftOutTable, leftOutWords, placeWords, readingWords } from './news-words.ts';
import classes from './paste-summary.module.css';

/** How long news stays that only says that all went well. */
const PASSING_MS = 5_000;
/** More are only counted; all of them can be copied. */
const LISTED_MAX = 200;

/** One quiet note after a paste: what became of it, or the one question that it left. `goTo` shows a cell. */
export function PasteSummary(props: {
  readonly news: ClipboardNewsStore;
  readonly goTo: (cell: string) => void;
}) {
  const { observe, read, dismiss } = props.news;
  const news = useSyncExternalStore(observe, read);
  useEffect(() => {
    if (!isPassing(news)) return undefined;
    const timer = setTimeout(dismiss, PASSING_MS);
    return () => clearTimeout(timer);
  }, [news, dismiss]);

  return (
    <div aria-live="polite" className={classes['place']}>
      {news.kind !== 'none' && (
        <section className={classes['note']} aria-label="Clipboard">
          <Content news={news} goTo={props.goTo} dismiss={dismiss} />
        </section>
      )}
    </div>
  );
}

interface ContentProps {
  readonly news: Exclude<ClipboardNews, { kind: 'none' }>;
  readonly goTo: (cell: string) => void;
  readonly dismiss: () => void;
}

function Content({ news, goTo, dismiss }: ContentProps) {
  switch (news.kind) {
    case 'nothing':
      return (
        <Line dismiss={dismiss}>
          <p>{news.why}</p>
        </Line>
      );
    case 'question':
      return <Question news={news} dismiss={dismiss} />;
    case 'done':
      return <Done news={news} goTo={goTo} dismiss={dismiss} />;
    default:
      return unreachable(news);
  }
}

const Line = ({ children, dismiss }: { readonly children: ReactNode; readonly dismiss: () => void }) => (
  <div className={classes['line']}>
    {children}
    <CloseButton size="sm" aria-label="Dismiss" onClick={dismiss} />
  </div>
);

function Question(props: {
  readonly news: Extract<ClipboardNews, { kind: 'question' }>;
  readonly dismiss: () => void;
}) {
  const { text, readings, answer } = props.news;
  const signs: readonly DecimalSign[] = ['.', ','];
  return (
    <>
      <Line dismiss={props.dismiss}>
        <p>
          Nothing is pasted yet. Is <strong>{text}</strong> meant as
        </p>
      </Line>
      <div className={classes['buttons']}>
        {signs.map((sign) => {
          const reading = readings[sign];
          return reading === null ? null : (
            <Button key={sign} size="compact-sm" variant="default" onClick={() => answer(sign)}>
              {readingWords(reading)}
            </Button>
          );
        })}
      </div>
      <p className={classes['dim']}>The other numbers are read in the same way.</p>
    </>
  );
}

function Done(props: {
  readonly news: Extract<ClipboardNews, { kind: 'done' }>;
  readonly goTo: (cell: string) => void;
  readonly dismiss: () => void;
}) {
  const { news, goTo, dismiss } = props;
  const [copied, setCopied] = useState(false);
  const leftOut = leftOutWords(news);
  const more = news.leftOut.length - LISTED_MAX;
  return (
    <>
      <Line dismiss={dismiss}>
        <p>
          {doneWords(news)} {leftOut !== null && <strong className={classes['warn']}>{leftOut}</strong>}
        </p>
      </Line>
      {leftOut !== null && (
        <>
          {/* It scrolls, so it can be reached by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <ul className={classes['list']} tabIndex={0} aria-label="Left out">
            {news.leftOut.slice(0, LISTED_MAX).map((one, index) => (
              <li key={index}>
                <Place one={one} goTo={goTo} />
                {one.text !== '' && <span className={classes['value']}>{one.text}</span>}
                <span className={classes['dim']}>{one.why}</span>
              </li>
            ))}
            {more > 0 && <li className={classes['dim']}>and {more} more</li>}
          </ul>
          <div className={classes['buttons']}>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => void copyText(leftOutTable(news.leftOut)).then(setCopied)}
            >
              {copied ? 'Copied' : 'Copy what was left out'}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

function Place({ one, goTo }: { readonly one: LeftOutOne; readonly goTo: (cell: string) => void }) {
  const { cell } = one;
  if (cell === undefined) return <span className={classes['where']}>{placeWords(one)}</span>;
  return (
    <button type="button" className={classes['go']} onClick={() => goTo(cell)}>
      {placeWords(one)}
    </button>
  );
}

type LeftOutOne = Extract<ClipboardNews, { kind: 'done' }>['leftOut'][number];
