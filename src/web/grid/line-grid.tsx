import { type CSSProperties, Suspense, useCallback, useLayoutEffect, useRef } from 'react';
import { useLineCommands } from '../commands/use-line-commands.ts';
import { useRoom, useSaveState } from '../room/use-room.ts';
import { useClipboard } from './clipboard/use-clipboard.ts';
import { GridHeader } from './grid-header.tsx';
import { GridRows } from './grid-rows.tsx';
import { ROW_HEIGHT } from './use-rows-above.ts';
import { ROWGROUP } from './grid-roles.ts';
import { firstSelection } from './grid-store.ts';
import classes from './line-grid.module.css';
import { LinesBar } from './lines-bar.tsx';
import { LinesSkeleton, NoLines } from './lines-placeholder.tsx';
import { useCellTarget } from './use-cell-target.ts';
import { useColumns } from './use-columns.ts';
import { GridContext, type Grid, useGridParts, usePlan } from './use-grid.ts';
import { useGridKeyboard } from './use-grid-keyboard.ts';
import { useGridPlace } from './use-grid-place.ts';
import { useGridPointer } from './use-grid-pointer.ts';
import { useLinesHere } from './use-lines-here.ts';
import { usePagePaste } from './use-page-paste.ts';
import { useRemovedLines } from './use-removed-lines.ts';
import { useRowMenu } from './use-row-menu.ts';
import { lazyPart } from '../app/lazy-part.ts';

const PasteSummary = lazyPart(() =>
  import('./clipboard/paste-summary.tsx').then((part) => part.PasteSummary),
);
const RemovedLines = lazyPart(() => import('./removed-lines.tsx').then((part) => part.RemovedLines));
const RowMenu = lazyPart(() => import('./row-menu.tsx').then((part) => part.RowMenu));

/** The lines of the quote, as a spreadsheet that happens to be shared. */
export function LineGrid() {
  const grid = useGridParts();
  const isHere = useLinesHere();
  if (!isHere) return <LinesSkeleton />;
  return (
    <GridContext value={grid}>
      <GridView grid={grid} />
    </GridContext>
  );
}

function GridView({ grid }: { readonly grid: Grid }) {
  const { quote, marks, target } = useRoom();
  const { store, editing, lines } = grid;
  const root = useRef<HTMLDivElement>(null);
  const header = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const focus = useCallback(() => root.current?.focus({ preventScroll: true }), []);
  const { width, scroller } = useGridPlace(root);
  const columns = useColumns(grid.sheet, width - HANDLE_WIDTH);
  const { shown } = columns;
  const plan = usePlan();
  const pointer = useGridPointer(grid, { rowHeight: ROW_HEIGHT, scroller: () => scroller });
  const menu = useRowMenu(grid);
  const clipboard = useClipboard(() => {
    const selection = store.selection();
    return selection === null || store.draft() !== null ? null : { axes: store.axes(), selection };
  });
  useLineCommands(grid, clipboard, focus);
  useCellTarget(grid, focus);
  const onKeyDown = useGridKeyboard(() => {
    const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    return { grid, quote, marks, clipboard, columns: shown, page, openMenu: menu.openAtCursor };
  });

  const shownIds = shown.map(({ id }) => id).join(' ');
  useLayoutEffect(() => store.setColumns(shownIds.split(' ')), [store, shownIds]);

  function addLine(): void {
    focus();
    lines.add();
  }

  const removed = useRemovedLines();
  const isEmpty = plan.length === 1;
  const isReadonly = useSaveState().kind === 'readonly';
  usePagePaste(!isReadonly, (event) => clipboard.pasteAtEnd(event, store.axes()));
  const widths = shown.map(({ id }) => columns.table.state.columnSizing[id] ?? 0);
  const isWider = widths.reduce((sum, one) => sum + one, HANDLE_WIDTH) > width;
  return (
    <section className={classes['lines']} aria-label="Lines">
      <LinesBar columns={columns} onAdd={isEmpty || isReadonly ? null : addLine} />
      {/* A grid has the focus itself, on behalf of the cell that it names. */}
      <div
        ref={root}
        role="grid"
        tabIndex={0}
        aria-label="Lines of the quote"
        aria-multiselectable
        aria-readonly={isReadonly || undefined}
        aria-rowcount={plan.length + 1}
        aria-colcount={shown.length + 1}
        className={classes['grid']}
        style={{ '--columns': widths.map((one) => `${one}px`).join(' ') } as CSSProperties}
        onFocus={() => {
          const first = store.selection() === null ? firstSelection(store.axes()) : null;
          if (first !== null) store.select(first);
        }}
        onKeyDown={onKeyDown}
        onCopy={clipboard.onCopy}
        onCut={clipboard.onCut}
        onPaste={clipboard.onPaste}
      >
        <GridHeader columns={columns} ref={header} />
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- its role is spread, the grid has the keys */}
        <div
          {...ROWGROUP}
          {...(isWider ? SCROLLS_SIDEWAYS : {})}
          className={classes['body']}
          onFocus={({ target: focused, currentTarget, relatedTarget }) => {
            // Coming back into the grid leads to its cursor; going out by Tab stops here once, to scroll.
            if (focused === currentTarget && relatedTarget !== root.current) focus();
          }}
          onScroll={({ currentTarget }) => {
            if (header.current !== null) header.current.scrollLeft = currentTarget.scrollLeft;
          }}
          onPointerDown={(event) => {
            if (event.pointerType === 'mouse') focus();
            pointer.onPointerDown(event);
          }}
          onClick={menu.onClick}
          onDoubleClick={(event) => {
            const { target: hit } = event;
            if (hit instanceof Element && hit.closest('[data-row]') && !hit.closest('[data-check]'))
              editing.open();
          }}
          onContextMenu={menu.onContextMenu}
        >
          <GridRows root={root} rows={rows} scroller={scroller} columns={shown}>
            {pointer.drop !== null && (
              <div className={classes['drop']} style={{ top: pointer.drop * ROW_HEIGHT - 1 }} aria-hidden />
            )}
          </GridRows>
        </div>
      </div>
      {isEmpty && <NoLines isReadonly={isReadonly} onAdd={addLine} />}
      <Suspense fallback={null}>
        {removed.length > 0 && <RemovedLines removed={removed} focusGrid={focus} />}
        <PasteSummary news={clipboard.news} goTo={target.goTo} />
        {menu.opened !== null && (
          <RowMenu
            key={menu.opened.line}
            at={menu.opened}
            onClose={() => {
              menu.close();
              focus();
            }}
          />
        )}
      </Suspense>
    </section>
  );
}

const HANDLE_WIDTH = 56;

/** What scrolls must be reached by keyboard. */
const SCROLLS_SIDEWAYS = { tabIndex: 0, 'aria-label': 'Lines, scrolls sideways' };
