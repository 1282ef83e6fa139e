/**
 * What the page is measured with, put into it before its own scripts. Paints are taken as the first task after the next
 * frame. React tells its commits to whoever stands where its developer tools would; how long a commit took it knows only
 * in a profiling build.
 */
export interface Probe {
  /** ms from the page's start until the first cell of a line was painted. */
  readonly usable: Promise<number>;
  /** ms from the last `keydown` until the frame after it was painted. */
  keyToPaint(): Promise<number>;
  /** When a cell that shows this text was painted, ms since 1970. */
  painted(cell: string, text: string): Promise<number>;
  /** What was rendered since the last call. */
  takeRenders(): Renders;
}

export interface Renders {
  /** Names of the components that rendered, one for each time. */
  readonly components: readonly string[];
  readonly commits: number;
  readonly ms: number;
}

/** Of React's tree, what is read here. */
interface Fiber {
  readonly child: Fiber | null;
  readonly sibling: Fiber | null;
  readonly alternate: Fiber | null;
  readonly flags: number;
  readonly type: unknown;
  readonly actualDuration?: number;
}

declare global {
  interface Window {
    probe: Probe;
    __REACT_DEVTOOLS_GLOBAL_HOOK__: object;
  }
}

/** Runs in the page: nothing outside it may be used. */
export function installProbe(): void {
  const PERFORMED_WORK = 1;
  let components: string[] = [];
  let commits = 0;
  let ms = 0;
  let lastKey = Promise.resolve(0);

  const nextPaint = (): Promise<number> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => {
          port1.close();
          resolve(performance.now());
        });
        port1.start();
        port2.postMessage(null);
      });
    });

  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      if (isSo()) return resolve();
      const observer = new MutationObserver(() => {
        if (!isSo()) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(document, { subtree: true, childList: true, characterData: true });
    });

  /** A function component has a flag if it ran; where nothing below changed, the old children stand. */
  function collect(fiber: Fiber): void {
    const { type } = fiber;
    if ((fiber.flags & PERFORMED_WORK) !== 0 && type !== null && typeof type !== 'string') {
      const named = type as { readonly name?: string; readonly type?: { readonly name?: string } };
      components.push(named.name ?? named.type?.name ?? 'unnamed');
    }
    if (fiber.child === fiber.alternate?.child) return;
    for (let child = fiber.child; child !== null; child = child.sibling) collect(child);
  }

  window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true,
    inject: () => 1,
    onCommitFiberUnmount() {},
    onCommitFiberRoot(_id: number, root: { readonly current: Fiber }) {
      commits += 1;
      ms += root.current.actualDuration ?? 0;
      collect(root.current);
    },
  };

  const onKey = ({ timeStamp }: KeyboardEvent): void => {
    lastKey = nextPaint().then((at) => at - timeStamp);
  };
  window.addEventListener('keydown', onKey, { capture: true });

  window.probe = {
    usable: until(() => document.querySelector('[data-line] [role=gridcell]') !== null).then(nextPaint),
    keyToPaint: () => lastKey,
    async painted(cell, text) {
      await until(
        () => document.querySelector(`[data-cell="${cell}"]`)?.textContent?.includes(text) === true,
      );
      return performance.timeOrigin + (await nextPaint());
    },
    takeRenders() {
      const taken = { components, commits, ms };
      components = [];
      commits = 0;
      ms = 0;
      return taken;
    },
  };
}
