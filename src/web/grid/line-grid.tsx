import { Button, Skeleton } from '@mantine/core';
import { Plus } from 'lucide-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  Suspense,
  lazy,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { parseCellId } from '../../quote/cell.ts';
import { useLineCommands } from '../commands/use-line-commands.ts';
import { useQuote, useRoom, useRowIds, useSaveState } from '../room/use-room.ts';
import { useClipboard } from './clipboard/use-clipboard.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { GridHeader } from './grid-header.tsx';
import { commandOf } from './grid-keys.ts';
import { GridRows, ROW_HEIGHT } from './grid-rows.tsx';
import { firstSelection } from './grid-store.ts';
import { gridCellId } from './grid-cell.tsx';
import classes from './line-grid.module.css';
import { RemovedLines } from './removed-lines.tsx';
import type { OpenRowMenu } from './row-menu.tsx';
import { runCommand } from './run-command.ts';
import { selectCell, selectRows } from './selection.ts';
import { useColumns } from './use-columns.ts';
import { GridContext, type Grid, useGridParts, usePlan } from './use-grid.ts';
import { useGridPointer } from './use-grid-pointer.ts';

const PasteSummary = lazy(() =>
  import('./clipboard/paste-summary.tsx').then((part) => ({ default: part.PasteSummary })),
);
const RowMenu = lazy(() => import('./row-menu.tsx').then((part) => ({ default: part.RowMenu })));

/** The lines of the quote, as a spreadsheet that happens to be shared. */
export function LineGrid() {
  const grid = useGridParts();
  const isHere = useIsHere();
  if (!isHere) return <GridSkeleton />;
  return (
    <GridContext value={grid}>
      <GridView grid={grid} />
    </GridContext>
  );
}

