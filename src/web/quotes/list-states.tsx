import { Button, VisuallyHidden } from '@mantine/core';
import { FileUp, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './list-states.module.css';

const SKELETON_ROWS = 12;

/** As high as the rows that come. */
export const ListSkeleton = () => (
  <div className={classes['skeleton']} aria-live="polite" aria-busy="true">
    <VisuallyHidden>Loading quotes</VisuallyHidden>
    {Array.from({ length: SKELETON_ROWS }, (_, row) => (
      <div key={row} className={classes['bar']} />
    ))}
  </div>
);

export const NoQuotes = (props: { readonly onNew: () => void; readonly onImport: () => void }) => (
  <Notice
    title="No quotes yet"
    text="Begin with an empty one, or bring your lines: drop a CSV or JSON file here, or paste a table from Excel."
  >
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={props.onNew}>
      New quote
    </Button>
    <Button variant="default" leftSection={<FileUp size={16} aria-hidden />} onClick={props.onImport}>
      Import
    </Button>
  </Notice>
);

export const NothingFound = ({ onClear }: { readonly onClear: () => void }) => (
  <Notice title="Nothing found" text="No quote that you may see is like this.">
    <Button variant="default" onClick={onClear}>
      Clear filters
    </Button>
  </Notice>
);

export const ListFailed = (props: { readonly message: string; readonly onRetry: () => void }) => (
  <Notice title="The quotes could not be loaded" text={props.message}>
    <Button onClick={props.onRetry}>Retry</Button>
  </Notice>
);

/** One sentence, and what to do. */
const Notice = (props: { readonly title: string; readonly text: string; readonly children: ReactNode }) => (
  <div className={classes['notice']} aria-live="polite">
    <h2 className={classes['title']}>{props.title}</h2>
    <p className={classes['text']}>{props.text}</p>
    <div className={classes['actions']}>{props.children}</div>
  </div>
);

/** Above rows that still count. */
export const ListProblem = (props: { readonly message: string; readonly onRetry: () => void }) => (
  <div className={classes['problem']} aria-live="polite">
    <span>{props.message}</span>
    <Button size="compact-sm" variant="default" onClick={props.onRetry}>
      Retry
    </Button>
  </div>
);
