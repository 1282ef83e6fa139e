import type { Page, WebSocketRoute } from 'playwright-core';

/** The connection of one page to its room, to be cut and mended: a browser's own offline mode leaves open sockets alone. */
export interface Line {
  route(page: Page): Promise<void>;
  cut(): Promise<void>;
  mend(): void;
}

export function createLine(): Line {
  const open = new Set<WebSocketRoute>();
  let isCut = false;
  return {
    route: (page) =>
      page.routeWebSocket(/\/sync\//, (socket) => {
        if (isCut) {
          void socket.close();
          return;
        }
        socket.connectToServer();
        open.add(socket);
      }),
    async cut() {
      isCut = true;
      await Promise.all([...open].map((socket) => socket.close()));
      open.clear();
    },
    mend() {
      isCut = false;
    },
  };
}
