/** What a room counts. The receiver decides how; nothing here may throw or wait. */
export interface RoomMetrics {
  /** A frame came in. */
  received(bytes: number): void;
  /** A frame went out to so many connections. */
  sent(bytes: number, connections: number): void;
  /** An update was judged: its writes by verdict. */
  judged(accepted: number, refused: number): void;
  /** An update left for everyone in the room so long after it came in; only where somebody was there. */
  seen(milliseconds: number): void;
  /** A connection was closed by us. */
  closed(code: number): void;
}

export const noMetrics: RoomMetrics = {
  received: () => undefined,
  sent: () => undefined,
  judged: () => undefined,
  seen: () => undefined,
  closed: () => undefined,
};
