import classes from './page-skeleton.module.css';

/** While a page's code is on its way: the header's height, so that nothing jumps. */
export const PageSkeleton = () => (
  <output className={classes['page']} aria-busy="true" aria-label="Loading" />
);
