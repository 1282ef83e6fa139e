/** One value that was pasted or filled and did not get onto the quote. */
export interface LeftOut {
  /** Number of the line in the grid when it was pasted, from 1; null where it is about a whole column. */
  readonly line: number | null;
  /** The column's title. */
  readonly column: string;
  readonly text: string;
  /** A sentence for a person. */
  readonly why: string;
  /** Where there is one to go to. */
  readonly cell?: string;
}
