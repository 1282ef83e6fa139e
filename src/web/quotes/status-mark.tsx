import { statusTitle } from '../../quote/status-titles.ts';
import classes from './status-mark.module.css';

/** A quote's status: a coloured dot, and the word, which says it all without the colour. */
export const StatusMark = ({ status }: { readonly status: string }) => (
  <span className={classes['status']} data-status={status}>
    <span className={classes['dot']} aria-hidden />
    {statusTitle(status)}
  </span>
);
