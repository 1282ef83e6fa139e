import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Upgrades } from './upgrade.ts';

/** Hands upgrades of `/sync/...` on, and turns away all others with a plain 404. */
export function createUpgradeListener(
  upgrades: Pick<Upgrades, 'handle'>,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.url?.startsWith('/sync/') === true) upgrades.handle(request, socket, head);
    else turnAway(socket);
  };
}

const NOT_FOUND = 404;

function turnAway(socket: Duplex): void {
  const message = 'There is nothing to connect to here. Quotes are at /sync/<quote>.';
  const body = JSON.stringify({ error: { code: 'not_found', message } });
  socket.end(
    [
      `HTTP/1.1 ${NOT_FOUND} ${STATUS_CODES[NOT_FOUND]}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  );
}
