import type { Actor } from '../authority/actor.ts';
import { mayEdit } from '../authority/role.ts';
import type { Limits } from '../lib/limits.ts';
import { type CloseReason, closeCodes } from '../wire/close-codes.ts';
import type { WireUser } from '../wire/user-schema.ts';
import { type SlidingWindow, createSlidingWindow } from './rate-limit.ts';

/**
 * How many frames with refusals a person may send a minute, over all their connections and over HTTP: each leaves a trace in
 * the document for good. Whoever had one too many is closed, and stays out until the minute has passed: coming back at once is
 * no way around it. A viewer who goes on is shut out; anyone else may come back then.
 */
export interface RefusalLimits {
  /**
   * Counts one, by what the person is granted; `penWith` has the pen instead of them. Null, or why their connection is closed.
   */
  count(actor: Actor, at: number, penWith?: WireUser | null): CloseReason | null;
  /** Why the person may not come in or write now, or null. Counts nothing. */
  findOver(actor: Actor, at: number): CloseReason | null;
  /** True once no refusal counts any more: then nothing is forgotten with the room. */
  isQuiet(at: number): boolean;
}

const MINUTE_MS = 60_000;

export function createRefusalLimits(limits: Limits): RefusalLimits {
  const windows = new Map<string, SlidingWindow>();

  const mostOf = ({ permission }: Actor): number =>
    mayEdit(permission) ? limits.refusalsPerMinute : limits.viewerRefusalsPerMinute;

  /** Whoever is made an editor begins anew. */
  const keyOf = ({ user, permission }: Actor): string =>
    `${mayEdit(permission) ? 'editor' : 'viewer'} ${user}`;

  const reasonFor = (actor: Actor, penWith: WireUser | null = null): CloseReason =>
    mayEdit(actor.permission)
      ? {
          code: closeCodes.tooFast,
          reason:
            penWith === null
              ? `more than ${mostOf(actor)} refused edits a minute`
              : `${penWith.name} has the pen: you can edit when they are done`,
        }
      : {
          code: closeCodes.forbidden,
          reason: 'you may only view this quote; ask a host for permission to edit',
        };

  return {
    count(actor, at, penWith) {
      const key = keyOf(actor);
      const window = windows.get(key) ?? createSlidingWindow({ most: mostOf(actor), windowMs: MINUTE_MS });
      windows.set(key, window);
      return window.take(at) ? null : reasonFor(actor, penWith);
    },
    findOver(actor, at) {
      const count = windows.get(keyOf(actor))?.count(at) ?? 0;
      return count > mostOf(actor) ? reasonFor(actor) : null;
    },
    isQuiet(at) {
      for (const [key, window] of windows) if (window.count(at) === 0) windows.delete(key);
      return windows.size === 0;
    },
  };
}
