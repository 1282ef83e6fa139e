import { FileUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import classes from './drop-zone.module.css';
import type { ImportSource } from './import-source.ts';

/** Takes a file that is dropped anywhere on the page, and says so while one hangs over it. */
export function DropZone(props: {
  readonly onSource: (source: ImportSource) => void;
  readonly isEnabled: boolean;
}) {
  const { onSource, isEnabled } = props;
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    // Else the browser would leave the page and show the file, also while a dialog is open.
    const onOver = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      event.preventDefault();
      if (isEnabled) setIsOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setIsOver(false);
      const file = event.dataTransfer?.files[0];
      if (isEnabled && file !== undefined) onSource({ kind: 'file', file });
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [onSource, isEnabled]);
  if (!isOver) return null;
  return (
    <div className={classes['zone']}>
      <div className={classes['words']}>
        <FileUp size={24} aria-hidden />
        Drop a CSV or JSON file to make a quote of it
      </div>
    </div>
  );
}
