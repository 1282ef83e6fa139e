import { useEffect } from 'react';
import { type ImportSource, looksLikeTable } from './import-source.ts';

/** Ctrl+V anywhere on the page but in a field: a table, or a file that was copied. */
export function usePastedTable(
  onSource: (source: ImportSource) => void,
  { isEnabled }: { readonly isEnabled: boolean },
): void {
  useEffect(() => {
    if (!isEnabled) return undefined;
    const onPaste = (event: ClipboardEvent): void => {
      const { target, clipboardData } = event;
      if (clipboardData === null) return;
      // Excel brings a picture of the table beside its text.
      const text = clipboardData.getData('text/plain');
      const isTable = looksLikeTable(text);
      const file = isTable ? undefined : clipboardData.files[0];
      const isInField =
        target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
      if (isInField || (!isTable && file === undefined)) return;
      event.preventDefault();
      onSource(file === undefined ? { kind: 'paste', text } : { kind: 'file', file });
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [onSource, isEnabled]);
}
