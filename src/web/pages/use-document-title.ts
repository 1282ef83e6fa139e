import { useEffect } from 'react';

/** "Conveyor line 4 · Quoteroom" in the browser's tab. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title.trim() === '' ? 'Quoteroom' : `${title} · Quoteroom`;
  }, [title]);
}
