import { Button, Loader, Modal } from '@mantine/core';
import classes from './import-dialog.module.css';
import { type ImportSource, nameOf } from './import-source.ts';
import { ImportView } from './import-view.tsx';
import { useImportText } from './use-import-text.ts';

interface ImportDialogProps {
  readonly source: ImportSource;
  readonly onClose: () => void;
  readonly onCreated: (quoteId: string) => void;
}

/** From a file to a quote: what it says, what it leaves open, what is wrong with it. */
export function ImportDialog({ source, onClose, onCreated }: ImportDialogProps) {
  const read = useImportText(source);
  const name = nameOf(source);
  return (
    <Modal
      opened
      onClose={onClose}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={`Import ${name}`}
      lockScroll={false}
      size={1120}
      yOffset={32}
    >
      {read === null && (
        <div className={classes['reading']} aria-live="polite">
          <Loader size={16} />
          {`Reading ${name}`}
        </div>
      )}
      {read?.ok === false && (
        <div className={classes['failed']}>
          <p role="alert">{read.reason}</p>
          <Button variant="default" onClick={onClose} data-autofocus>
            Close
          </Button>
        </div>
      )}
      {read?.ok === true && <ImportView text={read.value} onClose={onClose} onCreated={onCreated} />}
    </Modal>
  );
}
