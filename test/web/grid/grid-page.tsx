import { MantineProvider } from '@mantine/core';
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Role } from '../../../src/authority/role.ts';
import { type QuoteClient, connectQuote } from '../../../src/client/connect-quote.ts';
import { ROW } from '../../../src/web/grid/grid-roles.ts';
import { GridContext } from '../../../src/web/grid/use-grid.ts';
import { createActivity } from '../../../src/web/room/activity.ts';
import { createCellTarget } from '../../../src/web/room/cell-target.ts';
import { createHeldConflicts } from '../../../src/web/room/conflicts/held-conflicts.ts';
import { createMarks } from '../../../src/web/room/marks.ts';
import type { Room } from '../../../src/web/room/open-room.ts';
import { createOpening } from '../../../src/web/room/opening.ts';
import { createPlaces } from '../../../src/web/room/places.ts';
import { RoomContext } from '../../../src/web/room/use-room.ts';
import { type ScriptedConnection, startScriptedServer } from '../../support/scripted-sync-server.ts';
import { policyOf } from '../../support/star.ts';
import { type OpenGrid, openGrid } from './open-grid.ts';
import '../../support/patience.ts';

/** A page with a real client on a server that says what the test makes it say. */
export interface GridPage extends OpenGrid {
  readonly server: ScriptedConnection;
  readonly room: Room;
  show(content: ReactNode): void;
}

/** Signed in as Bo; the rules of a standard quote are known. */
export async function openGridPage(
  lines: Parameters<typeof openGrid>[0],
  role: Role = 'sales_rep',
): Promise<GridPage> {
  const listening = await startScriptedServer();
  onTestFinished(() => listening.close());
  let rows = 0;
  const quote = connectQuote({
    url: listening.url,
    quoteId: 'q1',
    token: 'token',
    WebSocketPolyfill: WebSocket,
    entries: true,
    newRowId: () => `l${(rows += 1)}`,
  });
  const grid = openGrid(lines, quote);
  const server = await listening.connection();
  const user = { id: 'bo', name: 'Bo', role };
  const rulesHere = new Promise((resolve) => quote.on('rules', resolve));
  server.sendEvent({
    type: 'hello',
    user,
    permission: 'editor',
    sessionId: 's1',
    revision: 0,
    serverTime: 0,
  });
  server.sendEvent({ type: 'rules', revision: 0, policy: policyOf().json, standing: [] });
  server.sendStep2(new Y.Doc());
  await Promise.all([rulesHere, quote.whenSynced()]);
  const room = createRoom(quote);
  onTestFinished(() => {
    cleanup();
    room.close();
  });
  return {
    ...grid,
    server,
    room,
    show: (content) =>
      void render(
        <MantineProvider env="test">
          <RoomContext value={room}>
            <GridContext value={grid}>
              <div role="grid" aria-label="Lines" tabIndex={0}>
                <div {...ROW}>{content}</div>
              </div>
            </GridContext>
          </RoomContext>
        </MantineProvider>,
      ),
  };
}

function createRoom(quote: QuoteClient): Room {
  const marks = createMarks(quote);
  const parts = {
    marks,
    conflicts: createHeldConflicts(quote, marks),
    places: createPlaces(quote),
    activity: createActivity(quote),
    opening: createOpening(quote, false),
  };
  return {
    ...parts,
    quote,
    target: createCellTarget(),
    keeping: {
      isKept: () => false,
      observe: () => () => undefined,
      wipe: () => Promise.resolve(),
      close: () => undefined,
    },
    takeToken: () => undefined,
    wipe: () => Promise.resolve(),
    close() {
      for (const part of Object.values(parts)) part.close();
    },
  };
}
