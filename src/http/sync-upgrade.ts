import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerRaw } from './raw-answer.ts';
import type { Upgrades } from './upgrade.ts';

/** Hands upgrades of `/sync/...` on, and turns away all others with a plain 404. */
export function createUpgradeListener(
  upgrades: Pick<Upgrades, 'handle'>,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.url?.startsWith('/sync/') === true) upgrades.handle(request, socket, head);
    else
      answerRaw(socket, 404, {
        code: 'not_found',
        message: 'Quotes are at /sync/<quote>; there is nothing here.',
      });
  };
}
