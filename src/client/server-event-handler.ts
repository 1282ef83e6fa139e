import { unreachable } from '../lib/assert.ts';
import type { OverriddenEvent, Refused, ServerEvent } from '../wire/messages.ts';
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
    received(event) {
      switch (event.type) {
        case 'hello': {
          const { user, permission, sessionId } = event;
          becomeMe({ user, permission, sessionId });
          return events.emit('hello', event);
        }
        case 'permission':
          if (me !== null) {
            becomeMe({ ...me, user: { ...me.user, role: event.role }, permission: event.permission });
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
          return events.emit('session', event);
        default:
          return unreachable(event);
      }
    },
  };
}
