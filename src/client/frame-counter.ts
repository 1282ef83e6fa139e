/**
 * The server acknowledges by number: `ack.frames` says how many sync step 2 and update frames of this connection are
 * settled. So this side must count exactly those that the stock provider sends. The provider has no hook for it, but
 * every frame passes `send` of its current socket, one message a frame: the count is taken there, before the frame
 * leaves, so that no acknowledgement can overtake it. Nothing else of the provider or its socket is touched.
 */

/** A frame that the server counts. */
export type CountedFrame = 'step2' | 'update';

const MESSAGE_SYNC = 0;
const SYNC_STEP_2 = 1;
const SYNC_UPDATE = 2;

/** Which counted frame this is, by its first two bytes (y-protocols writes both types as one-byte varints); else null. */
export function countedFrameOf(data: unknown): CountedFrame | null {
  if (!(data instanceof Uint8Array) || data[0] !== MESSAGE_SYNC) return null;
  if (data[1] === SYNC_STEP_2) return 'step2';
  if (data[1] === SYNC_UPDATE) return 'update';
  return null;
}

/** Reports each counted frame that goes out over this one socket, for as long as the socket lives. */
export function countSentFrames(
  socket: Pick<WebSocket, 'send'>,
  onFrame: (frame: CountedFrame) => void,
): void {
  const send = socket.send.bind(socket);
  socket.send = (data) => {
    const frame = countedFrameOf(data);
    if (frame !== null) onFrame(frame);
    send(data);
  };
}
