import type { QuoteId } from '../lib/ids.ts';
import type { Checkpointer } from '../log/checkpointer.ts';
import { createGroupCommit } from '../log/group-commit.ts';
import type { DurableUpdate } from '../room/durable-update.ts';
import type { RoomMetrics } from '../room/room-metrics.ts';
import { type Rooms, createRooms } from '../room/rooms.ts';
import type { Sessions } from '../session/sessions.ts';
import type { WritableData } from './data-folder.ts';
import { later, newId } from './process-clock.ts';
import type { StoreSettings } from './settings.ts';

/** The rooms over a data folder, with the clock, timers and ids of this process. */
export function composeRooms(
  data: WritableData,
  {
    limits,
    collaboration,
    defaultPermission,
  }: Pick<StoreSettings, 'limits' | 'collaboration' | 'defaultPermission'>,
  deps: {
    readonly checkpointer: Checkpointer;
    readonly sessions: Sessions;
    readonly steadyNow: () => number;
    readonly metrics: RoomMetrics;
    readonly now: () => number;
    readonly told?: (quote: QuoteId, updates: readonly DurableUpdate[]) => void;
    readonly report: (error: unknown, quote?: QuoteId) => void;
  },
): Rooms {
  return createRooms({
    ...data,
    ...deps,
    date: deps.now,
    limits,
    defaultPermission,
    sessionsMax: collaboration.maxSessions,
    participantsMax: collaboration.maxParticipants,
    isShared: collaboration.enabled,
    commit: createGroupCommit({ log: data.log, schedule: (run) => void setImmediate(run) }),
    later,
    newId,
  });
}
