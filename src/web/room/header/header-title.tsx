import { VisuallyHidden } from '@mantine/core';
import { useDocumentTitle } from '../../pages/use-document-title.ts';
import { CellInput } from '../fields/cell-input.tsx';
import { useCell } from '../use-room.ts';
import classes from './room-header.module.css';

const CELL = 'fields/title';

/** The quote's title, edited where it stands; the tab is named by it too. */
export function HeaderTitle() {
  const title = useCell(CELL);
  const shown = typeof title === 'string' && title !== '' ? title : 'Untitled quote';
  useDocumentTitle(shown);
  return (
    <>
      <VisuallyHidden component="h1">{shown}</VisuallyHidden>
      <CellInput cell={CELL} label="Title" placeholder="Untitled quote" className={classes['title']} />
    </>
  );
}
