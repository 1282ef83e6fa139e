import { useCallback } from 'react';
import type { ImportSource } from './import-source.ts';

/** Opens the browser's dialog for files; to be called by a click or a key. */
export function useFilePicker(onSource: (source: ImportSource) => void): () => void {
  return useCallback(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.csv,.tsv,.txt,.json,text/csv,application/json';
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file !== undefined) onSource({ kind: 'file', file });
    });
    input.click();
  }, [onSource]);
}
