/** What a room needs of a WebSocket. */
export interface Socket {
  /** Sends one binary frame. Does nothing on a closed socket. */
  send(frame: Uint8Array): void;
  /** Bytes handed to the socket that have not left the process. */
  unsentBytes(): number;
  /** A WebSocket ping that carries a number; its pong comes back through `RoomConnection.ponged`. */
  ping(revision: number): void;
  /** Begins to close; what was sent before still goes out. `reason` has at most 123 bytes. */
  close(code: number, reason: string): void;
  /** Cuts the connection. */
  terminate(): void;
  /** Runs `run` when the connection is gone, however it went; at once where it is. */
  onceGone(run: () => void): void;
}
