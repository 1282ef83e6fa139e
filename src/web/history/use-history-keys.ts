import { useEffect } from 'react';
import type { History } from './history-store.ts';
import { nextChange, previousChange } from './timeline.ts';

/** Space plays and pauses, comma and full stop go from change to change, wherever nobody types or presses a button. */
export function useHistoryKeys(history: History): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
        return;
      const target = event.target instanceof HTMLElement ? event.target : document.body;
      if (target.isContentEditable || target.matches('input, textarea, select') || isModalOpen()) return;
      const { timeline, at } = history.view();
      if (event.key === ' ') {
        if (target.closest('button, a, [role=option], [role=menuitem]') !== null) return;
        history.play({ kind: 'toggle' });
      } else if (event.key === ',' || event.key === '.') {
        const to = event.key === ',' ? previousChange(timeline, at) : nextChange(timeline, at);
        if (to !== null) history.goTo(to);
      } else return;
      event.preventDefault();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [history]);
}

const isModalOpen = (): boolean => document.querySelector('[aria-modal="true"], dialog:modal') !== null;
