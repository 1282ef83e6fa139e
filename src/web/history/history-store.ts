import type { QuoteJson } from '../../wire/http-schemas.ts';
import { createListeners } from '../room/listeners.ts';
import { type Entries, createEntries } from './entries.ts';
import { type Frame, createFrames } from './frames.ts';
import { rowNamesOf } from './frozen-quote.ts';
import type { HistoryAddress } from './history-address.ts';
import type { HistorySource } from './load-history.ts';
import { type Player, type PlayerEvent, afterEvent, paceOf, pausedPlayer } from './player.ts';
import { type Timeline, newestOf, nextChange, previousChange, withinTimeline } from './timeline.ts';

/** What the page shows of a quote's past. A new object at each change. */
export interface HistoryView {
  readonly timeline: Timeline;
  /** The point that is looked at. */
  readonly at: number;
  /** What it is compared with, never after it; null where it is not. */
  readonly from: number | null;
  readonly player: Player;
  /** The picture of the point, or, until that is there, the last one. */
  readonly frame: Frame;
  readonly isInSight: boolean;
  /** What the address asked for and the quote has not; null once the point was moved. */
  readonly missing: number | null;
  /** The cell that the cursor is on; null where it is on none. */
  readonly selected: string | null;
  /** Why the picture of the point, or what is new, cannot be had. */
  readonly problem: unknown;
}

/**
 * One quote's past, while its page is open: the point, the picture of it, the player, and the growing timeline. The point
 * moves only when somebody moves it: what is new comes at the timeline's end.
 */
export interface History {
  readonly entries: Entries;
  readonly source: HistorySource;
  view(): HistoryView;
  observe(listener: () => void): () => void;
  goTo(seq: number): void;
  /** Both ends of a comparison, in any order; `from` null ends it. */
  compare(points: { readonly from: number | null; readonly at?: number }): void;
  select(cell: string | null): void;
  play(event: Exclude<PlayerEvent, { kind: 'tick' }>): void;
  /** The name of a row as it was last seen; null where it has none. */
  rowName(root: string, row: string): string | null;
  /** Asks the server what is new, and again for what it could not give. */
  refresh(): Promise<void>;
  close(): void;
}

export interface HistoryDeps {
  readonly source: HistorySource;
  /** Returns how to call it off. */
  readonly later: (ms: number, run: () => void) => () => void;
}

/** Loads what must be there before anything is shown. */
export async function openHistory(
  deps: HistoryDeps,
  { at, from }: HistoryAddress,
  signal: AbortSignal,
): Promise<History> {
  const { source } = deps;
  const timeline = await source.timeline({ people: [], points: [] }, signal);
  const newest = newestOf(timeline);
  const to = withinTimeline(timeline, at ?? newest);
  const other = from === null ? null : Math.min(from, newest);
  const key = { at: Math.max(to, other ?? 0), from: other === null ? to - 1 : Math.min(to, other) };
  // The names of rows are best known where the quote stands now.
  const [frame, now] = await Promise.all([
    source.frame(key, signal),
    key.at === newest ? null : source.frame({ at: newest, from: newest }, signal),
  ]);
  const view: HistoryView = {
    timeline,
    at: key.at,
    from: other === null ? null : key.from,
    player: pausedPlayer,
    frame,
    isInSight: true,
    missing: at !== null && at > newest ? at : null,
    selected: null,
    problem: null,
  };
  return createHistory(deps, view, (now ?? frame).quote);
}

function createHistory({ source, later }: HistoryDeps, opened: HistoryView, newest: QuoteJson): History {
  const listeners = createListeners<'all'>();
  const names = new Map([...rowNamesOf(opened.frame.quote), ...rowNamesOf(newest)]);
  const entries = createEntries(source.entries);
  const leaving = new AbortController();
  let view = opened;
  let stopTicking: (() => void) | null = null;

  const frames = createFrames({
    load: source.frame,
    onFrame(frame) {
      for (const [row, name] of rowNamesOf(frame.quote))
        if ((names.get(row) ?? '') === '') names.set(row, name);
      const isInSight = frame.at === view.at && frame.from === (view.from ?? view.at - 1);
      become({ frame, isInSight, problem: isInSight ? null : view.problem });
    },
    onFailed: (problem) => become({ problem }),
  });

  function become(change: Partial<HistoryView>): void {
    view = { ...view, ...change };
    listeners.call('all');
  }

  function move(at: number, from: number | null, player: Player): void {
    const isSame = at === view.at && from === view.from;
    become({ at, from, player, ...(isSame ? {} : { missing: null, isInSight: false }) });
    if (!isSame) wantFrame();
    keepTicking();
  }

  function wantFrame(): void {
    const { timeline, at, from } = view;
    const keyOf = (seq: number) => ({ at: seq, from: from ?? seq - 1 });
    const beside = [nextChange(timeline, at), previousChange(timeline, at)];
    const neighbours = beside.filter((seq) => seq !== null && seq >= (from ?? 0)) as number[];
    frames.want(keyOf(at), neighbours.map(keyOf));
    entries.want({ from: at, to: at, newest: newestOf(timeline) });
  }

  function step(event: PlayerEvent): void {
    const { player, at } = afterEvent(view.player, event, view);
    move(at, at < (view.from ?? 0) ? at : view.from, player);
  }

  function keepTicking(): void {
    stopTicking?.();
    stopTicking = null;
    if (view.player.kind !== 'playing') return;
    stopTicking = later(paceOf(view.player.speed).everyMs, () => {
      stopTicking = null;
      step({ kind: 'tick', isInSight: view.isInSight });
    });
  }

  entries.want({ from: view.at, to: view.at, newest: newestOf(view.timeline) });
  return {
    entries,
    source,
    view: () => view,
    observe: (listener) => listeners.add('all', listener),
    goTo(seq) {
      const at = withinTimeline(view.timeline, seq);
      const { player } = afterEvent(view.player, { kind: 'moved' }, view);
      move(at, view.from === null ? null : Math.min(view.from, at), player);
    },
    compare({ from, at = view.at }) {
      const to = withinTimeline(view.timeline, at);
      const { player } = afterEvent(view.player, { kind: 'moved' }, view);
      if (from === null) move(to, null, player);
      else move(Math.max(from, to), Math.min(from, to), player);
    },
    select: (selected) => become({ selected }),
    play: step,
    rowName(root, row) {
      const name = names.get(`${root}/${row}`) ?? '';
      return name === '' ? null : name;
    },
    async refresh() {
      try {
        const timeline = await source.timeline(view.timeline, leaving.signal);
        if (leaving.signal.aborted) return;
        if (timeline !== view.timeline || view.problem !== null) become({ timeline, problem: null });
        if (!view.isInSight) frames.retry();
      } catch (problem) {
        if (!leaving.signal.aborted) become({ problem });
      }
    },
    close() {
      leaving.abort();
      stopTicking?.();
      entries.close();
      frames.close();
    },
  };
}