/** Whether there is anything to show: what the device kept, or what the server had. */
function useIsHere(): boolean {
  const quote = useQuote();
  const hasLines = useRowIds('lineItems').length > 0;
  const [isSynced, setSynced] = useState(false);
  useEffect(() => {
    let isOver = false;
    void quote.whenSynced().then(
      () => isOver || setSynced(true),
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [quote]);
  return hasLines || isSynced;
}

function GridView({ grid }: { readonly grid: Grid }) {
  const { quote, marks, target } = useRoom();
  const { store, editing, lines } = grid;
  const root = useRef<HTMLDivElement>(null);
  const header = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);
  const { width, scroller } = usePlaceOf(root);
  const columns = useColumns(grid.sheet, width - HANDLE_WIDTH);
  const { shown } = columns;
  const plan = usePlan();
  const pointer = useGridPointer(grid, { rowHeight: ROW_HEIGHT, scroller: () => scroller });
  const clipboard = useClipboard(() => {
    const selection = store.selection();
    return selection === null || store.draft() !== null ? null : { axes: store.axes(), selection };
  });
  useLineCommands(grid, clipboard, () => root.current?.focus({ preventScroll: true }));
  const leavesByTab = useRef(false);

  const shownIds = shown.map(({ id }) => id).join(' ');
  useLayoutEffect(() => store.setColumns(shownIds.split(' ')), [store, shownIds]);

  useEffect(
    () =>
      target.observe((cell) => {
        const parsed = parseCellId(cell);
        const axes = store.axes();
        if (parsed?.root !== 'lineItems' || !axes.rows.includes(parsed.row)) return;
        const column = axes.columns.includes(parsed.column) ? parsed.column : (axes.columns[0] ?? '');
        editing.leave();
        root.current?.focus({ preventScroll: true });
        store.select(selectCell({ row: parsed.row, column }));
      }),
    [target, store, editing],
  );

  function openMenu(line: string): void {
    const head = store.selection()?.head;
    const cell = head === undefined ? null : document.getElementById(gridCellId(line, head.column));
    const { left = 0, bottom = 0 } = cell?.getBoundingClientRect() ?? {};
    setMenu({ line, x: left, y: bottom });
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.target !== event.currentTarget) return;
    const command = commandOf(event);
    if (command === null || (command.kind === 'tab' && leavesByTab.current)) return;
    const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const isDone = runCommand({ grid, quote, marks, clipboard, columns: shown, page, openMenu }, command);
    leavesByTab.current = command.kind === 'escape' && !isDone;
    if (isDone) event.preventDefault();
  }

  function onContextMenu(event: MouseEvent<HTMLDivElement>): void {
    const line = event.target instanceof Element ? lineOf(event.target) : undefined;
    if (line === undefined) return;
    event.preventDefault();
    chooseLine(line);
    setMenu({ line, x: event.clientX, y: event.clientY });
  }

  /** The menu is for what is selected, or for the line that was pointed at. */
  function chooseLine(line: string): void {
    const selected = lines.linesWith(line).length > 1 ? null : selectRows(store.axes(), line, line);
    if (selected !== null) store.select(selected);
  }

  function onClick(event: MouseEvent<HTMLDivElement>): void {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>('[data-menu]');
    const line = button?.dataset['menu'];
    if (button === null || line === undefined) return;
    const { left, bottom } = button.getBoundingClientRect();
    chooseLine(line);
    setMenu({ line, x: left, y: bottom });
  }

  function addLine(): void {
    root.current?.focus({ preventScroll: true });
    lines.add();
  }

  const isEmpty = plan.length === 1;
  const isReadonly = useSaveState().kind === 'readonly';
  return (
    <section className={classes['lines']} aria-label="Lines">
      <div className={classes['bar']}>
        <h2 className={classes['title']}>Lines</h2>
        <ColumnChooser columns={columns} />
        {!isEmpty && !isReadonly && (
          <Button size="compact-sm" variant="default" leftSection={<Plus size={14} />} onClick={addLine}>
            Add line
          </Button>
        )}
      </div>
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
        style={
          {
            '--columns': shown.map(({ id }) => `${columns.table.state.columnSizing[id] ?? 0}px`).join(' '),
          } as object
        }
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
        <div
          role="presentation"
          className={classes['body']}
          onScroll={({ currentTarget }) => {
            if (header.current !== null) header.current.scrollLeft = currentTarget.scrollLeft;
          }}
          onPointerDown={(event) => {
            if (event.pointerType === 'mouse') root.current?.focus({ preventScroll: true });
            pointer.onPointerDown(event);
          }}
          onClick={onClick}
          onDoubleClick={(event) => {
            const { target: hit } = event;
            if (hit instanceof Element && hit.closest('[data-row]') && !hit.closest('[data-check]'))
              editing.open();
          }}
          onContextMenu={onContextMenu}
        >
          <GridRows root={root} rows={rows} scroller={scroller} columns={shown}>
            {pointer.drop !== null && (
              <div className={classes['drop']} style={{ top: pointer.drop * ROW_HEIGHT - 1 }} aria-hidden />
            )}
          </GridRows>
        </div>
      </div>
      {isEmpty && (
        <div className={classes['empty']}>
          <p>{isReadonly ? 'No lines yet.' : 'No lines yet. Add a line, or paste from Excel.'}</p>
          {!isReadonly && (
            <Button size="xs" onClick={addLine}>
              Add a line
            </Button>
          )}
        </div>
      )}
      <RemovedLines />
      <Suspense fallback={null}>
        <PasteSummary news={clipboard.news} goTo={target.goTo} />
        {menu !== null && (
          <RowMenu
            key={menu.line}
            at={menu}
            onClose={() => {
              setMenu(null);
              root.current?.focus({ preventScroll: true });
            }}
          />
        )}
      </Suspense>
    </section>
  );
}

const HANDLE_WIDTH = 56;

const lineOf = (element: Element): string | undefined =>
  element.closest<HTMLElement>('[data-line]')?.dataset['line'];

/** How wide the grid may be, and what it scrolls with. */
function usePlaceOf(root: { readonly current: HTMLElement | null }) {
  const [place, setPlace] = useState<{ readonly width: number; readonly scroller: HTMLElement | null }>({
    width: 0,
    scroller: null,
  });
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return undefined;
    const scroller = element.closest('main');
    const measure = (): void => setPlace({ width: element.clientWidth, scroller });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [root]);
  return place;
}

function GridSkeleton() {
  return (
    <div className={classes['skeleton']} aria-busy aria-label="Loading the lines">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={16} radius={4} />
      ))}
    </div>
  );
}
