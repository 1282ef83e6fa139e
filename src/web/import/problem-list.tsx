import { UnstyledButton } from '@mantine/core';
import type { PlacedProblem } from './marks.ts';
import classes from './problem-list.module.css';

/** Everything that is wrong, by line; one that has a line shows it in the table. */
export function ProblemList(props: {
  readonly problems: readonly PlacedProblem[];
  readonly onShow: (row: number) => void;
}) {
  const { problems, onShow } = props;
  return (
    <ul className={classes['list']} aria-label="Problems">
      {problems.map((problem, index) => {
        const { kind, place, row, message } = problem;
        const words = (
          <>
            <strong>{place === '' ? '' : `${place}: `}</strong>
            {message}
          </>
        );
        return (
          // The list is made anew as a whole.
          <li key={index} data-kind={kind}>
            {row === null ? words : <UnstyledButton onClick={() => onShow(row)}>{words}</UnstyledButton>}
          </li>
        );
      })}
    </ul>
  );
}
