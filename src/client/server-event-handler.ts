import { unreachable } from '../lib/assert.ts';
import type { OverriddenEvent, Refused, ServerEvent, SessionEvent } from '../wire/messages.ts';
import type { ConflictJson } from '../wire/session-schemas.ts';
import type { Emitter } from './emitter.ts';
import type { ForesightSource } from './foresight.ts';
import type { ProgressTracker } from './progress-tracker.ts';
import type { Me, QuoteEvents } from './quote-client.ts';
import type { UndoHistory } from './undo-history.ts';
import { type Verdict, createVerdicts } from './verdicts.ts';

/** Puts to use what the server tells this client: first it is remembered, then its listeners hear of it. */
export interface ServerEventHandler {
  received(event: ServerEvent): void;
  me(): Me | null;
  verdicts(): readonly Verdict[];
  /** What was told of the session last; null before. */
  session(): SessionEvent | null;
  /** As told last: after each `hello` they are told anew. The same array until something changes. */
  conflicts(): readonly ConflictJson[];
}

export function createServerEventHandler(deps: {
  readonly events: Emitter<QuoteEvents>;
  readonly tracker: ProgressTracker;
  readonly undo: UndoHistory;
  readonly foresight: ForesightSource;
  readonly now: () => number;
}): ServerEventHandler {
  const { events, tracker, undo, foresight, now } = deps;
  const verdicts = createVerdicts();
  let me: Me | null = null;
  let session: SessionEvent | null = null;
  let conflicts: readonly ConflictJson[] = [];

  function becomeMe(next: Me): void {
    me = next;
    tracker.advance({ kind: 'permitted', permission: next.permission });
    foresight.become(next);
    events.emit('me', next);
  }

  function keepVerdicts(event: Refused | OverriddenEvent): void {
    verdicts.add(event, now());
    events.emit('verdicts', verdicts.list());
  }

  return {
    me: () => me,
    verdicts: verdicts.list,
    session: () => session,
    conflicts: () => conflicts,
    received(event) {
      switch (event.type) {
        case 'hello': {
          const { user, permission, sessionId, penWith = null } = event;
          becomeMe({ user, permission, sessionId, penWith });
          return events.emit('hello', event);
        }
        case 'permission':
          if (me !== null) {
            const { permission, role, penWith = null } = event;
            becomeMe({ ...me, user: { ...me.user, role }, permission, penWith });
          }
          return events.emit('permission', event);
        case 'ack':
          tracker.advance({ kind: 'acked', frames: event.frames });
          return events.emit('ack', event);
        case 'refused':
          undo.forgetRefused(event.writes);
          keepVerdicts(event);
          return events.emit('refused', event);
        case 'overridden':
          keepVerdicts(event);
          return events.emit('overridden', event);
        case 'entries':
          foresight.follow(event);
          return events.emit('entries', event);
        case 'rules':
          foresight.learn(event);
          return events.emit('rules', event);
        case 'session':
          session = event;
          return events.emit('session', event);
        case 'conflicts':
          conflicts = event.conflicts;
          return events.emit('conflicts', event);
        default:
          return unreachable(event);
      }
    },
  };
}
