import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStar } from '../support/star.ts';

const arbitraryStep = fc.record({
  who: fc.nat(1),
  do: fc.constantFrom('type', 'erase', 'format', 'clear', 'up', 'down', 'up', 'down'),
  format: fc.constantFrom('bold', 'italic', 'link'),
  at: fc.nat(12),
  length: fc.integer({ min: 1, max: 5 }),
});

test('[A39] a viewer who only looks at a formatted note never sends an edit', () => {
  fc.assert(
    fc.property(fc.array(arbitraryStep, { minLength: 10, maxLength: 60 }), (steps) => {
      const star = createStar();
      const editors = [
        star.join({ user: 'a', role: 'sales_rep', clientId: 10 }),
        star.join({ user: 'b', role: 'vp_sales', clientId: 5 }),
      ];
      const viewer = star.join({ user: 'v', role: 'sales_rep', permission: 'viewer', clientId: 7 });
      const shown = viewer.doc.getText('note/n1');
      for (const step of steps) {
        const editor = editors[step.who];
        if (editor === undefined) continue;
        const note = editor.doc.getText('note/n1');
        const at = Math.min(step.at, note.length);
        const length = Math.min(step.length, note.length - at);
        if (step.do === 'up') star.up(editor);
        else if (step.do === 'down') star.down(editor);
        else if (step.do === 'type') note.insert(at, 'ab');
        else if (length > 0 && step.do === 'erase') note.delete(at, length);
        else if (length > 0) note.format(at, length, { [step.format]: step.do === 'format' ? 'x' : null });
        while (star.down(viewer));
        expect(viewer.outbox).toEqual([]);
      }
      star.settle();
      expect(star.history.filter(({ submission }) => submission.actor.user === 'v').length).toBe(1);
      expect(shown.toDelta()).toEqual(star.gate.doc.getText('note/n1').toDelta());
      for (const { doc } of editors) expect(doc.getText('note/n1').toDelta()).toEqual(shown.toDelta());
    }),
    { numRuns: 800 },
  );
});
