/**
 * Bounds that people may set, and those that more than one part of the program or its clients know. Those in
 * {@link defaultLimits} can be set in the configuration, the constants below them cannot. A bound that matters to one file
 * stands there, those of a single update in `authority/update-bounds.ts`.
 */
export interface Limits {
  /** Bytes of one sync frame; 2,000 pasted rows of ten columns are 0.85 MiB, and a sync step 2 cannot be split. */
  readonly syncFrameBytes: number;
  /** Bytes of any other frame; a presence state may have half of it. */
  readonly otherFrameBytes: number;
  readonly httpBodyBytes: number;
  /** Bytes of the whole document as one Yjs update, without what was refused: that is bounded for each person. */
  readonly documentBytes: number;
  /** Rows of each kind that were ever made, removed ones counted. */
  readonly lineItems: number;
  readonly discounts: number;
  readonly notes: number;
  /** Bytes of one cell's value in UTF-8. The body of a note is no cell: it counts for the document only. */
  readonly cellBytes: number;
  readonly syncFramesPerSecond: number;
  readonly syncFramesBurst: number;
  /** Frames with refusals of one person in a minute; with one more an editor is closed with 4529. */
  readonly refusalsPerMinute: number;
  /** The same of a viewer, who is closed with 4403. */
  readonly viewerRefusalsPerMinute: number;
  readonly connectionsPerUserAndQuote: number;
  readonly chatPerMinute: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const defaultLimits: Limits = {
  syncFrameBytes: 2 * MIB,
  otherFrameBytes: 64 * KIB,
  httpBodyBytes: 2 * MIB,
  documentBytes: 8 * MIB,
  lineItems: 2_000,
  discounts: 200,
  notes: 500,
  cellBytes: 8 * KIB,
  syncFramesPerSecond: 50,
  syncFramesBurst: 200,
  refusalsPerMinute: 60,
  viewerRefusalsPerMinute: 10,
  connectionsPerUserAndQuote: 5,
  chatPerMinute: 100,
};

/** Highest id a client may use; the one above it is the server's, so that the server wins every tie. */
export const CLIENT_ID_MAX = 4_294_967_294;
export const SERVER_CLIENT_ID = 4_294_967_295;

/** Characters of a map key on the wire. Longer keys close the connection: no column has such a name. */
export const KEY_CHARS_MAX = 256;
/** Clocks that one struct may span; honest runs of text are far shorter. */
export const STRUCT_CLOCKS_MAX = 2 ** 24;
/** Structs of one update with those that we hold already: a sync step 2 may bring all of a document. */
export const STRUCTS_MAX = 200_000;
/** Clients whose new structs one update may bring: a person's tabs that were offline. */
export const CLIENTS_PER_UPDATE_MAX = 1_000;

/** Client ids kept for a person in a quote before they write under them; of more the oldest are given up. */
export const RESERVATIONS_PER_USER_MAX = 100;

/**
 * Where one person edits at a time: for so long the pen waits for somebody whose line was cut. Stock clients are back within
 * seconds, and a dead line is noticed after a minute at the latest.
 */
export const PEN_KEPT_MS = 60_000;

/**
 * Sessions that one person may be in at once, hosts and admins as well: more than anybody works in, and few enough that nobody fills
 * `collaboration.maxSessions` for everyone else.
 */
export const SESSIONS_PER_USER_MAX = 20;

/** Audit rows of a session that wait while the store takes none; one more counts those that are lost. */
export const AUDIT_ROWS_WAITING_MAX = 10_000;

/** Entries after which a live quote gets a checkpoint; looked at every {@link TICK_MS}. */
export const CHECKPOINT_EVERY_ENTRIES = 500;

/** Unsent bytes above which a slow reader gets no presence; after {@link UNSENT_SOFT_MS} above them it is closed with 4508, */
export const UNSENT_SOFT_BYTES = 1 * MIB;
/** and above these at once. A sync step 2 on its way does not count, see `room/pace.ts`. */
export const UNSENT_HARD_BYTES = 4 * MIB;
export const UNSENT_SOFT_MS = 10_000;
/** How long a close handshake may take before the socket is cut. */
export const CLOSE_GRACE_MS = 2_000;

/**
 * Stock clients hang up after 30 s without a message: whoever was sent none for this long gets an empty presence. And
 * whoever sent none for this long is pinged.
 */
export const KEEPALIVE_MS = 10_000;
/** Presence is gathered this long and sent once. */
export const PRESENCE_FRAME_MS = 50;
/** Presence that was not renewed for this long is dropped, as in y-protocols; stock clients renew it every 15 s. */
export const PRESENCE_TIMEOUT_MS = 30_000;
/** How long the server waits for a client's sync step 2 before it sends its own. */
export const FIRST_SYNC_MS = 5_000;
/** At least, between two pings that ask a client how far it has read. */
export const PING_MS = 500;
/** Between two looks of all rooms at their clocks. */
export const TICK_MS = 1_000;
/** How long a room without connections stays in memory. */
export const EMPTY_ROOM_MS = 5_000;
/** A refused connection is closed this late, so that clients that retry for ever do so slowly. */
export const DENY_AFTER_MS = 1_000;
/** SIGTERM to exit, at the latest. */
export const SHUTDOWN_MS = 10_000;
