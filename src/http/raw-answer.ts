import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorJson } from '../wire/http-schemas.ts';

/** Answers where there is no request to answer to, in the form of every other error, and hangs up. */
export function answerRaw(socket: Duplex, status: number, error: ErrorJson['error']): void {
  const body = JSON.stringify({ error } satisfies ErrorJson);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ];
  socket.end(lines.join('\r\n'), () => socket.destroy());
}
