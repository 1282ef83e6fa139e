import { Tooltip } from '@mantine/core';
import { type MouseEvent, memo } from 'react';
import { Link } from 'wouter';
import type { ListedQuote } from '../../wire/http-schemas.ts';
import { formatMoney } from '../../quote/format-amount.ts';
import { timeAgo } from '../words/time-ago.ts';
import { LivePeople } from './live-people.tsx';
import classes from './quote-table.module.css';
import { StatusMark } from './status-mark.tsx';

export interface QuoteRowProps {
  readonly quote: ListedQuote;
  readonly id: string;
  /** From 1, the header counted. */
  readonly rowIndex: number;
  readonly top: number;
  readonly isActive: boolean;
  readonly me: string;
  /** ms since 1970 */
  readonly now: number;
  readonly onOpen: (quoteId: string) => void;
}

export const QuoteRow = memo(function QuoteRow(props: QuoteRowProps) {
  const { quote, id, rowIndex, top, isActive, me, now, onOpen } = props;
  const { title, customer, status, total, currency, owner, live, lastChange } = quote;
  const by = lastChange.by.id === me ? 'You' : lastChange.by.name;
  /** The title is the link: it opens in another tab the way every link does, and so does the row around it. */
  const onClick = (event: MouseEvent): void => {
    const isOnLink = event.target instanceof Element && event.target.closest('a') !== null;
    if (isOnLink || event.ctrlKey || event.metaKey || event.shiftKey) return;
    onOpen(quote.id);
  };
  return (
    // The keys of the page open the row that is chosen.
    <tr
      id={id}
      tabIndex={-1}
      className={classes['row']}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={rowIndex}
      aria-selected={isActive}
      onClick={onClick}
    >
      <td className={classes['titleCell']}>
        <Link href={`/q/${quote.id}`} tabIndex={-1} className={classes['link'] ?? ''}>
          {title === '' ? 'Untitled quote' : title}
        </Link>
      </td>
      <td className={classes['customer']}>{customer}</td>
      <td className={classes['statusCell']}>
        <StatusMark status={status} />
      </td>
      <td className={classes['total']}>{formatMoney(total, currency)}</td>
      <td className={classes['owner']}>{owner}</td>
      <td className={classes['live']}>
        <LivePeople live={live} />
      </td>
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- the text is its label */}
      <td className={classes['change']}>
        <Tooltip label={exactly(lastChange.at)} openDelay={200}>
          <time
            dateTime={new Date(lastChange.at).toISOString()}
          >{`${by}, ${timeAgo(lastChange.at, now)}`}</time>
        </Tooltip>
      </td>
    </tr>
  );
});

const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const exactly = (at: number): string => exactFormat.format(at);
