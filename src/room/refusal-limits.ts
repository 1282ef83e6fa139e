import type { Actor } from '../authority/actor.ts';
import { mayEdit } from '../authority/role.ts';
import type { Limits } from '../lib/limits.ts';
import { closeCodes } from '../wire/close-codes.ts';
import type { CloseReason } from './frame-limits.ts';
import { type RateLimit, createSlidingWindow } from './rate-limit.ts';

/**
 * How many frames with refusals a person may send a minute, over all their connections: each leaves a trace in the document
 * for good. A viewer who goes on is shut out; anyone else may come back.
 */
export interface RefusalLimits {
  /** Counts one. Null, or why the person's connection is closed. */
  count(actor: Actor, at: number): CloseReason | null;
}

const MINUTE_MS = 60_000;

export function createRefusalLimits(limits: Limits): RefusalLimits {
  const windows = new Map<string, RateLimit>();
  return {
    count({ user, permission }, at) {
      const isViewer = !mayEdit(permission);
      const most = isViewer ? limits.viewerRefusalsPerMinute : limits.refusalsPerMinute;
      const key = `${isViewer ? 'viewer' : 'editor'} ${user}`;
      const window = windows.get(key) ?? createSlidingWindow({ most, windowMs: MINUTE_MS });
      windows.set(key, window);
      if (window.take(at)) return null;
      return isViewer
        ? {
            code: closeCodes.forbidden,
            reason: 'you may only view this quote; ask a host for permission to edit',
          }
        : { code: closeCodes.tooFast, reason: `more than ${most} refused edits a minute` };
    },
  };
}
